"""The whole allocation: parts side by side, tiers in order, dwellings dealt, values recounted."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, Ecarts, Instance, Model, Solution, TierValue
from allocator.engine.clock import Clock
from allocator.engine.deal import deal
from allocator.engine.face import everything
from allocator.engine.incidence import count
from allocator.engine.parts import split
from allocator.engine.problem import Problem, build_problem
from allocator.engine.rounding import PROVEN, closed
from allocator.engine.tiers import Course, least, run_tiers
from allocator.flux.cells import Cells
from allocator.solvers import load
from allocator.solvers.program import INF

POOL_FROM: Final = 2_000
"""Dwellings from which parts are worth the start of other processes."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Who receives each dwelling of a problem (or of a part of one), with a proven bound a tier."""

    holder: NDArray[np.int32]
    bounds: tuple[float, ...]


def _ignore(news: object) -> None:
    """Hear and do nothing."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Who hears of the progress: ``publish`` of each better standing, ``tell`` of what people want to know."""

    publish: Callable[[Standing], None] = _ignore
    tell: Callable[[str], None] = _ignore


@dataclass(frozen=True, slots=True)
class Options:
    """How to solve: the solver's name, the processes that parts may share, the seconds allowed.

    ``gap`` is the relative gap that a tier may keep where closing it would take long.
    """

    solver: str = "auto"
    processes: int = 1
    seconds: float = INF
    gap: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """An instance and a model made ready: the problem, its cells with their targets, the dwellings' dates."""

    problem: Problem
    cells: Cells
    date: NDArray[np.datetime64]
    liberations: int


def prepare(instance: Instance, model: Model) -> Task:
    """Translate an instance and a model."""
    problem, cells = build_problem(instance, model)
    return Task(problem, cells, instance.liberations.date[problem.dwellings.row], len(instance.liberations))


def nothing(task: Task) -> Standing:
    """Return the allocation that gives nothing, with the bounds that need no solver: always feasible."""
    problem = task.problem
    face = everything(problem)
    return Standing(
        np.full(len(problem.dwellings), BAILLEUR, dtype=np.int32),
        tuple(least(problem, face, cost) for cost in problem.costs),
    )


def allocate(task: Task, options: Options, listener: Listener | None = None) -> Standing:
    """Solve a task; the listener hears of each better standing on the way."""
    listener = listener or Listener()
    clock = Clock(options.seconds, options.gap)
    parts = list(split(task.problem))
    whole = nothing(task)
    holder = whole.holder.copy()
    standings = [_start(part) for part in parts]
    values = [_values(part, one) for part, one in zip(parts, standings, strict=True)]
    loose = [one.bounds for one in standings]

    def update(number: int, standing: Standing) -> None:
        standings[number] = standing
        values[number] = _values(parts[number], standing)
        holder[_rows(task.problem, parts[number])] = standing.holder
        listener.publish(Standing(holder.copy(), _joint_bounds(standings, values, loose)))

    jobs = [
        (number, partial(_solve_part, part, _dates(task, part), options, clock))
        for number, part in enumerate(parts)
        if len(part.dwellings)
    ]
    beside = hasattr(os, "fork") and len(task.problem.dwellings) >= POOL_FROM
    processes = min(options.processes, len(jobs)) if beside else 1
    if processes > 1:
        listener.tell(f"{len(jobs)} parties indépendantes, {processes} à la fois")
        with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
            _run_beside(pool, jobs, update, listener.tell)
    else:
        for number, job in jobs:
            update(number, job(Listener(partial(update, number), listener.tell)))
    return Standing(holder, _joint_bounds(standings, values, loose))


def conclude(task: Task, standing: Standing, solver: str, seconds: dict[str, float]) -> Solution:
    """Recount everything from who receives what, and say what is proven."""
    problem, cells = task.problem, task.cells
    counts = count(problem, standing.holder)[: problem.cells]
    tiers = []
    for cost, bound in zip(problem.costs, standing.bounds, strict=True):
        value = cost.value(problem.floor, counts)
        tiers.append(TierValue(cost.name, value, min(bound, value)))
    holder = np.full(task.liberations, BAILLEUR, dtype=np.int32)
    holder[problem.dwellings.row] = standing.holder
    ecarts = Ecarts(
        cells.reservataire,
        cells.sur,
        cells.territoire,
        cells.modalite,
        cells.cible,
        counts.astype(np.float64),
    )
    status = "optimal" if all(_proven(tier) for tier in tiers) else "feasible"
    return Solution(holder, ecarts, tuple(tiers), status, solver, seconds)


def solve(instance: Instance, model: Model, options: Options | None = None) -> Solution:
    """Allocate a whole period and prove it, in this process.

    Raises ``SolverError`` where the solver fails. When ``options.seconds`` runs out the solution is feasible, with
    the bounds proven so far; a solver that overruns is not stopped here but in :mod:`allocator.engine.watch`.
    """
    options = options or Options()
    clock = Clock()
    task = prepare(instance, model)
    built = clock.elapsed()
    standing = allocate(task, options)
    seconds = {"build": built, "solve": clock.elapsed() - built}
    return conclude(task, standing, load(options.solver).name, seconds)


def _proven(tier: TierValue) -> bool:
    return tier.bound is not None and tier.value - tier.bound <= PROVEN * max(1.0, abs(tier.value))


def _start(part: Problem) -> Standing:
    """Return the standing of a part before it is solved; that of a part without dwellings is final."""
    face = everything(part)
    nobody = np.full(len(part.dwellings), BAILLEUR, dtype=np.int32)
    if len(part.dwellings):
        return Standing(nobody, tuple(least(part, face, cost) for cost in part.costs))
    none = np.zeros(part.cells, dtype=np.int64)
    return Standing(nobody, tuple(cost.value(part.floor, none) for cost in part.costs))


def _joint_bounds(
    standings: list[Standing], values: list[tuple[float, ...]], loose: list[tuple[float, ...]]
) -> tuple[float, ...]:
    """Return a bound a tier on the whole, given a bound and a value a tier on each part.

    A part's bound holds given that part's own values of the tiers before. The whole may spend the slack of one part
    in another: once a tier is open somewhere, later tiers only have the ``loose`` bounds, which hold whatever came
    before.
    """
    joint: list[float] = []
    shut = True
    for tier in range(len(loose[0])):
        given = [one.bounds for one in standings] if shut else loose
        joint.append(float(sum(bounds[tier] for bounds in given)))
        shut = shut and all(
            closed(value[tier], one.bounds[tier]) for value, one in zip(values, standings, strict=True)
        )
    return tuple(joint)


def _values(part: Problem, standing: Standing) -> tuple[float, ...]:
    counts = count(part, standing.holder)[: part.cells]
    return tuple(cost.value(part.floor, counts) for cost in part.costs)


def _rows(problem: Problem, part: Problem) -> NDArray[np.intp]:
    return np.searchsorted(problem.dwellings.row, part.dwellings.row)


def _dates(task: Task, part: Problem) -> NDArray[np.datetime64]:
    return task.date[_rows(task.problem, part)]


def _solve_part(
    part: Problem,
    date: NDArray[np.datetime64],
    options: Options,
    clock: Clock,
    listener: Listener | None = None,
) -> Standing:
    heard = listener or Listener()
    problem = part.normalized()

    def standing(course: Course) -> Standing:
        bounds = (bound * cost.unit for bound, cost in zip(course.bounds, problem.costs, strict=True))
        return Standing(deal(problem, course.level, course.flows, date), tuple(bounds))

    def publish(course: Course) -> None:
        heard.publish(standing(course))

    course = run_tiers(problem, load(options.solver), clock, publish, heard.tell)
    return standing(course)


def _run_beside(
    pool: Executor,
    jobs: Iterable[tuple[int, Callable[[], Standing]]],
    update: Callable[[int, Standing], None],
    tell: Callable[[str], None],
) -> None:
    futures: dict[Future[Standing], int] = {pool.submit(job): number for number, job in jobs}
    for done, future in enumerate(as_completed(futures), start=1):
        update(futures[future], future.result())
        tell(f"{done} parties sur {len(futures)}")
