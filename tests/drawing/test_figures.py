"""The table of public figures says what was published."""

import numpy as np
import pytest

from allocator.domain.vocabulary import FINANCEMENTS, TYPOLOGIES, ZONES
from allocator.drawing.figures import PERIODES, figures, usages
from allocator.drawing.portfolio import rotation_by_size
from allocator.drawing.settings import DEPARTEMENTS

# SDES, RPLS: stock at 01/01/2024, rotation 2024 (%), shares of one to five rooms and of the QPV in 2019.
PUBLISHED = {
    "75": (245752, 5.10, (0.186, 0.266, 0.304, 0.183, 0.062), 0.187),
    "77": (114184, 5.76, (0.078, 0.177, 0.375, 0.289, 0.082), 0.269),
    "78": (134621, 6.72, (0.095, 0.185, 0.365, 0.280, 0.076), 0.255),
    "91": (133930, 6.23, (0.109, 0.179, 0.350, 0.280, 0.082), 0.324),
    "92": (207502, 5.32, (0.092, 0.246, 0.377, 0.230, 0.056), 0.178),
    "93": (240606, 4.78, (0.078, 0.213, 0.387, 0.254, 0.068), 0.630),
    "94": (184135, 5.03, (0.095, 0.223, 0.369, 0.253, 0.060), 0.245),
    "95": (132525, 5.90, (0.074, 0.175, 0.365, 0.302, 0.084), 0.421),
}


def inside(code):
    return figures().departement == code


def test_the_whole_stock_of_ile_de_france_is_there():
    assert figures().stock.sum() == pytest.approx(1_393_255, rel=1e-4)


@pytest.mark.parametrize("code", DEPARTEMENTS)
def test_each_departement_has_its_published_stock(code):
    # Arrondissements are rounded apart from Paris.
    assert figures().stock[inside(code)].sum() == pytest.approx(PUBLISHED[code][0], rel=1e-3)


@pytest.mark.parametrize("code", DEPARTEMENTS)
def test_steadied_rotations_keep_the_published_mean(code):
    mean = np.average(figures().rotation[inside(code)], weights=figures().stock[inside(code)])
    assert 100 * mean == pytest.approx(PUBLISHED[code][1], abs=0.06)


@pytest.mark.parametrize("code", DEPARTEMENTS)
def test_rooms_and_qpv_follow_the_published_shares(code):
    share = figures().structure.sum(axis=(3,))[inside(code)]
    mean = np.average(share, axis=0, weights=figures().stock[inside(code)])
    _, _, rooms, qpv = PUBLISHED[code]
    # Structure of 2019, weighted by the stock of 2024.
    assert mean.sum(axis=1) == pytest.approx(rooms, abs=0.01)
    assert mean[:, 1].sum() == pytest.approx(qpv, abs=0.02)


def test_each_commune_has_a_whole_structure():
    assert figures().structure.sum(axis=(1, 2, 3)) == pytest.approx(1.0, abs=1e-4)
    assert figures().structure.min() >= 0


def test_large_communes_have_their_published_rotation():
    large = dict(zip(figures().commune, figures().rotation, strict=True))
    assert 100 * large["93048"] == pytest.approx(3.6, abs=0.1)


def test_sizes_turn_over_at_their_own_pace_and_the_commune_at_its_own():
    rotation = rotation_by_size(figures())
    assert (np.diff(rotation, axis=1) < 0).all()
    mean = (rotation * figures().structure.sum(axis=(2, 3))).sum(axis=1)
    assert mean == pytest.approx(figures().rotation, rel=1e-3)


def test_paris_is_known_by_arrondissement_and_shares_its_qpv_among_them():
    table = figures()
    shares = table.structure[:, :, 1].sum(axis=(1, 2))
    inner = dict(zip(table.commune, shares, strict=True))
    assert sum(code.startswith("751") for code in inner) == 20
    assert inner["75118"] > 0.5
    assert inner["75106"] == 0


def test_every_place_is_known_by_name_and_zone():
    table = figures()
    assert set(table.zone) <= set(ZONES)
    assert set(table.epci) <= set(table.nom_epci)
    assert (table.tension > 0).all()
    assert (table.loyer > 0).all()


def test_usages_speak_the_words_of_the_field():
    usage = usages()
    assert usage["financements"]["colonnes"] == list(FINANCEMENTS)
    for periode in (*PERIODES, "neuf"):
        assert sum(usage["financements"][periode]) == pytest.approx(1.0)
    assert list(usage["souhaits"]["typologie"]) == list(usage["typologies"]["surface"]) == list(TYPOLOGIES)
    assert set(usage["departements"]) == set(DEPARTEMENTS)
