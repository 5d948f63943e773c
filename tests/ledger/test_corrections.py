"""Corrections: what was corrected is as if it had been recorded so, and what was annulled as if it never was."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.ledger.accounts.regle_reader import read_regle
from allocator.ledger.conventions.actes import versions_of
from allocator.ledger.events.dossier import Dossier
from allocator.ledger.events.event import Entree
from allocator.ledger.events.fold import fold
from allocator.ledger.events.recording import EntriesRefused, record
from tests.ledger.lives import (
    BAILLEUR,
    INSCRIT,
    OFFICER,
    OUVERTURE,
    empty,
    entry,
    liberation,
    orientation,
    random_journal,
    sealed,
)

seeds = st.integers(0, 10**6).map(random.Random)


def rewritten(entrees: list[Entree]) -> list[Entree]:
    """Return a journal as it should have been recorded: corrections carried out one by one, last to first."""
    kept: list[Entree | None] = list(entrees)
    said = {position: each for position, each in enumerate(entrees, 1) if each.nature == "correction"}
    for position in sorted(said, reverse=True):
        if kept[position - 1] is not None and said[position].contenu.get("annule"):
            target = said[position].contenu["de"]
            if target in said:
                kept[target - 1] = None
    for target in range(1, len(entrees) + 1):
        holding = [
            position
            for position in said
            if kept[position - 1] is not None and said[position].contenu["de"] == target
        ]
        if holding and target not in said:
            last = said[max(holding)].contenu
            original = entrees[target - 1]
            kept[target - 1] = None if last.get("annule") else replace(original, contenu=last["contenu"])
    for position in signed_for_nothing(entrees, kept):
        kept[position - 1] = None
    return [each for each in kept if each is not None and each.nature != "correction"]


def signed_for_nothing(entrees: list[Entree], kept: list[Entree | None]) -> list[int]:
    """Return the places of the signatures of which the convention, as it then stood, did not stay."""
    found = []
    for position, each in enumerate(entrees, 1):
        if each.nature == "signature":
            before = [*rewritten_places(entrees[: position - 1])]
            signed = [place for place in before if is_convention(entrees[place - 1], each.objet)]
            if signed and kept[signed[-1] - 1] is None:
                found.append(position)
    return found


def is_convention(entree: Entree, objet: str) -> bool:
    return entree.nature == "convention" and entree.objet == objet


def rewritten_places(entrees: list[Entree]) -> list[int]:
    """Return the places of the entries that no correction annuls."""
    said = {position: each.contenu for position, each in enumerate(entrees, 1) if each.nature == "correction"}
    void: set[int] = set()
    for position in sorted(said, reverse=True):
        target = said[position]["de"]
        if position not in void and said[position].get("annule") and target in said:
            void.add(target)
    last = {said[position]["de"]: said[position] for position in sorted(said) if position not in void}
    return [position for position in range(1, len(entrees) + 1) if not last.get(position, {}).get("annule")]


def told(dossier: Dossier) -> tuple[object, ...]:
    """Return what is said of a dwelling, but for the places of its events in the journal."""
    row = dossier.row()
    for rang in ("rang", "dernier", "preorientation"):
        row.pop(rang)
    tours = [{**tour, "rang": 0, "preorientation": 0} for tour in dossier.tour_rows()]
    return tuple(row.items()), tuple(tuple(tour.items()) for tour in tours)


@given(seeds)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_a_corrected_journal_folds_as_one_that_was_right_from_the_start(rng: random.Random) -> None:
    entrees = random_journal(rng, 60)
    found, expected = fold(sealed(entrees)), fold(sealed(rewritten(entrees)))
    assert {name: told(each) for name, each in found.dossiers.items()} == {
        name: told(each) for name, each in expected.dossiers.items()
    }
    assert [(acte.nature, acte.objet, acte.contenu) for acte in found.actes] == [
        (acte.nature, acte.objet, acte.contenu) for acte in expected.actes
    ]


@given(seeds)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_a_journal_taken_in_one_by_one_leaves_what_it_folds_to(rng: random.Random) -> None:
    entrees = random_journal(rng, 60)
    known = empty()
    known.histoires = {each.objet: [] for each in entrees}
    record([(each, INSCRIT) for each in entrees], BAILLEUR, known)
    left = {name: each for name, each in known.dossiers.items() if each.phase}
    assert left == fold(sealed(entrees)).dossiers


def after(*corrections: Entree) -> Dossier:
    entrees = [OUVERTURE, liberation(), orientation("als"), entry("decline"), *corrections]
    known = empty()
    known.histoires = {"L1": [], "": []}
    record([(each, INSCRIT) for each in entrees], BAILLEUR, known)
    return known.dossiers["L1"]


def refusal(*corrections: Entree) -> str:
    with pytest.raises(EntriesRefused) as refused:
        after(*corrections)
    return str(refused.value)


def correction(de: int, objet: str = "L1", **said: object) -> Entree:
    return Entree("correction", objet, "2025-04-01", OFFICER, {"de": de, **said})


def test_an_annulled_end_opens_the_tour_again() -> None:
    assert after(correction(4, annule=True)).phase == "oriente"


def test_the_last_correction_holds_until_it_is_annulled() -> None:
    to_etat = correction(3, contenu={"reservataire": "etat", "tour": 1})
    to_bailleur = correction(3, contenu={"reservataire": None, "tour": 1})
    assert after(to_etat).tours[0].reservataire == "etat"
    assert after(to_etat, to_bailleur).tours[0].reservataire is None
    assert after(to_etat, to_bailleur, correction(6, annule=True)).tours[0].reservataire == "etat"


def test_a_day_is_corrected_alone() -> None:
    tour = after(correction(4, effet="2025-03-09")).tours[0]
    assert (tour.fin, tour.issue) == ("2025-03-09", "decline")


def test_what_others_rest_on_is_not_annulled() -> None:
    assert "la suite ne tiendrait plus : événement 4" in refusal(correction(3, annule=True))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (correction(9, annule=True), "aucun événement 9 ne porte sur « L1 »"),
        (correction(1, annule=True), "aucun événement 1 ne porte sur « L1 »"),
        (correction(4), "« annule », ou bien « contenu » ou « effet »"),
        (correction(4, annule=True, contenu={}), "« annule », ou bien « contenu » ou « effet »"),
        (correction(3, contenu={"reservataire": "inconnu", "tour": 1}), "réservataire « inconnu » inconnu"),
        (correction(1, objet="", annule=True), "une ouverture ne se corrige que par une nouvelle"),
        (correction(3, effet="2025-02-01"), "la suite ne tiendrait plus"),
    ],
)
def test_a_correction_that_corrects_nothing_is_refused(wrong: Entree, words: str) -> None:
    assert words in refusal(wrong)


def agreed(part: int, effet: str = "2025-01-01") -> Entree:
    lignes = [{"territoire": "departement:93", "part": part}]
    said = {"reservataire": "als", "territoire": "departement:93", "lignes": lignes}
    return entry("convention", "als/departement:93", effet, **said)


def versions(*entrees: Entree) -> list[tuple[float | None, str]]:
    """Return what each version of a convention promises, and when it was signed."""
    known = empty()
    known.histoires = {"als/departement:93": [], "": []}
    lot = record([(each, INSCRIT) for each in [OUVERTURE, *entrees]], BAILLEUR, known)
    actes = [*lot.actes, *(acte for actes in lot.repris.values() for acte in actes)]
    folded = fold(sealed([OUVERTURE, *entrees])).actes
    assert sorted(actes, key=lambda acte: acte.rang) == list(folded)
    return [(each.lignes[0].part, str(each.signature)) for each in versions_of(folded, read_regle())]


def test_an_annulled_convention_takes_its_signature_with_it() -> None:
    signed = entry("signature", "als/departement:93", "2025-02-01")
    again = entry("signature", "als/departement:93", "2025-07-10")
    life = [agreed(20), signed, agreed(25, "2025-07-01"), again]
    annuls = correction(4, "als/departement:93", annule=True)
    assert versions(*life) == [(20.0, "2025-02-01"), (25.0, "2025-07-10")]
    # the first one is not signed anew in July
    assert versions(*life, annuls) == [(20.0, "2025-02-01")]
    assert versions(*life, annuls, correction(6, "als/departement:93", annule=True)) == versions(*life)
    # nor is what is corrected of it lost
    other = correction(4, "als/departement:93", contenu=dict(agreed(24).contenu))
    assert versions(*life, other) == [(20.0, "2025-02-01"), (24.0, "2025-07-10")]
    # a signature recorded once the second one was annulled is of the first one
    assert versions(*life[:3], annuls, again) == [(20.0, "2025-07-10")]


def test_nothing_is_signed_where_the_only_convention_is_annulled() -> None:
    annuls = correction(2, "als/departement:93", annule=True)
    with pytest.raises(EntriesRefused, match="aucune convention « als/departement:93 » n'est enregistrée"):
        versions(agreed(20), annuls, entry("signature", "als/departement:93", "2025-02-01"))
    assert versions(agreed(20), annuls, agreed(22)) == [(22.0, "None")]


def test_a_correction_is_annulled_but_not_rewritten() -> None:
    assert "l'événement d'origine se corrige de nouveau" in refusal(
        correction(4, annule=True), correction(5, contenu={"de": 4, "annule": True})
    )


def test_a_dwelling_whose_liberation_is_annulled_may_be_announced_again() -> None:
    gone = [correction(4, annule=True), correction(3, annule=True), correction(2, annule=True)]
    assert after(*gone).phase == ""
    assert after(*gone, liberation(typologie="T4")).attributs["typologie"] == "T4"
