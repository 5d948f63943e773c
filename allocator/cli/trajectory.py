"""``allocator trajectory``: plan one to ten years, prove the plan, split it by month, say what cannot be kept."""

import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import click

from allocator.charts import svg
from allocator.cli.arguments import resolve_model
from allocator.cli.failures import DONE, STOPPED, exit_codes
from allocator.cli.options import model_option, solving_options
from allocator.cli.progress import tell_line
from allocator.cli.trajectory_report import page
from allocator.domain import Model
from allocator.engine.solve import Options
from allocator.engine.watch import allocate_watched
from allocator.formats import read_model
from allocator.formats.tableau import files
from allocator.formats.workbook_writer import workbook
from allocator.formats.writing import of_bytes, write_together
from allocator.planning.obstacles import Obstacle, cause, obstacles_table, remedes, remedes_table, unkept
from allocator.planning.projet import Projet, read_projet, whole
from allocator.planning.trajectoire import Trajectoire, by_month, concluded, planned
from allocator.planning.trajectoire.document import document, methode
from allocator.planning.trajectoire.images import course_chart, short_chart
from allocator.planning.trajectoire.tableaux import ecarts_table, flux_table, plan_table
from allocator.planning.trajectoire.task import Prepared, prepare
from allocator.solvers import load

DOCUMENT = "trajectoire.json"

EXEMPLES = """\b
Exemples :
  allocator trajectory projet --model reference --out trajectoire
  allocator trajectory projet --model reference --out trajectoire --mends 0 --gap 0.0001
"""


@click.command(name="trajectory", epilog=EXEMPLES)
@click.argument("projet", metavar="PROJET", type=click.Path(path_type=Path))
@model_option
@click.option(
    "--out",
    "out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path),
    help="Dossier où écrire le plan, les écarts, les obstacles, le classeur et les graphiques.",
)
@click.option(
    "--gap",
    "gap",
    metavar="G",
    type=click.FloatRange(min=0, max=1),
    default=0.001,
    show_default=True,
    help="Écart relatif à la borne qu'une priorité peut garder là où le refermer serait long.",
)
@click.option(
    "--mends",
    "mends",
    metavar="N",
    type=click.IntRange(min=0),
    default=3,
    show_default=True,
    help="Obstacles dont on cherche la cause et les remèdes ; chaque remède est vérifié en résolvant à nouveau.",
)
@solving_options("le meilleur plan annuel trouvé est gardé")
@click.option("--json", "as_json", is_flag=True, help="Écrit trajectoire.json sur la sortie standard.")
@exit_codes
def trajectory_command(
    projet: Path,
    model: str,
    out: Path,
    gap: float,
    mends: int,
    seconds: float,
    solver: str,
    processes: int,
    as_json: bool,
) -> int:
    """Planifie les années de PROJET, mois par mois.

    Les priorités du modèle sont optimisées dans l'ordre sur toutes les années à la fois, puis chaque année est
    partagée par mois. Sort avec le code 0 si chaque priorité est prouvée à l'écart demandé, 3 sinon.
    """
    start = perf_counter()
    read, rules = read_projet(projet), read_model(resolve_model(model))
    name = load(solver).name
    reading = perf_counter() - start
    prepared = prepare(read, whole(read), rules)
    building = perf_counter() - start - reading
    options = Options(solver, processes, seconds, gap)
    standing, ended = allocate_watched(prepared.task, options, tell_line)
    solving = perf_counter() - start - reading - building
    plan = concluded(prepared, standing, name, {"read": reading, "build": building, "solve": solving})
    split = perf_counter()
    monthly = by_month(read, plan, options, tell_line)
    splitting = perf_counter() - split
    found = _obstacles(read, rules, prepared, plan, (mends, Options(solver, processes, gap=gap), tell_line))
    told = document(read, rules, plan, monthly, {**plan.seconds, "months": splitting})
    tables = [
        plan_table(read, plan, monthly),
        flux_table(read, plan, monthly),
        ecarts_table(read, plan),
        obstacles_table(read, plan.offre, rules, found),
        remedes_table(read, plan.offre, found),
    ]
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    written = files(tables) | {
        "trajectoire.xlsx": of_bytes(workbook(tables, methode(read, rules, plan))),
        "cours.svg": of_bytes(svg(course_chart(read, plan, monthly))),
        "manques.svg": of_bytes(svg(short_chart(read, plan))),
        DOCUMENT: of_bytes(text.encode()),
    }
    write_together(out, written)
    if as_json:
        click.echo(text, nl=False)
    click.echo(page(read, rules, plan, monthly, found), err=True)
    click.echo(f"Fichiers écrits dans {out}/ : {', '.join(written)}", err=True)
    return DONE if ended and _proven(plan, gap) else STOPPED


def _obstacles(
    projet: Projet,
    model: Model,
    prepared: Prepared,
    plan: Trajectoire,
    search: tuple[int, Options, Callable[[str], None]],
) -> list[Obstacle]:
    """Return the promises that are not kept, the first with their cause and mends; Ctrl-C ends the search."""
    mends, options, tell = search
    found = [Obstacle(manque) for manque in unkept(plan, model, projet.reservataires)]
    try:
        for number, one in enumerate(found[:mends]):
            tell(f"obstacle {number + 1} sur {min(mends, len(found))} : cause et remèdes")
            why = cause(prepared, plan, one.manque, options)
            mended = remedes(
                (projet, plan.offre),
                one.manque,
                why,
                lambda changed, supply: planned(changed, supply, model, options),
            )
            found[number] = Obstacle(one.manque, why, mended)
    except KeyboardInterrupt:
        tell("interrompu : les remèdes trouvés jusqu'ici sont écrits")
    return found


def _proven(plan: Trajectoire, gap: float) -> bool:
    return plan.status == "optimal" or all(
        tier.bound is not None and tier.value - tier.bound <= gap * max(1.0, abs(tier.value))
        for tier in plan.tiers
    )
