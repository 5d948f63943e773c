"""The program of one year's split by month: a transportation problem a class, tied by the course of the promises."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.solvers.bound import prove
from allocator.solvers.builder import ProgramBuilder
from allocator.solvers.program import Limits, Program, Solve, Status
from allocator.solvers.restriction import restrict

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

WHOLE: Final = 1e-6
"""Distance to a whole number below which a flow is whole."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """A year's plan: pair ``p`` receives ``nombre[p]`` dwellings of ``classe[p]`` (all that is released, in all).

    ``months`` is what is released, classes × months. Promise ``k`` counts what the pairs ``members[k]`` receive and
    follows what is released in its territory, ``released[k]``.
    """

    classe: Ints
    reservataire: Ints
    nombre: Ints
    months: Ints
    members: tuple[NDArray[np.intp], ...]
    released: tuple[Ints, ...]

    def targets(self) -> Floats:
        """Return what each promise should have received by the end of each month, promises × months."""
        planned = np.array([self.nombre[pairs].sum() for pairs in self.members], dtype=np.float64)
        so_far = np.array(self.released, dtype=np.float64).reshape(len(planned), self.months.shape[1])
        so_far = so_far.cumsum(axis=1)
        share: Floats = planned[:, None] * so_far / np.maximum(1.0, so_far[:, -1:])
        return share


@dataclass(frozen=True, slots=True, eq=False)
class Partage:
    """A split, pairs × months, with its distance to the course and a proven lower bound on any split's."""

    nombre: Ints
    value: float
    bound: float


@dataclass(frozen=True, slots=True, eq=False)
class _Built:
    """The program with its flows: column ``j`` is what ``pair[j]`` receives in ``month[j]``."""

    course: Course
    program: Program
    pair: NDArray[np.intp]
    month: NDArray[np.intp]


def share_out(course: Course, solve: Solve, limits: Limits) -> Partage:
    """Return the whole split that is nearest to the course, its margins exact.

    The relaxation proves the bound. Classes whose flows it leaves in parts are settled together in whole numbers,
    the others held; where that stays above the bound by more than the gap, all are. Each class is a transportation
    problem with whole margins, so that what is left open can always be made whole.
    """
    built = _build(course)
    program, flows = built.program, len(built.pair)
    relaxed = solve(program.relaxed(), Limits(limits.seconds))
    bound = prove(program, relaxed.row_dual).bound if len(relaxed.row_dual) else relaxed.bound
    apart = np.abs(relaxed.x[:flows] - np.rint(relaxed.x[:flows])) > WHOLE
    classe = course.classe[built.pair]
    best = _settled(built, np.isin(classe, classe[apart]), relaxed.x, solve, limits)
    if apart.any() and _distance(course, best) - bound > limits.gap * max(1.0, bound) + WHOLE:
        best = _settled(built, np.ones(flows, dtype=bool), relaxed.x, solve, limits)
    value = _distance(course, best)
    return Partage(best, value, min(bound, value))


def _settled(built: _Built, open_: Mask, x: Floats, solve: Solve, limits: Limits) -> Ints:
    """Return whole flows, pairs × months, with all but the open ones held."""
    course, program, flows = built.course, built.program, len(built.pair)
    free = np.concatenate([open_, np.ones(program.columns - flows, dtype=bool)])
    held = x.copy()
    held[:flows] = np.rint(x[:flows])
    part = restrict(program, free, held)
    outcome = solve(part.program, limits)
    assert outcome.status in (Status.OPTIMAL, Status.FEASIBLE)
    number = np.zeros((len(course.classe), course.months.shape[1]), dtype=np.int64)
    number[built.pair, built.month] = np.rint(part.expand(outcome.x)[:flows])
    assert (number.sum(axis=1) == course.nombre).all()
    return number


def _distance(course: Course, number: Ints) -> float:
    counts = np.array([number[pairs].sum(axis=0) for pairs in course.members])
    counts = counts.reshape(len(course.members), number.shape[1]).cumsum(axis=1)
    return float(np.abs(counts - course.targets()).sum())


def _build(course: Course) -> _Built:
    builder = ProgramBuilder()
    pair, month = np.nonzero(course.months[course.classe])
    most = np.minimum(course.nombre[pair], course.months[course.classe[pair], month])
    builder.add_columns(len(pair), 0.0, most, 0.0)
    pairs = builder.add_rows(len(course.nombre), course.nombre, course.nombre)
    builder.add_entries(pairs + pair, np.arange(len(pair)), 1.0)
    classes, months = course.months.shape
    supply = course.months.ravel()
    stock = builder.add_rows(classes * months, supply, supply)
    builder.add_entries(stock + course.classe[pair] * months + month, np.arange(len(pair)), 1.0)
    offset = _courses(builder, course, (pair, month))
    return _Built(course, builder.build(offset), pair, month)


def _courses(
    builder: ProgramBuilder, course: Course, flows: tuple[NDArray[np.intp], NDArray[np.intp]]
) -> float:
    """Add the count of each promise so far, month by month, on the hull of its distance; return the constant."""
    pair, month = flows
    target = course.targets()
    promises, months = target.shape
    floor = np.floor(target + WHOLE)
    rest = np.maximum(0.0, target - floor)
    own = np.diff(floor, axis=1, prepend=0.0).ravel()
    row = builder.add_rows(promises * months, own, own) + np.arange(promises * months).reshape(target.shape)
    planned = np.broadcast_to(target[:, -1:], target.shape)
    for slope, sign, upper in (
        (np.ones_like(target), 1.0, floor),
        (1.0 - 2.0 * rest, -1.0, np.ones_like(target)),
        (np.ones_like(target), -1.0, planned),
    ):
        first = builder.add_columns(target.size, 0.0, upper.ravel(), slope.ravel(), integer=False)
        column = first + np.arange(target.size).reshape(target.shape)
        builder.add_entries(row.ravel(), column.ravel(), sign)
        builder.add_entries(row[:, 1:].ravel(), column[:, :-1].ravel(), -sign)
    of_pair = [np.repeat(np.arange(promises), [len(pairs) for pairs in course.members])]
    member = np.concatenate([np.empty(0, dtype=np.intp), *course.members])
    promise = np.concatenate(of_pair)
    order = np.argsort(member, kind="stable")
    start = np.searchsorted(member[order], pair)
    width = np.searchsorted(member[order], pair, side="right") - start
    flow = np.repeat(np.arange(len(pair)), width)
    begin = np.cumsum(width) - width
    counted = promise[order][np.arange(len(flow)) - begin[flow] + start[flow]]
    builder.add_entries(row[counted, month[flow]], flow, 1.0)
    return float(rest.sum())
