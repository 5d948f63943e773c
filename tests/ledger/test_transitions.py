"""Which event may follow which: usual lives, and what is refused, with who recorded what it contradicts."""

from collections.abc import Sequence

import pytest

from allocator.ledger.events.dossier import ISSUES
from allocator.ledger.events.event import Entree
from allocator.ledger.events.natures import NATURES, Champ
from allocator.ledger.events.recording import EntriesRefused, record
from allocator.ledger.events.transitions import PHASES, SUITES
from tests.ledger.lives import BAILLEUR, INSCRIT, OUVERTURE, empty, entry, liberation, orientation

Entrees = Sequence[Entree]
BORN = [OUVERTURE, liberation()]


def phase_after(entrees: Entrees) -> str:
    known = empty()
    record([(each, INSCRIT) for each in [*BORN, *entrees]], BAILLEUR, known)
    return known.dossiers["L1"].phase


def refusal(entrees: Entrees) -> str:
    with pytest.raises(EntriesRefused) as refused:
        phase_after(entrees)
    (only,) = refused.value.refus
    assert only.position == len(BORN) + len(entrees) - 1
    return str(only)


@pytest.mark.parametrize(
    ("entrees", "phase"),
    [
        ([], "attente"),
        ([orientation()], "oriente"),
        ([orientation(), entry("envoi")], "propose"),
        ([orientation(), entry("envoi"), entry("candidats", nombre=3)], "candidats"),
        ([orientation(), entry("caleol", decision="attribue")], "decide"),
        ([orientation(), entry("caleol", decision="ajourne")], "candidats"),
        ([orientation(), entry("attribution")], "attribue"),
        ([orientation(), entry("attribution"), entry("bail")], "loue"),
        ([orientation(None), entry("attribution"), entry("bail")], "loue"),
        ([orientation(), entry("decline")], "a_reorienter"),
        ([orientation(), entry("envoi"), entry("echeance", effet="2025-04-01")], "a_reorienter"),
        ([orientation(), entry("attribution"), entry("refus")], "a_reorienter"),
        ([orientation(), entry("rendu"), entry("reorientation")], "attente"),
        ([orientation(), entry("rendu"), orientation("etat", tour=2)], "oriente"),
        ([orientation(), entry("retrait", motif="travaux")], "retire"),
        ([entry("statut", statut="hors_assiette", categorie="mutation")], "relogement"),
        ([entry("statut", statut="hors_assiette"), entry("attribution"), entry("refus")], "relogement"),
        ([entry("statut", statut="hors_assiette"), entry("statut", statut="flux")], "attente"),
        ([entry("statut", statut="stock", corps="sante"), entry("attribution"), entry("bail")], "loue"),
        ([entry("statut", statut="neuf"), orientation()], "oriente"),
    ],
)
def test_a_life_leads_to_a_phase(entrees: Entrees, phase: str) -> None:
    assert phase_after(entrees) == phase


@pytest.mark.parametrize(
    ("entree", "issue"),
    [
        (entry("refus"), "refus"),
        (entry("refus", issue="caleol"), "caleol"),
        (entry("refus", issue="description"), "description"),
        (entry("rendu", issue="description"), "description"),
        (entry("decline", issue="description"), "description"),
        (entry("decline"), "decline"),
    ],
)
def test_a_tour_ends_with_the_outcome_that_its_last_event_tells(entree: Entree, issue: str) -> None:
    known = empty()
    record([(each, INSCRIT) for each in [*BORN, orientation(), entree]], BAILLEUR, known)
    assert known.dossiers["L1"].tours[0].issue == issue


@pytest.mark.parametrize(
    ("entrees", "words"),
    [
        ([liberation()], "libération annoncée impossible : le logement attend une orientation"),
        ([entry("bail")], "bail signé impossible : le logement attend une orientation"),
        ([orientation(), entry("bail")], "bail signé impossible : le logement est déjà orienté"),
        ([orientation(), entry("statut", statut="neuf")], "statut du logement impossible"),
        ([entry("statut", statut="hors_assiette"), orientation()], "le logement est gardé hors assiette"),
        ([entry("retrait", motif="vente"), orientation()], "le logement est retiré"),
        ([orientation(), entry("rendu"), orientation(tour=1)], "le tour 1 est passé ou à venir"),
        ([orientation(tour=2)], "le logement en est au tour 1"),
        (
            [orientation(), entry("envoi"), entry("echeance", effet="2025-03-31")],
            "délai échu sans candidat au 2025-03-31 impossible : le délai court jusqu'au 2025-04-01",
        ),
        (
            [orientation(), entry("envoi", delai=10), entry("echeance", effet="2025-03-10")],
            "le délai court jusqu'au 2025-03-11",
        ),
        ([orientation(effet="2025-02-28")], "le dernier événement du logement a pris effet le 2025-03-01"),
    ],
)
def test_what_cannot_follow_is_refused_with_where_the_dwelling_stands(entrees: Entrees, words: str) -> None:
    said = refusal(entrees)
    assert said.startswith("L1 : ")
    assert words in said


def test_a_second_orientation_names_the_first_officer_the_holder_and_the_event() -> None:
    assert refusal([orientation("als"), orientation("etat")]) == (
        "L1 : orientation décidée impossible : le logement est déjà orienté (tour 1, à « als ») : orientation "
        "décidée, enregistré par A. Martin le 2025-01-01 à 08:00:00 UTC (événement 3)"
    )


def test_nothing_is_recorded_about_a_dwelling_that_was_not_announced() -> None:
    with pytest.raises(EntriesRefused, match="L9 : orientation décidée impossible : aucune libération"):
        record([(each, INSCRIT) for each in [OUVERTURE, orientation(objet="L9")]], BAILLEUR, empty())


def test_a_journal_begins_with_its_opening() -> None:
    with pytest.raises(EntriesRefused, match="le journal n'est pas ouvert"):
        record([(entry("regle", ""), INSCRIT)], BAILLEUR, empty())


def test_every_refused_entry_is_told_once_a_dwelling() -> None:
    wrong = [entry("bail", "L1"), entry("bail", "L1"), entry("envoi", "L2"), entry("fin", "L3")]
    with pytest.raises(EntriesRefused) as refused:
        record([(each, INSCRIT) for each in [*BORN, *wrong]], BAILLEUR, empty())
    assert [refus.position for refus in refused.value.refus] == [2, 4, 5]


def test_the_table_speaks_of_every_nature_phase_and_issue() -> None:
    assert {name for name, nature in NATURES.items() if nature.sujet == "logement"} == SUITES.keys()
    assert set().union(*(suite.depuis for suite in SUITES.values())) | {"loue", "retire"} == PHASES.keys()
    said = {issue for nature in NATURES.values() for issue in nature.champs.get("issue", Champ()).choix}
    assert {suite.issue for suite in SUITES.values()} - {""} | said == set(ISSUES)
