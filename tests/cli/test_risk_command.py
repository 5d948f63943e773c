"""``allocator risk`` and ``allocator scenarios`` as their users call them."""

import json
from pathlib import Path

import pytest

from tests.cli.test_solve_command import run
from tests.planning.projet.files import write


@pytest.fixture
def projet(tmp_path: Path) -> Path:
    return write(tmp_path / "projet")


def test_the_same_seed_writes_the_same_files_whatever_the_processes(projet: Path, tmp_path: Path) -> None:
    asked = (projet, "--model", "reference", "--years", "4", "--policy", "prorata", "--seed", "3")
    for jobs in ("1", "2"):
        assert run("risk", *asked, "--jobs", jobs, "--out", tmp_path / jobs).returncode == 0
    files = [{path.name: path.read_bytes() for path in (tmp_path / jobs).iterdir()} for jobs in ("1", "2")]
    assert files[0] == files[1]
    assert set(files[0]) == {
        "risques.csv",
        "risques_mois.csv",
        "risque.json",
        "probabilites.svg",
        "ecarts.svg",
    }


def test_json_stands_alone_on_standard_output(projet: Path) -> None:
    ended = run(
        "risk",
        projet,
        "--model",
        "reference",
        "--years",
        "2",
        "--horizon",
        "2",
        "--policy",
        "prorata",
        "--json",
    )
    assert ended.returncode == 0
    document = json.loads(ended.stdout)
    assert document["years"] == [2026, 2027]
    assert document["doubt"] == "hypotheses"
    assert {row["annee"] for row in document["promises"]} == {2026, 2027}
    assert all(0 <= row["probabilite"] <= 100 for row in document["promises"])
    assert "Les moins sûres" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--policy", "hasard"), "règle quotidienne inconnue"),
        (("--horizon", "4"), "le projet n'a que 3 an(s)"),
        (("--years", "0"), "--years"),
    ],
)
def test_bad_usage_is_told(projet: Path, arguments: tuple[str, ...], told: str) -> None:
    ended = run("risk", projet, "--model", "reference", *arguments)
    assert ended.returncode == 2
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_broken_projet_is_refused_and_nothing_is_written(projet: Path, tmp_path: Path) -> None:
    (projet / "projet.toml").write_text('nom = "x"\n', encoding="utf-8")
    ended = run("risk", projet, "--model", "reference", "--out", tmp_path / "out")
    assert ended.returncode == 2
    assert "premiere_annee: clé obligatoire absente" in ended.stderr
    assert not (tmp_path / "out").exists()


def test_scenarios_are_written_and_shown(projet: Path, tmp_path: Path) -> None:
    file = tmp_path / "scenarios.toml"
    file.write_text(
        'format = 1\n[[scenario]]\nnom = "moins"\ntitre = "Rotation −10 %"\n[[scenario.rotation]]\nfacteur = 0.9\n',
        encoding="utf-8",
    )
    ended = run("scenarios", projet, file, "--model", "reference", "--out", tmp_path / "out", "--json")
    assert ended.returncode == 0
    document = json.loads(ended.stdout)
    assert document == json.loads((tmp_path / "out" / "scenarios.json").read_text(encoding="utf-8"))
    assert "Rotation −10 %" in ended.stderr
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "scenarios_priorites.csv",
        "scenarios_annees.csv",
        "scenarios_reservataires.csv",
        "scenarios.svg",
        "scenarios.json",
    }


def test_a_scenario_that_the_projet_does_not_allow_ends_with_2(projet: Path, tmp_path: Path) -> None:
    file = tmp_path / "scenarios.toml"
    file.write_text('format = 1\n[[scenario]]\nnom = "s"\ntitre = "x"\n', encoding="utf-8")
    ended = run("scenarios", projet, file, "--model", "reference", "--out", tmp_path / "out")
    assert ended.returncode == 2
    assert not (tmp_path / "out").exists()
