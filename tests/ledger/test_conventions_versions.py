"""Conventions as dated versions: what is read, refused, in force, and taken over for want of a signature."""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import BAILLEUR, SANS_SOLDE, Comptage
from allocator.formats import BadInput
from allocator.ledger.accounts.regle_reader import read_regle
from allocator.ledger.accounts.regles import RegleDatee
from allocator.ledger.conventions.actes import regles_of, versions_of
from allocator.ledger.conventions.exercice import Solde, exercice, sans_versions
from allocator.ledger.conventions.unicite import refuse_faults
from allocator.ledger.conventions.version import Derogation, Ligne, Version, in_force
from allocator.ledger.conventions.version_reader import contenu_of_version, version_of_contenu
from allocator.ledger.events.fold import Acte
from tests.builders import Commune, Holder, make_instance
from tests.ledger.account_books import COMMUNES, DEBUT, FIN, HOLDERS, random_versions
from tests.ledger.account_recount import chosen

seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)
on_random_versions = settings(max_examples=60, deadline=None, derandomize=True)
DEFAUT = read_regle()
INSTANCE = make_instance(communes=COMMUNES, holders=HOLDERS, promises=(), releases=())
D93 = "departement:93"


def version(holder: str = "als", territoire: str = D93, effet: date = DEBUT, **fields: Any) -> Version:
    return Version(holder, territoire, effet, fields.pop("lignes", (Ligne(territoire, part=20.0),)), **fields)


def contenu(**fields: Any) -> dict[str, Any]:
    whole = {"reservataire": "als", "territoire": D93, "lignes": [{"territoire": D93, "part": 20}]}
    return {**whole, **fields}


@given(seeds)
@on_random_versions
def test_a_version_reads_back_from_the_contents_of_its_event(rng: random.Random) -> None:
    for known in random_versions(rng):
        fuller = replace(
            known,
            fin=None,
            delai=rng.choice((None, 21)),
            gestion="deleguee",
            delegataire="bailleur",
            agents=5.0,
            garantie=12.5,
            revoyure=date(2027, 1, 1),
            derogation=Derogation(DEBUT, FIN, "arrêté 2025-1"),
        )
        for each in (replace(known, fin=None), fuller):
            assert version_of_contenu(contenu_of_version(each), each.effet, DEFAUT, "convention") == each


def test_every_fault_of_a_convention_is_told() -> None:
    wrong = contenu(
        lignes=[{"territoire": D93, "part": 120}, {"territoire": D93, "part": 3, "volume": 2}, {"part": 1}],
        delai=0.5,
        gestion="deleguee",
        limite="2025-13-01",
        derogation={"debut": "2025-02-01", "fin": "2025-01-01", "reference": "x"},
        regle={"comptage": {"mode": "tout"}},
        duree=3,
    )
    with pytest.raises(BadInput) as refused:
        version_of_contenu(wrong, DEBUT, DEFAUT, "convention")
    columns = {fault.column for fault in refused.value.faults}
    assert columns == {
        "lignes[1].part",
        "lignes[2]",
        "lignes[3].territoire",
        "delai",
        "gestion",
        "limite",
        "derogation.fin",
        "regle.comptage.mode",
        "duree",
    }


def test_a_delegate_acts_and_the_reservataire_is_debited() -> None:
    known = version(gestion="deleguee", delegataire="ville")
    assert (known.acteur, known.reservataire) == ("ville", "als")
    assert version().acteur == "als"


def test_an_avenant_that_nobody_signed_changes_nothing() -> None:
    first = version(signature=date(2025, 1, 1))
    avenant = version(effet=date(2025, 6, 1), signature=date(2025, 9, 1), limite=date(2025, 7, 1))
    days = [date(2024, 12, 31), date(2025, 5, 31), date(2025, 8, 31), date(2025, 9, 1)]
    assert [in_force([first, avenant], day) for day in days] == [None, first, first, avenant]


def test_one_that_was_never_signed_applies_until_its_date() -> None:
    known = version(limite=date(2025, 3, 31))
    assert in_force([known], date(2025, 6, 1)) is known
    assert [known.forfeited(date(2025, 3, 31)), known.forfeited(date(2025, 4, 1))] == [False, True]
    assert not replace(known, signature=date(2025, 3, 1)).forfeited(FIN)
    assert not replace(known, acte="arrete").forfeited(FIN)


@given(seeds, st.integers(0, 364))
@on_random_versions
def test_what_applies_is_what_the_sentences_say(rng: random.Random, days: int) -> None:
    versions = random_versions(rng)
    day = DEBUT + timedelta(days)
    for objet in {known.objet for known in versions}:
        own = [known for known in versions if known.objet == objet]
        assert in_force(own, day) is chosen(own, day)


@given(seeds)
@on_random_versions
def test_a_year_says_every_day_what_its_versions_say(rng: random.Random) -> None:
    versions = random_versions(rng)
    known = exercice(INSTANCE, versions, {})
    holders = INSTANCE.reservataires.id
    keys = list(
        zip(known.instance.conventions.reservataire, known.instance.conventions.territoire, strict=True)
    )
    for day in rng.sample([DEBUT + timedelta(number) for number in range(365)], 20):
        stretch = int(known.stretch(np.array([day], dtype="datetime64[D]"))[0])
        told = {}
        for row, (holder, territoire) in enumerate(keys):
            if known.beneficiaire[stretch, row] != BAILLEUR:
                served = holders[known.beneficiaire[stretch, row]]
                pair = (known.part[stretch, row], known.volume[stretch, row])
                told[holders[holder], territoire] = (*pair, served)
        expected = {}
        for objet in {each.objet for each in versions}:
            applied = chosen([each for each in versions if each.objet == objet], day)
            if applied is not None:
                ligne = applied.lignes[0]
                served = "etat" if applied.forfeited(day) else applied.reservataire
                expected[applied.reservataire, ligne.territoire] = (
                    ligne.part or 0.0,
                    ligne.volume or 0.0,
                    served,
                )
        assert told == expected


def test_promises_carry_their_reports_and_rights() -> None:
    versions = [version("etat", lignes=(Ligne(D93, part=30.0),)), version(lignes=(Ligne(D93, volume=3.0),))]
    known = exercice(INSTANCE, versions, {("als", D93): Solde(1.5, 12)}).instance.conventions
    assert known.reservataire.tolist() == [0, 1]
    assert known.niveau == ("commune", "territoire")
    assert np.isnan(known.volume[0])
    assert np.isnan(known.part[1])
    assert known.report.tolist() == [0.0, 1.5]
    assert known.solde.tolist() == [SANS_SOLDE, 12]


def test_a_bailleur_without_conventions_has_a_year_without_promises() -> None:
    known = exercice(INSTANCE, [], {})
    assert len(known.instance.conventions) == 0
    assert known.part.shape == (1, 0)
    assert sans_versions(known.instance).part.shape == (1, 0)


@pytest.mark.parametrize(
    ("versions", "told"),
    [
        ([version("inconnu")], "réservataire « inconnu » inconnu"),
        ([version("als", "commune:93048")], "une seule convention par bailleur, réservataire et département"),
        ([version("ville", D93)], "une commune a une convention par commune"),
        ([version("ept", "commune:93048")], "un EPCI ou un EPT a une convention sur son territoire"),
        ([version(), version()], "deux versions prennent effet le 2025-01-01"),
        ([version("als", "departement:75")], "n'a aucune commune"),
        ([version(lignes=(Ligne("commune:92050", part=1.0),))], "dépasse le territoire de la convention"),
        (
            [version(lignes=(Ligne(D93, part=1.0), Ligne(D93, part=1.0)))],
            "« departement:93 » donné deux fois",
        ),
        ([version(acte="arrete")], "un arrêté du préfet"),
        ([version(agents=5.0)], "agents ne se dit que"),
    ],
)
def test_what_cannot_stand_is_refused(versions: list[Version], told: str) -> None:
    with pytest.raises(BadInput) as refused:
        refuse_faults(versions, INSTANCE)
    assert [told in str(fault) for fault in refused.value.faults] == [True]


def test_a_territory_of_no_scale_is_refused_with_all_its_faults() -> None:
    with pytest.raises(BadInput) as refused:
        refuse_faults([version("als", "region:11")], INSTANCE)
    told = [fault.message for fault in refused.value.faults]
    assert [message.partition(",")[0] for message in told] == [
        "« region:11 » n'est pas une échelle departement : une seule convention par bailleur",
        "« region:11 » n'est pas un territoire",
    ]


def test_the_ville_de_paris_has_its_convention_on_its_departement() -> None:
    holders = (Holder("paris", "commune"), Holder("autre", "commune"))
    places = (Commune("75113", departement="75"), Commune("93048", departement="93"))
    instance = make_instance(communes=places, holders=holders, promises=(), releases=())
    refuse_faults([version("paris", "departement:75")], instance)
    with pytest.raises(BadInput, match="n'est pas une échelle commune"):
        refuse_faults([version("autre", "departement:93")], instance)


def test_the_prefet_is_the_state_that_has_a_convention_in_the_departement() -> None:
    holders = (Holder("p92", "etat"), Holder("p93", "etat"), Holder("als", "action_logement"))
    instance = make_instance(communes=COMMUNES, holders=holders, promises=(), releases=())
    states = [version(f"p{code}", f"departement:{code}", signature=DEBUT) for code in ("92", "93")]
    late = [
        version("als", f"departement:{code}", effet=date(2024, 1, 1), limite=date(2024, 6, 1))
        for code in ("92", "93")
    ]
    known = exercice(instance, [*states, *late], {})
    assert known.instance.conventions.territoire == ("departement:92", D93, "departement:92", D93)
    assert known.beneficiaire.tolist() == [[0, 1, 0, 1]]
    nobody = exercice(
        replace(instance, reservataires=replace(instance.reservataires, famille=("autre",) * 3)), late, {}
    )
    assert nobody.beneficiaire.tolist() == [[BAILLEUR, BAILLEUR]]
    assert nobody.part.tolist() == [[0.0, 0.0]]


@given(seeds)
@on_random_versions
def test_one_a_pair_and_departement_stands(rng: random.Random) -> None:
    refuse_faults(random_versions(rng), INSTANCE)
    two = [version(), version(territoire="departement:92"), version(effet=date(2025, 7, 1))]
    refuse_faults(two, INSTANCE)


def test_acts_of_a_journal_become_versions_and_rules() -> None:
    actes = [
        Acte(1, "convention", "als/departement:93", "2025-01-01", contenu(limite="2025-03-31")),
        Acte(2, "regle", "", "2025-01-01", {"comptage": {"mode": "attributions"}}),
        Acte(3, "signature", "als/departement:93", "2025-02-15", {}),
        Acte(
            4,
            "convention",
            "als/departement:93",
            "2025-07-01",
            contenu(regle={"comptage": {"mode": "mixte"}}),
        ),
        Acte(5, "regle", "", "2025-01-01", {"comptage": {"mode": "propositions"}}),
        Acte(6, "signature", "ville/commune:93048", "2025-02-15", {}),
    ]
    versions = versions_of(actes, DEFAUT)
    assert [(each.effet, each.signature) for each in versions] == [
        (date(2025, 1, 1), date(2025, 2, 15)),
        (date(2025, 7, 1), None),
    ]
    mixte = replace(DEFAUT, comptage=Comptage("mixte"))
    assert regles_of(actes, versions, DEFAUT) == (
        RegleDatee(date(2025, 7, 1), "als/departement:93", mixte),
        RegleDatee(date(2025, 1, 1), "", DEFAUT),
    )
    again = Acte(7, "convention", "als/departement:93", "2025-01-01", contenu(delai=15))
    (one, other) = versions_of([*actes, again], DEFAUT)
    assert (one.effet.month, other.effet.month, other.delai) == (7, 1, 15)
    # the same version said better: what was signed stays so
    assert other.signature == date(2025, 2, 15)


def test_the_contents_that_are_no_convention_are_refused_by_event() -> None:
    with pytest.raises(BadInput, match="événement 9"):
        versions_of([Acte(9, "convention", "als/departement:93", "2025-01-01", contenu(acte="loi"))], DEFAUT)
