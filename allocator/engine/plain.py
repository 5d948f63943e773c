"""The program that anyone would write from the file contract: plain deviations, no hull, no pools, no faces.

It is what ``allocator export`` writes, so that any solver can check what the engine claims; the engine itself
never solves it. Columns are ``x`` (dwellings of a class to a réservataire), ``manque`` and ``exces`` of each
cell, and ``pire`` (the largest term of a goal of norm ``max``); rows are ``offre``, ``solde``, ``compte``,
``pire`` and ``priorite`` (an earlier tier kept at its value).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from allocator.domain import SANS_SOLDE, Instance
from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.engine.classes import Classes, Grain, classify
from allocator.engine.costs import Slopes, TierCost
from allocator.engine.incidence import incidence
from allocator.engine.names import distinct, name
from allocator.engine.problem import Problem
from allocator.flux.cells import Cells
from allocator.solvers.builder import ProgramBuilder
from allocator.solvers.program import INF
from allocator.solvers.writing import NamedProgram

Rows = NDArray[np.intp]


class _Named:
    """A program under construction, with names beside its columns and rows."""

    def __init__(self) -> None:
        self.builder = ProgramBuilder()
        self.of_columns: list[str] = []
        self.of_rows: list[str] = []

    def columns(self, names: Sequence[str], upper: ArrayLike, cost: ArrayLike, *, integer: bool) -> int:
        self.of_columns += names
        return self.builder.add_columns(len(names), 0.0, upper, cost, integer=integer)

    def rows(self, names: Sequence[str], lower: ArrayLike, upper: ArrayLike) -> int:
        self.of_rows += names
        return self.builder.add_rows(len(names), lower, upper)

    def build(self) -> NamedProgram:
        return NamedProgram(self.builder.build(), distinct(self.of_columns), distinct(self.of_rows))


def plain_program(
    instance: Instance, problem: Problem, cells: Cells, values: Sequence[float]
) -> NamedProgram:
    """Return the program of the tier after those whose values are given."""
    named = _Named()
    costs = problem.costs[: len(values) + 1]
    member = np.flatnonzero(problem.used(len(costs))[: problem.cells])
    counted, flow = _flows(named, instance, problem)
    words = [_of_cell(instance, cells, cell) for cell in member.tolist()]
    deviations = _deviations(named, words, cells.cible[member], costs[-1].additive.only(member))
    row = np.full(problem.cells, -1, dtype=np.intp)
    row[member] = deviations[0] + np.arange(len(member))
    kept = (counted < problem.cells) & np.isin(counted, member)
    named.builder.add_entries(row[counted[kept]], flow[kept], 1.0)
    for cost, value in zip(costs, [*values, INF], strict=True):
        _tier(named, cost.only(member), words, deviations[1:], value)
    return named.build()


def _flows(named: _Named, instance: Instance, problem: Problem) -> tuple[Rows, Rows]:
    """Add the flows with the offer of each class and the soldes; return the entries (counted, flow)."""
    everything = problem.used(len(problem.costs))
    classes = classify(problem.dwellings, Grain.of(problem.counted, everything))
    start = problem.eligible.start
    width = np.diff(start)[classes.commune]
    source = np.repeat(np.arange(len(classes)), width)
    within = np.arange(len(source)) - np.repeat(np.cumsum(width) - width, width)
    holder = problem.eligible.reservataire[start[classes.commune[source]] + within]
    ids = instance.reservataires.id
    words = [_of_class(instance, classes, number) for number in range(len(classes))]
    pairs = zip(source.tolist(), holder.tolist(), strict=True)
    named.columns([name("x", words[c], ids[r]) for c, r in pairs], classes.supply[source], 0.0, integer=True)
    offer = named.rows([name("offre", word) for word in words], -INF, classes.supply)
    named.builder.add_entries(offer + source, np.arange(len(source)), 1.0)
    counted, flow = incidence(problem, everything, classes, (source, holder))
    bounded = np.flatnonzero(instance.conventions.solde != SANS_SOLDE).tolist()
    soldes = [
        name("solde", ids[instance.conventions.reservataire[row]], instance.conventions.territoire[row])
        for row in bounded
    ]
    first = named.rows(soldes, -INF, problem.counted.limit[problem.cells :])
    bound = counted >= problem.cells
    named.builder.add_entries(first + counted[bound] - problem.cells, flow[bound], 1.0)
    return counted.astype(np.intp), flow.astype(np.intp)


def _deviations(
    named: _Named, words: list[str], target: NDArray[np.float64], cost: Slopes
) -> tuple[int, int, int]:
    """Add ``count + manque − exces = target``; return the first row and first columns of both."""
    below = named.columns([name("manque", word) for word in words], INF, cost.under, integer=False)
    above = named.columns([name("exces", word) for word in words], INF, cost.over, integer=False)
    row = named.rows([name("compte", word) for word in words], target, target)
    own = np.arange(len(words))
    named.builder.add_entries(row + own, below + own, 1.0)
    named.builder.add_entries(row + own, above + own, -1.0)
    return row, below, above


def _tier(named: _Named, cost: TierCost, words: list[str], deviations: tuple[int, ...], value: float) -> None:
    """Add the largest terms of a tier, and the row that keeps it at its value unless that is infinite."""
    earlier = value < INF
    largest = []
    for number, maximum in enumerate(cost.maxima, start=1):
        column = named.columns(
            [name("pire", cost.name, str(number))], INF, 0.0 if earlier else 1.0, integer=False
        )
        borne = np.flatnonzero((maximum.under > 0) | (maximum.over > 0))
        names = [name("pire", cost.name, str(number), words[cell]) for cell in borne.tolist()]
        row = named.rows(names, 0.0, INF) + np.arange(len(borne))
        named.builder.add_entries(row, column, 1.0)
        for first, weight in zip(deviations, (maximum.under, maximum.over), strict=True):
            named.builder.add_entries(row, first + borne, -weight[borne])
        largest.append(column)
    if earlier:
        lock = named.rows([name("priorite", cost.name)], -INF, value)
        named.builder.add_entries(lock, np.array(largest, dtype=np.intp), 1.0)
        for first, weight in zip(deviations, (cost.additive.under, cost.additive.over), strict=True):
            borne = np.flatnonzero(weight)
            named.builder.add_entries(lock, first + borne, weight[borne])


def _of_class(instance: Instance, classes: Classes, number: int) -> str:
    """Return a class in words, such as ``93048_T3_PLUS_oui``; what does not tell it apart is left out."""
    grain = classes.grain
    words = [instance.territoires.commune[classes.commune[number]]]
    words += [TYPOLOGIES[classes.typologie[number]]] * grain.typologie
    words += [FINANCEMENTS[classes.financement[number]]] * grain.financement
    words += [QPV[classes.qpv[number]]] * grain.qpv
    return "_".join(words)


def _of_cell(instance: Instance, cells: Cells, cell: int) -> str:
    """Return a cell in words, such as ``etat__contractuel__commune_93048``."""
    holder = instance.reservataires.id[cells.reservataire[cell]]
    return name(holder, cells.sur[cell], cells.territoire[cell], cells.modalite[cell])
