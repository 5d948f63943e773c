"""``allocator scenarios``: named scenarios of the years ahead, side by side with the projet as it is."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from allocator.charts import svg
from allocator.cli.arguments import resolve_model
from allocator.cli.failures import DONE, STOPPED, exit_codes
from allocator.cli.options import model_option
from allocator.cli.progress import tell_line
from allocator.cli.text_table import figure, text_table
from allocator.formats import read_model
from allocator.formats.tableau import files
from allocator.formats.writing import of_bytes, write_together
from allocator.planning.projet import read_inputs
from allocator.planning.scenarios.compare import (
    Case,
    annees,
    chart,
    compare,
    document,
    priorites,
    reservataires,
)
from allocator.planning.scenarios.reading import read_scenarios

DOCUMENT = "scenarios.json"


@click.command(name="scenarios")
@click.argument("projet", metavar="PROJET", type=click.Path(path_type=Path))
@click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path))
@model_option
@click.option(
    "--out",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Dossier où écrire les tables par priorité, par année et par réservataire, scenarios.json et un graphique.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit scenarios.json sur la sortie standard.")
@exit_codes
def scenarios_command(projet: Path, file: Path, model: str, out: Path | None, as_json: bool) -> int:
    """Compare les scénarios de FICHIER à PROJET tel quel.

    Chaque scénario change le projet (rotation, démolition, relogements, livraison, part, réservataire), dont la
    trajectoire est résolue à nouveau.
    """
    rules = read_model(resolve_model(model))
    inputs = read_inputs(projet)
    cases = compare(inputs, read_scenarios(file, inputs), rules, file.name, tell_line)
    told = json.dumps(document(cases), ensure_ascii=False, indent=2) + "\n"
    if out is not None:
        written = files([priorites(cases), annees(cases), reservataires(cases)])
        written |= {"scenarios.svg": of_bytes(svg(chart(cases, rules)))}
        written |= {DOCUMENT: of_bytes(told.encode())}
        write_together(out, written)
    if as_json:
        click.echo(told, nl=False)
    click.echo(page(cases), err=as_json)
    if out is not None:
        click.echo(f"Fichiers écrits dans {out}/ : {', '.join(written)}", err=True)
    return DONE if all(case.plan.status == "optimal" for case in cases) else STOPPED


def page(cases: Sequence[Case]) -> str:
    """Return scenarios side by side: each tier, then what is missing and kept in each year."""
    tiers = [tier.name for tier in cases[0].plan.tiers]
    first = [("scénario", *tiers)]
    first += [(case.titre, *(figure(tier.value, 2) for tier in case.plan.tiers)) for case in cases]
    header = ("scénario", "année", "offre", "dû", "reçu", "manque", "promesses", "tenues")
    titles = {case.nom: case.titre for case in cases}
    rows = [(titles[str(row[0])], str(row[1]), *map(figure, row[2:])) for row in annees(cases).rows]
    return f"{text_table(first, 1)}\n\n{text_table([header, *rows], 2)}"
