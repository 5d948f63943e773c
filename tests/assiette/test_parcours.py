"""The steps of validation: order, substitutes, refusals, the version that held on a day."""

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from allocator.assiette import parcours
from allocator.assiette.dossier import DossierAssiette, read_assiette
from allocator.assiette.dossier.valeurs import Validation, Version
from allocator.assiette.registres import decide, revise
from allocator.formats import BadInput

EST, PLAINE, SSD = "epci:200057875", "epci:200057867", "departement:93"
DAY = date(2025, 1, 10)


def said(
    etape: str,
    place: str = "",
    organe: str = "",
    *,
    decision: str = "valide",
    day: date = DAY,
    version: int = 1,
) -> Validation:
    bodies = {
        "bailleur": "Conseil d'administration",
        "cil": "CRHH" if place == EST else "CIL",
        "departement": "Préfet",
    }
    return Validation(version, etape, place, organe or bodies[etape], decision, day, "Mme A")


ALL = (
    said("bailleur"),
    said("cil", EST),
    said("cil", PLAINE),
    said("departement", SSD, day=date(2025, 2, 3)),
)


def after(dossier: DossierAssiette, *decisions: Validation) -> DossierAssiette:
    return replace(dossier, validations=decisions)


def test_an_assiette_is_arretee_when_its_last_step_has_validated(dossier: DossierAssiette) -> None:
    for number in range(len(ALL)):
        assert parcours.etat(after(dossier, *ALL[:number]), 1).arretee is None
    state = parcours.etat(after(dossier, *ALL), 1)
    assert (state.arretee, str(state)) == (date(2025, 2, 3), "arrêtée le 03/02/2025")


def test_it_says_at_which_step_it_stands(dossier: DossierAssiette) -> None:
    state = parcours.etat(after(dossier, *ALL[:2]), 1)
    assert str(state) == "à l'étape « cil » (1 validation(s) sur 2)"
    refused = parcours.etat(after(dossier, *ALL[:2], said("cil", PLAINE, decision="refuse")), 1)
    assert "refus de CIL le 10/01/2025" in str(refused)


@pytest.mark.parametrize(
    ("before", "decision", "why"),
    [
        ((), said("cil", PLAINE), "à valider d'abord : bailleur"),
        (ALL[:2], said("departement", SSD), f"à valider d'abord : cil {PLAINE}"),
        (ALL[:1], said("cil", EST, "CIL"), "« CIL » ne décide pas le 10/01/2025, attendu « CRHH »"),
        (ALL[:1], said("cil", SSD, "CIL"), "n'est pas un territoire de l'étape"),
        (ALL[:1], said("cil", PLAINE, day=date(2025, 1, 9)), "précède la décision d'avant"),
    ],
)
def test_a_decision_out_of_turn_is_refused_with_why(
    dossier: DossierAssiette, before: tuple[Validation, ...], decision: Validation, why: str
) -> None:
    state = parcours.etat(after(dossier, *before), 1)
    last = before[-1].jour if before else None
    assert why in (parcours.fault_of(dossier, state, decision, last) or "")


def test_the_substitute_stands_aside_on_the_day_the_body_is_installed(dossier: DossierAssiette) -> None:
    state = parcours.etat(after(dossier, ALL[0]), 1)
    late = said("cil", EST, "CIL", day=date(2025, 7, 1))
    assert parcours.fault_of(dossier, state, late) is None
    assert parcours.fault_of(dossier, state, replace(late, organe="CRHH")) is not None


def test_a_new_decision_of_a_step_undoes_those_of_the_next_steps_on_its_communes(
    dossier: DossierAssiette,
) -> None:
    again = after(dossier, *ALL, said("cil", EST, day=date(2025, 3, 1)))
    state = parcours.etat(again, 1)
    assert state.etape is not None and state.etape.nom == "departement"
    assert [pas.valide for pas in state.pas] == [True, True, True, False]


@pytest.mark.parametrize("seed", range(30))
def test_no_step_stands_validated_before_the_steps_ahead_of_it(dossier: DossierAssiette, seed: int) -> None:
    rng = random.Random(seed)
    taken: list[Validation] = []
    for _ in range(25):
        each = replace(rng.choice(ALL), jour=DAY, decision=rng.choice(("valide", "valide", "refuse")))
        state = parcours.etat(after(dossier, *taken), 1)
        if parcours.fault_of(dossier, state, each, DAY) is None:
            taken.append(each)
        bailleur, est, plaine, departement = (
            pas.valide for pas in parcours.etat(after(dossier, *taken), 1).pas
        )
        assert bailleur or not (est or plaine or departement)
        assert (est and plaine) or not departement
    assert not list(parcours.faults(after(dossier, *taken)))


def test_the_version_that_held_on_a_day_is_the_last_one_in_effect_and_arretee(
    dossier: DossierAssiette,
) -> None:
    second = Version(2, date(2025, 7, 1), "revoyure", "OPH")
    revision = [
        said("bailleur", day=date(2025, 6, 20), version=2),
        said("departement", SSD, day=date(2025, 7, 15), version=2),
    ]
    both = replace(dossier, versions=(*dossier.versions, second), validations=(*ALL, *revision))
    days = {date(2025, 2, 2): None, date(2025, 2, 3): 1, date(2025, 7, 14): 1, date(2025, 7, 15): 2}
    assert {day: parcours.held(both, day) for day in days} == days


def test_a_decision_is_appended_and_one_out_of_turn_changes_nothing(folder: Path) -> None:
    decide(folder, read_assiette(folder), ALL[0])
    before = (folder / "validations.csv").read_bytes()
    with pytest.raises(BadInput, match="à valider d'abord"):
        decide(folder, read_assiette(folder), ALL[3])
    assert (folder / "validations.csv").read_bytes() == before
    assert read_assiette(folder).validations == ALL[:1]


def test_a_register_that_was_edited_by_hand_is_refused_with_its_line(folder: Path) -> None:
    decide(folder, read_assiette(folder), ALL[0])
    path = folder / "validations.csv"
    path.write_text(path.read_text() + f"1,departement,{SSD},Préfet,valide,2025-01-12,M. B,\n")
    with pytest.raises(BadInput, match=r"validations\.csv:3: etape: à valider d'abord"):
        read_assiette(folder)


def test_a_revision_appends_a_version_and_its_lines(folder: Path, tmp_path: Path) -> None:
    changes = tmp_path / "revoyure.csv"
    changes.write_text("id,territoire,categorie,volume,document\nventes,departement:93,vente,5,plan\n")
    found = revise(folder, read_assiette(folder), Version(2, date(2025, 7, 1), "revoyure", "OPH"), changes)
    assert [version.numero for version in found.versions] == [1, 2]
    assert [found.exclusions[-1].volume, found.exclusions[-1].version] == [5, 2]


def test_a_revision_with_a_fault_writes_nothing(folder: Path, tmp_path: Path) -> None:
    changes = tmp_path / "revoyure.csv"
    changes.write_text("id,territoire,categorie,volume,document\nventes,departement:75,vente,5,inconnu\n")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(BadInput) as refused:
        revise(folder, read_assiette(folder), Version(2, date(2025, 7, 1), "revoyure", "OPH"), changes)
    assert refused.value.total == 2
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
