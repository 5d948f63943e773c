"""``allocator assiette previsionnel`` and ``consolidate``: what réservataires and the département are told."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from allocator.assiette import parcours
from allocator.assiette.annonces.consolidation import Depot, consolidation, read_attendus
from allocator.assiette.annonces.document import page, writes
from allocator.assiette.annonces.previsionnel import bilan, previsionnel
from allocator.assiette.calcul import build_assiette
from allocator.assiette.dossier import read_assiette
from allocator.cli.assiette_options import chosen, version_options
from allocator.cli.failures import DONE, exit_codes
from allocator.cli.ledger_options import read_day
from allocator.cli.text_table import figure, text_table
from allocator.domain.french import short
from allocator.formats import BadInput, Fault
from allocator.formats.tableau import Tableau, document, files
from allocator.formats.writing import write_together


@click.command(name="previsionnel")
@click.argument("folder", metavar="DOSSIER", type=click.Path(path_type=Path))
@version_options
@click.option(
    "--edite-le",
    "edite",
    metavar="AAAA-MM-JJ",
    callback=read_day,
    help="Jour inscrit sur la page.  [défaut : aujourd'hui]",
)
@click.option(
    "--out",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire previsionnel.csv, bilan_hors_assiette.csv et previsionnel.md.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit les deux tables en JSON sur la sortie standard.")
@exit_codes
def previsionnel_command(
    folder: Path,
    version: int | None,
    jour: date | None,
    firm: bool,
    edite: date | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """Établit le prévisionnel du 28 février (R.441-5) : ce que l'année exclut, par catégorie d'opération.

    La page porte aussi le bilan des attributions de l'année d'avant, et l'étape de validation.
    """
    dossier = read_assiette(folder)
    number = chosen(dossier, version, jour, firm)
    found = build_assiette(dossier, number)
    tables = [previsionnel(dossier, found), bilan(dossier)]
    text = page(dossier, found, parcours.etat(dossier, number), edite or date.today())
    if out is not None:
        write_together(out, {"previsionnel.md": writes(text), **files(tables)})
    click.echo(json.dumps(document(tables), ensure_ascii=False, indent=2) if as_json else text)
    return DONE


@click.command(name="consolidate")
@click.argument("folders", metavar="DOSSIER…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--departement", "departement", metavar="CODE", help="Un seul département.")
@click.option(
    "--attendus",
    "expected",
    metavar="CSV",
    type=click.Path(path_type=Path),
    help="Qui doit déposer (bailleur, departement) : dit qui ne l'a pas fait.",
)
@click.option(
    "--out",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire consolidation.csv.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit la table en JSON sur la sortie standard.")
@exit_codes
def consolidate_command(
    folders: tuple[Path, ...], departement: str | None, expected: Path | None, out: Path | None, as_json: bool
) -> int:
    """Réunit par département les assiettes de plusieurs bailleurs : totaux, qui a déposé, qui a validé.

    De chaque dossier, la dernière version est lue, arrêtée ou non.
    """
    depots = []
    for folder in folders:
        dossier = read_assiette(folder)
        number = len(dossier.versions)
        depots.append(Depot(dossier, build_assiette(dossier, number), parcours.etat(dossier, number)))
    _refuse_twice(depots)
    awaited = () if expected is None else read_attendus(expected)
    table = consolidation(depots, awaited, departement)
    if out is not None:
        write_together(out, files([table]))
    click.echo(json.dumps(document([table]), ensure_ascii=False, indent=2) if as_json else _page(table))
    return DONE


def _refuse_twice(depots: Sequence[Depot]) -> None:
    names = [depot.dossier.reglages.bailleur for depot in depots]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise BadInput([Fault(name, None, None, "plusieurs dossiers pour ce bailleur") for name in twice])


def _page(table: Tableau) -> str:
    names = [column.name for column in table.schema.columns]
    shown = ("parc", "relocations", "assiette")
    places = [names.index(name) for name in shown]
    first, last = names.index("mutation"), names.index("vente") + 1
    header = ["département", "bailleur", "état", *shown[:2], "exclus", "assiette"]
    rows, totals = [], [0.0] * 4
    for row in table.rows:
        if row[2] == "oui":
            excluded = sum(float(value or 0) for value in row[first:last])
            numbers = [
                float(row[places[0]] or 0),
                float(row[places[1]] or 0),
                excluded,
                float(row[places[2]] or 0),
            ]
            totals = [some + more for some, more in zip(totals, numbers, strict=True)]
            cells = [figure(value, 1) for value in numbers]
            rows.append([str(row[0]), str(row[1]), str(row[4]), *cells])
        else:
            rows.append([str(row[0]), str(row[1]), "non déposée", "", "", "", ""])
    rows.append(["", "total", "", *(short(value) for value in totals)])
    return text_table([header, *rows], 3)
