"""What is promised: legal shares, tension, small réservataires, conflict of wishes."""

from dataclasses import replace

import numpy as np
import pytest

from allocator.domain.vocabulary import QPV, TYPOLOGIES
from allocator.drawing import DEPARTEMENTS, DrawSettings, draw

SETTINGS = DrawSettings(seed=21, size=2000, departements=("93", "95"), communes=40)


def columns(instance):
    table = instance.territoires
    return {"commune": table.commune, "epci": table.epci, "departement": table.departement}


def members(instance, territoire):
    echelle, _, code = territoire.partition(":")
    return np.array(columns(instance)[echelle]) == code


def assiette(instance):
    flux = instance.liberations.commune[instance.liberations.en_flux]
    return np.bincount(flux, minlength=len(instance.territoires)).astype(float)


def promised(instance):
    """Percent promised in each commune, volumes apart."""
    total = np.zeros(len(instance.territoires))
    for territoire, part in zip(instance.conventions.territoire, instance.conventions.part, strict=True):
        total[members(instance, territoire)] += np.nan_to_num(part)
    return total


def by_famille(instance, famille):
    holders = np.array(instance.reservataires.famille)[instance.conventions.reservataire]
    return np.flatnonzero(holders == famille)


def test_the_state_holds_30_percent_of_which_5_for_its_agents_in_each_commune():
    instance = draw(SETTINGS)
    rows = by_famille(instance, "etat")
    assert [instance.reservataires.id[i] for i in instance.conventions.reservataire[rows]] == [
        *("etat",) * 2,
        *("etat_agents",) * 2,
    ]
    assert instance.conventions.part[rows].tolist() == [25, 25, 5, 5]
    assert {instance.conventions.niveau[row] for row in rows} == {"commune"}


def test_every_family_holds_rights_at_its_own_scale():
    instance = draw(DrawSettings(seed=3, size=8000, communes=230))
    scales = {
        famille: {
            instance.conventions.territoire[row].partition(":")[0] for row in by_famille(instance, famille)
        }
        for famille in set(instance.reservataires.famille)
    }
    wide = {"departement"}
    assert scales == {
        "etat": wide,
        "action_logement": wide,
        "region": wide,
        "departement": wide,
        "employeur": wide,
        "autre": wide,
        "epci": {"epci"},
        # Paris is its own département.
        "commune": {"commune", "departement"},
    }


def test_the_city_of_paris_holds_the_rights_of_commune_and_departement_at_once():
    instance = draw(DrawSettings(seed=3, size=500, departements=("75",)))
    assert "com75056" in instance.reservataires.id
    assert not {"departement", "epci"} & set(instance.reservataires.famille)


@pytest.mark.parametrize("tension", [0.6, 0.9, 1.2, 1.5])
def test_the_flux_is_promised_to_the_tension_asked_for(tension):
    instance = draw(replace(SETTINGS, tension=tension, petits=0))
    rows = np.flatnonzero(~np.isnan(instance.conventions.volume))
    volumes = instance.conventions.volume[rows].sum()
    total = promised(instance) @ assiette(instance) / 100 + volumes
    assert total / assiette(instance).sum() == pytest.approx(tension, abs=0.02)


def test_more_tension_promises_more():
    totals = [
        promised(draw(replace(SETTINGS, tension=tension))) @ assiette(draw(SETTINGS))
        for tension in (0.5, 0.7, 0.9, 1.0, 1.1, 1.3, 2.0)
    ]
    assert (np.diff(totals) > 0).all()


def test_up_to_a_tension_of_1_no_commune_is_promised_more_than_it_has():
    for seed in range(5):
        instance = draw(replace(SETTINGS, seed=seed, tension=1.0))
        assert promised(instance).max() <= 100 + 1e-9


def test_small_employers_are_owed_from_less_than_one_dwelling_to_three_a_year():
    instance = draw(SETTINGS)
    rows = by_famille(instance, "employeur")
    released = np.array(
        [assiette(instance)[members(instance, instance.conventions.territoire[row])].sum() for row in rows]
    )
    due = np.where(
        np.isnan(instance.conventions.volume[rows]),
        instance.conventions.part[rows] / 100 * released,
        instance.conventions.volume[rows],
    )
    assert due.min() > 0.1
    assert due.max() <= 3.01
    assert 0.3 < (due < 1).mean() < 0.9
    assert (instance.conventions.report[rows] > 0).any()
    assert (instance.conventions.solde[rows] >= 0).any()
    assert (instance.conventions.volume[rows] >= 1).any()
    assert {instance.reservataires.petit[i] for i in instance.conventions.reservataire[rows]} == {True, None}


def test_the_number_of_small_employers_is_a_setting():
    draws = [draw(replace(SETTINGS, petits=petits)) for petits in (0, 0.5, 1, 3)]
    counts = [len(by_famille(instance, "employeur")) for instance in draws]
    assert counts[0] == 0
    assert counts == sorted(set(counts))


def test_the_bailleur_has_a_contingent_only_where_asked_for():
    assert not len(by_famille(draw(SETTINGS), "bailleur"))
    instance = draw(replace(SETTINGS, bailleur=8))
    assert instance.conventions.part[by_famille(instance, "bailleur")].tolist() == [8, 8]


def test_carry_overs_go_both_ways():
    report = draw(SETTINGS).conventions.report
    assert report.min() < 0 < report.max()


def test_wishes_of_one_dimension_sum_to_at_most_100():
    table = draw(SETTINGS).indicatifs
    sums = {}
    for holder, dimension, part in zip(table.reservataire, table.dimension, table.part, strict=True):
        sums[holder, dimension] = sums.get((holder, dimension), 0.0) + part
    assert max(sums.values()) <= 100 + 1e-9
    whole = [total for (_, dimension), total in sums.items() if dimension != "epci"]
    assert whole == pytest.approx([100] * len(whole))


def test_large_reservataires_wish_on_every_dimension_and_some_cross_them():
    table = draw(SETTINGS).indicatifs
    state = {table.dimension[row] for row in np.flatnonzero(table.reservataire == 0)}
    assert state >= {"typologie", "financement", "qpv", "epci"}
    assert "typologie+qpv" in table.dimension


def distance(instance):
    """Mean distance, in percent, from the wishes of those who hold rights everywhere to the whole supply."""
    flux = instance.liberations.en_flux
    supply = {
        "typologie": np.bincount(instance.liberations.typologie[flux], minlength=6) / len(flux),
        "qpv": np.bincount(instance.liberations.qpv[flux], minlength=2) / len(flux),
    }
    words = {"typologie": TYPOLOGIES, "qpv": QPV}
    table, total = instance.indicatifs, 0.0
    for famille in ("etat", "action_logement", "region"):
        holder = instance.reservataires.famille.index(famille)
        for dimension, shares in supply.items():
            wish = np.zeros(len(shares))
            for row in np.flatnonzero(table.reservataire == holder):
                if table.dimension[row] == dimension:
                    wish[words[dimension].index(table.modalite[row])] = table.part[row]
            total += np.abs(wish - 100 * shares).sum()
    return total / 6


def test_more_conflict_takes_wishes_further_from_supply():
    one_place = DrawSettings(seed=21, size=2000, departements=("93",), communes=20)
    distances = [distance(draw(replace(one_place, conflict=conflict))) for conflict in (0, 0.2, 0.5, 0.8, 1)]
    assert (np.diff(distances) > 1).all()
    assert distances[0] < 0.3


def test_settings_of_promises_leave_the_liberations_alone():
    one = draw(SETTINGS).liberations
    other = draw(replace(SETTINGS, tension=1.3, conflict=0.9, petits=3, bailleur=10)).liberations
    for name in ("date", "commune", "typologie", "financement", "qpv", "statut"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_conflict_leaves_the_promises_alone():
    one, other = draw(SETTINGS).conventions, draw(replace(SETTINGS, conflict=1)).conventions
    assert one.territoire == other.territoire
    assert np.array_equal(one.part, other.part, equal_nan=True)


def test_all_eight_departements_have_their_council_or_city():
    instance = draw(DrawSettings(seed=3, size=8000, communes=230))
    holders = set(instance.reservataires.id)
    assert {f"dep{code}" for code in DEPARTEMENTS if code != "75"} | {"com75056"} <= holders
