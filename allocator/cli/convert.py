"""``allocator convert``: droits de suite to droits uniques and shares, several choices of rate side by side."""

import json
from pathlib import Path

import click

from allocator.cli.convert_page import convert_page
from allocator.cli.failures import DONE, exit_codes
from allocator.formats.tableau import document, files
from allocator.formats.workbook_writer import workbook
from allocator.formats.writing import of_bytes, write_together
from allocator.stock.conversion.avis import avis
from allocator.stock.conversion.etude import read_assiette_attendue, study
from allocator.stock.conversion.image import image
from allocator.stock.conversion.methode import methode
from allocator.stock.conversion.reglages import ReglagesConversion, read_conversion
from allocator.stock.conversion.tableaux import as_json as settled
from allocator.stock.conversion.tableaux import tableaux
from allocator.stock.dossier import read_dossier

EXEMPLES = """\b
Exemples :
  allocator convert dossier --rates taux.csv --out conversion
  allocator convert dossier --rates parc --rates typologie --rates 6,5 --settings reglages.toml --out conversion
"""


@click.command(name="convert", epilog=EXEMPLES)
@click.argument("dossier", metavar="DOSSIER", type=click.Path(path_type=Path))
@click.option(
    "--rates",
    "rates",
    metavar="TAUX",
    multiple=True,
    required=True,
    help="Choix de taux, à répéter : une table taux.csv, un taux comme 6,5, ou ce que le dossier montre (parc, "
    "famille, departement+typologie…). Le premier est celui qui est proposé.",
)
@click.option(
    "--settings",
    "settings",
    metavar="TOML",
    type=click.Path(path_type=Path),
    help="Réglages : la table [conversion].",
)
@click.option(
    "--assiette",
    "assiette",
    metavar="CSV",
    type=click.Path(path_type=Path),
    help="Assiette d'une année par commune (commune, assiette), comme « allocator assiette build » l'écrit.",
)
@click.option(
    "--years",
    "years",
    metavar="N",
    type=click.IntRange(1, 20),
    default=3,
    show_default=True,
    help="Années de relocations dont vient un taux observé.",
)
@click.option(
    "--out",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire les tables, conversion.xlsx et conversion.json.",
)
@click.option("--image", "picture", is_flag=True, help="Écrit aussi conversion.svg (extra « charts »).")
@click.option("--json", "as_json", is_flag=True, help="Écrit conversion.json sur la sortie standard.")
@exit_codes
def convert_command(
    dossier: Path,
    rates: tuple[str, ...],
    settings: Path | None,
    assiette: Path | None,
    years: int,
    out: Path | None,
    picture: bool,
    as_json: bool,
) -> int:
    """Convertit les droits de suite d'un DOSSIER en droits uniques et en parts du flux.

    Droits uniques = somme, sur les droits de suite, du taux de rotation × la durée restante ; un droit simple non
    utilisé en vaut un. La date de la dernière attribution ne compte pas. Écrit aussi conventions.csv (parts et soldes
    proposés), mouvements.csv (ouverture du registre des droits) et dus_annuels.csv (pour « named-years »).
    """
    if picture and out is None:
        raise click.UsageError("--image demande --out")
    read = read_dossier(dossier)
    reglages = ReglagesConversion() if settings is None else read_conversion(settings)
    due = None if assiette is None else read_assiette_attendue(assiette, read)
    etude = study(read, reglages, rates, years, due)
    tables = tableaux(etude)
    told = settled(etude) | {"avis": avis(etude)} | document(tables)
    if out is not None:
        pictures = {"conversion.svg": of_bytes(image(etude, tables))} if picture else {}
        book = {"conversion.xlsx": of_bytes(workbook(tables, methode(etude)))}
        seal = {
            "conversion.json": lambda file: print(json.dumps(told, ensure_ascii=False, indent=2), file=file)
        }
        write_together(out, files(tables) | book | pictures | seal)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo(convert_page(etude))
    for text in avis(etude):
        click.echo(text, err=True)
    if out is not None:
        click.echo(f"Fichiers écrits dans {out}/", err=True)
    return DONE
