"""``allocator risk``: simulated years played by a daily rule, and how likely each promise is kept."""

import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import click

from allocator.charts import svg
from allocator.cli.arguments import resolve_model
from allocator.cli.failures import DONE, exit_codes
from allocator.cli.options import model_option
from allocator.cli.progress import one_line
from allocator.cli.risk_report import page
from allocator.domain.french import fixed
from allocator.formats import read_model
from allocator.formats.tableau import files
from allocator.formats.writing import Write, of_bytes, write_together
from allocator.planning.projet import read_projet
from allocator.planning.risque.report import (
    Risks,
    document,
    gaps_chart,
    probabilities_chart,
    risques,
    risques_mois,
    sum_up,
)
from allocator.planning.risque.simulated import Ask, play_all
from allocator.policies.catalogue import POLICIES, load

DOCUMENT = "risque.json"

EXEMPLES = """\b
Exemples :
  allocator risk projet --model reference --years 200 --policy prix --seed 1 --out risque
  allocator risk projet --model reference --years 50 --horizon 3 --out risque
"""


@click.command(name="risk", epilog=EXEMPLES)
@click.argument("projet", metavar="PROJET", type=click.Path(path_type=Path))
@model_option
@click.option(
    "--years",
    "draws",
    metavar="N",
    type=click.IntRange(min=1, max=100_000),
    default=200,
    show_default=True,
    help="Nombre d'années simulées.",
)
@click.option(
    "--policy",
    "policy",
    metavar="NOM",
    default="prix",
    show_default=True,
    help=f"Règle quotidienne : {', '.join(POLICIES)}.",
)
@click.option(
    "--horizon",
    "horizon",
    metavar="N",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Années du projet que chaque simulation enchaîne, les reports de l'une passant à la suivante.",
)
@click.option(
    "--seed", "seed", metavar="N", type=click.IntRange(min=0), default=0, show_default=True, help="Graine."
)
@click.option(
    "--jobs",
    "jobs",
    metavar="N",
    type=click.IntRange(min=1),
    default=lambda: len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
    show_default="tous les cœurs",
    help="Processus ; le résultat n'en dépend pas.",
)
@click.option(
    "--out",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Dossier où écrire risques.csv, risques_mois.csv, risque.json et deux graphiques.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit risque.json sur la sortie standard.")
@exit_codes
def risk_command(
    projet: Path,
    model: str,
    draws: int,
    policy: str,
    horizon: int,
    seed: int,
    jobs: int,
    out: Path | None,
    as_json: bool,
) -> int:
    """Tire au sort des années de PROJET et dit la probabilité que chaque promesse soit tenue.

    Des libérations sont tirées au sort autour de l'offre attendue, et une règle quotidienne les attribue jour après
    jour, sans connaître la suite. Une promesse est tenue quand le nombre entier de logements dus est reçu.
    """
    start = perf_counter()
    load(policy)
    rules = read_model(resolve_model(model))
    read = read_projet(projet)
    if horizon > read.annees:
        raise click.BadParameter(f"le projet n'a que {read.annees} an(s)", param_hint="--horizon")
    ask = Ask(read, rules, policy, draws, horizon, seed)
    with _workers(min(jobs, draws)) as pool, one_line() as tell:
        risks = sum_up(ask, play_all(ask, pool, tell))
    if out is not None:
        written = _files(risks)
        write_together(out, written)
    if as_json:
        click.echo(json.dumps(document(risks), ensure_ascii=False, indent=2))
    click.echo(page(risks), err=as_json)
    click.echo(f"{draws} années simulées en {fixed(perf_counter() - start, 1)} s", err=True)
    if out is not None:
        click.echo(f"Fichiers écrits dans {out}/ : {', '.join(written)}", err=True)
    return DONE


def _files(risks: Risks) -> dict[str, Write]:
    told = json.dumps(document(risks), ensure_ascii=False, indent=2) + "\n"
    return {
        **files([risques(risks), risques_mois(risks)]),
        "probabilites.svg": of_bytes(svg(probabilities_chart(risks, 0))),
        "ecarts.svg": of_bytes(svg(gaps_chart(risks, 0))),
        DOCUMENT: of_bytes(told.encode()),
    }


@contextmanager
def _workers(number: int) -> Iterator[ProcessPoolExecutor]:
    """Yield processes; an interruption ends them without waiting for what they have not begun."""
    # Numeric libraries take all cores otherwise, and read this once, when they are loaded.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    pool = ProcessPoolExecutor(number, mp_context=get_context("spawn"))
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        signal.signal(signal.SIGTERM, before)
