"""The model that people would write, in arrays: whole flows, deviation variables, one objective a tier.

Targets, eligibility and the grouping of identical dwellings are data that the peers get for free, from the
code that the allocator itself uses; pools, faces and neighbourhoods are not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, Goal, Instance, Model
from allocator.engine.classes import Grain, classify
from allocator.engine.incidence import Described, incidence
from allocator.engine.problem import Problem, build_problem
from allocator.flux.cells import Cells
from allocator.solvers.builder import ProgramBuilder
from allocator.solvers.program import INF, Floats, Program
from benchmarks.deviations import Deviations, Weights, hull, plain

Rows = NDArray[np.intp]
Flow = NDArray[np.int64]

DWELLING: Final = "one binary a dwelling"
CLASS: Final = "plain classes"
HULL: Final = "classes, hull"
FORMS: Final = (DWELLING, CLASS, HULL)
"""Forms of the model.

One whole column per (dwelling, réservataire) or per (class of identical dwellings, réservataire); deviations
plain (``y + manque − exces = q``) or in whole dwellings on the convex hull (see
:mod:`benchmarks.deviations`).
"""


@dataclass(frozen=True, slots=True, eq=False)
class Tiered:
    """A program with one objective a tier: flows, deviations, then a largest term for each goal of norm max.

    ``costs`` has one row a tier, whose value is ``costs[tier] · x + offsets[tier]``. The entries
    ``(entry_cell, entry_flow)`` say which flows a cell counts; ``maxima`` are the weights behind the last
    columns. ``source`` is a class or a dwelling, ``of_dwelling`` the source of each flux libération and
    ``row`` its row in the instance.
    """

    program: Program
    names: tuple[str, ...]
    costs: Floats
    offsets: Floats
    deviations: Deviations
    maxima: tuple[Weights, ...]
    entry_cell: Rows
    entry_flow: Rows
    source: Rows
    reservataire: NDArray[np.int32]
    of_dwelling: Rows
    row: Rows

    @property
    def flows(self) -> int:
        """Number of flows, the first columns."""
        return len(self.source)

    def point(self, flow: Flow) -> Floats:
        """Return the point with these flows and the exact deviations and largest terms that they make."""
        target = self.deviations.target
        weights = flow[self.entry_flow].astype(np.float64)
        count = np.bincount(self.entry_cell, weights=weights, minlength=len(target))
        largest = [weights.of(target, count).max(initial=0.0) for weights in self.maxima]
        return np.concatenate([flow.astype(np.float64), self.deviations.at(count).ravel(), largest])

    def orientation(self, flow: Flow, liberations: int) -> NDArray[np.int32]:
        """Deal the dwellings of each source in file order; one entry a libération of the instance."""
        holder = np.full(liberations, BAILLEUR, dtype=np.int32)
        order = np.argsort(self.of_dwelling, kind="stable")
        place = np.searchsorted(self.of_dwelling[order], np.arange(int(self.of_dwelling.max(initial=-1)) + 2))
        for number in np.flatnonzero(flow).tolist():
            source, given = int(self.source[number]), int(flow[number])
            holder[self.row[order[place[source] : place[source] + given]]] = self.reservataire[number]
            place[source] += given
        return holder


def write_model(instance: Instance, model: Model, form: str) -> Tiered:
    """Write the program of an instance in one of :data:`FORMS`."""
    problem, cells = build_problem(instance, model)
    used = problem.used(len(model.tiers))
    kept = np.flatnonzero(used[: problem.cells])
    described, of_dwelling = _sources(problem, used, form)
    source, holder = _flows(problem, described)
    counted, flow = incidence(problem, used, described, (source, holder))
    number = np.full(len(used), -1)
    number[kept] = np.arange(len(kept))
    cell = number[counted]

    builder = ProgramBuilder()
    supply = np.bincount(of_dwelling, minlength=len(described.commune))
    builder.add_columns(len(source), 0.0, supply[source], 0.0)
    builder.add_entries(builder.add_rows(len(supply), -INF, supply) + source, np.arange(len(source)), 1.0)
    soldes = builder.add_rows(len(used) - problem.cells, -INF, problem.counted.limit[problem.cells :])
    builder.add_entries(soldes + counted[cell < 0] - problem.cells, flow[cell < 0], 1.0)
    entries = (cell[cell >= 0], flow[cell >= 0].astype(np.intp))
    reach = np.bincount(entries[0], weights=supply[source[entries[1]]], minlength=len(kept))
    deviations = (hull if form == HULL else plain)(builder, cells.cible[kept], reach)
    builder.add_entries(deviations.row + entries[0], entries[1], 1.0)

    goals = [
        [(goal, _weights(goal, cells, instance).only(kept)) for goal in tier.goals] for tier in model.tiers
    ]
    costs, offsets, maxima = _objectives(builder, deviations, goals)
    return Tiered(
        builder.build(),
        tuple(tier.name for tier in model.tiers),
        costs,
        offsets,
        deviations,
        maxima,
        *entries,
        source,
        holder,
        of_dwelling,
        problem.dwellings.row,
    )


def _sources(problem: Problem, used: NDArray[np.bool_], form: str) -> tuple[Described, Rows]:
    """Return the rows that flows leave from, and which one each dwelling is."""
    if form == DWELLING:
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


def _weights(goal: Goal, cells: Cells, instance: Instance) -> Weights:
    familles = [instance.reservataires.famille[holder] for holder in cells.reservataire.tolist()]
    chosen = [
        sur == goal.sur and (goal.familles is None or famille in goal.familles)
        for sur, famille in zip(cells.sur, familles, strict=True)
    ]
    scale = np.maximum(cells.cible, 1.0) if goal.unite == "relatif" else np.ones(len(cells))
    weight = goal.poids * np.array(chosen, dtype=np.float64) / scale
    return Weights(goal.manque * weight, goal.exces * weight)


def _objectives(
    builder: ProgramBuilder, deviations: Deviations, tiers: Sequence[Sequence[tuple[Goal, Weights]]]
) -> tuple[Floats, Floats, tuple[Weights, ...]]:
    """Add the largest terms; return the costs and offset of each tier, and the weights of those terms."""
    maxima = tuple(weights for goals in tiers for goal, weights in goals if goal.norme == "max")
    largest = iter([deviations.add_largest(builder, weights) for weights in maxima])
    costs, offsets = np.zeros((len(tiers), builder.columns)), np.zeros(len(tiers))
    for tier, goals in enumerate(tiers):
        for goal, weights in goals:
            if goal.norme == "max":
                costs[tier, next(largest)] = 1.0
                continue
            prices = deviations.prices(weights)
            offsets[tier] += deviations.base(weights).sum()
            costs[tier, deviations.first : deviations.first + prices.size] += prices.ravel()
    return costs, offsets, maxima
