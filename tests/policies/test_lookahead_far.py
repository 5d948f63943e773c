"""What is far away stands in the mean, and its communes' own cells are added up by likes: recounted in loops."""

import random
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from allocator.domain import Goal, Model, Tier
from allocator.policies.lookahead.columns import TRAITS
from allocator.policies.lookahead.pairs import Classes, build_pairs
from allocator.policies.lookahead.planner import Planner, Sketch
from allocator.policies.situation import Mouvements, Situation, frame, take
from allocator.solvers.program import Program
from tests.builders import Commune, Holder, Promise, Release, make_instance
from tests.policies.mornings import Morning, random_morning
from tests.policies.plans import FAR, values_at
from tests.tiny import random_model

seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)
on_random_cases = settings(max_examples=30, deadline=None, derandomize=True)
Floats = NDArray[np.float64]


def sums_only(model: Model) -> Model:
    """Return a model with sums in place of largest terms."""
    tiers = (replace(t, goals=tuple(replace(g, norme="somme") for g in t.goals)) for t in model.tiers)
    return replace(model, tiers=tuple(tiers))


def some_giving(rng: random.Random, sketch: Sketch) -> Floats:
    """Give part of every lot at random."""
    giving = sketch.plan.giving
    given, left = np.zeros(len(giving)), giving.supply.copy()
    for column in rng.sample(range(len(giving)), len(giving)):
        lot = giving.lot[column]
        given[column] = min(giving.upper[column], left[lot]) * rng.choice((0.0, 0.5, rng.random(), 1.0))
        left[lot] -= given[column]
    return given


def cost_at(goal: Goal, target: float, count: float) -> float:
    """Return a cell's cost at any count: between whole ones, on the line from one to the next."""

    def at(whole: float) -> float:
        scale = max(target, 1.0) if goal.unite == "relatif" else 1.0
        return (
            goal.poids
            * (goal.manque * max(0.0, target - whole) + goal.exces * max(0.0, whole - target))
            / scale
        )

    low = float(np.floor(count + 1e-9))
    return at(low) + (count - low) * (at(low + 1) - at(low))


def together_at(goal: Goal, targets: list[float], counts: float) -> float:
    """Return the cost of cells that are added up: each at its floor, then the mean of what a dwelling costs there."""
    floors = [float(np.floor(target)) for target in targets]
    base = sum(cost_at(goal, target, floor) for target, floor in zip(targets, floors, strict=True))
    if not targets:
        return 0.0
    slopes = [
        (
            cost_at(goal, target, floor - 1) - cost_at(goal, target, floor),
            cost_at(goal, target, floor + 1) - cost_at(goal, target, floor),
            cost_at(goal, target, floor + 2) - cost_at(goal, target, floor + 1),
        )
        for target, floor in zip(targets, floors, strict=True)
    ]
    under, step, over = np.mean(slopes, axis=0)
    beyond = counts - sum(floors)
    return float(
        base
        + under * max(0.0, -beyond)
        + step * min(max(0.0, beyond), len(targets))
        + over * max(0.0, beyond - len(targets))
    )


class ByHand:
    """The plan of a morning recounted from what its columns give, lot by lot and class by class."""

    def __init__(self, morning: Morning, planner: Planner, sketch: Sketch, given: Floats) -> None:
        self.world, self.sketch, self.given = planner.world, sketch, given
        self.known, self.account = morning.known, sketch.account
        coming, near = sketch.outlook, sketch.near
        self.drawn = coming.draw(sketch.scenarios, morning.known.seed) * near[coming.commune]
        self.classes = Classes(coming.commune, coming.typologie, coming.financement, coming.qpv)
        self.pairs = build_pairs(self.world, self.classes)
        self.mean = self.account.assiette + self._by_commune(coming.expected)
        self.ends = [
            np.where(near, self.account.assiette + self._by_commune(row), self.mean) for row in self.drawn
        ]
        self.counts = [np.zeros(len(self.world.scopes)) for _ in range(sketch.scenarios)]
        self._count_today()
        self._count_near(self._count_far())

    def _by_commune(self, count: NDArray[np.int64] | Floats) -> Floats:
        communes = len(self.sketch.near)
        return np.bincount(self.sketch.outlook.commune, count, communes).astype(np.float64)

    def _count_today(self) -> None:
        for pair in range(self.sketch.plan.today):
            rows = self.sketch.pairs.row[self.sketch.pairs.start[pair] : self.sketch.pairs.start[pair + 1]]
            for counts in self.counts:
                counts[rows] += self.given[pair]

    def _count_far(self) -> int:
        """Share what a far column gives among its classes by what is expected of them; return the lots so far."""
        classes, coming, giving = self.classes, self.sketch.outlook, self.sketch.plan.giving
        members: dict[int, list[int]] = defaultdict(list)
        for one in np.flatnonzero((coming.expected > 0) & ~self.sketch.near[classes.commune]).tolist():
            members[self.world.group[classes.commune[one]] * TRAITS + classes.attributes()[one]].append(one)
        for number, name in enumerate(sorted(members)):
            lot = self.sketch.plan.todays_lots + number
            assert giving.supply[lot] == pytest.approx(sum(coming.expected[members[name]]))
            for column in np.flatnonzero(giving.lot == lot).tolist():
                pairs = [
                    pair
                    for one in members[name]
                    for pair in range(self.pairs.first[one], self.pairs.first[one + 1])
                    if self.world.slot[classes.commune[one], self.pairs.holder[pair]] == giving.slot[column]
                ]
                weight = coming.expected[self.pairs.of_class[pairs]]
                for pair, share in zip(pairs, weight / weight.sum(), strict=True):
                    rows = self.pairs.row[self.pairs.start[pair] : self.pairs.start[pair + 1]]
                    for counts in self.counts:
                        counts[rows] += self.given[column] * share
        return self.sketch.plan.todays_lots + len(members)

    def _count_near(self, lot: int) -> None:
        """Count what each scenario is planned for alone."""
        giving = self.sketch.plan.giving
        for scenario, one in zip(*np.nonzero(self.drawn), strict=True):
            assert giving.supply[lot] == self.drawn[scenario, one]
            for column in np.flatnonzero(giving.lot == lot).tolist():
                self.counts[scenario][self._rows(one, giving.slot[column])] += self.given[column]
            lot += 1
        assert lot == len(giving.supply)

    def _rows(self, one: int, holder: int) -> NDArray[np.intp]:
        """Return the rows in which a near dwelling of a class counts for a réservataire."""
        pairs = range(self.pairs.first[one], self.pairs.first[one + 1])
        pair = next(pair for pair in pairs if self.pairs.holder[pair] == holder)
        return self.pairs.row[self.pairs.start[pair] : self.pairs.start[pair + 1]]

    def value(self, tier: int) -> float:
        return sum(
            self._goal(term.chosen, self.known.model.tiers[tier].goals[term.goal])
            for term in self.world.terms
            if term.tier == tier
        )

    def _goal(self, chosen: NDArray[np.bool_], goal: Goal) -> float:
        cibles, exists = self.known.promises.cibles(self.mean)
        total, far = 0.0, defaultdict(list)
        for cell in np.flatnonzero(chosen).tolist():
            footprint = self.world.footprint[cell]
            counts = np.array([counts[cell] for counts in self.counts]) + self.account.counted[cell]
            if not (footprint & ~self.sketch.near).any():
                for count, end in zip(counts, self.ends, strict=True):
                    there, standing = self.known.promises.cibles(end)
                    total += standing[cell] * cost_at(goal, there[cell], count) / len(counts)
            elif footprint.sum() == 1:
                far[self.world.key[cell]].append((cell, float(counts.mean())))
            elif exists[cell]:
                total += cost_at(goal, cibles[cell], counts.mean())
        for cells in far.values():
            targets = [float(cibles[cell]) for cell, _ in cells if exists[cell]]
            total += together_at(goal, targets, sum(count for _, count in cells))
        return total


@given(seeds)
@on_random_cases
def test_a_plan_with_far_communes_is_worth_what_loops_make_of_it(rng: random.Random) -> None:
    morning = random_morning(rng, sums_only(random_model(rng)))
    planner = Planner(morning.known, FAR)
    sketch = planner.sketch(morning.situation)
    given = some_giving(rng, sketch)
    values = values_at(replace(sketch.plan, program=without_soldes(sketch)), given)
    assert values is not None
    by_hand = ByHand(morning, planner, sketch, given)
    expected = [by_hand.value(tier) for tier in range(len(morning.model.tiers))]
    assert values == pytest.approx(expected, abs=1e-5)


def test_the_largest_term_is_that_of_one_cell_however_many_communes_are_added_up() -> None:
    """Six communes far away are owed three dwellings each, and given none: each lacks all of it, and so the worst."""
    communes = [Commune(f"9300{number}") for number in range(7)]
    holders = [Holder(f"ville{number}", "commune") for number in range(7)]
    instance = make_instance(
        communes=communes,
        holders=holders,
        promises=[
            Promise(holder.id, f"commune:{commune.code}", part=30)
            for holder, commune in zip(holders, communes, strict=True)
        ],
        releases=[Release(communes[0].code)],
        historique=[Release(commune.code) for commune in communes for _ in range(10)],
    )
    worst = Goal("contractuel", 1.0, 0.0, norme="max", unite="relatif")
    known = frame(instance, Model("pire", "", "", (Tier("pire", (worst,)),)))
    nothing = Mouvements.orientations(np.empty(0, dtype=np.int32))
    libs = instance.liberations
    situation = Situation(
        libs.date[0], take(libs, np.empty(0, dtype=np.intp)), nothing, libs, np.zeros(1, dtype=bool)
    )
    sketch = Planner(known, FAR).sketch(situation)
    assert sketch.near.sum() == 1
    values = values_at(sketch.plan, np.zeros(len(sketch.plan.giving)))
    assert values is not None
    assert values[0] == pytest.approx(1.0)


def without_soldes(sketch: Sketch) -> Program:
    """Return the program of a plan with rights that never end."""
    program = sketch.plan.program
    free = np.isneginf(program.row_lower[: sketch.plan.counts])
    upper = program.row_upper.copy()
    upper[: sketch.plan.counts][free] = np.inf
    return replace(program, row_upper=upper)
