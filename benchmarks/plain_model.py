"""The model that most people would write, in arrays: whole flows, plain deviations, one objective a tier.

For a cell with target ``q`` that counts ``y``: ``y + manque − exces = q`` with ``manque, exces >= 0``
continuous. No convex hull over the integers, no pools, no face. Targets, eligibility and the grouping of
identical dwellings are data that the peers get for free, from the code that the allocator itself uses.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, Goal, Instance, Model, Tier
from allocator.engine.classes import Grain, classify
from allocator.engine.incidence import Described, incidence
from allocator.engine.problem import Problem, build_problem
from allocator.flux.cells import Cells
from allocator.solvers.builder import ProgramBuilder
from allocator.solvers.program import INF, Floats, Program

Rows = NDArray[np.intp]

LEVELS: Final = ("class", "dwelling")
"""One whole column per (class of identical dwellings, réservataire), or one per (dwelling, réservataire)."""


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Weights of a unit below and above the target, one entry a cell, of one goal or of a sum of goals."""

    manque: Floats
    exces: Floats

    def used(self) -> NDArray[np.bool_]:
        """Mark the cells that are weighed at all."""
        return (self.manque > 0) | (self.exces > 0)


@dataclass(frozen=True, slots=True, eq=False)
class PlainTier:
    """A tier: a weighted sum of deviations, plus the largest weighted one of each goal of norm ``max``."""

    name: str
    additive: Weights
    maxima: tuple[Weights, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PlainProgram:
    """A program whose columns are flows, ``manque``, ``exces`` and a largest term a goal of norm ``max``.

    Only flows are whole. ``costs`` has one row a tier; ``target`` one entry a cell in use; the entries
    ``(entry_cell, entry_flow)`` say which flows a cell counts; ``maxima`` are the weights behind the last
    columns. ``source`` is a class or a dwelling, ``of_dwelling`` the source of each flux libération and
    ``row`` its row in the instance.
    """

    program: Program
    names: tuple[str, ...]
    costs: Floats
    target: Floats
    maxima: tuple[Weights, ...]
    entry_cell: Rows
    entry_flow: Rows
    source: Rows
    reservataire: NDArray[np.int32]
    of_dwelling: Rows
    row: Rows

    @property
    def flows(self) -> int:
        """Number of whole columns."""
        return len(self.source)

    def point(self, flow: NDArray[np.int64]) -> Floats:
        """Return the point of the program with these flows and the exact deviations that they make."""
        weights = flow[self.entry_flow].astype(np.float64)
        count = np.bincount(self.entry_cell, weights=weights, minlength=len(self.target))
        manque, exces = np.maximum(0.0, self.target - count), np.maximum(0.0, count - self.target)
        largest = [float((w.manque * manque + w.exces * exces).max(initial=0.0)) for w in self.maxima]
        return np.concatenate([flow.astype(np.float64), manque, exces, largest])

    def orientation(self, flow: NDArray[np.int64], liberations: int) -> NDArray[np.int32]:
        """Deal the dwellings of each source in file order; one entry a libération of the instance."""
        holder = np.full(liberations, BAILLEUR, dtype=np.int32)
        order = np.argsort(self.of_dwelling, kind="stable")
        place = np.searchsorted(self.of_dwelling[order], np.arange(int(self.of_dwelling.max(initial=-1)) + 2))
        for number in np.flatnonzero(flow).tolist():
            source, given = int(self.source[number]), int(flow[number])
            holder[self.row[order[place[source] : place[source] + given]]] = self.reservataire[number]
            place[source] += given
        return holder


def build_plain(instance: Instance, model: Model, level: str) -> PlainProgram:
    """Write the plain program of an instance at a level of :data:`LEVELS`."""
    problem, cells = build_problem(instance, model)
    tiers = tuple(_tier(tier, cells, instance) for tier in model.tiers)
    used = problem.used(len(tiers))
    described, of_dwelling = _sources(problem, used, level)
    supply = np.bincount(of_dwelling, minlength=len(described.commune))
    source, holder = _flows(problem, described)
    counted, flow = incidence(problem, used, described, (source, holder))
    kept = np.flatnonzero(used[: problem.cells])
    number = np.full(len(used), -1)
    number[kept] = np.arange(len(kept))
    cell = number[counted]

    builder = ProgramBuilder()
    builder.add_columns(len(source), 0.0, supply[source], 0.0)
    manque = builder.add_columns(len(kept), 0.0, INF, 0.0, integer=False)
    exces = builder.add_columns(len(kept), 0.0, INF, 0.0, integer=False)
    builder.add_entries(builder.add_rows(len(supply), -INF, supply) + source, np.arange(len(source)), 1.0)
    target = cells.cible[kept]
    row = builder.add_rows(len(kept), target, target)
    builder.add_entries(row + cell[cell >= 0], flow[cell >= 0], 1.0)
    builder.add_entries(row + np.arange(len(kept)), manque + np.arange(len(kept)), 1.0)
    builder.add_entries(row + np.arange(len(kept)), exces + np.arange(len(kept)), -1.0)
    soldes = builder.add_rows(len(used) - problem.cells, -INF, problem.counted.limit[problem.cells :])
    builder.add_entries(soldes + counted[cell < 0] - problem.cells, flow[cell < 0], 1.0)
    tiers = tuple(_only(tier, kept) for tier in tiers)
    maxima = tuple(weights for tier in tiers for weights in tier.maxima)
    largest = [_largest(builder, weights, manque, exces) for weights in maxima]
    program = builder.build()
    return PlainProgram(
        program,
        tuple(tier.name for tier in tiers),
        _costs(tiers, program.columns, (manque, exces), iter(largest)),
        target,
        maxima,
        cell[cell >= 0],
        flow[cell >= 0].astype(np.intp),
        source,
        holder,
        of_dwelling,
        problem.dwellings.row,
    )


def _sources(problem: Problem, used: NDArray[np.bool_], level: str) -> tuple[Described, Rows]:
    """Return the rows that flows leave from, and which one each dwelling is."""
    if level == "dwelling":
        return problem.dwellings, np.arange(len(problem.dwellings))
    classes = classify(problem.dwellings, Grain.of(problem.counted, used))
    return classes, classes.of_dwelling


def _flows(problem: Problem, described: Described) -> tuple[Rows, NDArray[np.int32]]:
    """Return the source and the réservataire of each flow: everyone eligible in the source's commune."""
    start = problem.eligible.start
    width = np.diff(start)[described.commune]
    source = np.repeat(np.arange(len(width)), width)
    within = np.arange(len(source)) - np.repeat(np.cumsum(width) - width, width)
    return source, problem.eligible.reservataire[start[described.commune[source]] + within]


def _tier(tier: Tier, cells: Cells, instance: Instance) -> PlainTier:
    zero = np.zeros(len(cells))
    additive, maxima = Weights(zero, zero), []
    for goal in tier.goals:
        weights = _goal(goal, cells, instance)
        if goal.norme == "max":
            maxima.append(weights)
        else:
            additive = Weights(additive.manque + weights.manque, additive.exces + weights.exces)
    return PlainTier(tier.name, additive, tuple(maxima))


def _goal(goal: Goal, cells: Cells, instance: Instance) -> Weights:
    familles = [instance.reservataires.famille[holder] for holder in cells.reservataire.tolist()]
    chosen = np.array(
        [
            sur == goal.sur and (goal.familles is None or famille in goal.familles)
            for sur, famille in zip(cells.sur, familles, strict=True)
        ],
        dtype=np.float64,
    )
    scale = np.maximum(cells.cible, 1.0) if goal.unite == "relatif" else 1.0
    weight = goal.poids * chosen / scale
    return Weights(goal.manque * weight, goal.exces * weight)


def _only(tier: PlainTier, kept: Rows) -> PlainTier:
    def part(weights: Weights) -> Weights:
        return Weights(weights.manque[kept], weights.exces[kept])

    return PlainTier(tier.name, part(tier.additive), tuple(part(weights) for weights in tier.maxima))


def _largest(builder: ProgramBuilder, weights: Weights, manque: int, exces: int) -> int:
    """Add a column that is at least each weighted deviation; return its number."""
    column = builder.add_columns(1, 0.0, INF, 0.0, integer=False)
    cell = np.flatnonzero(weights.used())
    row = builder.add_rows(len(cell), 0.0, INF) + np.arange(len(cell))
    builder.add_entries(row, column, 1.0)
    for first, weight in ((manque, weights.manque[cell]), (exces, weights.exces[cell])):
        kept = weight > 0
        builder.add_entries(row[kept], first + cell[kept], -weight[kept])
    return column


def _costs(
    tiers: tuple[PlainTier, ...], columns: int, first: tuple[int, int], largest: Iterator[int]
) -> Floats:
    """Return one objective a tier; ``largest`` gives the columns of the largest terms, tier after tier."""
    costs = np.zeros((len(tiers), columns))
    for cost, tier in zip(costs, tiers, strict=True):
        for start, weight in zip(first, (tier.additive.manque, tier.additive.exces), strict=True):
            cost[start : start + len(weight)] = weight
        for _ in tier.maxima:
            cost[next(largest)] = 1.0
    return costs
