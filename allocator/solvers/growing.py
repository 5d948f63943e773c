"""A linear program that grows: columns are added to it and bounds moved, each solve starts from the last basis.

HiGHS only: none of the other solvers' Python interfaces keeps a basis over added columns.
"""

from typing import Final

import numpy as np

from allocator.solvers.highs import assert_ok, interior_point_pays, new, pass_program
from allocator.solvers.program import Floats, Matrix, Outcome, Program, SolverError, Status

DUAL: Final = 1
PRIMAL: Final = 4
"""Strategies of the simplex in HiGHS."""

INFEASIBLE: Final = "kInfeasible"
EMPTY: Final = "kModelEmpty"
ENDS: Final = ("kOptimal", INFEASIBLE, EMPTY)
"""States in which a solve may end; a program that has no column yet is empty."""


class GrowingProgram:
    """A linear program held by the solver between two solves."""

    def __init__(self, program: Program) -> None:
        """Hand over the first columns and all rows of a program without whole columns."""
        self.columns = program.columns
        self._highs = new()
        options: dict[str, int | str] = {
            "threads": 1,
            "parallel": "off",
            "random_seed": 0,
            "solver": "ipx" if interior_point_pays(program) else "simplex",
            "run_crossover": "on",
        }
        for name, value in options.items():
            self._set(name, value)
        pass_program(self._highs, program)

    def solve(self) -> Outcome:
        """Solve it as it stands; raises :class:`SolverError` unless it ends optimal or infeasible."""
        state = self._run()
        # Whatever found the first basis, the simplex goes on from it.
        self._set("solver", "simplex")
        if state not in ENDS:
            # A basis that has been moved too often can mislead the simplex: forget it and start afresh.
            assert_ok(self._highs.clearSolver(), "clearSolver")
            self._set("simplex_strategy", DUAL)
            state = self._run()
        if state not in ENDS:
            raise SolverError(f"HiGHS s'est arrêté dans l'état {state}")
        if state == INFEASIBLE or (state == EMPTY and not self._holds_nothing()):
            return Outcome(Status.INFEASIBLE, np.empty(0), np.inf, np.inf)
        solution, value = self._highs.getSolution(), self._highs.getInfo().objective_function_value
        duals = np.array(solution.row_dual), np.array(solution.col_dual)
        return Outcome(Status.OPTIMAL, np.array(solution.col_value), value, value, *duals)

    def add(self, cost: Floats, upper: Floats, matrix: Matrix) -> None:
        """Add columns that may go from 0 to ``upper``."""
        count = len(cost)
        status = self._highs.addCols(
            count,
            cost,
            np.zeros(count),
            upper,
            len(matrix.value),
            matrix.start[:-1].astype(np.int32),
            matrix.index.astype(np.int32),
            matrix.value,
        )
        assert_ok(status, "addCols")
        # The point at hand stays feasible when columns come, the prices when a bound moves.
        self._set("simplex_strategy", PRIMAL)
        self.columns += count

    def bound(self, column: int, lower: float, upper: float) -> None:
        """Move the bounds of one column."""
        self._set("simplex_strategy", DUAL)
        assert_ok(self._highs.changeColBounds(column, lower, upper), "changeColBounds")

    def limit(self, row: int, lower: float, upper: float) -> None:
        """Move the bounds of one row."""
        self._set("simplex_strategy", DUAL)
        assert_ok(self._highs.changeRowBounds(row, lower, upper), "changeRowBounds")

    def _holds_nothing(self) -> bool:
        """Tell whether the rows allow a sum of nothing; HiGHS does not look."""
        rows = self._highs.getLp()
        return bool((np.array(rows.row_lower_) <= 0).all() and (np.array(rows.row_upper_) >= 0).all())

    def _set(self, option: str, value: int | str) -> None:
        assert_ok(self._highs.setOptionValue(option, value), f"l'option {option}")

    def _run(self) -> str:
        if self._highs.run().name == "kError":
            raise SolverError("HiGHS : échec de run")
        return str(self._highs.getModelStatus().name)
