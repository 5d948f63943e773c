"""``allocator assiette check``: the year as it was, against what was announced."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from allocator.assiette.calcul import build_assiette
from allocator.assiette.controle import controle, read_realises
from allocator.assiette.depuis_journal import realises as recorded
from allocator.assiette.dossier import DossierAssiette, read_assiette
from allocator.assiette.dossier.valeurs import Realise
from allocator.cli.assiette_options import chosen, version_options
from allocator.cli.failures import DISAGREEMENT, DONE
from allocator.cli.ledger_options import BASE, journal_of, ledger_exit_codes
from allocator.cli.text_table import figure, text_table
from allocator.formats.tableau import Tableau
from allocator.formats.writing import write_together


@click.command(name="check")
@click.argument("folder", metavar="DOSSIER", type=click.Path(path_type=Path))
@click.argument("realises", metavar="[CSV]", required=False, type=click.Path(path_type=Path))
@version_options
@click.option(
    "--base", "base", metavar="BASE", help=f"Journal où lire l'année, à la place de CSV (comme {BASE})."
)
@click.option(
    "--bailleur", "bailleur", metavar="ID", help="Bailleur du journal.  [défaut : le seul de la base]"
)
@click.option(
    "--out",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire controle.csv.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit le contrôle en JSON sur la sortie standard.")
@ledger_exit_codes
def check_command(
    folder: Path,
    realises: Path | None,
    version: int | None,
    jour: date | None,
    firm: bool,
    base: str | None,
    bailleur: str | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """Compare ce que l'année a été à ce qui était annoncé.

    CSV a les colonnes territoire, categorie, operation, mouvement et logements ; avec --base, ce sont les logements
    que le journal a classés hors assiette. Sort avec le code 0 si tout écart tient dans la tolérance de
    assiette.toml, 1 sinon.
    """
    if (realises is None) == (base is None):
        raise click.UsageError("CSV ou --base, l'un ou l'autre")
    dossier = read_assiette(folder)
    found = build_assiette(dossier, chosen(dossier, version, jour, firm))
    if base is not None:
        facts = _recorded(dossier, base, bailleur)
    else:
        assert realises is not None
        facts = read_realises(realises, dossier.territoires)
    table = controle(found, facts, dossier.reglages)
    if out is not None:
        write_together(out, {table.schema.file: table.write})
    if as_json:
        told = {"version": found.version, "controle": table.document()}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo(_checked(table))
    wrong = sum(row[-1] == "non" for row in table.rows)
    if wrong:
        click.echo(f"{wrong} écart(s) hors tolérance.", err=True)
    return DISAGREEMENT if wrong else DONE


def _recorded(dossier: DossierAssiette, base: str, bailleur: str | None) -> Sequence[Realise]:
    with journal_of(base, bailleur) as journal:
        facts, untold = recorded(journal.registre(), dossier.reglages.annee)
    if untold:
        click.echo(f"attention : {untold} logement(s) hors assiette sans catégorie au journal", err=True)
    return facts


def _checked(table: Tableau) -> str:
    header = [
        "ligne",
        "territoire",
        "catégorie",
        "opération",
        "annoncé",
        "réalisé",
        "écart",
        "toléré",
        "conforme",
    ]
    rows = [
        [
            str(row[0]) or "non annoncé",
            *map(str, row[1:4]),
            *(figure(value, 2) for value in row[5:9]),
            str(row[9]),
        ]
        for row in table.rows
    ]
    return text_table([header, *rows], 4)
