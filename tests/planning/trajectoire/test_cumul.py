"""What one year leaves is owed the next, or forgotten: as the model says."""

from dataclasses import replace

import numpy as np
import pytest

from allocator.domain import Goal, Model, Tier
from allocator.planning.projet import Projet, projet_of, whole
from allocator.planning.trajectoire import Trajectoire, planned
from tests.builders import Commune, Holder, Promise, Release, make_instance

MODEL = Model("m", "", "", (Tier("contractuel", (Goal("contractuel", 1.0, 1.0),)),))


def years(promise: Promise, releases: int, count: int) -> Projet:
    """Return a projet of one commune and one réservataire in which as many dwellings come free every year."""
    instance = make_instance(
        communes=(Commune("93048"),),
        holders=(Holder("r"),),
        promises=(promise,),
        releases=(Release(),) * releases,
    )
    once = projet_of(instance)
    later = replace(instance.conventions, report=np.zeros(1))
    offre = once.offre
    return replace(
        once,
        annees=count,
        conventions=(instance.conventions, *(later,) * (count - 1)),
        indicatifs=once.indicatifs * count,
        offre=replace(
            offre,
            **{
                name: np.tile(getattr(offre, name), count)
                for name in ("commune", "typologie", "financement", "qpv")
            },
            annee=np.repeat(np.arange(count, dtype=np.int16), len(offre)),
            attendu=np.tile(offre.attendu, count),
        ),
    )


def solved(projet: Projet, report: str) -> Trajectoire:
    return planned(projet, whole(projet), replace(MODEL, report=report))


def test_a_third_of_a_dwelling_a_year_comes_to_a_dwelling_in_the_second_and_none_if_years_stand_alone() -> (
    None
):
    projet = years(Promise("r", part=100 / 3), releases=1, count=3)
    plan = solved(projet, "cumul")
    assert plan.ecarts.cible == pytest.approx([1 / 3, 2 / 3, 1])
    assert plan.ecarts.valeur.tolist() == [0, 1, 1]
    alone = solved(projet, "annuel")
    assert alone.ecarts.cible == pytest.approx([1 / 3] * 3)
    assert alone.ecarts.valeur.tolist() == [0, 0, 0]


def test_what_was_received_in_advance_is_made_up_for_before_anything_is_due() -> None:
    plan = solved(years(Promise("r", part=50, report=-3.0), releases=4, count=3), "cumul")
    assert plan.ecarts.cible == pytest.approx([0, 1, 3])
    assert plan.ecarts.valeur.tolist() == [0, 1, 3]


def test_ten_tenths_make_a_whole() -> None:
    plan = solved(years(Promise("r", part=10), releases=1, count=10), "cumul")
    assert plan.ecarts.cible[-1] == 1.0
    assert plan.ecarts.valeur[-1] == 1


def test_a_shortfall_is_caught_up_with() -> None:
    plan = solved(years(Promise("r", volume=3.0), releases=2, count=3), "cumul")
    assert plan.ecarts.manque.tolist() == [1, 2, 3]
    plan = solved(years(Promise("r", volume=1.0, report=4.0), releases=2, count=4), "cumul")
    assert plan.ecarts.manque.tolist() == [3, 2, 1, 0]


def test_a_largest_term_is_one_a_year() -> None:
    model = replace(
        MODEL, tiers=(Tier("pire", (Goal("contractuel", 1.0, 1.0, norme="max"),)),), report="cumul"
    )
    projet = years(Promise("r", volume=3.0), releases=2, count=3)
    assert planned(projet, whole(projet), model).tiers[0].value == pytest.approx(1 + 2 + 3)
