"""A drawn instance looks like the Île-de-France of the table of figures."""

from dataclasses import replace

import numpy as np
import pytest

from allocator.domain.vocabulary import FINANCEMENTS, FLUX, STATUTS, TYPOLOGIES
from allocator.drawing import DEPARTEMENTS, DrawSettings, SettingsError, draw
from allocator.drawing.figures import figures, usages

NEUF = STATUTS.index("neuf")
SMALL = DrawSettings(seed=11, size=2000, departements=("93", "95"), communes=40)


@pytest.fixture(scope="module")
def region():
    return draw(DrawSettings(seed=4, size=75_000))


@pytest.fixture(scope="module")
def vacated(region):
    """What was vacated in the region, by département: all but first lettings."""
    table = region.liberations
    departement = np.array(region.territoires.departement)[table.commune]
    return {code: (departement == code) & (table.statut != NEUF) for code in DEPARTEMENTS}


def test_a_region_year_has_every_commune_with_social_housing(region):
    assert len(region.territoires) == len(figures().commune) == 723
    assert len(region.liberations) == 75_000


@pytest.mark.parametrize("code", DEPARTEMENTS)
def test_each_departement_turns_over_at_its_published_rate(vacated, code):
    table, inside = figures(), figures().departement == code
    share = vacated[code].sum() / sum(each.sum() for each in vacated.values())
    expected = (table.stock * table.rotation)[inside].sum() / (table.stock * table.rotation).sum()
    assert share == pytest.approx(expected, rel=0.06)


@pytest.mark.parametrize("code", DEPARTEMENTS)
def test_what_is_released_in_qpv_follows_the_stock(region, vacated, code):
    table, inside = figures(), figures().departement == code
    expected = np.average(table.structure[inside, :, 1].sum(axis=(1, 2)), weights=table.stock[inside])
    assert region.liberations.qpv[vacated[code]].mean() == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("code", DEPARTEMENTS)
def test_small_dwellings_are_released_more_often_than_they_stand(region, vacated, code):
    table, inside = figures(), figures().departement == code
    stands = np.average(table.structure[inside].sum(axis=(2, 3)), axis=0, weights=table.stock[inside])
    pieces = np.minimum(region.liberations.typologie[vacated[code]], 4)
    pace = np.array(list(usages()["typologies"]["rotation"].values()))
    # Undo the pace of each size: what is left is the stock's mix.
    stock = np.bincount(pieces, minlength=5) / pace
    assert stock / stock.sum() == pytest.approx(stands, abs=0.02)
    assert (pieces == 0).mean() > stands[0]


def test_statuts_have_the_shares_asked_for(region):
    counts = np.bincount(region.liberations.statut, minlength=4)
    assert counts.tolist() == [60_000, 10_500, 1_500, 3_000]


def test_old_dwellings_count_as_plus_and_pli_never_stands_in_the_flux(region):
    table = region.liberations
    construction = np.array(table.complements["construction"]).astype(int)
    old = (construction >= 1949) & (construction <= 1975)
    assert (table.financement[old] == FINANCEMENTS.index("PLUS")).mean() > 0.95
    recent = table.financement[construction >= 2011]
    assert np.bincount(recent, minlength=4)[:3] / len(recent) == pytest.approx([0.28, 0.38, 0.33], abs=0.03)
    pli = table.financement == FINANCEMENTS.index("PLI")
    assert pli.any()
    assert not (table.statut[pli] == FLUX).any()


def test_people_leave_in_summer(region):
    month = region.liberations.date.astype("datetime64[M]").astype(int) % 12
    by_month = np.bincount(month, minlength=12)
    assert by_month.argmax() == 6
    assert by_month[6] > 1.3 * by_month[[0, 1, 11]].max()


def test_first_lettings_are_new_and_others_are_not(region):
    construction = np.array(region.liberations.complements["construction"]).astype(int)
    new = region.liberations.statut == NEUF
    assert construction[new].min() >= 2024
    assert construction[~new].max() <= 2023


def test_liberations_are_numbered_in_the_order_of_their_days(region):
    table = region.liberations
    assert (np.diff(table.date).astype(int) >= 0).all()
    assert table.id[0] == "2025-000001"
    assert table.id[-1] == "2025-075000"


def test_the_year_before_has_the_same_communes_and_about_the_same_size(region):
    assert region.historique is not None
    assert len(region.historique) == pytest.approx(75_000, rel=0.15)
    assert str(region.historique.date.max()) <= "2024-12-31"
    now, then = (
        np.bincount(table.commune, minlength=723) for table in (region.liberations, region.historique)
    )
    assert np.corrcoef(now, then)[0, 1] > 0.98


def test_no_year_before_where_none_is_asked_for():
    assert draw(replace(SMALL, historique=False)).historique is None


def test_five_rooms_and_more_are_split():
    typologie = draw(SMALL).liberations.typologie
    counts = np.bincount(typologie, minlength=len(TYPOLOGIES))
    assert 0 < counts[5] < counts[4]


def test_a_bailleur_is_present_where_it_is_asked_to_be():
    instance = draw(replace(SMALL, communes=25))
    assert len(instance.territoires) == 25
    assert set(instance.territoires.departement) == {"93", "95"}


def test_dwellings_owned_make_the_liberations_that_their_rotation_gives():
    instance = draw(DrawSettings(seed=5, stock=15_000, departements=("75", "93", "94")))
    assert 600 < len(instance.liberations) < 1000


def test_a_single_liberation_is_an_instance_too():
    assert len(draw(DrawSettings(size=1)).liberations) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"seed": -1}, "graine"),
        ({"size": 10, "stock": 10}, "pas les deux"),
        ({"size": 0}, "au moins une libération"),
        ({"stock": 0}, "au moins un logement"),
        ({"departements": ("69",)}, "75, 77"),
        ({"departements": ()}, "75, 77"),
        ({"departements": ("93", "93")}, "deux fois"),
        ({"departements": ("93", "94"), "communes": 1}, "au moins une commune par département"),
        ({"tension": 0.1}, "tension"),
        ({"tension": float("nan")}, "tension"),
        ({"conflict": 1.1}, "conflit"),
        ({"petits": -1}, "petits"),
        ({"bailleur": 31}, "contingent"),
        ({"hors_assiette": 0.8, "neuf": 0.2}, "statuts"),
        ({"copies": 0}, "copies"),
        ({"annee": 1999}, "année"),
    ],
)
def test_settings_out_of_range_are_refused_in_french(change, told):
    with pytest.raises(SettingsError, match=told):
        DrawSettings(**change)


def test_a_bailleur_larger_than_its_communes_is_refused():
    with pytest.raises(SettingsError, match="2 communes choisies"):
        draw(DrawSettings(size=5000, departements=("77",), communes=2))
