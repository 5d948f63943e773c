"""``allocator close-year``: balances carried over, rights used up, the next year opened."""

import json
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import click

from allocator.cli.failures import DONE
from allocator.cli.ledger_options import author_option, journal_of, ledger_exit_codes, ledger_options
from allocator.cli.text_table import figure, text_table
from allocator.formats import BadInput, Fault
from allocator.formats.tableau import files
from allocator.formats.writing import written_once_done
from allocator.ledger.annees.apports import read_droits, read_hors_assiette
from allocator.ledger.annees.closing import FinAnnee, close_year, cloture_tableau, refuse_closed
from allocator.ledger.daily.periode import bounds, ouverture_on
from allocator.ledger.daily.releve import read_releve


@click.command(name="close-year")
@ledger_options
@click.option("--annee", "annee", metavar="AAAA", type=int, required=True, help="Année à clore.")
@click.option(
    "--hors-assiette",
    "announced",
    metavar="CSV",
    type=click.Path(path_type=Path),
    help="Hors assiette annoncé en février (commune, prevu) : l'écart avec le réel est reporté ou laissé, selon "
    "chaque convention.",
)
@click.option(
    "--droits",
    "acquired",
    metavar="CSV",
    type=click.Path(path_type=Path),
    help="Droits uniques acquis dans l'année (reservataire, territoire, acquis).",
)
@click.option(
    "--out",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire cloture.csv.",
)
@click.option("--dry-run", "dry_run", is_flag=True, help="Montre la clôture, et n'enregistre rien.")
@click.option(
    "--refaire", "again", is_flag=True, help="Clôt de nouveau une année close, après des corrections."
)
@author_option
@click.option("--json", "as_json", is_flag=True, help="Écrit la clôture en JSON sur la sortie standard.")
@ledger_exit_codes
def close_year_command(
    base: str,
    bailleur: str | None,
    annee: int,
    announced: Path | None,
    acquired: Path | None,
    out: Path | None,
    dry_run: bool,
    again: bool,
    auteur: str,
    as_json: bool,
) -> int:
    """Clôt une année : reporte les soldes, compte les droits utilisés, et ouvre l'année suivante.

    L'année est lue comme elle était à son dernier jour, avec tout ce qui a été enregistré depuis qui avait pris effet
    alors. Les conventions datées restent en vigueur.
    """
    with journal_of(base, bailleur) as journal:
        vu = journal.tete.rang
        actes = journal.waiting().actes
        _, fin = bounds(ouverture_on(actes, date(annee, 12, 31)))
        if not dry_run:
            _refuse_unfinished(fin)
        if not (again or dry_run):
            refuse_closed(actes, annee)
        releve = read_releve(journal, fin, au=fin)
        instance = releve.livre.exercice.instance
        prevu = None if announced is None else read_hors_assiette(announced, instance.territoires)
        acquis = {} if acquired is None else read_droits(acquired, instance)
        end = close_year(releve, actes, prevu, acquis, auteur)
        # no file tells of a closing that was not recorded
        with nullcontext() if out is None else written_once_done(out, files([cloture_tableau(end)])):
            events = () if dry_run else journal.append(end.entrees, attendu=vu)
    for text in end.avertissements:
        click.echo(text, err=True)
    if as_json:
        told = {
            "bailleur": journal.bailleur,
            "annee": annee,
            "cloture": cloture_tableau(end).document(),
            "entrees": [{"nature": entree.nature, "effet": entree.effet} for entree in end.entrees],
            "enregistres": [event.rang for event in events],
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo(_page(end))
    if dry_run:
        click.echo("Rien n'est enregistré (--dry-run).", err=True)
    else:
        click.echo(f"{len(events)} événement(s) enregistré(s).", err=True)
    return DONE


def _refuse_unfinished(fin: date) -> None:
    if date.today() <= fin:
        what = f"l'année court jusqu'au {fin:%d/%m/%Y} ; --dry-run montre ce que donnerait sa clôture"
        raise BadInput([Fault("--annee", None, None, what)])


def _page(end: FinAnnee) -> str:
    tableau = cloture_tableau(end)
    titles = {"reservataire": "réservataire", "du": "dû", "ecart": "écart", "utilises": "utilisés"}
    header = [titles.get(column.name, column.name) for column in tableau.schema.columns]
    rows = [[*map(str, row[:2]), *(figure(value, 2) for value in row[2:])] for row in tableau.rows]
    return text_table([header, *rows], 2)
