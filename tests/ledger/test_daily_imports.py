"""An extract is taken in whole or by its valid rows, once, whoever else writes; refusals name its lines."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from allocator.formats import BadInput, read_instance
from allocator.ledger.accounts.comptes import comptes
from allocator.ledger.accounts.issues import ISSUES as ENDS
from allocator.ledger.daily.imports import Bilan, read_extract, take_in
from allocator.ledger.daily.releve import read_releve
from allocator.ledger.importing import Correspondance, read_mapping, write_rejects
from allocator.ledger.store.journal import Journal, open_journal
from tests.ledger import erp
from tests.ledger.daily_desk import BAILLEUR, OFFICER, announced, opened, oriented, said, small
from tests.pages import ROOT

DAY = date(2025, 3, 14)
ISSUES = """\
format = 1
genre = "issues"

[colonnes]
liberation = "id"
date = "date"
evenement = "quoi"
reservataire = "qui"
nombre = "nombre"
delai = "delai"
"""
HEADER = "id,date,quoi,qui,nombre,delai"


class Office:
    """Where extracts of what happened are brought to a journal in which A, B and C wait."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.journal = opened(database, small(), [announced(name, "2025-03-01") for name in "ABC"])
        path = folder / "issues.toml"
        path.write_text(ISSUES, encoding="utf-8")
        self.mapping = read_mapping(path)

    def extract(self, *rows: str, name: str = "issues.csv") -> Path:
        path = self.folder / name
        path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
        return path

    def bring(self, path: Path, accept_valid: bool = False, dry_run: bool = False) -> Bilan:
        lecture = read_extract(self.journal, path, self.mapping)
        return take_in(self.journal, lecture, OFFICER, DAY, accept_valid=accept_valid, dry_run=dry_run)

    def refused(self, path: Path) -> list[str]:
        head = self.journal.tete
        with pytest.raises(BadInput) as caught:
            self.bring(path)
        assert self.journal.tete == head
        return [str(fault) for fault in caught.value.faults]


@pytest.fixture
def office(tmp_path: Path, sqlite_file: str) -> Iterator[Office]:
    office = Office(tmp_path, sqlite_file)
    with office.journal:
        yield office


def test_the_same_extract_twice_changes_nothing(office: Office) -> None:
    path = office.extract("A,2025-03-02,orientation_proposition,als,,", "A,2025-03-10,candidats,,3,")
    assert len(office.bring(path).apport.entrees) == 3
    head = office.journal.tete
    assert office.bring(path).apport.entrees == ()
    assert office.journal.tete == head


def test_a_row_that_changed_corrects_what_was_recorded(office: Office) -> None:
    office.bring(office.extract("A,2025-03-02,orientation_proposition,als,,", "A,2025-03-10,candidats,,3,"))
    changed = office.extract("A,2025-03-02,orientation_proposition,als,,", "A,2025-03-10,candidats,,2,")
    bilan = office.bring(changed)
    assert (bilan.corrections, len(bilan.apport.entrees)) == (1, 1)
    assert office.journal.verify()


def test_a_dry_run_says_the_same_and_records_nothing(office: Office) -> None:
    path = office.extract("A,2025-03-02,orientation_proposition,als,,")
    head = office.journal.tete
    dry = office.bring(path, dry_run=True)
    assert office.journal.tete == head
    assert dry.apport == office.bring(path).apport
    wrong = office.extract("A,2025-03-12,bail,,,")
    with pytest.raises(BadInput, match=r"issues.csv:2: A : bail signé impossible"):
        office.bring(wrong, dry_run=True)


FAULTS = (
    "A,2025-03-02,orientation_proposition,als,,",
    "A,2025-03-12,bail,,,",
    "B,2025-13-02,orientation,als,,",
    "Z,2025-03-02,orientation,als,,",
    "C,2025-03-02,orientation,nobody,,",
)


def test_every_fault_is_told_at_once_with_its_line_and_nothing_is_recorded(office: Office) -> None:
    told = office.refused(office.extract(*FAULTS))
    assert [line.split(" ")[0] for line in told] == [
        "issues.csv:3:",
        "issues.csv:4:",
        "issues.csv:5:",
        "issues.csv:6:",
    ]
    assert "bail signé impossible : le logement est déjà proposé (tour 1, à « als »)" in told[0]
    assert "aucune libération n'est annoncée" in told[2]


def test_valid_rows_are_taken_in_and_the_others_can_be_mended(office: Office) -> None:
    bilan = office.bring(office.extract(*FAULTS), accept_valid=True)
    assert [entree.nature for entree in bilan.apport.entrees] == ["orientation", "envoi"]
    rejects = office.folder / "rejets.csv"
    write_rejects(bilan.lecture, rejects)
    text = rejects.read_text("utf-8-sig")
    assert text.count("\n") == 5
    assert "bail signé impossible" in text
    mended = text.replace("2025-13-02", "2025-03-02").replace("nobody", "etat").replace("Z,", "A,")
    mended = mended.replace("A,2025-03-02,orientation,als", "A,2025-03-11,decline,")
    mended = "\n".join(line for line in mended.splitlines() if "bail" not in line)
    rejects.write_text(mended, encoding="utf-8")
    again = office.bring(rejects)
    assert sorted((e.nature, e.objet) for e in again.apport.entrees) == [
        ("decline", "A"),
        ("orientation", "B"),
        ("orientation", "C"),
    ]


def test_what_hangs_on_a_refused_row_is_rejected_with_it(office: Office) -> None:
    rows = ("Z,2025-03-02,orientation,als,,", "Z,2025-03-03,proposition,,,", "Z,2025-03-09,decline,,,")
    bilan = office.bring(office.extract(*rows, "A,2025-03-02,orientation,als,,"), accept_valid=True)
    assert [fault.line for fault in bilan.lecture.fautes] == [2, 3, 4]
    assert [entree.objet for entree in bilan.apport.entrees] == ["A"]


def test_a_clock_without_a_delay_is_that_of_the_convention_and_stays_so(office: Office) -> None:
    lignes = [{"territoire": "departement:93", "part": 40}]
    told = {"reservataire": "als", "territoire": "departement:93", "lignes": lignes, "delai": 20}
    office.journal.append([said("convention", "als/departement:93", "2025-01-01", **told)])
    path = office.extract(
        "A,2025-03-02,orientation_proposition,als,,",
        "B,2025-03-02,orientation_proposition,als,,7",
        "C,2025-03-02,orientation_proposition,etat,,",
    )
    office.bring(path)
    ends = [str(day) for day in office.journal.registre().tours.echeance]
    assert ends == ["2025-03-22", "2025-03-09", "2025-04-02"]
    assert office.bring(path).apport.entrees == ()


def test_candidates_rejected_and_dwellings_ill_described_reach_the_accounts(office: Office) -> None:
    sent = [f"{name},2025-03-02,orientation_proposition,als,," for name in "ABC"]
    ends = [
        "A,2025-03-05,candidats,,2,",
        "A,2025-03-09,caleol_rejete,,,",
        "A,2025-03-10,tous candidats rejetés par la CALEOL,,,",
        "B,2025-03-10,logement mal décrit,,,",
        "C,2025-03-10,refus des candidats,,,",
    ]
    path = office.extract(*sent, *ends)
    office.bring(path)
    assert office.bring(path).apport.entrees == ()
    livre = read_releve(office.journal, DAY).livre
    assert [ENDS[issue] for issue in livre.tours.issue.tolist()] == ["caleol", "description", "refus"]
    counted = comptes(livre, np.datetime64(DAY)).reservataires.mesures
    # the first is given back, and the second counts for nothing (issues.toml)
    row = livre.exercice.instance.reservataires.id.index("als")
    assert (counted.propositions[row], counted.compensations[row]) == (3, 1)
    assert counted.points_propositions[row] - counted.rendus[row] == 1


def test_two_who_import_the_same_at_once_record_it_once(database: str, tmp_path: Path) -> None:
    office = Office(tmp_path, database)
    path = office.extract(*(f"{name},2025-03-02,orientation_proposition,als,," for name in "ABC"))
    done: list[int] = []

    def bring() -> None:
        with open_journal(database, BAILLEUR) as journal:
            lecture = read_extract(journal, path, office.mapping)
            done.append(len(take_in(journal, lecture, OFFICER, DAY).apport.entrees))

    threads = [threading.Thread(target=bring) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with office.journal as journal:
        assert sorted(done) == [0, 0, 0, 6]
        assert sum(event.nature == "orientation" for event in journal.events()) == 3


SOLDES = """\
format = 1
genre = "soldes"

[colonnes]
reservataire = "qui"
territoire = "où"
propositions = "proposés"
assiette = "libérés"

[constantes]
date = 2025-01-01
"""


def test_opening_balances_reach_the_accounts(office: Office) -> None:
    path = office.folder / "soldes.toml"
    path.write_text(SOLDES, encoding="utf-8")
    extract = office.folder / "soldes.csv"
    extract.write_text("qui;où;proposés;libérés\nals;departement:93;3;10\n", encoding="utf-8")
    lecture = read_extract(office.journal, extract, read_mapping(path))
    assert len(take_in(office.journal, lecture, OFFICER, DAY).apport.entrees) == 1
    assert take_in(office.journal, lecture, OFFICER, DAY).apport.entrees == ()
    livre = read_releve(office.journal, DAY).livre
    row = livre.exercice.objets.index("als/departement:93")
    assert livre.ouverture is not None
    assert (livre.ouverture.propositions[row], livre.ouverture.assiette[row]) == (3, 10)


def test_radiations_are_no_events(office: Office) -> None:
    radiations = replace(office.mapping, genre="radiations")
    with pytest.raises(BadInput, match="« radiations » ne s'importe pas, attendu annonces, issues ou soldes"):
        read_extract(office.journal, office.extract(), radiations)


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> Correspondance:
    return erp.mapping(tmp_path_factory.mktemp("erp"))


def bring_demo(journal: Journal, path: Path, mapping: Correspondance) -> Bilan:
    return take_in(journal, read_extract(journal, path, mapping), OFFICER, date(2025, 12, 31))


def test_the_demonstration_year_comes_in_whole_and_once(
    tmp_path: Path, sqlite_file: str, mapping: Correspondance
) -> None:
    demo = read_instance(ROOT / "instances" / "demo")
    rows = list(erp.rows(demo))
    path = erp.write(tmp_path / "congés.csv", erp.text(rows))
    with opened(sqlite_file, replace(demo, historique=None)) as journal:
        bilan = bring_demo(journal, path, mapping)
        assert bring_demo(journal, path, mapping).apport.entrees == ()
        known = journal.registre().liberations
        assert (known.id, known.commune.tolist()) == (demo.liberations.id, demo.liberations.commune.tolist())
        assert known.statut.tolist() == demo.liberations.statut.tolist()
        assert len(bilan.apport.entrees) > len(demo.liberations)
        rows[3] = erp.changed(rows[3], {"SURFHAB": "51"})
        assert bring_demo(journal, erp.write(path, erp.text(rows)), mapping).corrections == 1


def test_names_are_those_of_the_journal(office: Office) -> None:
    office.journal.append([oriented("A", "2025-03-02", "als")])
    assert office.refused(office.extract("A,2025-03-03,orientation,als,,")) != []
    (told,) = office.refused(office.extract("B,2025-03-03,orientation,ALS,,"))
    assert "« ALS » inconnu du journal" in told
