"""What must hold of optima whatever the instance; each property is proved in its docstring first.

Notation: an orientation is feasible or not, and tier k has a value f_k of it; the engine returns the
lexicographic minimum of (f_1, f_2, …) over the feasible orientations. Properties that sound right and are
false, so that nobody adds them:

- "no tier gets worse when a solde is lifted": only the first; the better first tier may cost the second;
- "a raised volume never lowers the shortage": false as soon as an excess weighs (raising 0.4 to 1 where one
  dwelling is given turns an excess of 0.6 into none), and false where the ``seuil`` decides who is small;
- "one more dwelling never hurts": it raises the targets of every ``part``;
- "tiers of instances set side by side add up": not with ``max`` norms.
"""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import Goal, Instance, Model, Tier
from allocator.domain.vocabulary import FAMILLES, STATUTS
from allocator.engine import solve
from tests.tiny import random_model, random_tiny_instance
from tests.transform import beside, permuted, raised, stack, take, with_goals

TOLERANCE = 1e-7
seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)
on_random_cases = settings(max_examples=60, deadline=None, derandomize=True)


def values(instance: Instance, model: Model) -> list[float]:
    return [tier.value for tier in solve(instance, model).tiers]


def approx(expected: list[float]) -> object:
    return pytest.approx(expected, rel=TOLERANCE, abs=TOLERANCE)


def assert_not_worse(after: list[float], before: list[float]) -> None:
    """Assert that ``after`` is lexicographically at most ``before``."""
    for now, then in zip(after, before, strict=True):
        assert now <= then + TOLERANCE
        if now < then - TOLERANCE:
            return


@given(seeds)
@on_random_cases
def test_permuting_the_rows_of_the_files_changes_no_tier_value(rng: random.Random) -> None:
    """A permutation is a bijection of orientations that keeps feasibility, cells and counts: every f_k."""
    instance, model = random_tiny_instance(rng), random_model(rng)
    order = {
        name: rng.sample(range(n), n)
        for name in ("territoires", "reservataires", "conventions", "indicatifs", "liberations")
        for n in [len(getattr(instance, name))]
    }
    assert values(permuted(instance, **order), model) == approx(values(instance, model))


@given(seeds)
@on_random_cases
def test_scaling_the_weights_of_a_tier_scales_its_value_and_no_other(rng: random.Random) -> None:
    """With c > 0, c·f_k has the minimizers of f_k on any set: the sets left to later tiers are the same."""
    instance, model = random_tiny_instance(rng), random_model(rng)
    k, factor = rng.randrange(len(model.tiers)), rng.choice((0.125, 3.0, 40.0))
    goals = tuple(replace(goal, poids=goal.poids * factor) for goal in model.tiers[k].goals)
    tiers = (*model.tiers[:k], replace(model.tiers[k], goals=goals), *model.tiers[k + 1 :])
    expected = values(instance, model)
    expected[k] *= factor
    assert values(instance, replace(model, tiers=tiers)) == approx(expected)


@given(seeds)
@on_random_cases
def test_a_further_tier_leaves_the_tiers_before_it_as_they_were(rng: random.Random) -> None:
    """By definition: the minimum of a lexicographic prefix does not depend on what follows."""
    instance, model, further = random_tiny_instance(rng), random_model(rng), random_model(rng)
    added = Tier("de-plus", further.tiers[0].goals)
    after = values(instance, replace(model, tiers=(*model.tiers, added)))
    assert after[:-1] == approx(values(instance, model))


@given(seeds)
@on_random_cases
def test_a_tier_asked_twice_takes_the_same_value_twice(rng: random.Random) -> None:
    """Once f_1 is at its minimum it is constant on what is left: the copy has no freedom to be better."""
    instance, model = random_tiny_instance(rng), random_model(rng)
    first = model.tiers[0]
    twice = replace(model, tiers=(first, replace(first, name="encore"), *model.tiers[1:]))
    once = values(instance, model)
    assert values(instance, twice) == approx([once[0], *once])


@given(seeds)
@on_random_cases
def test_a_goal_of_no_weight_changes_nothing(rng: random.Random) -> None:
    """It adds 0 to its tier's value for every orientation."""
    instance, model = random_tiny_instance(rng), random_model(rng)
    nothing = Goal("contractuel", manque=1.0, exces=1.0, poids=0.0)
    tiers = tuple(replace(tier, goals=(*tier.goals, nothing)) for tier in model.tiers)
    assert values(instance, replace(model, tiers=tiers)) == approx(values(instance, model))


@given(seeds)
@on_random_cases
def test_a_sum_over_all_families_is_the_sum_over_two_halves_of_them(rng: random.Random) -> None:
    """Every cell has one family, so the terms of the goal are dealt between its two copies, each once."""
    instance, model = random_tiny_instance(rng), with_goals(random_model(rng), norme="somme", familles=None)
    some = tuple(rng.sample(FAMILLES, 5))
    others = tuple(famille for famille in FAMILLES if famille not in some)
    tiers = tuple(
        replace(
            tier,
            goals=tuple(replace(goal, familles=half) for goal in tier.goals for half in (some, others)),
        )
        for tier in model.tiers
    )
    assert values(instance, replace(model, tiers=tiers)) == approx(values(instance, model))


@given(seeds)
@on_random_cases
def test_a_reservataire_without_convention_changes_nothing(rng: random.Random) -> None:
    """It may receive nothing, and all that it could be owed is a share of nothing: its cells, petit or
    indicative, have target 0 and count 0. Their terms are 0, which neither a sum nor a maximum of terms that
    are never negative can see.
    """
    instance, model = random_tiny_instance(rng), random_model(rng)
    people, wishes = instance.reservataires, instance.indicatifs
    newcomer = replace(take(people, [0]), id=("nouveau",), petit=(rng.choice((None, True, False)),))
    wish = replace(
        take(wishes, ()),
        reservataire=np.array([len(people)], dtype=np.int32),
        dimension=("typologie",),
        modalite=("T3",),
        part=np.array([50.0]),
    )
    larger = replace(instance, reservataires=stack(people, newcomer), indicatifs=stack(wishes, wish))
    assert values(larger, model) == approx(values(instance, model))


@given(seeds)
@on_random_cases
def test_a_dwelling_out_of_the_flux_changes_nothing(rng: random.Random) -> None:
    """It is neither allocated nor counted, in a cell or in an assiette: contract, sections 1 and 3."""
    instance, model = random_tiny_instance(rng), random_model(rng)
    outside = take(instance.liberations, [rng.randrange(len(instance.liberations))])
    outside = replace(
        outside, id=("dehors",), statut=np.array([rng.randrange(1, len(STATUTS))], dtype=np.int8)
    )
    larger = replace(instance, liberations=stack(instance.liberations, outside))
    assert values(larger, model) == approx(values(instance, model))


@given(seeds)
@on_random_cases
def test_lifting_a_solde_never_makes_the_tiers_lexicographically_worse(rng: random.Random) -> None:
    """Targets ignore soldes: every f_k is the same function, minimized over no fewer orientations."""
    instance, model = random_tiny_instance(rng), random_model(rng)
    solde = instance.conventions.solde.copy()
    row = rng.randrange(len(solde))
    solde[row] = rng.choice((-1, solde[row] + 1 if solde[row] >= 0 else -1))
    freer = replace(instance, conventions=replace(instance.conventions, solde=solde))
    assert_not_worse(values(freer, model), values(instance, model))


@given(seeds)
@on_random_cases
def test_one_more_dwelling_makes_nothing_worse_where_promises_are_volumes(rng: random.Random) -> None:
    """With volumes by territory no target depends on the assiettes. Every orientation of the smaller instance
    is one of the larger, the new dwelling staying with the bailleur; it has the same counts and the same f_k.
    """
    instance, model = random_tiny_instance(rng), random_model(rng)
    rows = instance.conventions
    volumes = np.where(np.isnan(rows.volume), rows.part / 40.0, rows.volume)
    promised = replace(
        rows, niveau=("territoire",) * len(rows), part=np.full(len(rows), np.nan), volume=volumes
    )
    instance = replace(instance, conventions=promised)
    more = take(instance.liberations, [0])
    more = replace(more, id=("de-plus",), statut=np.zeros(1, dtype=np.int8))
    larger = replace(instance, liberations=stack(instance.liberations, more))
    assert_not_worse(values(larger, model), values(instance, model))


@given(seeds)
@on_random_cases
def test_promising_more_never_lowers_a_first_tier_of_shortages(rng: random.Random) -> None:
    """Where only shortages weigh and nobody is small by the ``seuil``, every target grows or stays.

    A larger ``part`` or ``volume`` raises no target but its own row's, the total of it, and the petit and
    indicative targets of its réservataire, none of which decreases in a contractuel target. For a fixed count
    y a term is (q − y)⁺ or (q − y)⁺/max(q, 1), which is (1 − y/q)⁺ above 1: neither decreases in q. So f_1
    grows or stays for every orientation, and so does its minimum. (Later tiers: no claim, since the
    orientations that are best for the first one change.)
    """
    instance, model = random_tiny_instance(rng), with_goals(random_model(rng), exces=0.0)
    declared = tuple(bool(petit) for petit in instance.reservataires.petit)
    instance = replace(instance, reservataires=replace(instance.reservataires, petit=declared))
    rows = instance.conventions
    row = rng.randrange(len(rows))
    promising = replace(instance, conventions=raised(rows, row, rng.choice((0.3, 1.0, 7.5))))
    assert values(promising, model)[0] >= values(instance, model)[0] - TOLERANCE


@given(seeds)
@on_random_cases
def test_instances_side_by_side_add_up_tier_by_tier_where_norms_are_sums(rng: random.Random) -> None:
    """No cell and no row spans both, so f_k(a, b) = f_k(a) + f_k(b) and a, b are chosen freely: the
    minimizers of f_1 are the product of both sets of minimizers, on which f_2 is such a sum; and so on.
    """
    first, second = random_tiny_instance(rng), random_tiny_instance(rng)
    model = with_goals(random_model(rng), norme="somme")
    expected = [a + b for a, b in zip(values(first, model), values(second, model), strict=True)]
    assert values(beside(first, second), model) == approx(expected)


@given(seeds)
@on_random_cases
def test_the_worst_of_instances_side_by_side_is_the_worse_of_both(rng: random.Random) -> None:
    """With one goal of norm ``max``, f_1(a, b) = max(f_1(a), f_1(b)), least when both are least. (Not true of
    a second tier: where f_1(a) is below the maximum, a has slack that it may spend.)
    """
    first, second = random_tiny_instance(rng), random_tiny_instance(rng)
    model = random_model(rng)
    goal = replace(model.tiers[0].goals[0], norme="max")
    model = replace(model, tiers=(Tier("pire", (goal,)),))
    worse = max(values(first, model)[0], values(second, model)[0])
    assert values(beside(first, second), model) == approx([worse])
