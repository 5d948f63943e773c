"""``python -m benchmarks.scale``: the whole command from a small office to ten regions side by side."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from benchmarks.measure import ROOT
from benchmarks.ours import allocator, median, model_argument
from benchmarks.outcome import PHASES, Outcome
from benchmarks.report import Series, Table, gap_text, plot, seconds_text, write_csv, write_markdown

SHIPPED: Final = ("demo", "oph-dept", "esh-idf")

DRAWN: Final[Mapping[str, tuple[str, ...]]] = {
    "region": ("--seed", "4", "--size", "75000"),
    "ten-regions": ("--seed", "4", "--size", "75000", "--copies", "10"),
    "ten-regions-tied": ("--seed", "4", "--size", "75000", "--copies", "10", "--tied"),
}
"""Instances drawn on the spot, with the arguments of ``allocator instance draw``."""

UNIT: Final = "region"
"""What ten of are measured against."""

TEN: Final = ("ten-regions", "ten-regions-tied")

NOTES: Final = (
    "whole: seconds of the command `allocator solve` from start to end, interpreter included; read, build, "
    "solve and write are those of its `solution.json`. Median of the runs.",
    "time/linear and memory/linear: what ten regions took, over ten times what one took. The aim is 1.2.",
    "peak: the larger of the largest process and of all processes together, shared pages counted once.",
)


@click.command()
@click.option(
    "--model", default="reference", show_default=True, help="A model file, or a shipped one by name."
)
@click.option(
    "--only", default=",".join((*SHIPPED, *DRAWN)), show_default=True, help="Which, separated by commas."
)
@click.option(
    "--draws", type=click.Path(path_type=Path), help="Folder that keeps the draws from one run to the next."
)
@click.option("--limit", default=600.0, show_default=True, help="Seconds allowed to each run.")
@click.option("--repeat", default=3, show_default=True, help="Runs of each; the median one counts.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Report to write, without suffix."
)
def main(model: str, only: str, draws: Path | None, limit: float, repeat: int, out: Path) -> None:
    """Time the allocator on instances of growing size, check its answers, and write OUT.md, .csv, .svg."""
    names = [name.strip() for name in only.split(",") if name.strip()]
    if unknown := [name for name in names if name not in (*SHIPPED, *DRAWN)]:
        raise click.UsageError(f"unknown instances: {', '.join(unknown)}")
    outcomes: dict[str, Outcome] = {}
    with _folder(draws) as drawn:
        for name in names:
            outcomes[name] = median(_instance(name, drawn), model_argument(model), limit, repeat)
            click.echo(f"{name}: {outcomes[name].ended}, {outcomes[name].whole:.2f} s")
    _report(out, Path(model).stem, list(outcomes.items()))
    click.echo(f"{out}.md, {out}.csv, {out}.svg")


@contextmanager
def _folder(draws: Path | None) -> Iterator[Path]:
    if draws is not None:
        draws.mkdir(parents=True, exist_ok=True)
        yield draws.resolve()
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _instance(name: str, drawn: Path) -> Path:
    if name in SHIPPED:
        return ROOT / "instances" / name
    if not (drawn / name).is_dir():
        click.echo(f"{name}: drawn")
        if allocator("instance", "draw", str(drawn / name), *DRAWN[name]):
            raise click.ClickException(f"{name} could not be drawn")
    return drawn / name


def _growth(name: str, outcomes: Mapping[str, Outcome]) -> tuple[float, float] | None:
    """Return time and memory of ten regions over ten times those of one."""
    if name not in TEN or UNIT not in outcomes:
        return None
    one, ten = outcomes[UNIT], outcomes[name]
    return ten.whole / (10 * one.whole), ten.megabytes / (10 * one.megabytes)


def _report(out: Path, model: str, outcomes: Sequence[tuple[str, Outcome]]) -> None:
    known = dict(outcomes)
    title = f"From an office to ten regions: model {model}"
    runs = Table(
        "Runs",
        ("instance", "flux", *(f"{phase} (s)" for phase in PHASES), "whole (s)", "processor (s)", "peak (MB)",
         "time/linear", "memory/linear", "ended", "check"),
        tuple(_run(name, outcome, _growth(name, known)) for name, outcome in outcomes),
    )  # fmt: skip
    tiers = Table(
        "Tiers",
        ("instance", "tier", "value", "proven bound", "gap"),
        tuple(
            (name, tier.name, f"{tier.value:.6f}", f"{tier.bound:.6f}", gap_text(tier.gap))
            for name, outcome in outcomes
            for tier in outcome.tiers
        ),
    )
    write_markdown(out, title, (runs, tiers), NOTES)
    write_csv(out, [_record(name, outcome, _growth(name, known)) for name, outcome in outcomes])
    plot(out, title, _series(outcomes), linear=True)


def _run(name: str, outcome: Outcome, growth: tuple[float, float] | None) -> tuple[str, ...]:
    return (
        name,
        str(outcome.liberations),
        *(seconds_text(outcome.phases[phase]) for phase in PHASES),
        seconds_text(outcome.whole),
        seconds_text(outcome.processor),
        f"{outcome.megabytes:.0f}",
        *(f"{ratio:.2f}" for ratio in growth or ()),
        *("" for _ in range(0 if growth else 2)),
        outcome.ended,
        "agrees" if outcome.checked else "disagrees",
    )


def _record(name: str, outcome: Outcome, growth: tuple[float, float] | None) -> dict[str, object]:
    return {
        "instance": name,
        "flux": outcome.liberations,
        **{f"{phase}_s": round(outcome.phases[phase], 3) for phase in PHASES},
        "whole_s": round(outcome.whole, 3),
        "processor_s": round(outcome.processor, 3),
        "peak_mb": round(outcome.megabytes),
        "time_over_linear": round(growth[0], 3) if growth else "",
        "memory_over_linear": round(growth[1], 3) if growth else "",
        "ended": outcome.ended,
        "worst_gap": outcome.worst_gap,
        "check": outcome.checked,
    }


def _series(outcomes: Sequence[tuple[str, Outcome]]) -> list[Series]:
    def points(names: Sequence[str]) -> tuple[tuple[int, float, bool], ...]:
        return tuple((o.liberations, o.whole, o.proven) for name, o in outcomes if name in names)

    main_line = Series("allocator, whole command", points((*SHIPPED, UNIT, TEN[0])))
    tied = Series("ten regions tied by one réservataire", points((TEN[1],)))
    return [series for series in (main_line, tied) if series.points]


if __name__ == "__main__":
    main()
