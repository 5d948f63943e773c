"""A journal written out: whole and taken in again, or one of its years as an instance of the contract."""

from dataclasses import fields
from datetime import date
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from allocator.domain import Instance
from allocator.formats import read_instance, write_instance
from allocator.ledger.annees.instance import instance_of_year, write_decisions
from allocator.ledger.daily.releve import Releve, build_releve
from allocator.ledger.store.journal import Journal, open_journal
from allocator.policies.situation import take
from tests.ledger.daily_desk import BAILLEUR, announced, opened, oriented, said, small
from tests.ledger.played import demo, play

COLUMNS = ("date", "commune", "typologie", "financement", "qpv", "statut")


def year(journal: Journal, day: date) -> tuple[Instance, Releve]:
    vu = journal.tete.rang
    registre = journal.registre(vu=vu)
    releve = build_releve(registre, day, vu)
    return instance_of_year(registre, releve), releve


def same(one: object, other: object) -> bool:
    """Tell whether two tables of columns hold the same."""
    for field in fields(one):  # type: ignore[arg-type]
        mine, its = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, np.ndarray):
            np.testing.assert_array_equal(mine, its)
        elif field.name != "complements":
            assert mine == its
    return True


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("played") / "journal.db"
    play(where)
    return where


def test_a_year_comes_out_as_the_instance_that_went_in(played: Path, tmp_path: Path) -> None:
    source = demo()
    with open_journal(str(played), BAILLEUR) as journal:
        found, releve = year(journal, date(2025, 12, 31))
    gone = set(np.flatnonzero(~np.isnat(releve.registre.suivi.retire)).tolist())
    assert gone
    order = {name: row for row, name in enumerate(source.liberations.id)}
    withdrawn = {releve.registre.liberations.id[row] for row in gone}
    kept = [row for name, row in order.items() if name not in withdrawn]
    expected = take(source.liberations, np.array(kept))
    assert found.liberations.id == expected.id
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(found.liberations, name), getattr(expected, name))
    assert same(found.territoires, source.territoires)
    assert same(found.reservataires, source.reservataires)
    assert same(found.indicatifs, source.indicatifs)
    assert same(found.historique, source.historique)
    write_instance(found, tmp_path / "instance")
    assert same(read_instance(tmp_path / "instance").conventions, found.conventions)
    keys = list(zip(source.conventions.reservataire.tolist(), source.conventions.territoire, strict=True))
    rows = [
        keys.index(key)
        for key in zip(found.conventions.reservataire.tolist(), found.conventions.territoire, strict=True)
    ]
    assert sorted(rows) == list(range(len(keys)))
    for name in ("part", "volume", "report", "solde"):
        np.testing.assert_array_equal(
            getattr(found.conventions, name), getattr(source.conventions, name)[rows]
        )


def test_what_is_known_of_a_dwelling_is_carried_through(sqlite_file: str, tmp_path: Path) -> None:
    more = [
        announced("A", "2025-03-01", adresse="3, rue du Port", surface=61.5, construction=1974, etage="2")
    ]
    with opened(sqlite_file, small(), more) as journal:
        found, _ = year(journal, date(2025, 3, 14))
    assert found.liberations.complements == {
        "construction": ("1974",),
        "surface": ("61.5",),
        "adresse": ("3, rue du Port",),
    }
    write_instance(found, tmp_path)
    assert read_instance(tmp_path).liberations.complements == found.liberations.complements


def test_decisions_are_the_turns_known_on_a_day(sqlite_file: str) -> None:
    more = [
        *(announced(name, "2025-03-01") for name in "ABCDE"),
        announced("N", "2025-03-01"),
        said("statut", "N", "2025-03-01", statut="neuf"),
        oriented("N", "2025-03-01", "als"),
        oriented("A", "2025-03-02", "als"),
        said("decline", "A", "2025-03-05"),
        oriented("A", "2025-03-06", "etat", tour=2),
        said("attribution", "A", "2025-03-20"),
        said("bail", "A", "2025-03-30"),
        oriented("B", "2025-03-02", None),
        said("attribution", "B", "2025-03-10"),
        said("bail", "B", "2025-03-12"),
        announced("F", "2025-03-01"),
        oriented("F", "2025-03-02", None),
        said("rendu", "F", "2025-03-05"),
        oriented("C", "2025-03-02", "ville"),
        said("candidats", "C", "2025-03-03", nombre=1),
        said("refus", "C", "2025-03-08", issue="caleol"),
        oriented("D", "2025-03-20", "als"),
        oriented("E", "2025-03-02", "etat"),
        said("retrait", "E", "2025-03-25", motif="travaux"),
    ]
    with opened(sqlite_file, small(), more) as journal:
        instance, releve = year(journal, date(2025, 3, 14))
        then, later = StringIO(), StringIO()
        write_decisions(then, releve, instance)
        write_decisions(later, year(journal, date(2025, 4, 1))[1], instance)
    assert then.getvalue().splitlines() == [
        "liberation,reservataire,issue,issue_le",
        "A,als,rendu,2025-03-05",
        "A,etat,,",
        "B,,,",
        "C,ville,refus,2025-03-08",
    ]
    assert later.getvalue().splitlines()[2:] == [
        "A,etat,bail,2025-03-30",
        "B,,,",
        "C,ville,refus,2025-03-08",
        "D,als,,",
    ]


def test_an_export_taken_in_elsewhere_is_the_same_journal(played: Path, tmp_path: Path) -> None:
    with open_journal(str(played), BAILLEUR) as source:
        lines = list(source.export_lines())
    with open_journal(str(tmp_path / "copy.db"), BAILLEUR, create=True) as copy:
        assert copy.import_lines(lines, "export.jsonl") == len(lines)
        assert list(copy.export_lines()) == lines
        assert copy.verify()
        again, _ = year(copy, date(2025, 12, 31))
    with open_journal(str(played), BAILLEUR) as source:
        first, _ = year(source, date(2025, 12, 31))
    for field in fields(Instance):
        if field.name not in {"nom", "description", "debut", "fin", "source", "sha256"}:
            assert same(getattr(first, field.name), getattr(again, field.name))
    assert (first.nom, first.debut, first.fin) == (again.nom, again.debut, again.fin)
