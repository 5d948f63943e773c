"""Small random programs, and the programs of a drawn instance's tiers."""

import random
from dataclasses import replace

import numpy as np

from allocator.cli.arguments import resolve_model
from allocator.domain import Instance
from allocator.drawing import DrawSettings, draw
from allocator.engine.clock import Clock
from allocator.engine.parts import split
from allocator.engine.solve import prepare
from allocator.engine.tiers import run_tiers
from allocator.formats import read_model
from allocator.solvers import load
from allocator.solvers.builder import ProgramBuilder
from allocator.solvers.program import INF, Limits, Outcome, Program

KINDS = ("linear", "whole", "mixed")


def random_program(rng: random.Random, kind: str, *, fractions: bool = True) -> Program:
    """Draw a program of at most five columns and four rows that has a whole point; bounds are finite.

    Costs are arbitrary numbers; entries and sides too, with ``fractions``, else they are whole.
    """
    columns, rows = rng.randint(1, 5), rng.randint(0, 4)
    lower = np.array([rng.choice((0, 0, 0, -2, 1)) for _ in range(columns)], dtype=float)
    upper = lower + np.array([rng.randint(0, 3) for _ in range(columns)], dtype=float)
    point = np.array([rng.randint(int(low), int(high)) for low, high in zip(lower, upper, strict=True)])
    builder = ProgramBuilder()
    for column in range(columns):
        whole = kind == "whole" or (kind == "mixed" and rng.random() < 0.5)
        builder.add_columns(1, lower[column], upper[column], rng.uniform(-3, 3), integer=whole)
    for _ in range(rows):
        entries = np.array([rng.choice((-1, 0, 1, 1, 2)) for _ in range(columns)], dtype=float)
        if fractions:
            entries *= np.array([rng.choice((1, 1, 0.5, rng.uniform(0.1, 2))) for _ in range(columns)])
        activity, slack = float(entries @ point), rng.choice((0, 1, rng.uniform(0, 2) if fractions else 2))
        sides = rng.choice(
            (
                (activity, activity),
                (activity - slack, INF),
                (-INF, activity + slack),
                (activity - slack, activity + 1),
            )
        )
        row = builder.add_rows(1, *sides)
        used = np.flatnonzero(entries)
        builder.add_entries(row, used, entries[used])
    if rows == 0:
        builder.add_rows(0, 0.0, 0.0)
        builder.add_entries(np.empty(0), np.empty(0), np.empty(0))
    return builder.build(rng.choice((0.0, rng.uniform(-5, 5))))


def infeasible_program(kind: str) -> Program:
    """Return a program whose relaxation has no point: two columns of at most 1 that should sum to 3."""
    builder = ProgramBuilder()
    builder.add_columns(2, 0.0, 1.0, 1.0, integer=kind == "whole")
    builder.add_entries(builder.add_rows(1, 3.0, INF), [0, 1], 1.0)
    return builder.build()


def drawn_instance(size: int, seed: int = 5) -> Instance:
    """Draw an instance in one département."""
    return draw(DrawSettings(seed=seed, size=size, departements=("93",), historique=False))


def asked(instance: Instance, tiers: int = 9) -> list[Program]:
    """Return the programs that the engine asks for in the first tiers of the reference model."""
    model = read_model(resolve_model("reference"))
    task = prepare(instance, replace(model, tiers=model.tiers[:tiers]))
    solver, kept = load("highs"), []

    def record(program: Program, limits: Limits) -> Outcome:
        kept.append(program)
        return solver.solve(program, limits)

    for part in split(task.problem):
        if len(part.dwellings):
            run_tiers(part, replace(solver, solve=record), Clock(), lambda _: None, lambda _: None)
    return kept
