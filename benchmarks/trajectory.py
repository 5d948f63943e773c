"""``python -m benchmarks.trajectory``: ten years of a bailleur of the region, planned by the whole command.

Prints seconds, memory and proven gaps of the plan by year and of its split by month.
"""

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import click
import numpy as np

from allocator.domain import SANS_SOLDE, Conventions, Instance
from allocator.drawing import DrawSettings, draw
from allocator.planning.projet import Offre, Projet, projet_of
from allocator.planning.projet.writing import write_projet
from benchmarks.measure import measure
from benchmarks.ours import ALLOCATOR, model_argument

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


@click.command()
@click.option(
    "--model", default="reference", show_default=True, help="A model file, or a shipped one by name."
)
@click.option("--years", default=10, show_default=True, help="Years of the projet.")
@click.option("--gap", default=0.001, show_default=True, help="Relative gap asked for.")
@click.option("--threads", default=2, show_default=True, help="Processes.")
def main(model: str, years: int, gap: float, threads: int) -> None:
    """Draw the projet, run ``allocator trajectory`` on it without mends, and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        projet = Path(folder) / "projet"
        write_projet(long_projet(SETTINGS, years), projet)
        out = Path(folder) / "trajectoire"
        options = ("--mends", "0", "--gap", f"{gap:g}", "--threads", str(threads))
        command = ("trajectory", str(projet), "--model", model_argument(model), "--out", str(out), *options)
        taken = measure([*ALLOCATOR, *command], float("inf"), Path(folder))
        if not (out / "trajectoire.json").is_file():
            raise click.ClickException(taken.errors)
        _print(json.loads((out / "trajectoire.json").read_text("utf-8")))
    click.echo(
        f"whole command: {taken.seconds:.1f} s ({taken.processor:.1f} s of processor), "
        f"{taken.megabytes:.0f} MB, exit {taken.code}"
    )


def _print(told: dict[str, object]) -> None:
    click.echo(f"released: {told['offre']}")
    for name, rows in (("tiers", told["tiers"]), ("months", told["mois"])):
        for row in rows:  # type: ignore[attr-defined]
            gap = (row["value"] - row["bound"]) / max(1.0, row["value"])
            label = row.get("name") or row["annee"]
            click.echo(f"{name} {label}: {row['value']:.4f}, bound {row['bound']:.4f}, gap {gap:.1e}")
    click.echo(f"seconds: {told['seconds']}")


if __name__ == "__main__":
    main()
