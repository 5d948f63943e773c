"""When nothing is left to come, a plan is the whole year: it is held against every orientation there is."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, Instance, Model
from allocator.policies.anticipation import deal, whole
from allocator.policies.lookahead.generation import Generated
from allocator.policies.lookahead.planner import Planner
from allocator.policies.lookahead.settings import DEFAULTS
from allocator.policies.lookahead.weights import tier_weights
from allocator.policies.situation import Mouvements, Situation, frame, take
from tests import oracle
from tests.tiny import random_model, random_tiny_instance

HARDLY = replace(DEFAULTS, taste=1e-12, place=0.0)
"""Settings under which the tie-break decides ties only."""


def on_the_last_day(instance: Instance) -> Instance:
    libs = instance.liberations
    return replace(instance, liberations=replace(libs, date=np.full(len(libs), np.datetime64(instance.fin))))


def weighted(instance: Instance, model: Model) -> Callable[[Sequence[int]], float]:
    """Return the function that gives the one number a plan minimizes, from the oracle's cells."""
    cells, count = oracle.cells_of(instance, model), len(instance.liberations)
    goals = [
        (
            weight * goal.poids,
            goal.norme,
            [
                (cell, [float(cell.term(goal, valeur)) for valeur in range(count + 1)])
                for cell in cells
                if oracle.bears_on(goal, cell)
            ],
        )
        for weight, tier in zip(tier_weights(model, HARDLY.resolution).tolist(), model.tiers, strict=True)
        for goal in tier.goals
    ]

    def value(orientation: Sequence[int]) -> float:
        total = 0.0
        for weight, norme, terms in goals:
            costs = [by_count[cell.count(orientation)] for cell, by_count in terms]
            total += weight * (max(costs, default=0.0) if norme == "max" else sum(costs))
        return total

    return value


@dataclass(frozen=True)
class LastDay:
    """A batch of everything on the last day: what the plan is worth, what it was made into, and what is best."""

    planned: float
    is_whole: bool
    dealt: float
    best: float
    at_best: float
    order: bool

    @property
    def tolerance(self) -> float:
        return 1e-6 * max(1.0, self.best)


def last_day(seed: int) -> LastDay | None:
    rng = random.Random(seed)
    instance, model = on_the_last_day(random_tiny_instance(rng)), random_model(rng)
    libs, flux = instance.liberations, instance.liberations.en_flux
    if not len(flux):
        return None
    nothing = np.empty(0, dtype=np.intp)
    situation = Situation(
        np.datetime64(instance.fin),
        take(libs, nothing),
        Mouvements.orientations(nothing.astype(np.int32)),
        take(libs, flux),
        np.zeros(len(flux), dtype=bool),
    )
    sketch = Planner(frame(instance, model), HARDLY).sketch(situation)
    assert sketch.outlook.volume == 0
    plan, base = sketch.plan, float(sketch.plan.weights @ sketch.plan.base)
    solved = Generated(plan, np.zeros(len(plan.giving), dtype=bool))
    planned, at_first = solved.outcome.objective + base, solved.todays.copy()
    decided = np.full(len(libs), BAILLEUR)
    decided[flux] = deal(sketch, whole(solved))
    assert oracle.feasible(instance, decided.tolist())
    value = weighted(instance, model)
    best = min(oracle.assignments(instance), key=value)
    held = Generated(plan, np.zeros(len(plan.giving), dtype=bool))
    for column, count in enumerate(
        given(sketch.lot, sketch.pairs.of_class, sketch.pairs.holder, np.array(best)[flux])
    ):
        held.bound(column, count, count)
    tiers = oracle.tier_values(instance, model, decided.tolist())
    return LastDay(
        planned,
        bool((np.abs(at_first - np.round(at_first)) < 1e-6).all()),
        value(decided.tolist()),
        value(best),
        held.outcome.objective + base,
        tiers == oracle.tier_values(instance, model, oracle.best(instance, model)[1]),
    )


def given(
    lot: NDArray[np.intp], of_class: NDArray[np.intp], holder: NDArray[np.intp], chosen: NDArray[np.intp]
) -> list[float]:
    """Return what each column of today gets where its dwellings are decided so."""
    return [
        float(((lot == one) & (chosen == who)).sum())
        for one, who in zip(of_class.tolist(), holder.tolist(), strict=True)
    ]


@pytest.fixture(scope="module")
def days() -> list[LastDay]:
    return [day for day in map(last_day, range(100)) if day is not None]


def test_no_orientation_betters_the_plan(days: list[LastDay]) -> None:
    assert all(day.planned <= day.best + day.tolerance for day in days)


def test_the_plan_held_to_an_orientation_is_worth_what_the_contract_says_of_it(days: list[LastDay]) -> None:
    assert [day.at_best for day in days] == pytest.approx([day.best for day in days], abs=1e-5)


def test_a_plan_that_is_whole_is_best_and_dealt_as_it_is(days: list[LastDay]) -> None:
    settled = [day for day in days if day.is_whole]
    assert len(settled) >= 0.85 * len(days)
    assert all(day.dealt <= day.best + day.tolerance for day in settled)


def test_what_is_made_whole_is_best_all_but_always(days: list[LastDay]) -> None:
    assert sum(day.dealt <= day.best + day.tolerance for day in days) >= 0.98 * len(days)
    assert all(day.dealt >= day.best - day.tolerance for day in days)


def test_the_order_of_the_tiers_is_kept(days: list[LastDay]) -> None:
    assert sum(day.order for day in days) >= 0.95 * len(days)
