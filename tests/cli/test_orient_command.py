"""``allocator orient`` as an officer calls it: a page, files, faults with their lines, and nothing of the future."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from allocator.cli import main
from allocator.domain import Instance
from allocator.drawing import DrawSettings, draw
from allocator.formats import read_model, write_instance
from allocator.policies.pratique import pratique
from allocator.policies.replaying.replay import replay
from tests.builders import Holder, Promise, Release, make_instance
from tests.pages import ROOT

FILES = {"propositions.csv", "alternatives.csv", "journee.md", "propositions.json"}
KEYS = ["date", "policy", "model", "tiers", "instance_sha256", "model_sha256", "propositions"]


def orient(instance: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["orient", str(instance), "--model", "reference", *map(str, arguments)])


def write_decisions(path: Path, rows: Mapping[str, str]) -> Path:
    lines = [f"{name},{holder}" for name, holder in rows.items()]
    path.write_text("\n".join(["liberation,reservataire", *lines, ""]), encoding="utf-8")
    return path


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Year:
    """A small year on disk, what its officer decided by hand, and a day in its midst with several dwellings."""

    def __init__(self, folder: Path) -> None:
        self.instance: Instance = draw(DrawSettings(seed=5, size=60, departements=("94",), communes=3))
        self.path = folder / "instance"
        write_instance(self.instance, self.path)
        liberations = self.instance.liberations
        flux = liberations.en_flux.tolist()
        decided = replay(
            self.instance, read_model(ROOT / "models" / "reference.toml"), pratique
        ).decided.tolist()
        names = ("", *self.instance.reservataires.id)
        self.held = {
            liberations.id[row]: names[holder + 1] for row, holder in zip(flux, decided, strict=True)
        }
        self.dates = {liberations.id[row]: str(liberations.date[row]) for row in flux}
        days = sorted(self.dates.values())
        self.day = next(day for day in days[len(days) // 2 :] if days.count(day) > 1)
        self.today = [name for name, day in self.dates.items() if day == self.day]
        self.decisions = write_decisions(folder / "decisions.csv", self.before(self.day))

    def before(self, day: str) -> dict[str, str]:
        return {name: holder for name, holder in self.held.items() if self.dates[name] < day}

    def orient(self, out: Path, *arguments: str | Path) -> Result:
        return orient(self.path, "--date", self.day, "--decisions", self.decisions, "--out", out, *arguments)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return Year(tmp_path_factory.mktemp("year"))


@pytest.fixture(scope="module")
def explained(year: Year, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a morning whose choices are all costed."""
    folder = tmp_path_factory.mktemp("explained")
    assert year.orient(folder, "--pourquoi", "tout").exit_code == 0
    return folder


def test_the_page_is_printed_and_written_with_three_files_more(year: Year, tmp_path: Path) -> None:
    ended = year.orient(tmp_path)
    assert ended.exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == FILES
    assert ended.stdout == (tmp_path / "journee.md").read_text("utf-8")
    assert "Fichiers écrits" in ended.stderr
    rows = read_rows(tmp_path / "propositions.csv")
    assert [row["liberation"] for row in rows] == year.today
    for name, row in zip(year.today, rows, strict=True):
        assert f"({name})" in ended.stdout
        assert row["raison"] in ended.stdout


def test_json_is_alone_on_standard_output_and_is_the_file(year: Year, tmp_path: Path) -> None:
    ended = year.orient(tmp_path, "--json", "--pourquoi", year.today[0])
    assert ended.stdout == (tmp_path / "propositions.json").read_text("utf-8")
    told = json.loads(ended.stdout, parse_constant=pytest.fail)
    assert list(told) == KEYS
    assert (told["date"], told["policy"], told["model"]) == (year.day, "anticipation", "reference")
    assert told["tiers"] == ["petits", "contractuel", "indicatif"]
    first, second = told["propositions"][:2]
    assert first["liberation"] == year.today[0]
    for choice in first["alternatives"]:
        assert choice["impossible"] or len(choice["priorites"]) == 3
    assert {choice["cout"] for choice in second["alternatives"]} == {None}
    assert all(choice["borne"] >= 0 for choice in second["alternatives"])


def test_the_table_of_alternatives_is_that_of_the_json(explained: Path) -> None:
    told = json.loads((explained / "propositions.json").read_text("utf-8"))
    rows = read_rows(explained / "alternatives.csv")
    expected = [
        (each["liberation"], str(rank), choice["reservataire"], choice["impossible"])
        for each in told["propositions"]
        for rank, choice in enumerate(each["alternatives"], start=1)
    ]
    assert [
        (r["liberation"], r["rang"], r["reservataire"], r["priorites"] == "impossible") for r in rows
    ] == expected
    for each in told["propositions"]:
        costs = [choice["cout"] for choice in each["alternatives"] if not choice["impossible"]]
        assert costs == sorted(costs)
        assert [choice["impossible"] for choice in each["alternatives"]][: len(costs)] == [False] * len(costs)


def test_the_same_morning_twice_gives_the_same_bytes(year: Year, explained: Path, tmp_path: Path) -> None:
    assert year.orient(tmp_path, "--pourquoi", "tout").exit_code == 0
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (explained / name).read_bytes()


@pytest.mark.parametrize("future", ["gone", "changed"])
def test_nothing_that_comes_after_the_day_is_looked_at(
    year: Year, explained: Path, tmp_path: Path, future: str
) -> None:
    other = tmp_path / "instance"
    write_instance(year.instance, other)
    header, *lines = (other / "liberations.csv").read_text("utf-8").splitlines()
    names, town = header.split(","), year.instance.territoires.commune[0]

    def changed(line: str) -> str:
        row = dict(zip(names, line.split(","), strict=True)) | {"commune": town, "typologie": "T6"}
        return ",".join(row[name] for name in names)

    later = [line for line in lines if line.split(",")[names.index("date")] > year.day]
    kept = [line for line in lines if line not in later] + (
        [] if future == "gone" else list(map(changed, later))
    )
    assert len(later) > 10
    (other / "liberations.csv").write_text("\n".join([header, *kept, ""]), encoding="utf-8")
    arguments = ("--date", year.day, "--decisions", year.decisions, "--out", tmp_path / "out")
    assert orient(other, *arguments, "--pourquoi", "tout").exit_code == 0
    for name in FILES - {"propositions.json"}:
        assert (explained / name).read_bytes() == (tmp_path / "out" / name).read_bytes()
    known, seen = (
        json.loads((folder / "propositions.json").read_text("utf-8"))
        for folder in (explained, tmp_path / "out")
    )
    assert known.pop("instance_sha256") != seen.pop("instance_sha256")
    assert known == seen


def test_proposals_are_handed_back_as_decisions(year: Year, tmp_path: Path) -> None:
    assert year.orient(tmp_path / "out").exit_code == 0
    kept = (tmp_path / "out" / "propositions.csv").read_text("utf-8")
    assert "raison" in kept.splitlines()[0]
    arguments = ("--date", year.day, "--out", tmp_path / "again", "--policy", "pratique")
    again = orient(year.path, *arguments, "--decisions", tmp_path / "out" / "propositions.csv")
    assert again.exit_code == 0
    assert "Rien à orienter ce jour" in again.stdout
    assert read_rows(tmp_path / "again" / "propositions.csv") == []
    assert f"{len(year.before(year.day))} libération(s)" in again.stderr


def test_what_is_decided_of_the_day_counts_and_is_not_proposed_again(year: Year, tmp_path: Path) -> None:
    first, *others = year.today
    decided = write_decisions(tmp_path / "d.csv", year.before(year.day) | {first: year.held[first]})
    ended = orient(year.path, "--date", year.day, "--decisions", decided, "--out", tmp_path / "out")
    assert ended.exit_code == 0
    assert [row["liberation"] for row in read_rows(tmp_path / "out" / "propositions.csv")] == others


def test_a_dwelling_that_came_back_is_proposed_again_to_another(year: Year, tmp_path: Path) -> None:
    back, holder = next((name, to) for name, to in year.before(year.day).items() if to)
    lines = year.decisions.read_text("utf-8").splitlines()
    decided = tmp_path / "suivi.csv"
    ends = [",refus," + year.day if line.startswith(f"{back},") else ",," for line in lines[1:]]
    followed = [line + end for line, end in zip(lines[1:], ends, strict=True)]
    decided.write_text("\n".join([f"{lines[0]},issue,issue_le", *followed, ""]), encoding="utf-8")
    arguments = ("--date", year.day, "--decisions", decided, "--out", tmp_path / "out")
    ended = orient(year.path, *arguments, "--json")
    assert ended.exit_code == 0
    first, *others = json.loads(ended.stdout)["propositions"]
    assert (first["liberation"], first["revenu_de"]) == (back, [holder])
    assert holder not in [first["reservataire"], *(each["reservataire"] for each in first["alternatives"])]
    assert [each["liberation"] for each in others] == year.today
    assert {tuple(each["revenu_de"]) for each in others} == {()}


def test_the_page_ends_with_how_well_the_forecast_did(year: Year, tmp_path: Path) -> None:
    foot = year.orient(tmp_path).stdout.split("## La prévision jusqu'ici")[1]
    months = int(year.day[5:7])
    rows = [line for line in foot.splitlines() if line.startswith("| 01/")]
    assert [row[2:7] for row in rows] == [f"01/{month:02d}" for month in range(1, len(rows) + 1)]
    assert len(rows) in (months - 1, months)
    came = sum(date < year.day for date in year.dates.values())
    assert f"il y en a eu {came}." in foot
    assert rows[0].split(" | ")[-1].startswith(str(came))


def test_decisions_without_a_row_count_for_nobody_and_are_told(year: Year, tmp_path: Path) -> None:
    rows = year.before(year.day)
    missing = list(rows)[:2]
    told = write_decisions(tmp_path / "d.csv", {name: to for name, to in rows.items() if name not in missing})
    kept = write_decisions(tmp_path / "k.csv", rows | dict.fromkeys(missing, ""))
    for name, path in (("out", told), ("kept", kept)):
        ended = orient(year.path, "--date", year.day, "--decisions", path, "--out", tmp_path / name)
        assert ended.exit_code == 0
        warned = (
            f"2 libération(s) d'avant ce jour sans décision, comptées pour personne : {', '.join(missing)}"
        )
        assert (warned in ended.stderr) == (name == "out")
    for name in FILES:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "kept" / name).read_bytes()


def test_without_decisions_the_rule_replays_the_days_before(year: Year, tmp_path: Path) -> None:
    arguments = ("--date", year.day, "--policy", "pratique", "--pourquoi", year.today[0])
    assert orient(year.path, *arguments, "--out", tmp_path / "1").exit_code == 0
    assert (
        orient(year.path, *arguments, "--out", tmp_path / "2", "--decisions", year.decisions).exit_code == 0
    )
    for name in FILES:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
    proposed = read_rows(tmp_path / "1" / "propositions.csv")
    assert [row["reservataire"] for row in proposed] == [year.held[name] for name in year.today]


def test_a_day_on_which_nothing_comes_free_has_an_empty_page(year: Year, tmp_path: Path) -> None:
    free = next(
        day
        for day in (f"2025-{month:02d}-{date:02d}" for month in (6, 7) for date in range(1, 31))
        if day not in year.dates.values()
    )
    held = write_decisions(tmp_path / "d.csv", year.before(free))
    ended = orient(year.path, "--date", free, "--decisions", held, "--out", tmp_path / "out")
    assert ended.exit_code == 0
    assert "Rien à orienter ce jour (règle « anticipation »)." in ended.stdout
    assert (tmp_path / "out" / "propositions.csv").read_text("utf-8") == "liberation,reservataire,raison\n"
    assert json.loads((tmp_path / "out" / "propositions.json").read_text("utf-8"))["propositions"] == []


@pytest.mark.parametrize("day", ["2025-06-31", "20250606", "2025-6-6", "demain", "2024-12-31", "2026-01-01"])
def test_a_day_that_is_none_of_the_period_is_bad_input(year: Year, tmp_path: Path, day: str) -> None:
    ended = orient(year.path, "--date", day, "--out", tmp_path / "out")
    assert ended.exit_code == 2
    assert ended.stderr.startswith("--date: ")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--policy", "au-hasard"), "au-hasard: règle quotidienne inconnue"),
        (("--pourquoi", "zz"), "--pourquoi: zz n'est pas à orienter ce jour"),
    ],
)
@pytest.mark.parametrize("given", [True, False])
def test_an_unknown_rule_or_dwelling_is_bad_input(
    year: Year, tmp_path: Path, arguments: tuple[str, ...], told: str, given: bool
) -> None:
    more = ("--decisions", year.decisions) if given else ()
    ended = orient(year.path, "--date", year.day, *more, *arguments, "--out", tmp_path / "out")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert told in ended.stderr
    assert not (tmp_path / "out").exists()


def test_every_fault_of_the_decisions_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    first = make_instance().debut
    instance = make_instance(
        holders=[Holder("x"), Holder("y", "commune")],
        promises=[Promise("x", part=30, solde=1), Promise("y", "commune:93001", part=20)],
        releases=[Release("93048", id=name) for name in ("a", "b", "c")]
        + [
            Release("93048", id="kept", statut="stock"),
            Release("93048", id="later", day=first.replace(month=2)),
        ],
    )
    write_instance(instance, tmp_path / "instance")
    rows = {"a": "x", "zz": "x", "b": "x", "kept": "x", "later": "x", "c": "y"}
    decided = write_decisions(tmp_path / "d.csv", rows)
    with decided.open("a", encoding="utf-8") as file:
        file.write("quelqu'un,nobody\n")
    ended = orient(
        tmp_path / "instance", "--date", "2025-01-02", "--decisions", decided, "--out", tmp_path / "out"
    )
    assert ended.exit_code == 2
    assert sorted(ended.stderr.splitlines()) == [
        "d.csv:3: liberation: zz n'est pas une libération en flux de l'instance",
        "d.csv:4: reservataire: x reçoit 2 logements en departement:93 pour un solde de 1",
        "d.csv:5: liberation: kept n'est pas une libération en flux de l'instance",
        "d.csv:6: liberation: later se libère après le 02/01/2025",
        "d.csv:7: reservataire: aucune convention de y ne couvre la commune",
        "d.csv:8: liberation: quelqu'un n'est pas une libération en flux de l'instance",
    ]
    assert not (tmp_path / "out").exists()


def test_a_dwelling_given_twice_or_a_file_that_is_absent_is_bad_input(year: Year, tmp_path: Path) -> None:
    name, holder = next(iter(year.held.items()))
    twice = tmp_path / "twice.csv"
    twice.write_text(f"liberation,reservataire\n{name},{holder}\n{name},\n", encoding="utf-8")
    for path, told in ((twice, "twice.csv:3"), (tmp_path / "none.csv", "none.csv")):
        ended = orient(year.path, "--date", year.day, "--decisions", path, "--out", tmp_path / "out")
        assert ended.exit_code == 2
        assert told in ended.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_told(year: Year, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    ended = year.orient(tmp_path / "file")
    assert ended.exit_code == 2
    assert "écriture impossible" in ended.stderr
    assert ended.stdout == ""


def test_what_stops_while_it_writes_leaves_the_files_of_before(
    year: Year, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert year.orient(tmp_path, "--policy", "pratique").exit_code == 0
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def stopped(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("json.dump", stopped)
    assert year.orient(tmp_path, "--policy", "glouton").exit_code == 3
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_choice_without_rights_left_is_impossible_and_the_json_stays_json(tmp_path: Path) -> None:
    instance = make_instance(
        holders=[Holder("x"), Holder("y")],
        promises=[Promise("x", part=50, solde=0), Promise("y", part=10)],
        releases=[Release(id="a")],
    )
    write_instance(instance, tmp_path / "instance")
    arguments = ("--date", "2025-01-01", "--out", tmp_path / "out", "--pourquoi", "a", "--json")
    ended = orient(tmp_path / "instance", *arguments)
    assert ended.exit_code == 0
    (proposal,) = json.loads(ended.stdout, parse_constant=pytest.fail)["propositions"]
    spent = [choice for choice in proposal["alternatives"] if choice["impossible"]]
    assert [choice["reservataire"] for choice in spent] == ["x"]
    assert (spent[0]["cout"], spent[0]["priorites"]) == (None, None)
    rows = read_rows(tmp_path / "out" / "alternatives.csv")
    assert [(row["reservataire"], row["cout"], row["priorites"]) for row in rows][-1] == (
        "x",
        "",
        "impossible",
    )


def test_an_officer_sees_bounds_then_costs_on_demand(year: Year, tmp_path: Path) -> None:
    asked = year.today[0]
    screen = year.orient(tmp_path / "1").stdout
    costed = year.orient(tmp_path / "2", "--pourquoi", asked).stdout
    assert "borne : au moins" in screen
    assert "borne : au moins" not in costed.split("\n## ")[1]
    assert "borne : au moins" in costed.split("\n## ")[2]


def test_a_year_without_historique_is_oriented_on_its_first_and_its_last_day(tmp_path: Path) -> None:
    instance = make_instance(
        releases=[Release(id="a"), Release(id="z", day=make_instance().fin)], historique=None
    )
    write_instance(instance, tmp_path / "instance")
    for day in ("2025-01-01", "2025-12-31"):
        ended = orient(tmp_path / "instance", "--date", day, "--out", tmp_path / day, "--pourquoi", "tout")
        assert ended.exit_code == 0
        assert "1 logement à orienter" in ended.stdout
