"""``allocator solve``: allocate a whole period, prove it and write it."""

import json
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import click

from allocator.cli.arguments import resolve_model
from allocator.cli.failures import DONE, STOPPED, exit_codes
from allocator.cli.summary import summary
from allocator.engine.solve import Options, conclude, prepare
from allocator.engine.watch import allocate_watched
from allocator.formats import read_instance, read_model, write_solution
from allocator.solvers import load


@click.command(name="solve")
@click.argument("instance", metavar="INSTANCE", type=click.Path(path_type=Path))
@click.option(
    "--model", "model", metavar="MODÈLE", required=True, help="Fichier TOML ou nom d'un modèle livré."
)
@click.option(
    "--out",
    "out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path),
    help="Dossier où écrire preorientations.csv, ecarts.csv et solution.json.",
)
@click.option(
    "--time-limit",
    "seconds",
    metavar="S",
    type=click.FloatRange(min=0, min_open=True),
    default=float("inf"),
    show_default="aucune",
    help="Secondes au bout desquelles la meilleure répartition trouvée est écrite, avec ses bornes.",
)
@click.option(
    "--solver",
    "solver",
    metavar="NOM",
    default="auto",
    show_default=True,
    help="auto, highs, ortools, pulp ou pulp:CLASSE (un solveur que vous possédez, par exemple pulp:GUROBI_CMD).",
)
@click.option(
    "--threads",
    "processes",
    metavar="N",
    type=click.IntRange(min=1),
    default=lambda: len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
    show_default="tous les cœurs",
    help="Parties indépendantes résolues en même temps ; le résultat n'en dépend pas.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit solution.json sur la sortie standard.")
@exit_codes
def solve_command(
    instance: Path, model: str, out: Path, seconds: float, solver: str, processes: int, as_json: bool
) -> int:
    """Répartit toutes les libérations en flux de INSTANCE et prouve le résultat.

    Les priorités du modèle sont optimisées dans l'ordre. Sort avec le code 0 si chacune est prouvée optimale, 3
    si le temps, un signal ou une preuve qui manque n'a laissé qu'une répartition réalisable, écrite avec ses bornes.
    """
    if math.isnan(seconds):
        raise click.BadParameter("un nombre de secondes est attendu", param_hint="--time-limit")
    start = perf_counter()
    tell = _teller()
    read = read_instance(instance, warn=lambda text: click.echo(text, err=True))
    rules = read_model(resolve_model(model))
    name = load(solver).name
    reading = perf_counter() - start
    task = prepare(read, rules)
    building = perf_counter() - start - reading
    left = max(0.0, seconds - (perf_counter() - start))
    standing, ended = allocate_watched(task, Options(solver, processes, left), tell)
    solving = perf_counter() - start - reading - building
    phases = {"read": reading, "build": building, "solve": solving}
    solution = conclude(task, standing, name, phases)
    document = write_solution(out, read, rules, solution)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    click.echo(summary(read, rules, solution, document["seconds"], out), err=True)
    return DONE if solution.status == "optimal" and ended else STOPPED


def _teller() -> Callable[[str], None]:
    """Return how to show progress: lines on standard error, nothing when that is not a terminal."""
    if not sys.stderr.isatty():
        return lambda _text: None
    return lambda text: click.echo(f"  … {text}", err=True)
