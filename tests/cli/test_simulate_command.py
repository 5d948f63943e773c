"""``allocator simulate`` as its user calls it: measures, files that ``check`` believes, the same bytes twice."""

import json
import signal
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from allocator.cli import main, simulate
from allocator.drawing import DrawSettings, draw
from allocator.formats import write_instance
from tests.builders import Release, make_instance
from tests.cli.test_solve_command import run

RESULT = ("preorientations.csv", "ecarts.csv", "cours.csv")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "instance"
    write_instance(draw(DrawSettings(seed=5, size=120, departements=("94",), communes=4)), folder)
    return folder


def simulated(instance: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return run("simulate", instance, "--model", "reference", *arguments)


def test_json_has_the_keys_of_the_contract_and_nothing_else_is_on_standard_output(demo: Path) -> None:
    ended = simulated(demo, "--policy", "pratique", "--json")
    assert ended.returncode == 0
    document = json.loads(ended.stdout)
    assert list(document) == ["policy", "tiers", "prefix", "days", "seconds", "day_ms"]
    assert document["policy"] == "pratique"
    assert [list(tier) for tier in document["tiers"]] == [["name", "value"]] * 3
    assert document["prefix"].keys() == {"max", "mean"}
    assert document["day_ms"].keys() == {"median", "p99"}
    assert 0 < document["day_ms"]["median"] <= document["day_ms"]["p99"]
    assert 0 < document["days"] <= 120


def test_check_agrees_with_what_simulate_wrote(demo: Path, tmp_path: Path) -> None:
    ended = simulated(demo, "--policy", "pratique", "--out", tmp_path / "out", "--json")
    assert ended.returncode == 0
    verdict = run("check", demo, tmp_path / "out", "--model", "reference", "--json")
    assert verdict.returncode == 0
    written = json.loads((tmp_path / "out" / "solution.json").read_text())
    assert written["status"] == "feasible"
    assert all(tier.get("bound") is None for tier in written["tiers"])
    values = {tier["name"]: tier["value"] for tier in json.loads(ended.stdout)["tiers"]}
    assert values == pytest.approx({t["name"]: t["value"] for t in json.loads(verdict.stdout)["tiers"]})


def test_the_same_year_twice_gives_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    for folder in ("1", "2"):
        assert simulated(demo, "--policy", "pratique", "--out", tmp_path / folder).returncode == 0
    for name in RESULT:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_the_course_ends_on_the_figures_of_ecarts(demo: Path, tmp_path: Path) -> None:
    assert simulated(demo, "--policy", "pratique", "--out", tmp_path).returncode == 0
    header, *rows = (tmp_path / "cours.csv").read_text().splitlines()
    assert header == "date,reservataire,sur,territoire,modalite,cible,valeur"
    last = max(row.split(",")[0] for row in rows)
    ends = [row.split(",")[1:] for row in rows if row.startswith(last)]
    ecarts = [row.split(",")[:6] for row in (tmp_path / "ecarts.csv").read_text().splitlines()[1:]]
    assert ends == ecarts


def test_the_summary_speaks_of_the_priorities_and_of_pro_rata(demo: Path) -> None:
    ended = simulated(demo, "--policy", "pratique")
    assert ended.stdout == ""
    for words in ("« pratique »", "laissées au bailleur", "contractuel", "Écart au prorata", "médiane"):
        assert words in ended.stderr


def test_an_unknown_rule_is_bad_input_and_names_the_known_ones(demo: Path, tmp_path: Path) -> None:
    ended = simulated(demo, "--policy", "au-hasard", "--out", tmp_path / "out")
    assert ended.returncode == 2
    assert "pratique" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "out").exists()


def test_a_bad_instance_is_told_and_writes_nothing(tmp_path: Path) -> None:
    ended = simulated(tmp_path / "absent", "--policy", "pratique", "--out", tmp_path / "out")
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [(), ("--policy", "pratique", "--compare", "prorata"), ("--policy", "pratique", "--image")],
)
def test_what_does_not_go_together_is_bad_usage(demo: Path, arguments: tuple[str, ...]) -> None:
    ended = simulated(demo, *arguments)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr


def in_process(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["simulate", *map(str, arguments)])


def interrupted() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("stop", [interrupted, lambda: signal.raise_signal(signal.SIGTERM)])
def test_a_signal_ends_with_code_3_and_writes_nothing(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: Callable[[], None]
) -> None:
    monkeypatch.setattr(simulate, "replay", lambda *_args, **_options: stop())
    before = signal.getsignal(signal.SIGTERM)
    ended = in_process(demo, "--model", "reference", "--policy", "pratique", "--out", tmp_path / "out")
    assert ended.exit_code == 3
    assert "Interrompu" in ended.stderr
    assert not (tmp_path / "out").exists()
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_picture_is_french_and_the_same_to_the_byte(demo: Path, tmp_path: Path) -> None:
    for folder in ("1", "2"):
        arguments = ("--policy", "pratique", "--out", tmp_path / folder, "--image")
        assert simulated(demo, *arguments).returncode == 0
    first, second = ((tmp_path / folder / "cours.svg").read_bytes() for folder in ("1", "2"))
    assert first == second
    text = " ".join(ElementTree.fromstring(first.decode("utf-8")).itertext())
    for words in (
        "règle « pratique », du 01/01/2025 au 31/12/2025",
        "dû au prorata",
        "reçu",
        "logements",
        "juil.",
    ):
        assert words in text


def test_another_result_in_the_folder_leaves_no_old_picture(demo: Path, tmp_path: Path) -> None:
    assert simulated(demo, "--policy", "pratique", "--out", tmp_path, "--image").returncode == 0
    assert (tmp_path / "cours.svg").exists()
    assert simulated(demo, "--policy", "prorata", "--out", tmp_path).returncode == 0
    assert not (tmp_path / "cours.svg").exists()


def test_a_result_of_solve_leaves_nothing_of_the_replay_that_it_replaces(demo: Path, tmp_path: Path) -> None:
    arguments = ("--policy", "pratique", "--out", tmp_path, "--image", "--aleas", "defaut")
    assert simulated(demo, *arguments).returncode == 0
    contract = {"preorientations.csv", "ecarts.csv", "solution.json"}
    added = {"cours.csv", "cours.svg", "comptes.csv"}
    assert {path.name for path in tmp_path.iterdir()} == contract | added
    assert run("solve", demo, "--model", "reference", "--out", tmp_path).returncode == 0
    assert {path.name for path in tmp_path.iterdir()} == contract


def test_a_year_without_a_liberation_is_replayed_and_drawn(tmp_path: Path) -> None:
    write_instance(make_instance(releases=[Release(statut="stock")]), tmp_path / "instance")
    arguments = ("--policy", "pratique", "--out", tmp_path / "out", "--image", "--aleas", "defaut", "--json")
    ended = simulated(tmp_path / "instance", *arguments)
    assert ended.returncode == 0
    document = json.loads(ended.stdout)
    assert (document["days"], document["prefix"]) == (0, {"max": 0.0, "mean": 0.0})
    assert run("check", tmp_path / "instance", tmp_path / "out", "--model", "reference").returncode == 0


def test_the_comparison_ends_on_the_optimum_and_closes_its_own_gap(demo: Path, tmp_path: Path) -> None:
    ended = simulated(demo, "--compare", "prorata", "--json", "--out", tmp_path)
    assert ended.returncode == 0
    hand, prorata, optimum = json.loads(ended.stdout)
    assert [one["policy"] for one in (hand, prorata, optimum)] == ["pratique", "prorata", "optimum"]
    assert run("solve", demo, "--model", "reference", "--out", tmp_path / "solved").returncode == 0
    solved = json.loads((tmp_path / "solved" / "solution.json").read_text())
    assert [t["value"] for t in optimum["tiers"]] == pytest.approx([t["value"] for t in solved["tiers"]])
    for hand_tier, tier, best, share in zip(
        hand["tiers"], prorata["tiers"], optimum["tiers"], prorata["closed"], strict=True
    ):
        if share is not None:
            gap = hand_tier["value"] - best["value"]
            assert hand_tier["value"] - share * gap == pytest.approx(tier["value"])
    assert {share for share in optimum["closed"] if share is not None} == {1.0}
    for folder in ("pratique", "prorata", "optimum"):
        assert run("check", demo, tmp_path / folder, "--model", "reference").returncode == 0


def test_the_comparison_is_a_table_on_standard_output(demo: Path) -> None:
    ended = simulated(demo, "--compare", "pratique,prorata,pratique")
    assert ended.returncode == 0
    header, _rule, *rows, note = ended.stdout.splitlines()
    assert header.split()[0] == "règle"
    assert [row.split()[0] for row in rows] == ["pratique", "prorata", "optimum"]
    assert "comblé" in note


def test_with_outcomes_the_accounts_are_told_and_check_still_agrees(demo: Path, tmp_path: Path) -> None:
    for folder in ("1", "2"):
        arguments = ("--policy", "pratique", "--aleas", "defaut", "--out", tmp_path / folder, "--json")
        ended = simulated(demo, *arguments)
        assert ended.returncode == 0
    for name in (*RESULT, "comptes.csv"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
    assert run("check", demo, tmp_path / "1", "--model", "reference").returncode == 0
    document = json.loads(ended.stdout)
    assert list(document)[-1] == "comptage"
    accounts = document["comptage"]
    assert accounts["mode"] == "propositions"
    assert accounts["propositions"] == accounts["points"] > accounts["attributions"] > 0
    rows = [row.split(",") for row in (tmp_path / "1" / "comptes.csv").read_text().splitlines()[1:]]
    assert sum(int(row[2]) for row in rows) == accounts["propositions"]
    # what is refused is somewhere else in the end, or with the bailleur
    orientations = (tmp_path / "1" / "preorientations.csv").read_text().splitlines()[1:]
    given = [row.split(",")[1] for row in orientations if not row.endswith(",")]
    assert {row[0]: int(row[-1]) for row in rows if row[-1] != "0"} == Counter(given)
    assert len(given) < accounts["propositions"]


def test_the_summary_tells_how_pre_orientations_ended(demo: Path) -> None:
    ended = simulated(demo, "--policy", "pratique", "--aleas", "defaut")
    for words in ("propositions :", "baux signés", "repris par le bailleur", "Comptage « propositions »"):
        assert words in ended.stderr


def test_another_seed_draws_other_outcomes(demo: Path) -> None:
    told = [
        json.loads(
            simulated(demo, "--policy", "pratique", "--aleas", "defaut", "--json", "--seed", seed).stdout
        )
        for seed in ("1", "2")
    ]
    assert told[0]["comptage"] != told[1]["comptage"]


def test_rules_are_compared_on_the_same_outcomes(demo: Path, tmp_path: Path) -> None:
    arguments = ("--compare", "prorata", "--aleas", "defaut", "--out", tmp_path)
    ended = simulated(demo, *arguments)
    assert ended.returncode == 0
    header, _rule, *rows, _note, bound = ended.stdout.splitlines()
    assert "baux" in header
    assert [row.split()[0] for row in rows] == ["pratique", "prorata", "optimum"]
    assert "tout serait accepté" in bound
    for folder in ("pratique", "prorata", "optimum"):
        assert run("check", demo, tmp_path / folder, "--model", "reference").returncode == 0
    assert not (tmp_path / "optimum" / "comptes.csv").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [(None, "ni un fichier de taux, ni « defaut »"), ("format = 1\ntours = 0\n", "aleas.toml:2: tours")],
)
def test_bad_rates_are_told_and_write_nothing(
    demo: Path, tmp_path: Path, text: str | None, told: str
) -> None:
    path = tmp_path / "aleas.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    ended = simulated(demo, "--policy", "pratique", "--aleas", path, "--out", tmp_path / "out")
    assert ended.returncode == 2
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "out").exists()


def test_decisions_of_a_file_replace_proposals_and_nothing_changes_before(demo: Path, tmp_path: Path) -> None:
    simulated(demo, "--policy", "pratique", "--out", tmp_path / "1")
    rows = (tmp_path / "1" / "preorientations.csv").read_text().splitlines()
    days = dict(line.split(",")[:2] for line in (demo / "liberations.csv").read_text().splitlines()[1:])
    proposed = [row.split(",") for row in rows[1:]]
    changed = sorted((days[name], name) for name, holder in proposed if holder)[40]
    (tmp_path / "choix.csv").write_text(f"liberation,reservataire\n{changed[1]},\n")
    ended = simulated(
        demo, "--policy", "pratique", "--decisions", tmp_path / "choix.csv", "--out", tmp_path / "2"
    )
    assert ended.returncode == 0
    after = dict(row.split(",") for row in (tmp_path / "2" / "preorientations.csv").read_text().split()[1:])
    assert after[changed[1]] == ""
    assert all(after[name] == holder for name, holder in proposed if days[name] < changed[0])
    assert run("check", demo, tmp_path / "2", "--model", "reference").returncode == 0


def test_decisions_that_cannot_be_are_told_with_their_line_and_nothing_is_written(
    demo: Path, tmp_path: Path
) -> None:
    (tmp_path / "choix.csv").write_text(
        "liberation,reservataire,issue,issue_le\nx,,,\nL1,personne,bail,2025-03-01\n"
    )
    ended = simulated(
        demo, "--policy", "pratique", "--decisions", tmp_path / "choix.csv", "--out", tmp_path / "2"
    )
    assert ended.returncode == 2
    assert "choix.csv:2: liberation: x n'est pas une libération en flux" in ended.stderr
    assert "choix.csv:3: issue: un rejeu tire les issues au sort" in ended.stderr
    assert not (tmp_path / "2").exists()
