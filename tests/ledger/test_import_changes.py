"""The same file twice changes nothing; a changed row is a correction; nobody's correction is undone by an old row."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain.vocabulary import FINANCEMENTS, TYPOLOGIES
from allocator.ledger.events.admission import faults
from allocator.ledger.events.corrections import effective
from allocator.ledger.events.event import Entree
from allocator.ledger.events.fold import fold
from allocator.ledger.importing import (
    Annonce,
    Apport,
    Issue,
    Solde,
    changes,
    facts,
    read_import,
)
from allocator.ledger.importing.evenements import EVENEMENTS
from allocator.ledger.importing.fields import GENRES
from tests.ledger import erp
from tests.ledger.desk import ALL, IMPORT, JOUR, Desk
from tests.ledger.lives import COMMUNES, HOLDERS, OFFICER, OUVERTURE


def annonce(name: str = "L1", ligne: int = 2, **said: Any) -> Annonce:
    whole: dict[str, Any] = {
        "date": "2025-03-01",
        "commune": "93048",
        "typologie": "T3",
        "financement": "PLUS",
        "qpv": "non",
        "qpv_perimetre": 2024,
        "surface": 61.5,
        **said,
    }
    return Annonce(ligne, name, **whole)


def issue(evenement: str, day: str, name: str = "L1", **said: Any) -> Issue:
    return Issue(2, name, day, evenement, **said)


def correction(de: int, effet: str = "2025-03-01", name: str = "L1", **said: Any) -> Entree:
    return Entree("correction", name, effet, OFFICER, {"de": de, **said})


def test_a_new_dwelling_is_announced_with_all_that_the_row_says_and_nothing_of_what_it_does_not() -> None:
    apport = Desk().bring([annonce(etage="RDC", accessible=False)])
    assert apport.entrees == (
        Entree(
            "liberation",
            "L1",
            "2025-03-01",
            IMPORT,
            {
                "date": "2025-03-01",
                "commune": "93048",
                "typologie": "T3",
                "financement": "PLUS",
                "qpv": "non",
                "qpv_perimetre": 2024,
                "surface": 61.5,
                "etage": "RDC",
                "accessible": False,
            },
        ),
    )
    assert apport.lignes == (2,)


def test_a_changed_row_corrects_the_announcement_and_keeps_what_it_does_not_speak_of() -> None:
    desk = Desk()
    desk.bring([annonce(etage="RDC")])
    apport = desk.bring([annonce(ligne=7, surface=63.0)], ALL["annonces"] - {"etage"})
    (entree,) = apport.entrees
    assert (entree.nature, entree.objet, entree.contenu["de"]) == ("correction", "L1", 2)
    assert entree.contenu["contenu"] == {
        "date": "2025-03-01",
        "commune": "93048",
        "typologie": "T3",
        "financement": "PLUS",
        "qpv": "non",
        "qpv_perimetre": 2024,
        "surface": 63.0,
        "etage": "RDC",
    }
    assert "effet" not in entree.contenu
    assert apport.lignes == (7,)


def test_a_cell_that_was_emptied_empties_the_journal() -> None:
    desk = Desk()
    desk.bring([annonce(etage="RDC")])
    (entree,) = desk.bring([annonce()]).entrees
    assert "etage" not in entree.contenu["contenu"]


def test_another_day_is_another_day_to_come_free_and_at_most_an_earlier_announcement() -> None:
    desk = Desk()
    desk.bring([annonce()])
    for day, effet in (
        ("2025-03-09", "2025-03-01"),
        ("2025-02-05", "2025-02-05"),
        ("2025-02-07", "2025-02-05"),
    ):
        (entree,) = desk.bring([annonce(date=day)]).entrees
        assert (effective(desk.events)[-1].effet, entree.effet) == (effet, effet)
        assert fold(desk.events).dossiers["L1"].attributs["date"] == day
        assert desk.bring([annonce(date=day)]).entrees == ()


def test_a_dwelling_with_a_statut_may_come_free_later_than_it_was_announced_for() -> None:
    desk = Desk()
    desk.bring([annonce(date="2025-01-09", **HORS)], jour=date(2025, 1, 20))
    desk.bring([annonce(date="2025-03-20", **HORS)], jour=date(2025, 1, 21))
    assert fold(desk.events).dossiers["L1"].attributs["date"] == "2025-03-20"


def test_what_is_decided_during_the_notice_follows_the_announcement() -> None:
    desk = Desk()
    (entree,) = desk.bring([annonce(date="2025-03-20")], jour=date(2025, 1, 20)).entrees
    assert entree.effet == "2025-01-20"
    desk.take([Entree("retrait", "L1", "2025-02-01", OFFICER, {"motif": "vente"})])
    assert fold(desk.events, "2025-02-01").dossiers["L1"].retire == "2025-02-01"


def test_what_somebody_corrected_is_not_undone_by_a_row_that_says_again_what_was_wrong() -> None:
    desk = Desk()
    desk.bring([annonce(typologie="T3")])
    said = dict(desk.events[1].contenu)
    desk.take([correction(2, contenu={**said, "typologie": "T4"})])
    apport = desk.bring([annonce(ligne=9, typologie="T3")])
    assert apport.entrees == ()
    assert apport.avertissements == (
        "ligne 9 : « L1 », libération annoncée, a été corrigé depuis dans le journal : laissé tel quel",
    )
    # what is new in a later file is taken in
    assert len(desk.bring([annonce(typologie="T5")]).entrees) == 1


def test_a_correction_that_was_annulled_leaves_the_row_as_it_was() -> None:
    desk = Desk()
    desk.bring([annonce(typologie="T3")])
    desk.take([correction(2, contenu={**desk.events[1].contenu, "typologie": "T4"})])
    desk.take([correction(3, annule=True)])
    assert desk.bring([annonce(typologie="T3")]) == Apport((), (), ())


def test_an_announcement_that_was_annulled_is_not_made_again_by_the_same_row() -> None:
    desk = Desk()
    desk.bring([annonce()])
    desk.take([correction(2, annule=True)])
    apport = desk.bring([annonce()])
    assert apport.entrees == ()
    assert apport.avertissements == (
        "ligne 2 : « L1 », libération annoncée, a été annulé dans le journal : laissé tel quel",
    )
    (entree,) = desk.bring([annonce(surface=40.0)]).entrees
    assert entree.nature == "liberation"


HORS = {"statut": "hors_assiette", "categorie": "mutation"}


def test_flux_goes_without_saying_and_another_statut_comes_with_the_announcement() -> None:
    desk = Desk()
    assert [e.nature for e in desk.bring([annonce(statut="flux")]).entrees] == ["liberation"]
    apport = desk.bring([annonce("L2", **HORS, operation="Les Bleuets")])
    assert [(e.nature, e.effet) for e in apport.entrees] == [
        ("liberation", "2025-03-01"),
        ("statut", "2025-03-01"),
    ]
    assert apport.entrees[1].contenu == {**HORS, "operation": "Les Bleuets"}


def test_a_statut_that_changes_is_a_new_one_from_the_day_of_the_import() -> None:
    desk = Desk()
    desk.bring([annonce()])
    (entree,) = desk.bring([annonce(**HORS)]).entrees
    assert (entree.nature, entree.effet) == ("statut", "2025-12-01")
    assert desk.bring([annonce(**HORS)]) == Apport((), (), ())


def test_a_statut_never_precedes_the_announcement() -> None:
    desk = Desk()
    desk.bring([annonce()], jour=date(2025, 1, 15))
    (entree,) = desk.bring([annonce(**HORS)], jour=date(2025, 1, 10)).entrees
    assert entree.effet == "2025-01-15"


def test_a_statut_decided_by_an_officer_is_not_undone_by_a_file_that_still_says_flux() -> None:
    desk = Desk()
    desk.bring([annonce(statut="flux")])
    desk.take([Entree("statut", "L1", "2025-04-01", OFFICER, HORS)])
    apport = desk.bring([annonce(statut="flux")])
    assert apport.entrees == ()
    assert len(apport.avertissements) == 1


LIFE = [
    issue("orientation_proposition", "2025-03-02", reservataire="als"),
    issue("decline", "2025-03-10", motif="trop petit"),
    issue("reorientation", "2025-03-11"),
    issue("orientation", "2025-03-11", reservataire=None),
    issue("caleol_attribue", "2025-03-20"),
    issue("attribution", "2025-03-21"),
    issue("bail", "2025-04-02"),
]


def test_the_life_of_a_dwelling_is_recorded_with_its_tours_and_follows_the_rules_of_the_ledger() -> None:
    desk = Desk()
    desk.bring([annonce()])
    apport = desk.bring(LIFE)
    assert [entree.nature for entree in apport.entrees] == [
        "orientation",
        "envoi",
        "decline",
        "reorientation",
        "orientation",
        "caleol",
        "attribution",
        "bail",
    ]
    dossier = fold(desk.events).dossiers["L1"]
    assert [(tour.numero, tour.reservataire, tour.issue) for tour in dossier.tours] == [
        (1, "als", "decline"),
        (2, None, "bail"),
    ]
    assert dossier.bail == "2025-04-02"
    assert desk.bring(LIFE) == Apport((), (), ())
    # the same in any order of the days, or a day at a time
    assert desk.bring([*LIFE[4:], *LIFE[:4]]) == Apport((), (), ())
    assert desk.bring(LIFE[3:5]) == Apport((), (), ())


def test_a_row_a_candidate_is_one_fact() -> None:
    desk = Desk()
    desk.bring([annonce()])
    desk.bring([issue("orientation_proposition", "2025-03-02", reservataire="als")])
    row = issue("refus", "2025-03-12")
    assert len(desk.bring([row, replace(row, ligne=3), replace(row, ligne=4)]).entrees) == 1


def test_an_outcome_told_otherwise_on_the_same_day_is_corrected() -> None:
    desk = Desk()
    desk.bring([annonce()])
    desk.bring(LIFE[:2])
    changed = [LIFE[0], issue("decline", "2025-03-10", motif="trop cher")]
    (entree,) = desk.bring(changed).entrees
    assert entree.contenu == {"de": desk.events[4].rang, "contenu": {"motif": "trop cher"}}
    assert fold(desk.events).dossiers["L1"].tours[0].motif_fin == "trop cher"


def test_an_orientation_corrected_keeps_its_tour() -> None:
    desk = Desk()
    desk.bring([annonce()])
    desk.bring(LIFE[:1])
    (entree,) = desk.bring([replace(LIFE[0], reservataire="etat")]).entrees
    assert entree.contenu["contenu"] == {"reservataire": "etat", "tour": 1}


def test_every_word_of_the_extracts_is_an_event_that_the_journal_admits() -> None:
    for word, evenement in EVENEMENTS.items():
        said = facts([issue(word, "2025-03-02", reservataire="als", nombre=2)], ALL["issues"])
        assert [fait.nature for fait in said] == [nature for nature, _ in evenement.faits]
        for entree in changes(said, {}, IMPORT, JOUR).entrees:
            assert faults(entree, COMMUNES, HOLDERS) == []


def test_the_motif_of_a_withdrawal_is_the_precision_of_its_kind() -> None:
    said = facts([issue("retrait_travaux", "2025-03-02", motif="ascenseur")], ALL["issues"])
    (entree,) = changes(said, {}, IMPORT, JOUR).entrees
    assert entree.contenu == {"motif": "travaux", "precision": "ascenseur"}


def test_opening_balances_are_recorded_once_and_corrected() -> None:
    desk = Desk()
    solde = Solde(2, "als", "departement:93", "2025-07-01", 12.0, 7.5, None, 60.0)
    (entree,) = desk.bring([solde]).entrees
    assert entree == Entree(
        "solde_ouverture",
        "als/departement:93",
        "2025-07-01",
        IMPORT,
        {
            "reservataire": "als",
            "territoire": "departement:93",
            "propositions": 12.0,
            "attributions": 7.5,
            "assiette": 60.0,
        },
    )
    assert desk.bring([solde]) == Apport((), (), ())
    (entree,) = desk.bring([replace(solde, attributions=8.0)]).entrees
    assert entree.contenu["de"] == 2
    assert fold(desk.events).actes[-1].contenu["attributions"] == 8.0


def test_a_year_of_the_demonstration_is_imported_twice_and_changed_in_three_rows(tmp_path: Path) -> None:
    mapping = erp.mapping(tmp_path)
    lines = list(erp.rows(erp.demo()))
    desk = Desk()
    territoires = [
        {**OUVERTURE.contenu["territoires"][0], "commune": c} for c in erp.demo().territoires.commune
    ]
    desk.take([replace(OUVERTURE, contenu={**OUVERTURE.contenu, "territoires": territoires})])

    def bring() -> Apport:
        lecture = read_import(erp.write(tmp_path / "congés.csv", erp.text(lines)), mapping)
        return desk.bring(lecture.accepted(), lecture.champs)

    assert len([e for e in bring().entrees if e.nature == "liberation"]) == 300
    assert bring() == Apport((), (), ())
    for row, cells in ((3, {"SURFHAB": "71"}), (30, {"NBPIECE": "2", "PMR": "O"}), (299, {"Étage": "12"})):
        lines[row] = erp.changed(lines[row], cells)
    apport = bring()
    assert [entree.nature for entree in apport.entrees] == ["correction"] * 3
    assert apport.lignes == (5, 32, 301)
    assert bring() == Apport((), (), ())


@st.composite
def files(draw: st.DrawFn) -> list[list[Annonce]]:
    """Draw successive extracts about a few dwellings."""
    row = st.builds(
        Annonce,
        ligne=st.integers(2, 9),
        id=st.sampled_from(["L1", "L2", "L3"]),
        date=st.dates(date(2025, 1, 1), date(2025, 12, 31)).map(str),
        commune=st.sampled_from(COMMUNES),
        typologie=st.sampled_from(TYPOLOGIES[:2]),
        financement=st.sampled_from(FINANCEMENTS),
        qpv=st.sampled_from(["oui", "non"]),
        qpv_perimetre=st.just(2024),
        surface=st.none() | st.sampled_from([40.0, 41.0]),
        etage=st.none() | st.sampled_from(["RDC", "1"]),
    )
    return draw(st.lists(st.lists(row, min_size=1, max_size=3, unique_by=lambda row: row.id), max_size=5))


@settings(max_examples=50)
@given(extracts=files())
def test_after_any_files_the_journal_says_what_the_last_new_row_of_each_dwelling_said(
    extracts: list[list[Annonce]],
) -> None:
    desk = Desk()
    seen: dict[str, list[Annonce]] = {}
    for rows in extracts:
        new = [row for row in rows if replace(row, ligne=0) not in seen.get(row.id, ())]
        assert len(desk.bring(rows).entrees) == len(new)
        assert desk.bring(rows).entrees == ()
        for row in new:
            seen.setdefault(row.id, []).append(replace(row, ligne=0))
    dossiers = fold(desk.events).dossiers
    assert set(dossiers) == set(seen)
    for name, rows in seen.items():
        said = {field: getattr(rows[-1], field) for field in dossiers[name].attributs}
        assert dossiers[name].attributs == said
        assert all(getattr(rows[-1], field) is None for field in {"surface", "etage"} - said.keys())


def test_entries_come_by_day_and_then_in_the_order_of_the_file() -> None:
    rows = [
        annonce("L3", date="2025-05-01"),
        annonce("L1", date="2025-02-01"),
        annonce("L2", date="2025-05-01"),
    ]
    assert [entree.objet for entree in Desk().bring(rows).entrees] == ["L1", "L3", "L2"]


@pytest.mark.parametrize("genre", sorted(GENRES))
def test_the_fields_of_an_extract_are_those_of_its_rows(genre: str) -> None:
    row = {"annonces": Annonce, "issues": Issue, "soldes": Solde}[genre]
    assert set(row.__dataclass_fields__) == {"ligne", *ALL[genre]}
