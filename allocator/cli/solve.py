"""``allocator solve``: allocate a whole period, prove it and write it."""

import json
from pathlib import Path
from time import perf_counter

import click

from allocator.cli.arguments import resolve_model
from allocator.cli.failures import DONE, STOPPED, exit_codes
from allocator.cli.options import model_option, solving_options
from allocator.cli.progress import tell_line
from allocator.cli.summary import summary
from allocator.engine.solve import Options, conclude, prepare
from allocator.engine.watch import allocate_watched
from allocator.formats import read_instance, read_model, write_solution
from allocator.solvers import load


@click.command(name="solve")
@click.argument("instance", metavar="INSTANCE", type=click.Path(path_type=Path))
@model_option
@click.option(
    "--out",
    "out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path),
    help="Dossier où écrire preorientations.csv, ecarts.csv et solution.json.",
)
@solving_options("la meilleure répartition trouvée est écrite")
@click.option("--json", "as_json", is_flag=True, help="Écrit solution.json sur la sortie standard.")
@exit_codes
def solve_command(
    instance: Path, model: str, out: Path, seconds: float, solver: str, processes: int, as_json: bool
) -> int:
    """Répartit toutes les libérations en flux de INSTANCE et prouve le résultat.

    Les priorités du modèle sont optimisées dans l'ordre. Sort avec le code 0 si chacune est prouvée optimale, 3
    si le temps, un signal ou une preuve qui manque n'a laissé qu'une répartition réalisable, écrite avec ses bornes.
    """
    start = perf_counter()
    read = read_instance(instance, warn=lambda text: click.echo(text, err=True))
    rules = read_model(resolve_model(model))
    name = load(solver).name
    reading = perf_counter() - start
    task = prepare(read, rules)
    building = perf_counter() - start - reading
    left = max(0.0, seconds - (perf_counter() - start))
    standing, ended = allocate_watched(task, Options(solver, processes, left), tell_line)
    solving = perf_counter() - start - reading - building
    phases = {"read": reading, "build": building, "solve": solving}
    solution = conclude(task, standing, name, phases)
    document = write_solution(out, read, rules, solution)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    click.echo(summary(read, rules, solution, document["seconds"], out), err=True)
    return DONE if solution.status == "optimal" and ended else STOPPED
