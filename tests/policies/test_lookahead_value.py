"""What a plan says a choice is worth is what the contract says, year by year, of the years it foresees."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from allocator.policies.lookahead.planner import Planner, Sketch
from tests import oracle
from tests.policies.mornings import Morning, as_year, decided_at_random, random_morning
from tests.policies.plans import dwellings, today_at_random, today_in, values_at

Floats = NDArray[np.float64]

"""Settings under which what comes is planned for each scenario alone."""

seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)


def one_year(
    rng: random.Random, morning: Morning, sketch: Sketch, chosen: list[int], scenario: int
) -> tuple[list[float], Floats]:
    """Give the dwellings of one scenario at random; return the tiers of that year and what its columns get."""
    situation, giving = morning.situation, sketch.plan.giving
    drawn = sketch.outlook.draw(sketch.scenarios, morning.known.seed)
    coming = dwellings(sketch.outlook, drawn[scenario], situation.date)
    spent = [*zip(situation.past.commune.tolist(), morning.held, strict=True)]
    spent += zip(situation.today.commune.tolist(), chosen, strict=True)
    later = decided_at_random(rng, morning.known, coming, spent)
    # Lots after those of today: scenario by scenario, class by class.
    numbers = np.cumsum(drawn.ravel() > 0).reshape(drawn.shape) - 1 + sketch.plan.todays_lots
    lots = np.repeat(numbers[scenario], drawn[scenario])
    here = np.zeros(len(giving))
    for lot, holder in zip(lots.tolist(), later, strict=True):
        here[(giving.lot == lot) & (giving.slot == holder)] += 1.0
    year, held = as_year(morning, chosen, coming, later)
    return [float(value) for value in oracle.tier_values(year, morning.model, held)], here


@given(seeds)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_a_plan_is_worth_the_mean_of_its_years(rng: random.Random) -> None:
    """Whatever is given, each year for itself: tiers of all norms, units, families, past and rights included."""
    morning = random_morning(rng)
    sketch = Planner(morning.known).sketch(morning.situation)
    assert sketch.near.all()
    chosen = today_at_random(rng, morning)
    years, given_all = [], np.zeros(len(sketch.plan.giving))
    given_all[: sketch.plan.today] = today_in(sketch, chosen)
    for scenario in range(sketch.scenarios):
        tiers, here = one_year(rng, morning, sketch, chosen, scenario)
        years.append(tiers)
        given_all += here
    values = values_at(sketch.plan, given_all)
    assert values is not None
    assert values == pytest.approx(np.mean(years, axis=0), abs=1e-5)
