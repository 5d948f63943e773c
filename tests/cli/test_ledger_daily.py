"""A week of the demonstration bailleur through the real commands, morning by morning, and what they refuse."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from allocator.cli import COMMANDS, load_command, main
from allocator.ledger.store.journal import open_journal
from tests.ledger import erp
from tests.ledger.daily_desk import MODELE
from tests.pages import ROOT

DEMO = ROOT / "instances" / "demo"
WEEK = ("2025-01-06", "2025-01-07", "2025-01-08", "2025-01-09", "2025-01-10")


class Office:
    """The desk of one officer: a database, the ERP's extract, and the commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.base = folder / "journal.db"
        self.model = folder / "petit.toml"
        self.model.write_text(MODELE, encoding="utf-8")
        self.mapping = folder / "erp.toml"
        self.mapping.write_text(erp.MAPPING, encoding="utf-8")
        self.rows = list(erp.rows(erp.demo()))

    def run(self, *arguments: object, auteur: str = "A. Martin") -> Result:
        env = {"ALLOCATOR_BASE": str(self.base), "ALLOCATOR_AUTEUR": auteur}
        return CliRunner().invoke(main, [str(each) for each in arguments], env=env)

    def done(self, *arguments: object, auteur: str = "A. Martin") -> Result:
        ended = self.run(*arguments, auteur=auteur)
        assert ended.exit_code == 0, ended.output
        return ended

    def init(self, *more: object) -> Result:
        return self.done("init", DEMO, "--model", self.model, "--bailleur", "demo", *more)

    def extract(self, day: str) -> Path:
        """Write what the ERP exports on a day: all that came free this year."""
        seen = [row for row in self.rows if "-".join(reversed(row[1].split("/"))) <= day]
        return erp.write(self.folder / "congés.csv", erp.text(seen))

    def bring(self, day: str, *more: object) -> Result:
        return self.done("import", self.extract(day), "--correspondance", self.mapping, "--date", day, *more)

    def today(self, day: str, *more: object) -> list[dict[str, str]]:
        """Ask for the proposals of a day and return the rows of ``propositions.csv``."""
        out = self.folder / "matin"
        self.done("today", "--date", day, "--out", out, *more)
        with (out / "propositions.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def events(self) -> list[dict[str, Any]]:
        with open_journal(str(self.base), "demo") as journal:
            assert journal.verify()
            return [json.loads(line) for line in journal.export_lines()]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, list[list[dict[str, str]]]]]:
    """Play a week; return the office and the proposals of each morning."""
    office = Office(tmp_path_factory.mktemp("week"))
    office.init()
    mornings = []
    for day in WEEK:
        office.bring(day)
        proposed = office.today(day)
        mornings.append(proposed)
        names = [row["liberation"] for row in proposed]
        if day == "2025-01-07":
            # what is proposed to one goes to another
            other = "etat" if proposed[0]["reservataire"] != "etat" else "als"
            office.done("decide", *names, "--reservataire", other, "--motif", "relogement", "--date", day)
        elif day == "2025-01-10":
            office.done("decide", "--fichier", office.folder / "matin" / "propositions.csv", "--date", day)
        elif names:
            office.done("decide", *names, "--date", day)
        if names:
            office.done("record", "envoi", *names, "--date", day)
        if day == "2025-01-08":
            declined = mornings[0][0]["liberation"]
            office.done("record", "decline", declined, "--motif", "trop petit", "--date", day)
        if day == "2025-01-10":
            let = mornings[0][1]["liberation"]
            office.done("record", "candidats", let, "--nombre", "3", "--date", day)
            office.done("record", "caleol", let, "--decision", "attribue", "--date", day)
            office.done("record", "attribution", let, "--date", day)
            office.done("record", "bail", let, "--date", day)
    yield office, mornings


def test_the_week_is_in_the_journal_event_by_event(week: tuple[Office, list[list[dict[str, str]]]]) -> None:
    office, mornings = week
    events = office.events()
    proposed = [(row["liberation"], row["reservataire"] or None) for rows in mornings for row in rows]
    advice = [(e["objet"], e["contenu"]["reservataire"]) for e in events if e["nature"] == "preorientation"]
    assert advice == proposed
    decided = {
        (e["objet"], e["contenu"]["tour"]): e["contenu"] for e in events if e["nature"] == "orientation"
    }
    assert len(decided) == len(proposed)
    other = [key for key, contenu in decided.items() if "motif" in contenu]
    assert other == [(mornings[1][0]["liberation"], 1)]
    assert {event["auteur"] for event in events} == {"A. Martin"}


def test_the_dwelling_declined_on_wednesday_is_proposed_on_thursday_to_another(
    week: tuple[Office, list[list[dict[str, str]]]],
) -> None:
    _, mornings = week
    name = mornings[0][0]["liberation"]
    assert name not in [row["liberation"] for row in mornings[2]]
    (again,) = [row for row in mornings[3] if row["liberation"] == name]
    assert again["reservataire"] != mornings[0][0]["reservataire"]


def test_the_week_of_the_journal_ends_as_it_should(week: tuple[Office, list[list[dict[str, str]]]]) -> None:
    office, mornings = week
    with open_journal(str(office.base), "demo") as journal:
        state = journal.registre()
    row = state.liberations.id.index(mornings[0][1]["liberation"])
    assert str(state.suivi.bail[row]) == "2025-01-10"
    flux = sum(statut == 0 for statut in state.liberations.statut.tolist())
    # each in one tour, and the one declined in two
    assert len(state.tours) == flux + 1


def test_the_same_morning_again_changes_nothing(office: Office) -> None:
    office.init()
    office.bring("2025-01-07")
    first = office.today("2025-01-07")
    told = office.events()
    assert "rien de nouveau" in office.bring("2025-01-07").output
    assert office.today("2025-01-07") == first
    assert "Rien de nouveau" in office.init().output
    assert office.events() == told


def test_a_row_that_changed_is_a_correction(office: Office) -> None:
    office.init()
    office.bring("2025-01-07")
    office.rows[0] = erp.changed(office.rows[0], {"SURFHAB": "51"})
    counts = json.loads(office.bring("2025-01-08", "--json").stdout)
    assert (counts["nouveaux"], counts["corrections"], counts["rejets"]) == (0, 1, 0)
    (event,) = [event for event in office.events() if event["nature"] == "correction"]
    assert event["contenu"]["contenu"]["surface"] == 51


def test_a_hundred_malformed_rows_are_all_told_and_kept_for_mending(office: Office) -> None:
    office.init()
    rows = [
        erp.changed(row, {"Code INSEE": "99999"}) if number % 3 == 0 else row
        for number, row in enumerate(office.rows)
    ]
    path = erp.write(office.folder / "congés.csv", erp.text(rows))
    arguments = ("import", path, "--correspondance", office.mapping, "--date", "2025-12-31")
    told = office.events()
    ended = office.run(*arguments)
    assert ended.exit_code == 2
    assert ended.output.count("« 99999 » inconnu du journal") == 100
    assert office.events() == told
    dry = json.loads(office.done(*arguments, "--accept-valid", "--dry-run", "--json").stdout)
    assert office.events() == told
    assert not path.with_suffix(".rejets.csv").exists()
    assert json.loads(office.done(*arguments, "--accept-valid", "--json").stdout) == dry
    assert dry["rejets"] == 100
    rejects = path.with_suffix(".rejets.csv")
    mended = rejects.read_text("utf-8-sig").replace("99999", "91161")
    rejects.write_text(mended, encoding="utf-8-sig")
    again = office.done("import", rejects, "--correspondance", office.mapping, "--date", "2025-12-31")
    assert "100 ligne(s)" in again.output
    with open_journal(str(office.base), "demo") as journal:
        assert len(journal.registre().liberations) == len(rows)


def test_a_mapping_is_proposed_and_reads_the_extract(office: Office) -> None:
    office.init()
    text = office.done("import", office.extract("2025-01-08"), "--proposer", "annonces").stdout
    assert 'commune = "Code INSEE"' in text
    mapping = office.folder / "guessed.toml"
    completed = text.replace("[constantes]", "[constantes]\nqpv_perimetre = 2024")
    mapping.write_text(completed.replace('# "" = ""', '"" = "non"'), encoding="utf-8")
    counts = office.done("import", office.extract("2025-01-08"), "--correspondance", mapping, "--json").stdout
    assert json.loads(counts)["nouveaux"] > 0


def test_json_of_today_is_the_file_and_names_the_model_and_the_input(office: Office) -> None:
    office.init()
    office.bring("2025-01-07")
    out = office.folder / "matin"
    ended = office.done("today", "--date", "2025-01-07", "--out", out, "--json", "--pourquoi", "tout")
    assert ended.stdout == (out / "propositions.json").read_text("utf-8")
    assert {path.name for path in out.iterdir()} == {
        "propositions.csv",
        "alternatives.csv",
        "journee.md",
        "propositions.json",
    }
    told = json.loads(ended.stdout)
    advice = [event["contenu"] for event in office.events() if event["nature"] == "preorientation"]
    assert {(each["model_sha256"], each["entree_sha256"]) for each in advice} == {
        (told["model_sha256"], told["instance_sha256"])
    }


def test_the_day_comes_from_the_option_and_no_day_of_another_year_is_served(office: Office) -> None:
    office.init()
    ended = office.run("today", "--date", "2026-01-07")
    assert ended.exit_code == 2
    assert "aucune période ouverte ne contient le 07/01/2026" in ended.output


def test_a_correction_by_its_rang(office: Office) -> None:
    office.init()
    office.bring("2025-01-07")
    first = office.today("2025-01-07")[0]["liberation"]
    office.done("decide", first, "--garder", "--motif", "travaux", "--date", "2025-01-07")
    rang = office.events()[-1]["rang"]
    shown = office.done("record", "correction", rang, "motif=vente", "--motif", "erreur", "--json").stdout
    (event,) = json.loads(shown)["evenements"]
    assert event["contenu"] == {
        "de": rang,
        "contenu": {"reservataire": None, "tour": 1, "motif": "vente"},
        "motif": "erreur",
    }
    office.done("record", "correction", rang, "--annule")
    assert first in office.done("today", "--date", "2025-01-07").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("decide", "X", "--date", "2025-01-07"), "X: aucun logement de ce nom n'attend une décision"),
        (("decide",), "il faut des LIBÉRATIONS ou --fichier"),
        (("decide", "X", "--garder", "--reservataire", "als"), "s'excluent"),
        (("record", "bail", "X", "--date", "2025-01-07"), "X : bail signé impossible : aucune libération"),
        (("record", "caleol", "X"), "--decision"),
        (("record", "correction", "1"), "il faut --annule"),
        (("record", "correction", "1", "motif"), "CHAMP=VALEUR était attendu"),
        (("import", "x.csv"), "il faut --correspondance ou --proposer"),
        (("today", "--date", "demain"), "« demain » n'est pas une date"),
        (("today", "--policy", "hasard"), "règle quotidienne inconnue"),
        (("today", "--date", "2025-01-07", "--pourquoi", "X"), "X n'est pas à orienter ce jour"),
        (("today", "--date", "2025-01-07", "--bailleur", "autre"), "« autre » inconnu de la base"),
        (("record", "envoi", "X", "--date", "2024-01-07"), "aucune période ouverte"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    office: Office, arguments: tuple[str, ...], message: str
) -> None:
    office.init()
    head = office.events()
    ended = office.run(*arguments)
    assert ended.exit_code == 2
    assert message in ended.output
    assert "Traceback" not in ended.output
    assert office.events() == head


def test_a_database_that_is_not_there_is_an_internal_failure_told_in_one_line(office: Office) -> None:
    ended = office.run("today", "--date", "2025-01-07")
    assert ended.exit_code == 4
    assert ended.output.count("\n") == 1
    assert "allocator init" in ended.output
    assert not office.base.exists()


def test_a_bailleur_without_a_plain_identifier_makes_no_database(office: Office) -> None:
    ended = office.run("init", DEMO, "--model", office.model, "--bailleur", "OPH du port")
    assert ended.exit_code == 2
    assert "« OPH du port »" in ended.output
    assert not office.base.exists()


def test_a_bad_instance_makes_no_database(office: Office) -> None:
    ended = office.run("init", office.folder, "--model", office.model, "--bailleur", "demo")
    assert ended.exit_code == 2
    assert not office.base.exists()


def test_several_bailleurs_in_one_database_do_not_see_each_other(office: Office) -> None:
    office.init()
    office.done("init", DEMO, "--model", office.model, "--bailleur", "autre")
    assert "à préciser" in office.run("today", "--date", "2025-01-07").output
    office.done(
        "import",
        office.extract("2025-01-07"),
        "--correspondance",
        office.mapping,
        "--bailleur",
        "autre",
        "--date",
        "2025-01-07",
    )
    nothing = office.done("today", "--date", "2025-01-07", "--bailleur", "demo").stdout
    assert "Rien à orienter" in nothing


@pytest.mark.parametrize("name", ["init", "import", "today", "decide", "record"])
def test_each_command_is_on_the_help_page_and_has_its_own(name: str) -> None:
    assert name in COMMANDS
    ended = CliRunner().invoke(main, [name, "--help"])
    assert ended.exit_code == 0
    assert load_command(name).name == name
