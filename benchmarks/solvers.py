"""``python -m benchmarks.solvers``: each program that the engine asks a solver for, asked of every solver.

The engine runs once with the solver of ``auto``; the linear and the whole programs of its tiers are kept and
solved again by each. This is what ``auto`` and the thresholds of :mod:`allocator.solvers.highs` were chosen
by.
"""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Final

import click
import numpy as np

from allocator.cli.arguments import resolve_model
from allocator.engine.clock import Clock
from allocator.engine.parts import split
from allocator.engine.solve import prepare
from allocator.engine.tiers import run_tiers
from allocator.formats import read_instance, read_model
from allocator.solvers import highs, load
from allocator.solvers.builder import ProgramBuilder
from allocator.solvers.network import recognize
from allocator.solvers.or_tools import linear
from allocator.solvers.program import INF, Limits, Outcome, Program, Solve, Status
from benchmarks.report import Table, write_csv, write_markdown

SAME: Final = 1e-6
"""Relative difference within which two optima are the same."""

NOTES: Final = (
    "Seconds are of processor time, those of processes that a solver starts included: other work on the "
    "machine stretches them less than the clock's.",
    "× is the ratio to the first column, the solver of `auto`. `> s` was stopped by the limit.",
    "kind: `network` is a linear program that `allocator.solvers.network` recognizes, which OR-Tools solves "
    "as a least-cost flow; `whole` has whole columns.",
    "pulp is CBC, its model built and read back through PuLP and text files, which is included.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A program that the engine asked for, in which tier."""

    model: str
    instance: str
    tier: str
    program: Program

    @property
    def kind(self) -> str:
        """Return ``whole``, ``network`` or ``linear``."""
        if self.program.integer.any():
            return "whole"
        return "network" if recognize(self.program) else "linear"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a solver made of a program, and in how many seconds."""

    outcome: Outcome
    seconds: float

    @property
    def ended(self) -> bool:
        """Say whether the search came to its end."""
        return self.outcome.status in {Status.OPTIMAL, Status.INFEASIBLE}


Result = tuple[Asked, Mapping[str, Answer | None]]
"""A program with each solver's answer."""


def _tiny() -> Program:
    builder = ProgramBuilder()
    builder.add_columns(1, 0.0, 1.0, 1.0)
    builder.add_entries(builder.add_rows(1, 1.0, INF), 0, 1.0)
    return builder.build()


def _by(name: str) -> Solve:
    return lambda program, limits: load(name).solve(program, limits)


def _simplex(program: Program, limits: Limits) -> Outcome:
    with _interior_point_from(INF):
        return load("highs").solve(program, limits)


def _interior_point(program: Program, limits: Limits) -> Outcome:
    with _interior_point_from(0):
        return load("highs").solve(program, limits)


@contextmanager
def _interior_point_from(entries: float) -> Iterator[None]:
    kept = highs.INTERIOR_POINT_FROM, highs.NEARLY_NETWORK
    vars(highs).update(INTERIOR_POINT_FROM=entries, NEARLY_NETWORK=0)
    yield
    vars(highs).update(INTERIOR_POINT_FROM=kept[0], NEARLY_NETWORK=kept[1])


SOLVERS: Final[Mapping[str, tuple[Solve, frozenset[str]]]] = {
    "highs": (_by("highs"), frozenset({"network", "linear", "whole"})),
    "highs simplex": (_simplex, frozenset({"network", "linear"})),
    "highs interior point": (_interior_point, frozenset({"network", "linear"})),
    "ortools": (_by("ortools"), frozenset({"network", "linear", "whole"})),
    "glop": (lambda program, limits: linear.solve("GLOP", program, limits), frozenset({"network"})),
    "scip": (lambda program, limits: linear.solve("SCIP", program, limits), frozenset({"whole"})),
    "pulp": (_by("pulp"), frozenset({"network", "linear", "whole"})),
}
"""How each column is solved, and the kinds of programs that it is asked."""


@click.command()
@click.argument("instances", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--models", default="reference", show_default=True, help="Shipped models or files, separated by commas."
)
@click.option(
    "--solvers", "names", default=",".join(SOLVERS), show_default=True, help="Which, separated by commas."
)
@click.option(
    "--from", "least", default=1000, show_default=True, help="Entries of the smallest program kept."
)
@click.option("--limit", default=60.0, show_default=True, help="Seconds allowed to each solve.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Report to write, without suffix.  [default: shown]"
)
def main(
    instances: tuple[Path, ...], models: str, names: str, least: int, limit: float, out: Path | None
) -> None:
    """Time every solver on the programs of INSTANCES, and write OUT.md and OUT.csv."""
    chosen = _words(names)
    if unknown := [name for name in chosen if name not in SOLVERS]:
        raise click.UsageError(f"unknown solvers: {', '.join(unknown)}; known: {', '.join(SOLVERS)}")
    for name in chosen:
        # What is imported on first use is not charged to a program.
        for program in (_tiny(), _tiny().relaxed()):
            answer(name, Asked("", "", "", program), limit)
    results: list[Result] = []
    for model, instance in product(_words(models), instances):
        for asked in ask(instance, model, least):
            results.append((asked, {name: answer(name, asked, limit) for name in chosen}))
            click.echo(
                f"{model} {asked.instance} {asked.tier} {asked.kind} {asked.program.columns}", err=True
            )
    tables = [_table(model, chosen, results) for model in _words(models)]
    if out is None:
        click.echo("\n".join(table.markdown() for table in tables))
        return
    write_markdown(out, "Solvers on the engine's own programs", tables, NOTES)
    write_csv(out, [record for asked, answers in results for record in _records(asked, answers)])


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def ask(instance: Path, model: str, least: int) -> list[Asked]:
    """Solve an instance and return the programs of ``least`` entries or more that a solver was asked."""
    rules = read_model(resolve_model(model))
    task = prepare(read_instance(instance), rules)
    kept: list[Asked] = []
    solver = load("auto")
    for part in split(task.problem):
        names = iter([cost.name for cost in part.costs if cost.used().any()])
        tiers = [next(names, "")]

        def record(program: Program, limits: Limits, tiers: list[str] = tiers) -> Outcome:
            if len(program.matrix.value) >= least:
                kept.append(Asked(model, instance.name, tiers[-1], program))
            return solver.solve(program, limits)

        def advance(_text: str, tiers: list[str] = tiers, names: Iterator[str] = names) -> None:
            tiers.append(next(names, ""))

        if len(part.dwellings):
            run_tiers(part, replace(solver, solve=record), Clock(), lambda _: None, advance)
    return kept


def answer(name: str, asked: Asked, limit: float) -> Answer | None:
    """Time a solver on a program; ``None`` where it is not asked programs of that kind."""
    solve, kinds = SOLVERS[name]
    if asked.kind not in kinds:
        return None
    start = _processor()
    outcome = solve(asked.program, Limits(limit))
    return Answer(outcome, _processor() - start)


def _processor() -> float:
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def _table(model: str, names: Sequence[str], results: Sequence[Result]) -> Table:
    rows = []
    for asked, answers in results:
        if asked.model == model:
            first, program = answers[names[0]], asked.program
            size = (str(program.rows), str(program.columns), str(len(program.matrix.value)))
            cells = [_cell(answers[name], first) for name in names]
            rows.append((asked.instance, asked.tier, asked.kind, *size, *cells))
    heads = ("instance", "tier", "kind", "rows", "columns", "entries", *names)
    return Table(f"Model {model}", heads, tuple(rows))


def _cell(mine: Answer | None, first: Answer | None) -> str:
    if mine is None:
        return ""
    text = f"{'' if mine.ended else '> '}{mine.seconds:.3f}"
    if first is None or mine is first:
        return text
    wrong = "" if not (mine.ended and first.ended) or _same(mine, first) else " (DIFFERS)"
    return f"{text} × {mine.seconds / max(first.seconds, 1e-9):.1f}{wrong}"


def _same(one: Answer, other: Answer) -> bool:
    if one.outcome.status is not other.outcome.status:
        return False
    return bool(np.isclose(one.outcome.objective, other.outcome.objective, rtol=SAME, atol=SAME))


def _records(asked: Asked, answers: Mapping[str, Answer | None]) -> Iterator[dict[str, object]]:
    for name, mine in answers.items():
        if mine is not None:
            yield {
                "model": asked.model,
                "instance": asked.instance,
                "tier": asked.tier,
                "kind": asked.kind,
                "rows": asked.program.rows,
                "columns": asked.program.columns,
                "entries": len(asked.program.matrix.value),
                "solver": name,
                "processor_s": round(mine.seconds, 4),
                "status": mine.outcome.status.name.lower(),
                "objective": mine.outcome.objective,
                "bound": mine.outcome.bound,
            }


if __name__ == "__main__":
    main()
