"""How long simulated years take, how near the fast rule comes to the slow one, and whether chances can be believed.

``python -m benchmarks.risk {years,rules,calibration} --out NAME`` writes ``NAME.md``.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import click
import numpy as np

from allocator.charts import Calibration, Heading, reliability, svg
from allocator.cli.arguments import resolve_model
from allocator.formats import read_instance, read_model
from allocator.planning.risque import calibration
from allocator.planning.risque.chances import chances, held
from allocator.planning.risque.course import measure
from allocator.planning.risque.simulated import Ask, play_all, simulated
from allocator.policies.catalogue import load
from allocator.policies.replaying.replay import conclude, replay
from benchmarks.conditions import conditions
from benchmarks.measure import ROOT
from benchmarks.risk_calibration import Case, Columns, foretold_projet, read, run

MODEL = "reference"
PROMISED = ("contractuel", "total", "petit")


@click.group()
def main() -> None:
    """Measure what ``allocator risk`` rests on."""
    os.environ["OMP_NUM_THREADS"] = "1"


def _ask(instance: str, draws: int, policy: str) -> Ask:
    read_ = read_instance(ROOT / "instances" / instance)
    return Ask(foretold_projet(read_), read_model(resolve_model(MODEL)), policy, draws, 1, 1)


@main.command(name="years")
@click.option("--instance", default="oph-dept", show_default=True)
@click.option("--years", "draws", default=200, show_default=True)
@click.option("--jobs", default=2, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), required=True)
def years_command(instance: str, draws: int, jobs: int, out: Path) -> None:
    """Time simulated years of a shipped instance, foretold from its historique, with the fast rule."""
    ask, start = _ask(instance, draws, "prix"), perf_counter()
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        played = play_all(ask, pool, lambda text: click.echo(text, err=True))
    seconds = perf_counter() - start
    told = chances([years[0] for years in played])
    lines = [
        f"{draws} simulated years of `{instance}` ({ask.projet.offre.attendu.sum():.0f} libérations expected in the "
        f"flux), rule `prix`, {jobs} processes: **{seconds / 60:.1f} minutes**, {seconds / draws:.2f} s a year.",
        "",
        f"Promises of which a whole dwelling is due in some year: {int((told.stake > 0).sum())}; kept with a "
        f"probability of 90 % and more: {int((told.probability[told.stake > 0] >= 0.9).sum())}.",
    ]
    _write(out, "Simulated years", lines)


@main.command(name="rules")
@click.option("--instance", default="oph-dept", show_default=True)
@click.option("--years", "number", default=10, show_default=True)
@click.option("--rules", default="prix,anticipation", show_default=True)
@click.option("--jobs", default=1, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), required=True)
def rules_command(instance: str, number: int, rules: str, jobs: int, out: Path) -> None:
    """Play the same simulated years with several rules."""
    names = rules.split(",")
    ask = _ask(instance, 200, names[0])
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        asked = [(year, rule) for year in range(number) for rule in names]
        found = []
        for (year, rule), told in zip(asked, pool.map(partial(_play, ask), asked), strict=True):
            found.append(told)
            click.echo(_row([str(year + 1), rule, *told]), err=True)
    tiers = [tier.name for tier in ask.model.tiers]
    header = ["year", "rule", *tiers, "promises kept", "of", "largest gap", "seconds"]
    lines = [_row(header), _row(["---"] * len(header))]
    lines += [_row([str(year + 1), rule, *told]) for (year, rule), told in zip(asked, found, strict=True)]
    for rule in names:
        mine = np.array(
            [
                [float(cell) for cell in told]
                for (_, name), told in zip(asked, found, strict=True)
                if name == rule
            ]
        )
        lines.append(_row(["mean", rule, *(f"{mean:.2f}" for mean in mine.mean(axis=0))]))
    _write(out, f"The same simulated years of `{instance}` under several rules", lines)


def _play(ask: Ask, asked: tuple[int, str]) -> list[str]:
    number, rule = asked
    projet = ask.projet
    year = simulated(ask, number, 0, projet.conventions[0], projet.historique)
    start = perf_counter()
    result = replay(year, ask.model, load(rule), ask.seed)
    seconds = perf_counter() - start
    went, solution = measure(year, result), conclude(year, result, rule, {})
    known = np.isin(result.frame.promises.sur, PROMISED) & (went.du[-1] >= 1.0 - 1e-9)
    kept = held(went.du[-1], went.recu[-1])[known]
    gap = np.abs(went.recu[-1] - went.du[-1])[known]
    return [
        *(f"{tier.value:.3f}" for tier in solution.tiers),
        str(int(kept.sum())),
        str(len(kept)),
        f"{gap.max(initial=0.0):.2f}",
        f"{seconds:.1f}",
    ]


@main.command(name="calibration")
@click.option("--seeds", default="0-47", show_default=True, help="First and last seed of the drawn years.")
@click.option("--draws", default=100, show_default=True, help="Simulated years for each drawn year.")
@click.option("--jobs", default=2, show_default=True)
@click.option(
    "--rows", type=click.Path(path_type=Path), help="CSV of the judged promises; read if it exists."
)
@click.option("--out", type=click.Path(path_type=Path), required=True)
def calibration_command(seeds: str, draws: int, jobs: int, rows: Path | None, out: Path) -> None:
    """Judge the chances of promises on drawn years, each foretold from the year before it."""
    first, last = map(int, seeds.split("-"))
    path = rows or out.with_suffix(".csv")
    if not path.exists():
        cases = [Case(seed, draws, MODEL, "prix") for seed in range(first, last + 1)]
        run(cases, path, jobs, lambda text: click.echo(text, err=True))
    judged = read(path)
    promised = np.isin(judged["sur"], PROMISED)
    stake = judged["stake"] > 0
    lines = [
        f"{len(np.unique(judged['seed']))} drawn years, {draws} simulated years each, rule `prix`. Only cells of "
        "which at least one whole dwelling was due.",
        "",
        *_coverage(judged, stake),
        "",
        *_reliability("Promises (contractuel, total, petit)", judged, stake & promised),
        "",
        *_reliability("All cells, indicative ones too", judged, stake),
    ]
    _write(out, "Whether the chances of promises can be believed", lines)
    out.with_suffix(".svg").write_bytes(svg(_plot(judged, stake, promised)))


def _coverage(judged: Columns, stake: calibration.Mask) -> list[str]:
    header = [
        "cells",
        "number",
        "inside 90 %",
        "below",
        "above",
        "mean width",
        "kept",
        "probability promised",
    ]
    lines = [_row(header), _row(["---"] * len(header))]
    low, high, gap = judged["low"], judged["high"], judged["ecart"]
    below, above = gap < low - 1e-6, gap > high + 1e-6
    for kind in ("contractuel", "total", "petit", "typologie", "financement", "qpv", "epci", "croise", "all"):
        mine = stake & ((judged["sur"] == kind) | (kind == "all"))
        if mine.any():
            shares = [
                1.0 - (below | above)[mine].mean(), below[mine].mean(), above[mine].mean(),
            ]  # fmt: skip
            means = [(high - low)[mine].mean(), 100 * judged["kept"][mine].mean()]
            means.append(100 * judged["probability"][mine].mean())
            percents = (f"{100 * share:.1f} %" for share in shares)
            lines.append(
                _row(
                    [kind, str(mine.sum()), *percents, f"{means[0]:.2f}", *(f"{m:.1f} %" for m in means[1:])]
                )
            )
    return lines


def _reliability(title: str, judged: Columns, chosen: calibration.Mask) -> list[str]:
    header = ["promised between", "mean probability", "kept", "cells"]
    return [
        f"**{title}**",
        "",
        _row(header),
        _row(["---"] * len(header)),
        *(
            _row(
                [
                    f"{100 * each.low:.0f} and {100 * each.high:.0f} %",
                    f"{100 * each.probability:.1f} %",
                    f"{100 * each.frequency:.1f} %",
                    str(each.number),
                ]
            )
            for each in calibration.reliability(judged["probability"][chosen], judged["kept"][chosen] > 0)
        ),
    ]


def _plot(judged: Columns, stake: calibration.Mask, promised: calibration.Mask) -> dict[str, object]:
    series = []
    for name, chosen in (("promesses", stake & promised), ("toutes les cases", stake)):
        bins = calibration.reliability(judged["probability"][chosen], judged["kept"][chosen] > 0)
        series.append(
            Calibration(
                name,
                [each.probability for each in bins],
                [each.frequency for each in bins],
                [each.number for each in bins],
            )
        )
    heading = Heading(
        "Probabilités annoncées et tenues", "Années tirées, chacune prévue d'après la précédente"
    )
    return reliability(heading, series)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _write(out: Path, title: str, lines: Sequence[str]) -> None:
    text = [f"# {title}", "", *lines, "", *(f"- {line}" for line in conditions()), ""]
    out.with_suffix(".md").write_text("\n".join(text), encoding="utf-8")
    click.echo("\n".join(text))


if __name__ == "__main__":
    main()
