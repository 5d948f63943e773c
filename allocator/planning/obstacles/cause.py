"""Why a promise is not kept: nothing could, keeping it costs others, or a tie went the other way."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.engine.classes import Classes, parents
from allocator.engine.clock import Clock
from allocator.engine.costs import Slopes, TierCost
from allocator.engine.face import Prices
from allocator.engine.problem import Problem
from allocator.engine.rounding import PROVEN
from allocator.engine.solve import Options
from allocator.engine.tiers import run_tiers
from allocator.planning.obstacles.manques import Manque
from allocator.planning.trajectoire import Trajectoire
from allocator.planning.trajectoire.task import Prepared
from allocator.solvers import load

IMPOSSIBLE: Final = "impossible"
CONFLIT: Final = "conflit"
EGALITE: Final = "egalite"

DIGITS: Final = 6
"""Decimals of a price that count."""


@dataclass(frozen=True, slots=True)
class Rare:
    """A kind of dwelling that is scarce: one more, in this year, is worth ``prix`` a tier (the forced one first).

    ``classe`` indexes the supply; ``annee`` counts from 0.
    """

    classe: int
    annee: int
    prix: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a promise is not kept.

    ``genre`` is ``impossible`` (with every other promise forgotten, ``manquants`` dwellings would still be missing),
    ``conflit`` (keeping it loses ``pertes``, one entry a tier of the model up to the first that loses) or ``egalite``
    (it could be kept and every tier stay at its value). ``rares`` are the scarcest dwellings first.
    """

    genre: str
    manquants: int
    pertes: tuple[float, ...]
    rares: tuple[Rare, ...]


def cause(prepared: Prepared, plan: Trajectoire, manque: Manque, options: Options) -> Cause:
    """Solve the plan again with one promise before all tiers; its duals say which dwellings are scarce."""
    problem = prepared.task.problem
    forced = replace(problem, costs=(_only(problem, manque.entree), *problem.costs)).normalized()
    course = run_tiers(
        forced, load(options.solver), Clock(options.seconds, options.gap), lambda _: None, lambda _: None
    )
    counts = course.level.counts(course.flows[0])[: forced.cells]
    values = [cost.unit * cost.value(forced.floor, counts) for cost in forced.costs]
    losses: list[float] = []
    for value, tier in zip(values[1:], plan.tiers, strict=True):
        losses.append(value - tier.value)
        if losses[-1] > PROVEN * max(1.0, abs(tier.value)):
            break
    rares = _rares(prepared, course.face.prices, manque, int(counts[manque.entree]))
    if values[0] > 0.5:
        return Cause(IMPOSSIBLE, round(values[0]), (), tuple(rare for rare in rares if rare.prix[0] > 0))
    if losses and losses[-1] > PROVEN * max(1.0, abs(plan.tiers[len(losses) - 1].value)):
        return Cause(CONFLIT, manque.manquants, tuple(losses), rares)
    return Cause(EGALITE, 0, (), rares)


def _only(problem: Problem, cell: int) -> TierCost:
    """Return the tier that wants the whole part of one cell's target, and nothing else."""
    under = np.zeros(problem.cells)
    under[cell] = 1.0
    nothing = np.zeros(problem.cells)
    return TierCost("promesse", Slopes(nothing, under, nothing, nothing), ())


def _rares(prepared: Prepared, prices: tuple[Prices, ...], manque: Manque, received: int) -> tuple[Rare, ...]:
    """Return the kinds of dwellings that the promise counts, dearest first by the duals of the tiers in order.

    Where it receives all that it counts, one more of any would be received too, though the bound on its count
    leaves the dual of the supply at 0.
    """
    if not prices:
        return ()
    fine = prices[-1].classes
    worth = np.array(
        [np.round(-price.classe[parents(fine, price.classes)], DIGITS) + 0.0 for price in prices]
    )
    first = np.unique(fine.of_dwelling, return_index=True)[1]
    year = prepared.annee[first]
    useful = _counted(prepared, fine, manque)
    if received == fine.supply[useful].sum():
        worth[0, useful] = 1.0
    rows = np.flatnonzero(useful & (worth > 0).any(axis=0))
    order = rows[np.lexsort((rows, -year[rows], *-worth[::-1, rows]))]
    return tuple(
        Rare(int(prepared.classe[first[row]]), int(year[row]), tuple(worth[:, row].tolist()))
        for row in order.tolist()
    )


def _counted(prepared: Prepared, classes: Classes, manque: Manque) -> NDArray[np.bool_]:
    """Mark the classes that the promise counts, in the year it is due or, with what is carried over, before."""
    problem, entry = prepared.task.problem, manque.entree
    what, marked = problem.counted, np.zeros(len(classes), dtype=bool)
    while entry >= 0:
        inside = problem.places.of_commune[int(what.kind[entry])][classes.commune] == what.scope[entry]
        marked |= inside
        entry = int(what.after[entry])
    dwelling = np.unique(classes.of_dwelling, return_index=True)[1]
    for wanted, column in (
        (what.typologie, problem.dwellings.typologie),
        (what.financement, problem.dwellings.financement),
        (what.qpv, problem.dwellings.qpv),
    ):
        if wanted[manque.entree] >= 0:
            marked &= column[dwelling] == wanted[manque.entree]
    return marked
