"""``allocator assiette init``: what an assiette takes from a dossier of stock and the agreed rates."""

import json
from functools import partial
from pathlib import Path

import click

from allocator.assiette.depuis_stock import attendues, passees
from allocator.cli.failures import DONE, exit_codes
from allocator.formats.csv_text import write_rows
from allocator.formats.instance_writer import reservataires_rows, territoires_rows
from allocator.formats.schema import RESERVATAIRES, TERRITOIRES
from allocator.formats.tableau import document, files
from allocator.formats.writing import Write, write_together
from allocator.stock.dossier import read_dossier
from allocator.stock.rotation.taux import read_taux


@click.command(name="init")
@click.argument("dossier", metavar="DOSSIER", type=click.Path(path_type=Path))
@click.option(
    "--taux",
    "taux",
    metavar="CSV",
    required=True,
    type=click.Path(path_type=Path),
    help="Taux de rotation convenus (allocator rotation).",
)
@click.option(
    "--out",
    "out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier de l'assiette : ses autres fichiers y restent.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit les tables en JSON sur la sortie standard.")
@exit_codes
def init_command(dossier: Path, taux: Path, out: Path, as_json: bool) -> int:
    """Commence une assiette d'après l'état des lieux de DOSSIER et les taux convenus.

    Écrit territoires.csv, reservataires.csv, relocations_attendues.csv et relocations_passees.csv (années entières).
    Restent à écrire assiette.toml, exclusions.csv et leurs documents.
    """
    read = read_dossier(dossier)
    tables = [attendues(read, read_taux(taux)), passees(read)]
    shared: dict[str, Write] = {
        TERRITOIRES.file: partial(
            write_rows, schema=TERRITOIRES, rows=list(territoires_rows(read.territoires))
        ),
        RESERVATAIRES.file: partial(
            write_rows, schema=RESERVATAIRES, rows=list(reservataires_rows(read.reservataires))
        ),
    }
    write_together(out, shared | files(tables))
    if as_json:
        click.echo(json.dumps(document(tables), ensure_ascii=False, indent=2))
    click.echo(f"{', '.join([*shared, *files(tables)])} écrits dans {out}/.", err=True)
    return DONE
