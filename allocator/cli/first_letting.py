"""``allocator first-letting``: a delivered programme, allocated en stock for those who meet to house it."""

import json
from pathlib import Path

import click

from allocator.assiette.annonces.document import writes
from allocator.assiette.livraison.instance import instance_of
from allocator.assiette.livraison.programme import Programme, read_programme
from allocator.assiette.livraison.tableaux import entree_parc, livraisons, page, peuplement, recipients
from allocator.checking import verify
from allocator.cli.arguments import resolve_model
from allocator.cli.failures import DISAGREEMENT, DONE, STOPPED, exit_codes
from allocator.cli.options import model_option
from allocator.cli.text_table import text_table
from allocator.domain import Solution
from allocator.engine import solve
from allocator.formats import read_instance, read_model, write_instance, write_solution
from allocator.formats.tableau import Tableau


@click.command(name="first-letting")
@click.argument("programme", metavar="PROGRAMME", type=click.Path(path_type=Path))
@model_option
@click.option(
    "--out",
    "out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire la répartition, la page à imprimer et les logements qui entrent dans le parc.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit la répartition en JSON sur la sortie standard.")
@exit_codes
def first_letting_command(programme: Path, model: str, out: Path, as_json: bool) -> int:
    """Répartit en stock la première mise en location du programme décrit dans PROGRAMME.

    Les droits sur le programme sont des volumes, les souhaits des réservataires ceux d'indicatifs.csv ; le moteur est
    celui de « allocator solve », et le résultat est vérifié comme par « allocator check » avant d'être rendu.

    DIR reçoit peuplement.csv et peuplement.md, pour la commission de coordination ou la réunion de peuplement ;
    entree_parc.csv et livraisons.csv, ce qui entrera dans le flux à la première libération ; de quoi tout revérifier.
    """
    read = read_programme(programme)
    rules = read_model(resolve_model(model))
    write_instance(instance_of(read), out / "instance")
    instance = read_instance(out / "instance")
    solution = solve(instance, rules)
    holders = recipients(read, solution)
    table, entering, deliveries = (make(read, holders) for make in (peuplement, entree_parc, livraisons))
    extra = {
        table.schema.file: table.write,
        "peuplement.md": writes(page(read, holders)),
        entering.schema.file: entering.write,
        deliveries.schema.file: deliveries.write,
    }
    write_solution(out, instance, rules, solution, extra)
    verdict = verify(instance, rules, out)
    for fault in verdict.disagreements:
        click.echo(str(fault), err=True)
    if as_json:
        click.echo(json.dumps(_document(read, solution, table, entering), ensure_ascii=False, indent=2))
    else:
        click.echo(_summary(read, table))
    click.echo(
        f"Fichiers écrits dans {out}/, vérifiables par « allocator check {out}/instance {out} ».", err=True
    )
    if not verdict.agrees:
        return DISAGREEMENT
    return DONE if solution.status == "optimal" else STOPPED


def _document(
    programme: Programme, solution: Solution, table: Tableau, entering: Tableau
) -> dict[str, object]:
    return {
        "programme": programme.nom,
        "logements": len(programme.logements),
        "commission": programme.regles.commission if programme.en_commission else None,
        "gardes_pour_relogements": programme.gardes,
        "status": solution.status,
        "peuplement": table.document(),
        "entree_parc": entering.document(),
    }


def _summary(programme: Programme, table: Tableau) -> str:
    regles = programme.regles
    body = regles.commission if programme.en_commission else regles.sinon
    names = dict(zip(programme.reservataires.id, programme.reservataires.nom, strict=True)) | {"": "Bailleur"}
    rows = [[names[str(row[0])], str(row[1]), str(row[3]), str(row[2])] for row in table.rows]
    return "\n".join(
        [
            f"{programme.nom} — {len(programme.logements)} logements livrés le {programme.livraison:%d/%m/%Y}, dont "
            f"{programme.gardes} gardé(s) pour les relogements",
            f"Instance : {body}",
            "",
            text_table([["réservataire", "typologie", "liste", "logements"], *rows], 3),
        ]
    )
