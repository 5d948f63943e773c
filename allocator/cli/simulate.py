"""``allocator simulate``: replay a period day by day with a daily rule, and measure it."""

import json
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import click
import numpy as np

from allocator.cli.arguments import resolve_model
from allocator.cli.failures import DONE, STOPPED, exit_codes
from allocator.domain import Instance, Model, Solution
from allocator.engine.solve import Options, prepare
from allocator.engine.watch import allocate_watched
from allocator.formats import read_instance, read_model, write_solution
from allocator.formats.writing import Write, write_together
from allocator.policies.catalogue import POLICIES, load
from allocator.policies.course import COURS, course, write_course
from allocator.policies.picture import IMAGE, require, write_picture
from allocator.policies.prefix import Prefix, prefix
from allocator.policies.replay import Replay, conclude, replay

REGLES: Final = "\b\nRègles :\n" + "\n".join(f"  {name:<14}{text}" for name, text in POLICIES.items())

BASELINE: Final = "pratique"
"""The rule that the gap to the optimum is measured from."""

OPTIMUM: Final = "optimum"
"""Name of what hindsight gives, in tables, documents and folders."""


@dataclass(frozen=True, slots=True, eq=False)
class _Ask:
    """What is to be replayed; ``reading`` is the seconds that reading it took."""

    instance: Instance
    model: Model
    seed: int
    reading: float


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """One rule on one period, or hindsight: what it did, how it measures, and the seconds that it took."""

    policy: str
    replay: Replay
    solution: Solution
    prefix: Prefix
    seconds: float

    def day_ms(self, percent: float) -> float:
        """Return a percentile of the milliseconds a day, 0 without a day."""
        return float(np.percentile(self.replay.day_ms, percent)) if len(self.replay.day_ms) else 0.0


def _names(_ctx: click.Context, _param: click.Parameter, text: str | None) -> tuple[str, ...]:
    """Return the names in a list such as ``pratique,glouton``, each once."""
    return tuple(dict.fromkeys(name.strip() for name in (text or "").split(",") if name.strip()))


@click.command(name="simulate", epilog=REGLES)
@click.argument("instance", metavar="INSTANCE", type=click.Path(path_type=Path))
@click.option(
    "--model", "model", metavar="MODÈLE", required=True, help="Fichier TOML ou nom d'un modèle livré."
)
@click.option("--policy", "policy", metavar="NOM", help="Règle quotidienne (liste plus bas).")
@click.option(
    "--compare",
    "compared",
    metavar="NOM,NOM…",
    callback=_names,
    help="Plusieurs règles côte à côte, avec l'optimum a posteriori ; à la place de --policy.",
)
@click.option(
    "--out",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Dossier où écrire preorientations.csv, ecarts.csv, cours.csv et solution.json "
    "(avec --compare, un sous-dossier par règle).",
)
@click.option(
    "--image", "image", is_flag=True, help="Écrit aussi cours.svg : le dû et le reçu au fil de l'année."
)
@click.option(
    "--seed",
    "seed",
    metavar="N",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Graine de ce que la règle tire au sort.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit les mesures en JSON sur la sortie standard.")
@exit_codes
def simulate_command(
    instance: Path,
    model: str,
    policy: str | None,
    compared: tuple[str, ...],
    out: Path | None,
    image: bool,
    seed: int,
    as_json: bool,
) -> int:
    """Rejoue INSTANCE jour après jour avec une règle quotidienne.

    Chaque jour, la règle voit le passé, les libérations du jour et l'historique, jamais la suite. Le résultat
    se vérifie par « allocator check ». « prefix » est l'écart au prorata en cours d'année, en logements.
    """
    if (policy is None) == (not compared):
        raise click.UsageError("il faut --policy ou --compare, l'un ou l'autre")
    if image and out is None:
        raise click.UsageError("--image demande --out")
    with _terminable():
        names = tuple(dict.fromkeys((BASELINE, *compared))) if policy is None else (policy,)
        for name in names:
            load(name)
        if image:
            require()
        start = perf_counter()
        read = read_instance(instance, warn=lambda text: click.echo(text, err=True))
        rules = read_model(resolve_model(model))
        ask = _Ask(read, rules, seed, perf_counter() - start)
        runs = [_run(ask, name) for name in names]
        ended = True
        if policy is None:
            best, ended = _hindsight(ask, runs[0].replay)
            runs.append(best)
        if out is not None:
            for run in runs:
                _write(out / run.policy if policy is None else out, read, rules, run, image)
    _show(read, runs, compared=policy is None, as_json=as_json)
    if out is not None:
        files = f"preorientations.csv, ecarts.csv, solution.json, {COURS.file}" + (
            f", {IMAGE}" if image else ""
        )
        where = f"{out}/" if policy else f"un sous-dossier par règle de {out}/"
        click.echo(f"Fichiers écrits dans {where} : {files}", err=True)
    return DONE if ended else STOPPED


@contextmanager
def _terminable() -> Iterator[None]:
    """End in order on SIGTERM, as on Ctrl-C: what was replayed of a period is no result, and is not written."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _run(ask: _Ask, policy: str) -> _Run:
    start = perf_counter()
    with _progress(policy) as tell:
        result = replay(ask.instance, ask.model, load(policy), ask.seed, tell=tell)
    return _measured(ask, policy, result, perf_counter() - start)


def _hindsight(ask: _Ask, played: Replay) -> tuple[_Run, bool]:
    """Return the optimum of the whole period, and whether it is proven."""
    start = perf_counter()
    with _progress(OPTIMUM) as tell:
        standing, ended = allocate_watched(prepare(ask.instance, ask.model), Options(), tell)
    result = Replay(played.frame, standing.holder, standing.holder, played.days, np.empty(0))
    run = _measured(ask, OPTIMUM, result, perf_counter() - start)
    proven = all(
        tier.value - bound <= 1e-6 * max(1.0, abs(tier.value))
        for tier, bound in zip(run.solution.tiers, standing.bounds, strict=True)
    )
    return run, ended and proven


def _measured(ask: _Ask, policy: str, result: Replay, seconds: float) -> _Run:
    solution = conclude(ask.instance, result, policy, {"read": ask.reading, "solve": seconds})
    return _Run(policy, result, solution, prefix(ask.instance, result), seconds)


@contextmanager
def _progress(policy: str) -> Iterator[Callable[[str], None]]:
    """Show progress on one line of standard error, nothing when that is not a terminal."""
    if not sys.stderr.isatty():
        yield lambda _text: None
        return
    try:
        yield lambda text: click.echo(f"\r\033[K  … {policy}, {text}", err=True, nl=False)
    finally:
        click.echo("\r\033[K", err=True, nl=False)


def _write(out: Path, instance: Instance, model: Model, run: _Run, image: bool) -> None:
    known = course(instance, run.replay)
    files: dict[str, Write] = {COURS.file: partial(write_course, instance=instance, known=known)}
    if image:
        title = "optimum a posteriori" if run.policy == OPTIMUM else f"règle « {run.policy} »"
        files[IMAGE] = partial(write_picture, instance=instance, result=run.replay, known=known, title=title)
    write_together(out, files, stale=[] if image else [IMAGE])
    write_solution(out, instance, model, run.solution)


def _show(instance: Instance, runs: Sequence[_Run], *, compared: bool, as_json: bool) -> None:
    """Print what is asked for on standard output, and what one rule did on standard error."""
    if as_json:
        documents = [_document(run) for run in runs]
        if compared:
            for run, document in zip(runs, documents, strict=True):
                document["closed"] = _closed(runs[0], run, runs[-1])
        shown = documents if compared else documents[0]
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    elif compared:
        click.echo(_table(runs))
    if not compared:
        click.echo(_told(instance, runs[0]), err=True)


def _document(run: _Run) -> dict[str, Any]:
    """Return what ``--json`` prints of a rule, keys in the contract's order."""
    return {
        "policy": run.policy,
        "tiers": [{"name": tier.name, "value": tier.value + 0.0} for tier in run.solution.tiers],
        "prefix": {"max": run.prefix.max, "mean": run.prefix.mean},
        "days": len(run.replay.days),
        "seconds": round(run.seconds, 6),
        "day_ms": {"median": round(run.day_ms(50), 3), "p99": round(run.day_ms(99), 3)},
    }


def _closed(worst: _Run, run: _Run, best: _Run) -> list[float | None]:
    """Return the share of the gap from the hand rule to hindsight that a rule closes, one entry a tier.

    ``None`` where hindsight is no better: a tier may pay for those before it.
    """
    return [
        (hand.value - tier.value) / gap
        if (gap := hand.value - least.value) > 1e-6 * max(1.0, abs(hand.value))
        else None
        for hand, tier, least in zip(
            worst.solution.tiers, run.solution.tiers, best.solution.tiers, strict=True
        )
    ]


def _table(runs: Sequence[_Run]) -> str:
    """Return the rules side by side, hindsight last."""
    tiers = [word for tier in runs[0].solution.tiers for word in (tier.name, "comblé")]
    rows = [["règle", *tiers, "prorata max", "moyen", "ms/jour", "99e c."]]
    for run in runs:
        cells = []
        for tier, share in zip(run.solution.tiers, _closed(runs[0], run, runs[-1]), strict=True):
            cells += [_nombre(tier.value, 2), "—" if share is None else f"{_nombre(100 * share, 0)} %"]
        daily = (
            ["—", "—"] if run.policy == OPTIMUM else [_nombre(run.day_ms(50), 1), _nombre(run.day_ms(99), 1)]
        )
        rows.append([run.policy, *cells, _nombre(run.prefix.max, 2), _nombre(run.prefix.mean, 2), *daily])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows
    ]
    note = (
        f"comblé : part de l'écart de « {BASELINE} » à l'optimum a posteriori ; "
        "prorata : écart en cours d'année, en logements."
    )
    return "\n".join([lines[0], "─" * max(map(len, lines)), *lines[1:], note])


def _told(instance: Instance, run: _Run) -> str:
    total, kept = len(run.replay.decided), int((run.replay.decided < 0).sum())
    return "\n".join(
        [
            f"{instance.nom} — du {instance.debut:%d/%m/%Y} au {instance.fin:%d/%m/%Y}, règle « {run.policy} »",
            f"{_nombre(total, 0)} libérations en flux sur {len(run.replay.days)} jours : "
            f"{_nombre(total - kept, 0)} orientées vers un réservataire, {_nombre(kept, 0)} laissées au bailleur.",
            *(
                f"  priorité {number}, {tier.name} : {_nombre(tier.value, 4)}"
                for number, tier in enumerate(run.solution.tiers, start=1)
            ),
            f"Écart au prorata en cours d'année : {_nombre(run.prefix.max, 2)} logement au plus, "
            f"{_nombre(run.prefix.mean, 2)} en moyenne.",
            f"{_nombre(run.seconds, 2)} s en tout ; par jour, {_nombre(run.day_ms(50), 1)} ms en médiane, "
            f"{_nombre(run.day_ms(99), 1)} ms au 99e centile.",
        ]
    )


def _nombre(value: float, decimals: int) -> str:
    """Return a number as French writes it; what rounds to zero has no sign."""
    text = f"{round(value, decimals) + 0.0:,.{decimals}f}"
    return text.replace(",", "\u202f").replace(".", ",").replace("-", "−")
