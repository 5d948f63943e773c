"""``python -m benchmarks.policies``: the daily rules against hindsight, and what disturbs them.

A command a question; all write their rows to one file, ``OUT.csv``, go on from those that are there, and report
in ``OUT-question.md`` and ``.svg``.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any, Final

import click

from allocator.cli.simulate_report import BASELINE, OPTIMUM
from allocator.policies.catalogue import POLICIES
from benchmarks.policies_notes import DISTURBED_NOTES, GROWTH_NOTES, NOTES, WRONG_NOTES
from benchmarks.policies_plots import plot_closed, plot_growth
from benchmarks.policies_report import conduct, growth, pace, quality
from benchmarks.policies_rows import Case, Row
from benchmarks.policies_run import rows_of
from benchmarks.policies_years import DISTURBED, ESH, ESH_SIZE, GROWTH, PLAIN, WRONG
from benchmarks.report import Table, write_markdown

SIZES: Final = (500, 1000, 2000, 4000, 8000, 16_000)
"""Libérations of years of growing size."""

ALL: Final = ",".join(POLICIES)
FOUR: Final = "pratique,glouton,prix,anticipation"

Command = Callable[..., Any]


@click.group()
def main() -> None:
    """Replay drawn years with the daily rules, and compare them with hindsight."""


def numbers_in(text: str) -> tuple[int, ...]:
    """Return the whole numbers in ``1-10`` or ``1,3,5-7``, none of them twice.

    Raises
    ------
    ValueError
        If it reads otherwise, or has none.
    """
    ranges = (part.partition("-") for part in text.split(","))
    found = dict.fromkeys(
        number
        for first, dash, last in ranges
        for number in range(int(first), int(last if dash else first) + 1)
    )
    if not found:
        raise ValueError(text)
    return tuple(found)


def _list(_context: click.Context, _parameter: click.Parameter, text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _policies(context: click.Context, parameter: click.Parameter, text: str) -> tuple[str, ...]:
    names = _list(context, parameter, text)
    if unknown := [name for name in names if name not in (*POLICIES, OPTIMUM)]:
        raise click.BadParameter(f"unknown rules: {', '.join(unknown)}")
    return names


def _numbers(_context: click.Context, _parameter: click.Parameter, text: str) -> tuple[int, ...]:
    try:
        return numbers_in(text)
    except ValueError:
        raise click.BadParameter(f"numbers are given as 1-10 or 1,3,5: {text}") from None


def _options(policies: str, seeds: str) -> Callable[[Command], Command]:
    """Return the options that all commands have, with some defaults."""
    options = (
        click.option(
            "--policies", default=policies, show_default=True, callback=_policies, help="Which rules."
        ),
        click.option(
            "--seeds", default=seeds, show_default=True, callback=_numbers, help="Draws of each year."
        ),
        click.option(
            "--model", default="reference", show_default=True, help="A model file, or a shipped one."
        ),
        click.option(
            "--jobs",
            default=1,
            show_default=True,
            type=click.IntRange(min=0),
            help="Processes; 0 only reports on what is there.",
        ),
        click.option(
            "--redo", default="", callback=_policies, help="Rules (or « optimum ») to measure anew."
        ),
        click.option("--out", required=True, type=click.Path(path_type=Path), help="Rows go to OUT.csv."),
    )

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def cases(
    policies: Sequence[str], variants: Sequence[str], sizes: Sequence[int], seeds: Sequence[int], model: str
) -> list[Case]:
    """Return the cases of a question: hindsight and the baseline always, year after year."""
    names = tuple(dict.fromkeys((OPTIMUM, BASELINE, *policies)))
    return [
        Case(name, variant, size, seed, model)
        for size, variant, seed, name in product(sizes, variants, seeds, names)
    ]


def _rows(asked: Sequence[Case], out: Path, jobs: int, redo: Sequence[str]) -> list[Row]:
    rows = rows_of(asked, out, jobs, redo, click.echo)
    if not rows:
        raise click.ClickException(f"no row in {out}.csv")
    if len(rows) < len(asked):
        click.echo(f"{len(asked) - len(rows)} rows of {len(asked)} are missing")
    return rows


def _report(
    out: Path, question: str, title: str, tables: Sequence[Table], notes: Sequence[str], rows: Sequence[Row]
) -> Path:
    """Write ``OUT-question.md`` and return its path, without the suffix."""
    codes = ", ".join(f"{code} ({count})" for code, count in Counter(row.code for row in rows).items())
    about = out.parent / f"{out.name}-{question}"
    proven = [row.measures["proven"] for row in rows if row.case.policy == OPTIMUM]
    closing = (
        *notes,
        f"Hindsight is proven optimal in {sum(proven):.0f} of {len(proven)} years.",
        f"Rows by the digest of the allocator's code that they were measured on: {codes}.",
    )
    write_markdown(about, title, tables, closing)
    click.echo(f"{about}.md, {out}.csv")
    return about


@main.command(name="table")
@_options(ALL, "1-10")
@click.option("--sizes", default="300,2000", show_default=True, callback=_numbers, help="Libérations drawn.")
def table_command(
    policies: Sequence[str], seeds: Sequence[int], model: str, jobs: int, redo: Sequence[str], out: Path,
    sizes: Sequence[int],
) -> None:  # fmt: skip
    """Compare all rules on years with an honest history."""
    rows = _rows(cases(policies, (PLAIN,), sizes, seeds, model), out, jobs, redo)
    title = "Daily rules against hindsight"
    about = _report(out, "table", title, (quality(rows), conduct(rows)), NOTES, rows)
    plot_closed(about, title, rows)


@main.command(name="wrong")
@_options(FOUR, "1-10")
@click.option("--size", default=2000, show_default=True, help="Libérations drawn.")
def wrong_command(
    policies: Sequence[str], seeds: Sequence[int], model: str, jobs: int, redo: Sequence[str], out: Path,
    size: int,
) -> None:  # fmt: skip
    """Mislead the rules by their history."""
    rows = _rows(cases(policies, (PLAIN, *WRONG), (size,), seeds, model), out, jobs, redo)
    title = "Daily rules with a wrong history"
    about = _report(out, "wrong", title, (quality(rows), conduct(rows)), (*WRONG_NOTES, *NOTES), rows)
    plot_closed(about, title, rows)


@main.command(name="disturbed")
@_options(FOUR, "1-10")
@click.option("--size", default=2000, show_default=True, help="Libérations drawn.")
def disturbed_command(
    policies: Sequence[str], seeds: Sequence[int], model: str, jobs: int, redo: Sequence[str], out: Path,
    size: int,
) -> None:  # fmt: skip
    """Refuse and override what the rules propose."""
    rows = _rows(cases(policies, (PLAIN, *DISTURBED), (size,), seeds, model), out, jobs, redo)
    title = "Daily rules with refusals and overrides"
    about = _report(out, "disturbed", title, (quality(rows), conduct(rows)), (*DISTURBED_NOTES, *NOTES), rows)
    plot_closed(about, title, rows)


@main.command(name="growth")
@_options(FOUR, "1-3")
@click.option(
    "--largest",
    default=4000,
    show_default=True,
    type=click.IntRange(min=SIZES[0]),
    help=f"Largest size, of {', '.join(map(str, SIZES))}.",
)
@click.option(
    "--variants", default=",".join(GROWTH), show_default=True, callback=_list, help="How years grow."
)
def growth_command(
    policies: Sequence[str], seeds: Sequence[int], model: str, jobs: int, redo: Sequence[str], out: Path,
    largest: int, variants: Sequence[str],
) -> None:  # fmt: skip
    """Measure how what is lost to hindsight grows with the year."""
    if not variants or not set(variants) <= set(GROWTH):
        raise click.UsageError(f"--variants are some of {', '.join(GROWTH)}")
    sizes = [size for size in SIZES if size <= largest]
    rows = _rows(cases(policies, variants, sizes, seeds, model), out, jobs, redo)
    title = "What is lost to hindsight as the year grows"
    about = _report(out, "growth", title, (growth(rows), conduct(rows)), (*GROWTH_NOTES, *NOTES), rows)
    plot_growth(about, title, rows)


@main.command(name="year")
@_options("prix,anticipation", "0")
def year_command(
    policies: Sequence[str], seeds: Sequence[int], model: str, jobs: int, redo: Sequence[str], out: Path
) -> None:
    """Time a year of the shipped esh-idf."""
    rows = _rows(cases(policies, (ESH,), (ESH_SIZE,), seeds, model), out, jobs, redo)
    _report(out, "year", "A year of esh-idf", (pace(rows), quality(rows), conduct(rows)), NOTES, rows)


if __name__ == "__main__":
    main()
