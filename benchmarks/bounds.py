"""``python -m benchmarks.bounds``: the price of each bound on how far anybody may be from pro-rata (``ecart_max``)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Final

import click

from allocator.cli.arguments import resolve_model
from allocator.cli.simulate_report import BASELINE, OPTIMUM
from allocator.domain import Instance, Model
from allocator.engine.solve import Options, solve
from allocator.formats import read_model
from allocator.policies.catalogue import POLICIES, load
from allocator.policies.replaying.prefix import prefix
from allocator.policies.replaying.replay import Replay, conclude, decided_at_once, replay
from allocator.policies.situation import frame
from benchmarks.bounds_report import plot_price, price
from benchmarks.bounds_waiting import longest_with_rights
from benchmarks.policies import numbers_in
from benchmarks.policies_rows import TIER, Case, Row, Rows, digest
from benchmarks.policies_years import plain
from benchmarks.report import write_markdown

BOUNDS: Final = ("", "4", "3", "2", "1.5", "1.25", "1")
"""The bounds tried, in dwellings; empty for none."""

MEASURES: Final = ("flux", "seconds", "prefix_max", "prefix_mean", "with_rights_max")
"""What is measured beside the tiers; the last is the largest deviation of whoever had rights left, or was ahead."""

LIMIT: Final = 1800.0
"""Seconds allowed to hindsight."""

NOTES: Final = (
    "bound: `ecart_max` of the model. The same years for every bound; the hand rule and hindsight have none.",
    "Tiers: mean of the years, and how much more that is than without a bound. Online, a bound may also help: what it "
    "forces is sometimes right.",
    "prefix max and mean: the `prefix` of the file contract; the worst year, and the mean of the years.",
    "with rights: the same maximum without the cells of réservataires that lag and have no right left (`solde`), "
    "whom no rule can serve.",
)


def measure(case: Case) -> dict[str, float]:
    """Return the tiers of a rule on a year under a bound (the case's variant), and the measures."""
    model = read_model(resolve_model(case.model))
    model = replace(model, ecart_max=float(case.variant) if case.variant else None)
    instance, start = plain(case.size, case.seed), perf_counter()
    result = _decided(instance, model, case)
    seconds = perf_counter() - start
    near = prefix(instance, result)
    measures = (
        float(len(result.decided)), seconds, near.max, near.mean, longest_with_rights(instance, result)
    )  # fmt: skip
    tiers = {TIER + tier.name: tier.value for tier in conclude(instance, result, case.policy, {}).tiers}
    return {**tiers, **dict(zip(MEASURES, measures, strict=True))}


def _decided(instance: Instance, model: Model, case: Case) -> Replay:
    if case.policy != OPTIMUM:
        return replay(instance, model, load(case.policy), case.seed)
    best = solve(instance, model, Options(seconds=LIMIT)).orientation[instance.liberations.en_flux]
    return decided_at_once(frame(instance, model), instance, best)


def rows_of(cases: Sequence[Case], out: Path, tell: Callable[[str], None]) -> list[Row]:
    """Measure the cases that ``OUT.csv`` does not have yet, and return the rows of all."""
    tiers = read_model(resolve_model(cases[0].model)).tiers
    kept = Rows(out, [*(TIER + tier.name for tier in tiers), *MEASURES])
    known, code = {row.case for row in kept.read()}, digest()
    for case in cases:
        if case not in known:
            row = Row(case, code, measure(case))
            kept.append(row)
            values = " / ".join(f"{value:.1f}" for value in row.tiers.values())
            told = f"{case.policy} {case.size} seed {case.seed} bound {case.variant or 'none'}: {values}"
            tell(f"{told}, prefix {row.measures['prefix_max']:.2f}, {row.measures['seconds']:.0f} s")
    found = {row.case: row for row in kept.read()}
    return [found[case] for case in cases]


@click.command()
@click.option("--sizes", default="300", show_default=True, help="Libérations of the years drawn.")
@click.option("--seeds", default="1-3", show_default=True, help="Draws of each size.")
@click.option(
    "--policy", default="anticipation", show_default=True, type=click.Choice(list(POLICIES)), help="The rule."
)
@click.option(
    "--model", default="reference", show_default=True, help="A model file, or a shipped one by name."
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Report to write, without suffix."
)
def main(sizes: str, seeds: str, policy: str, model: str, out: Path) -> None:
    """Replay drawn years under each bound and write OUT.csv (added to, row by row), .md and .svg."""
    try:
        years = [*product(numbers_in(sizes), numbers_in(seeds))]
    except ValueError as error:
        raise click.UsageError(f"numbers are given as 1-10 or 1,3,5: {error}") from None
    asked = [
        Case(name, bound, size, seed, model)
        for size, seed in years
        for name, bound in ((OPTIMUM, ""), (BASELINE, ""), *((policy, bound) for bound in BOUNDS))
    ]
    rows = rows_of(list(dict.fromkeys(asked)), out, click.echo)
    codes = ", ".join(dict.fromkeys(row.code for row in rows))
    closing = (*NOTES, f"Measured on the allocator's code with the digest {codes}.")
    title = f"The price of a bound on waiting: {policy}"
    write_markdown(out, title, [price(rows, size, policy) for size in numbers_in(sizes)], closing)
    plot_price(out, title, rows, policy)
    click.echo(f"{out}.md, {out}.csv, {out}.svg")


if __name__ == "__main__":
    main()
