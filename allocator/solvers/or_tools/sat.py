"""CP-SAT: programs in whole numbers throughout, costs aside.

CP-SAT counts in whole numbers. Costs are multiplied by a power of two and rounded, and what the rounding may
hide is taken off the bound that it proves (:func:`_below`), so the bound holds for the true costs.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model_helper as cp

from allocator.solvers.program import INF, Floats, Limits, Outcome, Program, SolverError, Status

ROOM: Final = 2.0**56
"""Largest sum of rounded costs: what CP-SAT can add up."""

SEARCH: Final = ('subsolvers: "max_lp"', "num_workers: 1", "random_seed: 0")
"""One strategy alone, for the same answer every time: the one that leans most on the linear relaxation.

On the neighbourhoods of a region-year it takes 0.6 s where CP-SAT's own choice takes 20 s and more
(``benchmarks/solvers.py``).
"""

WHOLE: Final = 1e-9
"""What a side of a row may lack of a whole number and still be one."""

Ints = NDArray[np.int64]


def fits(program: Program) -> bool:
    """Say whether a program is in whole numbers, costs aside."""
    return bool(
        program.integer.all()
        and (program.matrix.value % 1 == 0).all()
        and np.isfinite(program.lower).all()
        and np.isfinite(program.upper).all()
    )


def solve(program: Program, limits: Limits) -> Outcome:
    """Solve a program that :func:`fits`; raises :class:`SolverError` where CP-SAT refuses it."""
    scale, cost = _whole_costs(program)
    solver: Any = cp.SolveWrapper()
    parameters = [*SEARCH, f"relative_gap_limit: {limits.gap}"]
    if limits.seconds < INF:
        parameters.append(f"max_time_in_seconds: {max(0.0, limits.seconds)}")
    settings = cp.SatParameters()
    settings.parse_text_format(" ".join(parameters))
    solver.set_parameters(settings)
    response = solver.solve(_model(program, cost))
    status = cp.CpSolverStatus(response.status).name
    if status == "INFEASIBLE":
        return Outcome(Status.INFEASIBLE, np.empty(0), INF, INF)
    if status == "MODEL_INVALID":
        raise SolverError("CP-SAT refuse le programme")
    if status == "UNKNOWN":
        # It may report a bound of 0 that it has not proven.
        return Outcome(Status.NOTHING, np.empty(0), INF, -INF)
    bound = _below(program, cost, scale, response.inner_objective_lower_bound)
    x = np.array(response.solution, dtype=np.float64)
    value = float(program.cost @ x) + program.offset
    ended = Status.OPTIMAL if status == "OPTIMAL" else Status.FEASIBLE
    return Outcome(ended, x, value, min(bound, value))


def _whole_costs(program: Program) -> tuple[float, Ints]:
    """Return a power of two and the costs times it, rounded to whole numbers."""
    reach = float(np.abs(program.cost) @ np.maximum(np.abs(program.lower), np.abs(program.upper)))
    scale = float(2.0 ** np.floor(np.log2(ROOM / max(reach, 1.0))))
    return scale, np.rint(program.cost * scale).astype(np.int64)


def _below(program: Program, cost: Ints, scale: float, bound: int) -> float:
    """Return a bound on the true cost from one on the rounded cost.

    With ``lost = cost − rounded``, the true cost is the rounded one plus ``lost · x``. Over the columns of
    positive rounded cost and bound 0 below, ``lost · x`` is at least ``−r`` times their rounded cost, ``r``
    being the worst relative loss; over the others it is at least its least value between their bounds.
    """
    rounded = cost / scale
    lost = program.cost - rounded
    plain = (rounded > 0) & (program.lower == 0)
    worst = float(np.max(-lost[plain] / rounded[plain], initial=0.0))
    extreme = np.minimum(lost * program.lower, lost * program.upper)[~plain].sum()
    others = np.minimum(rounded * program.lower, rounded * program.upper)[~plain].sum()
    reached = bound / scale
    # The rounded cost of the plain columns is that of all less that of the others.
    return float(reached - worst * max(0.0, reached - others) + extreme) + program.offset


def _model(program: Program, cost: Ints) -> cp.CpModelProto:
    model = cp.CpModelProto()
    for bounds in np.stack([program.lower, program.upper], axis=1).astype(np.int64).tolist():
        model.variables.add().domain.extend(bounds)
    priced = np.flatnonzero(cost)
    model.objective.vars.extend(priced.tolist())
    model.objective.coeffs.extend(cost[priced].tolist())
    sides = np.stack([_up(program.row_lower), _down(program.row_upper)], axis=1).tolist()
    order = np.argsort(program.matrix.index, kind="stable")
    column = program.matrix.column_of_entries()[order].tolist()
    value = program.matrix.value[order].astype(np.int64).tolist()
    end = np.cumsum(np.bincount(program.matrix.index, minlength=program.rows)).tolist()
    for row, (begin, stop) in enumerate(zip([0, *end], end, strict=False)):
        linear = model.constraints.add().linear
        linear.vars.extend(column[begin:stop])
        linear.coeffs.extend(value[begin:stop])
        linear.domain.extend(sides[row])
    return model


def _up(side: Floats) -> Ints:
    return np.clip(np.ceil(side - WHOLE), np.iinfo(np.int64).min, 2.0**62).astype(np.int64)


def _down(side: Floats) -> Ints:
    return np.clip(np.floor(side + WHOLE), -(2.0**62), 2.0**62).astype(np.int64)
