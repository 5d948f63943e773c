"""Several bailleurs side by side: apart, or tied by one réservataire."""

from dataclasses import replace

import numpy as np

from allocator.drawing import DrawSettings, draw

SETTINGS = DrawSettings(seed=8, size=400, departements=("92", "94"), communes=15, copies=3)


def suffix(code):
    return code.partition("-")[2]


def connections(instance):
    """Pairs (réservataire, copy) where the réservataire holds rights or states wishes."""
    holders = instance.reservataires.id
    return {
        (holders[holder], suffix(territoire))
        for holder, territoire in zip(
            instance.conventions.reservataire, instance.conventions.territoire, strict=True
        )
    }


def test_copies_share_no_commune_no_territory_and_no_reservataire():
    instance = draw(SETTINGS)
    assert len(instance.territoires) == len(set(instance.territoires.commune)) == 45
    for code, epci, departement in zip(
        instance.territoires.commune, instance.territoires.epci, instance.territoires.departement, strict=True
    ):
        assert suffix(code) == suffix(epci) == suffix(departement)
    assert all(suffix(holder) == copy for holder, copy in connections(instance))


def test_copies_are_drawn_apart_on_the_same_communes():
    instance = draw(SETTINGS)
    codes = [code.partition("-")[0] for code in instance.territoires.commune]
    assert codes[:15] == codes[15:30] == codes[30:]
    by_copy = np.bincount(instance.liberations.commune, minlength=45).reshape(3, 15)
    assert by_copy.sum(axis=1).tolist() == [400, 400, 400]
    assert not np.array_equal(by_copy[0], by_copy[1])


def test_the_first_copy_is_the_instance_without_copies():
    alone, first = draw(replace(SETTINGS, copies=1)), draw(SETTINGS)
    rows = len(alone.conventions)
    assert first.conventions.territoire[:rows] == alone.conventions.territoire
    assert np.array_equal(first.conventions.part[:rows], alone.conventions.part, equal_nan=True)
    mine = first.liberations.commune < 15
    assert np.array_equal(first.liberations.date[mine], alone.liberations.date)
    assert np.array_equal(first.liberations.typologie[mine], alone.liberations.typologie)


def test_tied_copies_share_action_logement_and_nothing_else():
    instance = draw(replace(SETTINGS, tied=True))
    copies = {}
    for holder, copy in connections(instance):
        copies.setdefault(holder, set()).add(copy)
    assert {holder for holder, found in copies.items() if len(found) > 1} == {"als"}
    assert copies["als"] == {"", "2", "3"}


def test_action_logement_states_its_wishes_once():
    table = draw(replace(SETTINGS, tied=True)).indicatifs
    keys = list(zip(table.reservataire.tolist(), table.dimension, table.modalite, strict=True))
    assert len(keys) == len(set(keys))
