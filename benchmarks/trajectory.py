"""``python -m benchmarks.trajectory``: ten years of a bailleur of the region, planned by the whole command.

Tells seconds, memory and proven gaps of the plan by year and of its split by month, beside the same years planned
each for itself and beside one year alone.
"""

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import click
import numpy as np

from allocator.cli.arguments import resolve_model
from allocator.domain import SANS_SOLDE, Conventions, Instance
from allocator.drawing import DrawSettings, draw
from allocator.planning.projet import Offre, Projet, projet_of
from allocator.planning.projet.writing import write_projet
from benchmarks.measure import Measured, measure
from benchmarks.ours import ALLOCATOR
from benchmarks.report import Table, write_markdown

SETTINGS = DrawSettings(seed=3, size=10_000, communes=220, tension=0.95, conflict=0.4, bailleur=3)


def long_projet(settings: DrawSettings, years: int) -> Projet:
    """Return a projet of years that each expect the mean of the drawn year and of the one before it.

    Conventions and wishes stay as drawn; what is expected moves by ±8 % a year (seeded by the settings); rights left
    are those of a year times the years; a ``volume`` of the year comes back every year.
    """
    instance = draw(settings)
    once = projet_of(instance)
    assert instance.historique is not None
    offre = _mean(once.offre, projet_of(replace(instance, liberations=instance.historique)).offre)
    moved = np.random.default_rng(settings.seed).uniform(0.92, 1.08, years)
    return replace(
        once,
        annees=years,
        conventions=tuple(_in_year(instance, year, years) for year in range(years)),
        indicatifs=(instance.indicatifs,) * years,
        offre=Offre(
            np.tile(offre.commune, years),
            np.tile(offre.typologie, years),
            np.tile(offre.financement, years),
            np.tile(offre.qpv, years),
            np.repeat(np.arange(years, dtype=np.int16), len(offre)),
            (moved[:, None] * offre.attendu).ravel(),
        ),
    )


def _in_year(instance: Instance, year: int, years: int) -> Conventions:
    drawn = instance.conventions
    solde = np.where(drawn.solde == SANS_SOLDE, SANS_SOLDE, drawn.solde * years)
    return replace(drawn, report=drawn.report if year == 0 else np.zeros(len(drawn)), solde=solde)


def _mean(one: Offre, other: Offre) -> Offre:
    """Return what two years expect on average."""
    rows = [(row.commune, row.typologie, row.financement, row.qpv) for row in (one, other)]
    keys = np.concatenate([np.stack(columns).astype(np.int64) for columns in rows], axis=1)
    classes, of_row = np.unique(keys, axis=1, return_inverse=True)
    attendu = np.bincount(of_row.ravel(), np.concatenate([one.attendu, other.attendu])) / 2
    commune, typologie, financement, qpv = classes
    small = (typologie.astype(np.int8), financement.astype(np.int8), qpv.astype(np.int8))
    return Offre(commune.astype(np.int32), *small, np.zeros(len(attendu), np.int16), attendu)


@dataclass(frozen=True, slots=True)
class Run:
    """A whole command: what it said (``trajectoire.json``), and what it took."""

    label: str
    told: dict[str, Any]
    taken: Measured

    @property
    def released(self) -> int:
        """Dwellings of all years."""
        return int(sum(self.told["offre"]))

    def gap(self, rows: str) -> float:
        """Return the largest relative gap of the ``tiers``, or of the years split by month (``mois``)."""
        return max((row["value"] - row["bound"]) / max(1.0, row["value"]) for row in self.told[rows])


@click.command()
@click.option(
    "--model", default="reference", show_default=True, help="A model file, or a shipped one by name."
)
@click.option("--years", default=10, show_default=True, help="Years of the projet.")
@click.option("--size", default=SETTINGS.size, show_default=True, help="Libérations drawn for a year.")
@click.option("--gap", default=0.001, show_default=True, help="Relative gap asked for.")
@click.option("--threads", default=2, show_default=True, help="Processes.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Table goes to OUT.md.")
def main(model: str, years: int, size: int, gap: float, threads: int, out: Path) -> None:
    """Plan a projet all years together, each year for itself, and one year alone, by the whole command."""
    rules = resolve_model(model).read_text("utf-8")
    settings = replace(SETTINGS, size=size)
    runs = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for label, report, count in (
            ("all years together", "cumul", years),
            ("each year for itself", "annuel", years),
            ("one year", "cumul", 1),
        ):
            chosen = folder / f"{report}.toml"
            chosen.write_text(f'{rules}\n[trajectoire]\nreport = "{report}"\n', "utf-8")
            runs.append(_run(folder, label, long_projet(settings, count), (chosen, gap, threads)))
            click.echo(f"{label}: {runs[-1].taken.seconds:.1f} s", err=True)
    write_markdown(out, "Years ahead", [table(runs, years)], NOTES)
    click.echo(f"{out}.md")


NOTES: Final = (
    'All years together: gaps are carried from year to year (`report = "cumul"`), one program for all. Each year for '
    'itself: the same years, nothing carried (`"annuel"`), as planners do who solve one year after another.',
    "tiers: of each run's own counting, so not to be compared: a gap that is carried counts in every year it lasts.",
    "time/linear: what the run took over the years that it plans times what one year takes, whole commands.",
    "gap: the largest of the tiers, relative to the value; by month: the largest of the years' splits.",
)


def table(runs: Sequence[Run], years: int) -> Table:
    """Return the runs side by side; the last one is one year alone."""
    one = runs[-1].taken.seconds
    rows = []
    for run in runs:
        count = 1 if run is runs[-1] else years
        rows.append(
            (
                run.label,
                str(count),
                str(run.released),
                f"{run.taken.seconds:.1f}",
                f"{run.taken.seconds / (count * one):.2f}",
                f"{run.taken.processor:.1f}",
                f"{run.taken.megabytes:.0f}",
                " / ".join(f"{tier['value']:.4g}" for tier in run.told["tiers"]),
                f"{run.gap('tiers'):.1e}",
                f"{run.gap('mois'):.1e}",
            )
        )
    columns = (
        "run", "years", "flux", "seconds", "time/linear", "processor (s)", "MB", "tiers", "gap", "by month",
    )  # fmt: skip
    return Table(
        "Ten years, eight départements, 220 communes" if years == 10 else "Years", columns, tuple(rows)
    )


def _run(folder: Path, label: str, projet: Projet, how: tuple[Path, float, int]) -> Run:
    model, gap, threads = how
    source, out = folder / "projet", folder / "trajectoire"
    for each in (source, out):
        shutil.rmtree(each, ignore_errors=True)
    write_projet(projet, source)
    options = ("--mends", "0", "--gap", f"{gap:g}", "--threads", str(threads))
    command = ("trajectory", str(source), "--model", str(model), "--out", str(out), *options)
    taken = measure([*ALLOCATOR, *command], float("inf"), folder)
    if not (out / "trajectoire.json").is_file():
        raise click.ClickException(taken.errors)
    return Run(label, json.loads((out / "trajectoire.json").read_text("utf-8")), taken)


if __name__ == "__main__":
    main()
