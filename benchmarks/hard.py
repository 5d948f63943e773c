"""``python -m benchmarks.hard``: instances where integrality bites between tiers, and their table of gaps."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from pathlib import Path
from typing import Final

import click
import numpy as np

from allocator.cli.arguments import resolve_model
from allocator.domain import Instance
from allocator.drawing import DrawSettings, draw
from allocator.formats import read_instance, read_model, write_instance
from benchmarks.measure import ROOT
from benchmarks.mutations import MUTATIONS
from benchmarks.ours import median, model_argument
from benchmarks.outcome import Outcome, TierOutcome
from benchmarks.peers.process import run
from benchmarks.plain_model import HULL, write_model
from benchmarks.relaxation import relaxations
from benchmarks.report import GAP, Table, gap_text, seconds_text, write_csv, write_markdown

SIZES: Final = (60, 200, 600, 2000)
MODELS: Final = ("reference", "egalitaire", "relatif", str(ROOT / "benchmarks" / "models" / "tout-max.toml"))

NOTES: Final = (
    "relaxation: optimum of the tier's linear relaxation on the hull, whole, under a lock row for each tier "
    "before at the value shown; computed apart from the engine. Integrality bites where the value is above "
    "it by more than a millionth.",
    "bound and gap: what `solution.json` claims. check: what `allocator check` says of it.",
    "second solver: whether HiGHS on the hull, tier after tier under lock rows, proves the same value; asked "
    "on the smaller instances only.",
    "Instances are drawn with a tension of 1.3 and a conflict of 0.8, then changed: perturbed targets, "
    "overlapping territories, volumes above supply, rights that run out, crossed wishes. `tout-max` mixes "
    "norms max and sums in each tier.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A tier of a run, with its relaxation."""

    instance: str
    model: str
    outcome: Outcome
    tier: TierOutcome
    relaxation: float
    second: str

    @property
    def bites(self) -> bool:
        """Whether the tier's value is above its relaxation."""
        return self.tier.value - self.relaxation > GAP * max(1.0, abs(self.tier.value))


@click.command()
@click.option("--sizes", default=",".join(map(str, SIZES)), show_default=True, help="Libérations drawn.")
@click.option("--seeds", default=1, show_default=True, help="Draws of each size and change.")
@click.option("--models", default=",".join(MODELS), help="Model files, or shipped ones by name.")
@click.option("--second", default=600, show_default=True, help="Largest size put to a second solver too.")
@click.option("--limit", default=60.0, show_default=True, help="Seconds allowed to each run.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Report to write, without suffix."
)
def main(sizes: str, seeds: int, models: str, second: int, limit: float, out: Path) -> None:
    """Solve hard instances with several models and write OUT.md and OUT.csv, one line a tier."""
    rows: list[Row] = []
    asked = list(product(map(int, sizes.split(",")), MUTATIONS, range(seeds), models.split(",")))
    for size, change, seed, model in asked:
        name = f"{change}-{size}-{seed}"
        for row in _run(name, _draw(size, change, seed), model, limit, confirm=size <= second):
            rows.append(row)
            click.echo(_told(row))
    _report(out, rows, limit)
    click.echo(f"{_verdict(rows)}\n{out}.md, {out}.csv")


def _draw(size: int, change: str, seed: int) -> Instance:
    settings = DrawSettings(
        seed=seed,
        size=size,
        departements=("93", "95"),
        tension=1.3,
        conflict=0.8,
        petits=2.0,
        historique=False,
    )
    rng = np.random.default_rng([seed, size])
    return reduce(lambda instance, mutation: mutation(instance, rng), MUTATIONS[change], draw(settings))


def _run(name: str, instance: Instance, model: str, limit: float, *, confirm: bool) -> Iterator[Row]:
    """Solve an instance with a model, and yield a row a tier."""
    with tempfile.TemporaryDirectory() as folder:
        path, argument = Path(folder) / name, model_argument(model)
        write_instance(instance, path)
        outcome = median(path, argument, limit, 1)
        if not outcome.tiers:
            raise click.ClickException(f"{name}, {model}: {outcome.ended}, no result")
        other = run("highs-hull", path, argument, limit) if confirm else None
        tiered = write_model(read_instance(path), read_model(resolve_model(model)), HULL)
    lowest = relaxations(tiered, [tier.value for tier in outcome.tiers])
    for number, (tier, relaxation) in enumerate(zip(outcome.tiers, lowest, strict=True)):
        second = _second(tier, other.tiers[number] if other and other.tiers else None)
        yield Row(name, Path(model).stem, outcome, tier, relaxation, second)


def _second(tier: TierOutcome, other: TierOutcome | None) -> str:
    """Compare a tier with what the second solver proved of it."""
    if other is None:
        return ""
    if not other.proven:
        return "not proven"
    return (
        "same" if abs(other.value - tier.value) <= GAP * max(1.0, abs(tier.value)) else f"{other.value:.6f}"
    )


def _told(row: Row) -> str:
    bites = "bites" if row.bites else "does not bite"
    said = (row.instance, row.model, row.tier.name, f"{row.tier.value:.6g}", bites, gap_text(row.tier.gap))
    return ", ".join([*said, *([f"second solver: {row.second}"] if row.second else [])])


def _verdict(rows: Sequence[Row]) -> str:
    """Say how often integrality bit and how much of that is proven."""
    bitten = [row for row in rows if row.bites]
    gaps = [row.tier.gap for row in rows if row.tier.gap is not None and not row.tier.proven]
    worst = f", the others within {max(gaps):.2g}" if gaps else ""
    silent = sum(row.tier.gap is None for row in rows)
    without = f", {silent} without a bound" if silent else ""
    return (
        f"{len(rows)} tiers of {len({(row.instance, row.model) for row in rows})} runs: integrality bit in "
        f"{len(bitten)}, {sum(row.tier.proven for row in bitten)} of them proven; "
        f"{sum(row.tier.proven for row in rows)} proven of all{worst}{without}; "
        f"a second solver proved {sum(row.second == 'same' for row in rows)} and contradicted "
        f"{sum(row.second not in ('', 'same', 'not proven') for row in rows)}; "
        f"`check` disagreed with {sum(not row.outcome.checked for row in rows)}."
    )


def _report(out: Path, rows: Sequence[Row], limit: float) -> None:
    shown = [row for row in rows if row.bites or not row.tier.proven or not row.outcome.checked]
    columns = (
        "instance",
        "flux",
        "model",
        "tier",
        "relaxation",
        "value",
        "proven bound",
        "gap",
        "second solver",
        "run (s)",
        "check",
    )
    tables = (
        Table(
            "By model and size", ("model", "size", "tiers", "bitten", "proven", "slowest (s)"), _summary(rows)
        ),
        Table("Tiers where integrality bites, or that are not proven", columns, tuple(map(_cells, shown))),
    )
    title = f"Where whole dwellings get in the way: {limit:g} s at most"
    write_markdown(out, title, tables, (_verdict(rows), *NOTES))
    write_csv(out, [_record(row) for row in rows])


def _summary(rows: Sequence[Row]) -> tuple[tuple[str, ...], ...]:
    lines = []
    for model, size in dict.fromkeys((row.model, row.instance.split("-")[1]) for row in rows):
        mine = [row for row in rows if row.model == model and row.instance.split("-")[1] == size]
        numbers = (len(mine), sum(row.bites for row in mine), sum(row.tier.proven for row in mine))
        slowest = seconds_text(max(row.outcome.whole for row in mine))
        lines.append((model, size, *map(str, numbers), slowest))
    return tuple(lines)


def _cells(row: Row) -> tuple[str, ...]:
    tier = row.tier
    return (
        row.instance,
        str(row.outcome.liberations),
        row.model,
        tier.name,
        f"{row.relaxation:.6f}",
        f"{tier.value:.6f}",
        "—" if tier.bound is None else f"{tier.bound:.6f}",
        gap_text(tier.gap),
        row.second,
        seconds_text(row.outcome.whole),
        "agrees" if row.outcome.checked else "disagrees",
    )


def _record(row: Row) -> dict[str, object]:
    return {
        "instance": row.instance,
        "flux": row.outcome.liberations,
        "model": row.model,
        "tier": row.tier.name,
        "relaxation": row.relaxation,
        "value": row.tier.value,
        "bound": row.tier.bound,
        "gap": row.tier.gap,
        "bites": row.bites,
        "second": row.second,
        "whole_s": round(row.outcome.whole, 3),
        "ended": row.outcome.ended,
        "check": row.outcome.checked,
    }


if __name__ == "__main__":
    main()
