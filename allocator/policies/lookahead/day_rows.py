"""The rows that hold a plan to a model's ``ecart_max`` tonight.

What may not be given any more is forbidden; what is due too soon weighs more than any tier
(:mod:`allocator.policies.guard`).
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from allocator.policies.accounts import Accounts
from allocator.policies.guard import Alarms, Guard
from allocator.policies.lookahead.pairs import Pairs, ranges
from allocator.policies.lookahead.plan import Plan
from allocator.policies.lookahead.weights import LARGEST
from allocator.solvers.program import INF, Floats, Matrix, Program

Rows = NDArray[np.intp]


def guarded(plan: Plan, guard: Guard, account: Accounts, pairs: Pairs, price: float) -> Plan:
    """Return a plan whose part of today keeps the bound of a guard, where that can be.

    Parameters
    ----------
    pairs
        Those of today's lots: the first columns of the plan.
    price
        What an alarm of price one weighs; it should be well above what one dwelling costs in the first tier.
    """
    assiette = account.assiette.astype(np.float64)
    counted = np.concatenate([account.counted, account.used[guard.world.solde_row]])
    day = _Day(plan.program, pairs, len(counted))
    day.hold(guard.cells, guard.room(assiette, counted)[guard.cells])
    day.serve(guard.alarms(assiette, counted, pairs.classes.commune), price)
    program = day.program()
    later = np.zeros((len(plan.tiers), program.columns - plan.program.columns))
    return replace(plan, program=program, tiers=np.concatenate([plan.tiers, later], axis=1))


def resolution(guard: Guard, wanted: float) -> float:
    """Return how many times more a tier may weigh than the next, if the guard stands before the first of them.

    It is the one ``wanted``, lowered so that the guard weighs no more than a first tier may; where nothing is
    guarded, it is the one wanted.
    """
    if not len(guard.cells):
        return wanted
    return min(wanted, float(LARGEST ** (1.0 / max(1, len(guard.world.frame.model.tiers)))))


class _Day:
    """A program and what is added to it, block by block."""

    def __init__(self, program: Program, pairs: Pairs, rows: int) -> None:
        self._before = program
        self._columns, self._rows = program.columns, program.rows
        self._added_columns: list[tuple[Floats, Floats]] = []
        self._added_rows: list[tuple[Floats, Floats]] = []
        self._entries: list[tuple[Rows, Rows, Floats]] = []
        pair = np.repeat(np.arange(len(pairs.holder)), np.diff(pairs.start))
        order = np.argsort(pairs.row, kind="stable")
        self._pair, self._start = pair[order], np.searchsorted(pairs.row[order], np.arange(rows + 1))
        self._reach = np.bincount(pairs.row, program.upper[pair], rows)

    def hold(self, cells: Rows, room: Floats) -> None:
        """Give no more than there is room for."""
        full = room < self._reach[cells]
        row = self._add_rows(np.full(int(full.sum()), -INF), room[full])
        self._add_today(row, cells[full], 1.0)

    def serve(self, alarms: Alarms, price: float) -> None:
        """Give what alarms ask for, or pay: what is done of each need, and how many are late of each alarm."""
        kept = np.flatnonzero(self._reach[alarms.row] > 0)
        rung, alarm = np.unique(alarms.alarm[kept], return_inverse=True)
        done = self._add_columns(np.zeros(len(kept)), alarms.need[kept])
        late = self._add_columns(price * alarms.price[rung], np.full(len(rung), INF))
        given = self._add_rows(np.full(len(kept), -INF), np.zeros(len(kept)))
        self._add_today(given, alarms.row[kept], -1.0)
        self._add(given, done, 1.0)
        due = np.bincount(alarms.alarm, alarms.need, len(alarms.capacity)) - alarms.capacity
        enough = self._add_rows(due[rung], np.full(len(rung), INF))
        self._add(enough[alarm.ravel()], done, 1.0)
        self._add(enough, late, 1.0)

    def program(self) -> Program:
        """Return the program with all that was added."""
        before, matrix = self._before, self._before.matrix
        row, column, value = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        cost, most = (np.concatenate(part) for part in zip(*self._added_columns, strict=True))
        lower, upper = (np.concatenate(part) for part in zip(*self._added_rows, strict=True))
        return Program(
            np.concatenate([before.cost, cost]),
            np.concatenate([before.lower, np.zeros(len(cost))]),
            np.concatenate([before.upper, most]),
            np.concatenate([before.row_lower, lower]),
            np.concatenate([before.row_upper, upper]),
            Matrix.from_entries(
                np.concatenate([matrix.index, row.astype(np.int32)]),
                np.concatenate([matrix.column_of_entries(), column.astype(np.int32)]),
                np.concatenate([matrix.value, value]),
                self._columns,
            ),
            np.concatenate([before.integer, np.zeros(len(cost), dtype=bool)]),
            before.offset,
        )

    def _add_columns(self, cost: Floats, most: Floats) -> Rows:
        self._added_columns.append((cost, most))
        self._columns += len(cost)
        return np.arange(self._columns - len(cost), self._columns)

    def _add_rows(self, lower: Floats, upper: Floats) -> Rows:
        self._added_rows.append((lower, upper))
        self._rows += len(lower)
        return np.arange(self._rows - len(lower), self._rows)

    def _add_today(self, row: Rows, cell: Rows, value: float) -> None:
        """Put the columns of today that count in each cell into a row."""
        at, which = ranges(self._start[cell], self._start[cell + 1])
        self._add(row[which], self._pair[at], value)

    def _add(self, row: Rows, column: Rows, value: float) -> None:
        self._entries.append((row, column, np.full(len(row), value)))
