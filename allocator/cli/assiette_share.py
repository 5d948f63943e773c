"""``allocator assiette share-relogements``: a need shared among bailleurs by least relative burden."""

import json
from pathlib import Path

import click

from allocator.assiette.relogements import read_besoins, share
from allocator.assiette.relogements.tableaux import (
    charges_tableau,
    lignes,
    partage_tableau,
    restes_tableau,
)
from allocator.cli.failures import DONE, exit_codes
from allocator.cli.text_table import figure, text_table
from allocator.formats.tableau import Tableau, document, files
from allocator.formats.writing import write_together


@click.command(name="share-relogements")
@click.argument("folder", metavar="DOSSIER", type=click.Path(path_type=Path))
@click.option(
    "--out",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire partage.csv, charges_relogements.csv, restes.csv et les lignes de chaque bailleur.",
)
@click.option(
    "--document",
    "reference",
    metavar="ID",
    default="partage-relogements",
    show_default=True,
    help="Identifiant que documents.csv donne au partage, écrit dans ces lignes.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit le partage en JSON sur la sortie standard.")
@exit_codes
def share_command(folder: Path, out: Path | None, reference: str, as_json: bool) -> int:
    """Partage les relogements de DOSSIER entre bailleurs, démolisseurs ou non.

    La plus forte charge (logements pris ÷ relocations) est la plus petite possible, puis la suivante, et ainsi de
    suite, en logements entiers : c'est prouvé, non approché. Les arbitrages du préfet sont honorés tels quels.
    """
    known = read_besoins(folder)
    found = share(known)
    tables = [partage_tableau(known, found), charges_tableau(known, found), restes_tableau(known, found)]
    if out is not None:
        write_together(out, {**lignes(known, found, reference), **files(tables)})
    if as_json:
        click.echo(json.dumps({"nom": known.regles.nom} | document(tables), ensure_ascii=False, indent=2))
    else:
        need = sum(each.logements for each in known.besoins)
        click.echo(f"{known.regles.nom} — {need} ménages à reloger en {known.regles.annee}\n")
        click.echo(_burdens(tables[1]))
    for operation, departement, rest in tables[2].rows:
        click.echo(
            f"attention : {operation} ({departement}) : {rest} logement(s) ne trouvent pas de place", err=True
        )
    return DONE


def _burdens(table: Tableau) -> str:
    header = [
        "bailleur",
        "département",
        "relocations",
        "coefficient",
        "logements",
        "d'autres bailleurs",
        "%",
        "charge",
    ]
    return text_table(
        [header, *([*map(str, row[:2]), *(figure(value, 2) for value in row[2:])] for row in table.rows)], 2
    )
