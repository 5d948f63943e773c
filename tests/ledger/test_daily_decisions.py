"""Decisions: as proposed, or otherwise and why; never what no convention or right allows."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from allocator.formats import BadInput
from allocator.ledger.daily.avis import preorientations
from allocator.ledger.daily.choix import CHOIX, Choix, read_choix
from allocator.ledger.daily.decisions import decisions
from allocator.ledger.daily.matinee import matinee, propose
from allocator.ledger.daily.releve import read_releve
from allocator.ledger.events.event import Entree
from allocator.ledger.events.recording import EntriesRefused
from allocator.ledger.store.journal import Journal
from allocator.policies.proposing.document import files
from tests.builders import Promise
from tests.ledger.daily_desk import OFFICER, announced, opened, oriented, said, small

DAY = date(2025, 3, 14)
ALS = "als/departement:93"


def version(objet: str, **more: object) -> Entree:
    holder, _, place = objet.partition("/")
    lignes = [{"territoire": place, "part": 20}]
    return said(
        "convention", objet, "2025-01-01", reservataire=holder, territoire=place, lignes=lignes, **more
    )


@pytest.fixture
def journal(sqlite_file: str) -> Journal:
    """Return a journal in which A, B and C wait, each with a proposal."""
    more = [announced("A", "2025-03-01"), announced("B", "2025-03-02"), announced("C", "2025-03-03", "93001")]
    journal = opened(sqlite_file, small(), more)
    morning = matinee(read_releve(journal, DAY), "pratique")
    journal.append(preorientations(morning, propose(morning), OFFICER))
    return journal


def decide(journal: Journal, *choix: Choix) -> Sequence[Entree]:
    return decisions(read_releve(journal, DAY), choix, OFFICER).entrees


def refused(journal: Journal, *choix: Choix) -> list[str]:
    with pytest.raises(BadInput) as caught:
        decide(journal, *choix)
    return [str(fault) for fault in caught.value.faults]


def advised(journal: Journal, name: str) -> str | None:
    return next(e.contenu["reservataire"] for e in journal.events_about(name) if e.nature == "preorientation")


def test_as_proposed(journal: Journal) -> None:
    (entree,) = decide(journal, Choix("A", suit=True))
    expected = {"reservataire": advised(journal, "A"), "tour": 1}
    assert entree == Entree("orientation", "A", str(DAY), OFFICER, expected)
    journal.append([entree])


def other(journal: Journal, name: str) -> str:
    return next(holder for holder in ("etat", "als") if holder != advised(journal, name))


def test_otherwise_takes_a_reason_which_is_kept(journal: Journal) -> None:
    choice = other(journal, "A")
    assert "A: un motif est attendu : il était proposé" in refused(journal, Choix("A", choice))[0]
    (entree,) = decide(journal, Choix("A", choice, "relogement urgent"))
    assert entree.contenu == {"reservataire": choice, "tour": 1, "motif": "relogement urgent"}
    (kept,) = decide(journal, Choix("A", None, "travaux à venir"))
    assert kept.contenu == {"reservataire": None, "tour": 1, "motif": "travaux à venir"}


def test_a_reason_is_not_kept_where_it_is_as_proposed(journal: Journal) -> None:
    (entree,) = decide(journal, Choix("A", advised(journal, "A"), "sans objet"))
    assert "motif" not in entree.contenu


def test_every_decision_that_cannot_be_is_told_at_once(journal: Journal) -> None:
    journal.append([announced("D", "2025-03-14")])
    assert refused(
        journal,
        Choix("Z", suit=True),
        Choix("D", suit=True),
        Choix("A", "nobody", "x"),
        Choix("C", "ville", "x"),
        Choix("B", suit=True),
    ) == [
        "Z: aucun logement de ce nom n'attend une décision",
        "D: aucune pré-orientation à suivre : demandez-la par « allocator today », ou dites à qui",
        "A: réservataire « nobody » inconnu du journal",
        "C: aucune convention en vigueur de ville ne couvre la commune",
    ]


def test_rights_are_spent_one_by_one(journal: Journal) -> None:
    last = "ville n'a plus de droits dans la commune : son solde est épuisé"
    both = (Choix("A", "ville", "x"), Choix("B", "ville", "x"))
    assert refused(journal, *both) == [f"B: {last}"]
    journal.append(decide(journal, both[0]))
    assert refused(journal, both[1]) == [f"B: {last}"]
    journal.append([said("decline", "A", DAY)])
    assert len(decide(journal, both[1])) == 1


def test_outside_the_flux_neither_promises_nor_rights_bind(journal: Journal) -> None:
    journal.append([announced("S", "2025-03-05", "93001"), said("statut", "S", "2025-03-05", statut="stock")])
    (entree,) = decide(journal, Choix("S", "ville", "défense"))
    (event,) = journal.append([entree])
    assert (event.nature, event.contenu["reservataire"]) == ("orientation", "ville")


def test_who_decided_meanwhile_is_told_by_the_journal(journal: Journal) -> None:
    seen = read_releve(journal, DAY)
    mine = decisions(seen, [Choix("A", suit=True), Choix("B", suit=True)], "B. Durand")
    journal.append([oriented("B", DAY, "als")])
    head = journal.tete
    with pytest.raises(
        EntriesRefused, match=rf"B : .* déjà orienté \(tour 1, à « als »\).* par {OFFICER} le "
    ):
        journal.append(mine.entrees)
    assert journal.tete == head
    again = decisions(read_releve(journal, DAY), [Choix("B", suit=True)], "B. Durand")
    with pytest.raises(EntriesRefused, match=f"déjà orienté .* par {OFFICER} le "):
        journal.append(again.entrees)


def test_a_delegate_is_written_down(journal: Journal) -> None:
    journal.append([version(ALS, gestion="deleguee", delegataire="etat")])
    (entree,) = decide(journal, Choix("A", "als", "x"))
    assert entree.contenu["delegataire"] == "etat"


def test_a_flux_lost_to_the_prefet_is_told(journal: Journal) -> None:
    journal.append([version(ALS, limite="2025-02-28")])
    found = decisions(read_releve(journal, DAY), [Choix("A", "als", "x")], OFFICER)
    assert found.avertissements == (
        "A : la convention de als n'a pas été signée à temps, le logement est à proposer à etat",
    )


def test_a_file_of_decisions_is_what_was_proposed_with_what_was_changed(
    journal: Journal, tmp_path: Path
) -> None:
    path, morning = tmp_path / "decisions.csv", matinee(read_releve(journal, DAY), "pratique")
    proposals = propose(morning)
    write = files(morning.frame.instance, morning.releve.model, morning.situation, proposals, "pratique")
    with path.open("w", encoding="utf-8") as file:
        write["propositions.csv"](file)
    assert [entree.contenu["reservataire"] for entree in decide(journal, *read_choix(path, None))] == [
        advised(journal, name) for name in "ABC"
    ]
    path.write_text(
        f"liberation;reservataire;motif\nA;{other(journal, 'A')};urgence\nB;;\n", encoding="utf-8"
    )
    assert [entree.contenu.get("motif") for entree in decide(journal, *read_choix(path, "le reste"))] == [
        "urgence",
        "le reste",
    ]
    path.write_text("liberation;reservataire\nA;nobody\nZ;als\n", encoding="utf-8")
    assert refused(journal, *read_choix(path, None)) == [
        "decisions.csv:2: A: réservataire « nobody » inconnu du journal",
        "decisions.csv:3: Z: aucun logement de ce nom n'attend une décision",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("liberation\nA\n", "reservataire: colonne obligatoire absente"),
        ("liberation,reservataire\nA,als\nA,etat\n", "« A » déjà donné à la ligne 2"),
        ("", CHOIX.columns[0].name),
    ],
)
def test_a_file_that_is_none_of_decisions_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=message):
        read_choix(path, None)


def test_what_was_pending_on_new_years_eve_used_the_right_of_last_year(sqlite_file: str) -> None:
    rights = small(promises=(Promise("etat", part=30), Promise("ville", "commune:93048", part=20, solde=0)))
    more = [
        announced("old", "2024-12-01"),
        oriented("old", "2024-12-01", "ville"),
        announced("new", "2025-03-01"),
    ]
    with opened(sqlite_file, rights, more) as journal:
        assert "solde est épuisé" in refused(journal, Choix("new", "ville", "x"))[0]
        journal.append([said("refus", "old", "2025-02-01")])
        assert len(decide(journal, Choix("new", "ville", "x"))) == 1
