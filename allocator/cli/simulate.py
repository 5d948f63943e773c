"""``allocator simulate``: replay a period day by day with a daily rule, and measure it."""

import json
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final

import click

from allocator.cli.arguments import resolve_model
from allocator.cli.failures import DONE, STOPPED, exit_codes
from allocator.cli.options import model_option
from allocator.cli.progress import one_line
from allocator.cli.simulate_decisions import decided_by_name
from allocator.cli.simulate_report import BASELINE, OPTIMUM, Run, document, documents, summary, table
from allocator.domain import Instance, Model
from allocator.engine.solve import Options, prepare
from allocator.engine.watch import allocate_watched
from allocator.formats import BadInput, Fault, read_instance, read_model, write_solution
from allocator.formats.daily_schema import COMPTES, COURS
from allocator.formats.result_writer import DOCUMENT
from allocator.formats.schema import ECARTS, PREORIENTATIONS
from allocator.formats.writing import Write
from allocator.policies.catalogue import POLICIES, load
from allocator.policies.replaying.aleas import SHIPPED, Aleas, read_aleas
from allocator.policies.replaying.comptes import comptes, write_comptes
from allocator.policies.replaying.course import course, write_course
from allocator.policies.replaying.overrides import Override, as_proposed
from allocator.policies.replaying.picture import IMAGE, write_picture
from allocator.policies.replaying.prefix import prefix
from allocator.policies.replaying.replay import Replay, conclude, decided_at_once, replay
from allocator.policies.situation import Frame

REGLES: Final = "\b\nRègles :\n" + "\n".join(f"  {name:<14}{text}" for name, text in POLICIES.items())

DEFAUT: Final = "defaut"
"""Name of the shipped rates."""


@dataclass(frozen=True, slots=True, eq=False)
class _Ask:
    """What is to be replayed, what is decided in place of proposals; ``reading`` is the seconds that reading took."""

    instance: Instance
    model: Model
    seed: int
    aleas: Aleas | None
    override: Override
    reading: float


def _names(_ctx: click.Context, _param: click.Parameter, text: str | None) -> tuple[str, ...]:
    """Return the names in a list such as ``pratique,glouton``, each once."""
    return tuple(dict.fromkeys(name.strip() for name in (text or "").split(",") if name.strip()))


@click.command(name="simulate", epilog=REGLES)
@click.argument("instance", metavar="INSTANCE", type=click.Path(path_type=Path))
@model_option
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
    help="Dossier où écrire preorientations.csv, ecarts.csv, cours.csv et solution.json (avec --aleas, "
    "comptes.csv aussi ; avec --compare, un sous-dossier par règle).",
)
@click.option(
    "--image", "image", is_flag=True, help="Écrit aussi cours.svg : le dû et le reçu au fil de l'année."
)
@click.option(
    "--aleas",
    "aleas",
    metavar="FICHIER",
    help="Tire au sort comment finit chaque pré-orientation (bail, refus, sans candidat, rendu), et compte selon "
    "[comptage] du modèle. Un fichier TOML de taux, ou « defaut » pour des hypothèses livrées.",
)
@click.option(
    "--decisions",
    "decisions",
    metavar="FICHIER",
    type=click.Path(path_type=Path),
    help="Ce qui est décidé de certaines libérations au lieu de ce que la règle propose : colonnes liberation et "
    "reservataire, comme preorientations.csv.",
)
@click.option(
    "--seed",
    "seed",
    metavar="N",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Graine de ce que la règle tire au sort, et des aléas.",
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
    aleas: str | None,
    decisions: Path | None,
    seed: int,
    as_json: bool,
) -> int:
    """Rejoue INSTANCE jour après jour avec une règle quotidienne.

    Chaque jour, la règle voit le passé, les libérations du jour et l'historique, jamais la suite. Le résultat
    se vérifie par « allocator check ». « prefix » est l'écart au prorata en cours d'année, en logements.

    Avec --aleas, un logement qui revient est proposé à un autre réservataire, puis gardé par le bailleur ; les
    mêmes aléas sont tirés pour toutes les règles.
    """
    if (policy is None) == (not compared):
        raise click.UsageError("il faut --policy ou --compare, l'un ou l'autre")
    if image and out is None:
        raise click.UsageError("--image demande --out")
    with _terminable():
        names = tuple(dict.fromkeys((BASELINE, *compared))) if policy is None else (policy,)
        for name in names:
            load(name)
        start = perf_counter()
        read = read_instance(instance, warn=lambda text: click.echo(text, err=True))
        rules = read_model(resolve_model(model))
        drawn = None if aleas is None else read_aleas(_resolve_aleas(aleas), read.reservataires.id)
        override = as_proposed if decisions is None else decided_by_name(decisions, read, rules)
        ask = _Ask(read, rules, seed, drawn, override, perf_counter() - start)
        runs = [_run(ask, name) for name in names]
        ended = True
        if policy is None:
            best, ended = _hindsight(ask, runs[0].replay.frame)
            runs.append(best)
        if out is not None:
            written = [_write(out / run.policy if policy is None else out, ask, run, image) for run in runs]
    _show(read, runs, compared=policy is None, as_json=as_json)
    if out is not None:
        where = f"{out}/" if policy else f"un sous-dossier par règle de {out}/"
        click.echo(f"Fichiers écrits dans {where} : {', '.join(written[0])}", err=True)
    return DONE if ended else STOPPED


def _resolve_aleas(text: str) -> Path:
    """Return the path of rates given as a file, or as ``defaut`` for the shipped ones."""
    if Path(text).is_file():
        return Path(text)
    if text == DEFAUT:
        return SHIPPED
    raise BadInput([Fault(text, None, None, f"ni un fichier de taux, ni « {DEFAUT} »")])


@contextmanager
def _terminable() -> Iterator[None]:
    """End in order on SIGTERM, as on Ctrl-C: what was replayed of a period is no result, and is not written."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _run(ask: _Ask, policy: str) -> Run:
    start = perf_counter()
    with one_line(policy) as tell:
        result = replay(
            ask.instance,
            ask.model,
            load(policy),
            ask.seed,
            tell=tell,
            override=ask.override,
            aleas=ask.aleas,
        )
    return _measured(ask, policy, result, perf_counter() - start)


def _hindsight(ask: _Ask, known: Frame) -> tuple[Run, bool]:
    """Return the optimum of the whole period, all of it accepted, and whether it is proven."""
    start = perf_counter()
    with one_line(OPTIMUM) as tell:
        standing, ended = allocate_watched(prepare(ask.instance, ask.model), Options(), tell)
    result = decided_at_once(known, ask.instance, standing.holder)
    run = _measured(replace(ask, aleas=None), OPTIMUM, result, perf_counter() - start)
    proven = all(
        tier.value - bound <= 1e-6 * max(1.0, abs(tier.value))
        for tier, bound in zip(run.solution.tiers, standing.bounds, strict=True)
    )
    return run, ended and proven


def _measured(ask: _Ask, policy: str, result: Replay, seconds: float) -> Run:
    solution = conclude(ask.instance, result, policy, {"read": ask.reading, "solve": seconds})
    accounts = None if ask.aleas is None else comptes(ask.instance, result, ask.aleas)
    return Run(policy, result, solution, prefix(ask.instance, result), accounts, seconds)


def _write(out: Path, ask: _Ask, run: Run, image: bool) -> list[str]:
    """Write the files of a run, all in one go, and return their names."""
    instance = ask.instance
    known = course(instance, run.replay)
    extra: dict[str, Write] = {COURS.file: partial(write_course, instance=instance, known=known)}
    if run.comptes is not None:
        extra[COMPTES.file] = partial(write_comptes, instance=instance, known=run.comptes)
    if image:
        title = "optimum a posteriori" if run.policy == OPTIMUM else f"règle « {run.policy} »"
        extra[IMAGE] = partial(write_picture, instance=instance, result=run.replay, known=known, title=title)
    write_solution(out, instance, ask.model, run.solution, extra)
    return [PREORIENTATIONS.file, ECARTS.file, *extra, DOCUMENT]


def _show(instance: Instance, runs: Sequence[Run], *, compared: bool, as_json: bool) -> None:
    """Print what is asked for on standard output, and what one rule did on standard error."""
    if as_json:
        shown = documents(runs) if compared else document(runs[0])
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    elif compared:
        click.echo(table(runs))
    if not compared:
        click.echo(summary(instance, runs[0]), err=True)
