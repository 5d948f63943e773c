"""PuLP and CBC on the plain model: PuLP's expressions, and the CBC that PuLP finds or brings.

CBC runs as a program of its own that reads a file and writes one: the seconds are those that its log gives,
without what PuLP takes to write and read.
"""

import math
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np
import pulp

from allocator.solvers.program import INF
from benchmarks.peers.interface import GAP, THREADS, Answer, allowed, rows, timed
from benchmarks.plain_model import Flow, Tiered

STOP: Final = 0.99 * GAP
"""Gap at which CBC stops: it says no more than that it did, so its bound is its value less this."""


def version() -> str:
    """Return the versions of the modeller and of the CBC that it finds."""
    said = subprocess.run([_kind()(msg=False).path, "-quit"], capture_output=True, text=True, check=False)
    found = re.search(r"Version:\s+(\S+)", said.stdout)
    return f"PuLP {pulp.__version__}, CBC {found.group(1) if found else 'of unknown version'}"


def build(model: Tiered) -> "Cbc":
    """Return the peer with the program built."""
    return Cbc(model)


class Cbc:
    """A tiered program in PuLP."""

    def __init__(self, model: Tiered) -> None:
        self._tiered = model
        self._problem = pulp.LpProblem("plain", pulp.LpMinimize)
        program = model.program
        self._columns = [
            self._problem.add_variable(
                f"x{number}",
                lower,
                None if upper == INF else upper,
                pulp.LpInteger if whole else pulp.LpContinuous,
            )
            for number, (lower, upper, whole) in enumerate(
                zip(program.lower.tolist(), program.upper.tolist(), program.integer.tolist(), strict=True)
            )
        ]
        for columns, values, lower, upper in rows(program):
            if columns:
                self._add(columns, values, lower, upper)

    def minimize(self, tier: int, seconds: float, start: Flow | None) -> Answer:
        """Minimize a tier."""
        cost = self._tiered.costs[tier]
        weighed = np.flatnonzero(cost).tolist()
        self._problem.setObjective(self._weighed(weighed, cost[weighed].tolist()))
        if start is not None:
            for column, value in zip(self._columns, self._tiered.point(start).tolist(), strict=True):
                column.setInitialValue(value, check=False)
        said, taken = self._run(seconds, warm=start is not None)
        if self._problem.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
            return Answer(None, -INF, taken)
        point = np.array([column.value() or 0.0 for column in self._columns])
        flow = np.rint(point[: self._tiered.flows]).astype(np.int64)
        return Answer(flow, self._bound(said, float(cost @ self._tiered.point(flow))), taken)

    def _run(self, seconds: float, *, warm: bool) -> tuple[str, float]:
        """Let CBC solve; return its log and the seconds that it gives."""
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "cbc.log"
            solver = _solver(seconds, log, warm=warm)
            _, taken = timed(lambda: self._problem.solve(solver))
            said = log.read_text(encoding="utf-8", errors="replace")
        return said, _number(r"Wallclock seconds\):\s+(\S+)", said, taken)

    def lock(self, tier: int, flow: Flow) -> None:
        """Add the lock row."""
        cost = self._tiered.costs[tier]
        weighed = np.flatnonzero(cost).tolist()
        if weighed:
            self._add(weighed, cost[weighed].tolist(), -INF, allowed(float(cost @ self._tiered.point(flow))))

    def _bound(self, said: str, value: float) -> float:
        """Return the bound that the log claims: of a search cut short, or of the gap that it may stop at."""
        if "Optimal solution found" in said:
            return value - STOP * max(1.0, abs(value)) if "within gap" in said else value
        return _number(r"Lower bound:\s+(\S+)", said, -INF)

    def _weighed(self, columns: list[int], values: list[float]) -> Any:
        return pulp.LpAffineExpression(
            (self._columns[column], value) for column, value in zip(columns, values, strict=True)
        )

    def _add(self, columns: list[int], values: list[float], lower: float, upper: float) -> None:
        weighed = self._weighed(columns, values)
        if lower == upper:
            self._problem += weighed == upper
        elif upper < INF:
            self._problem += weighed <= upper
        else:
            self._problem += weighed >= lower


def _kind() -> Any:
    """Return the CBC of the path, or the one that PuLP's wheel brings (before PuLP 4)."""
    return pulp.COIN_CMD if pulp.COIN_CMD(msg=False).available() else pulp.PULP_CBC_CMD


def _solver(seconds: float, log: Path, *, warm: bool) -> Any:
    return _kind()(
        msg=False,
        threads=THREADS,
        timeLimit=math.ceil(seconds),
        gapRel=STOP,
        gapAbs=STOP,
        warmStart=warm,
        logPath=str(log),
    )


def _number(pattern: str, said: str, otherwise: float) -> float:
    found = re.findall(pattern, said)
    return float(found[-1]) if found else otherwise
