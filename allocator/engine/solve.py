"""The whole allocation: parts side by side, tiers in order, dwellings dealt, values recounted."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, Ecarts, Instance, Model, Solution, TierValue
from allocator.engine.clock import Clock
from allocator.engine.deal import deal
from allocator.engine.incidence import count
from allocator.engine.problem import Problem, build_problem, split
from allocator.engine.tiers import run_tiers
from allocator.flux.cells import Cells
from allocator.solvers import load

PROVEN: Final = 1e-6
"""Relative gap within which a tier is proven optimal (file contract, section 4)."""


@dataclass(frozen=True, slots=True, eq=False)
class PartOutcome:
    """Who receives each dwelling of a part, with a bound a tier."""

    holder: NDArray[np.int32]
    bounds: tuple[float, ...]
    complete: bool


def solve_part(problem: Problem, date: NDArray[np.datetime64], solver: str, clock: Clock) -> PartOutcome:
    """Solve one independent part; ``date`` has one entry a dwelling of the part."""
    if len(problem.dwellings) == 0:
        course_bounds = tuple(
            cost.value(problem.floor, np.zeros(problem.cells, dtype=np.int64)) for cost in problem.costs
        )
        return PartOutcome(np.empty(0, dtype=np.int32), course_bounds, complete=True)
    course = run_tiers(problem, load(solver).solve, clock)
    return PartOutcome(
        deal(problem, course.level, course.flows, date), course.bounds, course.complete
    )


def solve(
    instance: Instance,
    model: Model,
    *,
    solver: str = "auto",
    seconds: float = float("inf"),
) -> Solution:
    """Allocate a whole period and prove it.

    Raises ``SolverError`` where the solver fails. ``seconds`` bounds the wall-clock time; when it runs out the
    solution is feasible, with the bounds proven so far.
    """
    clock = Clock(seconds)
    problem, cells = build_problem(instance, model)
    parts = list(split(problem))
    built = clock.elapsed()
    dates = [instance.liberations.date[part.dwellings.row] for part in parts]
    outcomes = [
        solve_part(part, date, solver, clock) for part, date in zip(parts, dates, strict=True)
    ]
    holder = np.full(len(instance.liberations), BAILLEUR, dtype=np.int32)
    for part, outcome in zip(parts, outcomes, strict=True):
        holder[part.dwellings.row] = outcome.holder
    bounds = np.array([outcome.bounds for outcome in outcomes]).sum(axis=0)
    counts = count(problem, holder[problem.dwellings.row])[: problem.cells]
    tiers = tuple(
        TierValue(cost.name, value := cost.value(problem.floor, counts), min(float(bound), value))
        for cost, bound in zip(problem.costs, bounds, strict=True)
    )
    proven = all(outcome.complete for outcome in outcomes) and all(
        tier.value - tier.bound <= PROVEN * max(1.0, abs(tier.value)) for tier in tiers if tier.bound is not None
    )
    ecarts = Ecarts(
        cells.reservataire, cells.sur, cells.territoire, cells.modalite, cells.cible, counts.astype(np.float64)
    )
    timing = {"build": built, "solve": clock.elapsed() - built}
    return Solution(holder, ecarts, tiers, "optimal" if proven else "feasible", load(solver).name, timing)
