"""``allocator rights``: the ledger of droits uniques, from their opening to what is left."""

import json
from pathlib import Path

import click

from allocator.cli.failures import DONE, exit_codes
from allocator.cli.text_table import figure, text_table
from allocator.formats.tableau import Tableau, document, files
from allocator.formats.workbook_writer import workbook
from allocator.formats.writing import of_bytes, write_together
from allocator.stock.droits.mouvements import read_cloture, read_mouvements
from allocator.stock.droits.registre import Registre, build_registre
from allocator.stock.droits.tableaux import tableaux, with_droits, with_soldes

EXEMPLES = """\b
Exemple :
  allocator rights conversion/mouvements.csv acquisitions.csv --cloture 2026 fin2026/cloture.csv \\
    --conventions conversion/conventions.csv --out droits
"""


@click.command(name="rights", epilog=EXEMPLES)
@click.argument(
    "mouvements", metavar="MOUVEMENTS...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--cloture",
    "clotures",
    metavar="AAAA CSV",
    type=(int, click.Path(path_type=Path)),
    multiple=True,
    help="cloture.csv d'une année close par « allocator close-year » : droits utilisés et acquis ; à répéter.",
)
@click.option(
    "--conventions",
    "conventions",
    metavar="CSV",
    type=click.Path(path_type=Path),
    help="conventions.csv à réécrire dans --out avec les soldes.",
)
@click.option(
    "--dus",
    "dus",
    metavar="CSV",
    type=click.Path(path_type=Path),
    help="dus_annuels.csv à réécrire dans --out avec les droits qui restent.",
)
@click.option(
    "--out",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire registre.csv, soldes_droits.csv, epuisements.csv, registre.xlsx et registre.json.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit registre.json sur la sortie standard.")
@exit_codes
def rights_command(
    mouvements: tuple[Path, ...],
    clotures: tuple[tuple[int, Path], ...],
    conventions: Path | None,
    dus: Path | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """Tient le registre des droits uniques : ouverture, acquis, consommés, expirés, solde.

    MOUVEMENTS sont des fichiers de mouvements (annee, reservataire, territoire, nature, droits, source…) ; chaque ligne
    dit sa source. Un solde ne passe jamais sous zéro : ce qui l'y ferait passer est refusé, avec la ligne. Les soldes
    bornent l'année suivante : « solve », « simulate » et « orient » les lisent dans conventions.csv.
    """
    if (conventions or dus) and out is None:
        raise click.UsageError("--conventions et --dus demandent --out")
    closed = [read_cloture(annee, path) for annee, path in clotures]
    registre = build_registre(
        [*read_mouvements(mouvements), *(move for moves, _ in closed for move in moves)],
        [constat for _, constats in closed for constat in constats],
    )
    tables = list(tableaux(registre))
    told = {"premiere": registre.premiere, "jusqu": registre.jusqu, "avis": list(registre.avis)}
    told |= document(tables)
    if out is not None:
        book = {"registre.xlsx": of_bytes(workbook(tables, _methode(registre)))}
        renewed = [with_soldes(conventions, registre)] if conventions is not None else []
        renewed += [with_droits(dus, registre)] if dus is not None else []
        seal = {
            "registre.json": lambda file: print(json.dumps(told, ensure_ascii=False, indent=2), file=file)
        }
        write_together(out, files([*tables, *renewed]) | book | seal)
    click.echo(json.dumps(told, ensure_ascii=False, indent=2) if as_json else _page(registre, tables[2]))
    for text in registre.avis:
        click.echo(text, err=True)
    if out is not None:
        click.echo(f"Fichiers écrits dans {out}/", err=True)
    return DONE


def _methode(registre: Registre) -> list[tuple[str, str]]:
    return [
        ("Années", f"{registre.premiere} à {registre.jusqu}"),
        (
            "Ordre",
            "dans une année : ouverture, acquis, consommés, expirés ; les droits qui finissent d'abord servent d'abord",
        ),
        ("Rythme", "moyenne des trois dernières années du registre"),
    ]


def _page(registre: Registre, epuisements: Tableau) -> str:
    header = ["réservataire", "territoire", "solde", "par an", "durée", "épuisement"]
    rows = [
        [
            str(row[0]),
            str(row[1]),
            *(figure(row[place], 2) for place in (2, 3, 4)),
            "—" if row[5] is None else str(row[5]),
        ]
        for row in epuisements.rows
    ]
    return f"Droits au 31/12/{registre.jusqu}\n\n" + text_table([header, *rows], 2)
