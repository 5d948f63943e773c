"""``allocator accounts``: what each réservataire was owed, proposed and attributed, as agreed or by other rules."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from allocator.cli.failures import DONE
from allocator.cli.ledger_options import day_option, journal_of, ledger_exit_codes, ledger_options
from allocator.cli.text_table import figure, text_table
from allocator.formats.tableau import Tableau, document, files
from allocator.formats.writing import write_together
from allocator.ledger.accounts.comptes import comptes, recompte
from allocator.ledger.accounts.prevision import prevision
from allocator.ledger.accounts.scenarios import scenarios
from allocator.ledger.accounts.tableaux import comparaison_tableau, comptes_tableaux
from allocator.ledger.daily.releve import Releve, read_releve
from allocator.ledger.echeances.delais import delais, delais_tableau
from allocator.ledger.store.journal import Journal

SHOWN: Final = ("du", "du_annee", "propositions", "attributions", "en_cours", "points", "logements", "solde")
"""Figures shown in a terminal; the files have all."""

TITRES: Final = {
    "reservataire": "réservataire",
    "beneficiaire": "servi",
    "du": "dû",
    "du_annee": "dû (année)",
    "propositions": "propositions",
    "attributions": "baux",
    "en_cours": "en cours",
    "points": "points",
    "logements": "logements",
    "solde": "solde",
    "regle": "règle",
}


@click.command(name="accounts")
@ledger_options
@day_option("Comptes à la fin de ce jour, de ce qui avait pris effet alors.", today=False)
@click.option(
    "--comparer",
    "compared",
    metavar="RÈGLE",
    multiple=True,
    help="Recompte les mêmes tours sous une autre règle, à côté de celle des conventions : un mode (propositions, "
    "attributions, mixte), une variante et sa date de revoyure (A:2026-01-01), ou un fichier de règles. "
    "Se répète.",
)
@click.option(
    "--out",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire les tables en CSV.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit les tables en JSON sur la sortie standard.")
@ledger_exit_codes
def accounts_command(
    base: str,
    bailleur: str | None,
    jour: date | None,
    compared: tuple[str, ...],
    out: Path | None,
    as_json: bool,
) -> int:
    """Dit ce qui est dû, proposé, attribué et compté, par réservataire et par territoire."""
    with journal_of(base, bailleur) as journal:
        releve = _releve(journal, jour)
    known = comptes(releve.livre, releve.day, prevision(releve.livre, releve.day))
    tableaux = [*comptes_tableaux(releve.livre, known), delais_tableau(delais(releve.registre, releve))]
    if compared:
        rules = scenarios(releve.livre, releve.jour, compared)
        tableaux.append(comparaison_tableau(releve.livre, recompte(releve.livre, releve.day, rules)))
    if out is not None:
        write_together(out, files(tableaux))
        click.echo(f"Fichiers écrits dans {out}/ : {', '.join(files(tableaux))}", err=True)
    if as_json:
        head = {"bailleur": journal.bailleur, "nom": releve.registre.nom, "date": str(releve.jour)}
        click.echo(json.dumps(head | {"vu": releve.vu} | document(tableaux), ensure_ascii=False, indent=2))
    else:
        click.echo(_page(releve, tableaux))
    return DONE


def _releve(journal: Journal, jour: date | None) -> Releve:
    """Return what the journal says now, or as of the end of a day."""
    return read_releve(journal, date.today() if jour is None else jour, au=jour)


def _page(releve: Releve, tableaux: Sequence[Tableau]) -> str:
    """Return what is told of the accounts: balances, clocks, and the rules side by side."""
    by_holder, by_place, _, clocks, *compared = (tableau.document() for tableau in tableaux)
    # who is served is told where it is not always the réservataire
    promise = ("reservataire", "territoire", *(("beneficiaire",) if any(map(_lost, by_place)) else ()))
    blocks = [
        f"{releve.registre.nom} — comptes au {releve.jour:%d/%m/%Y}, journal lu jusqu'à l'événement {releve.vu}\n"
        "Dû, logements et solde : en logements ; propositions, baux et en cours : en nombre ; "
        "points : selon le comptage.",
        _table([row for row in by_holder if row["du"] or row["propositions"]], ("reservataire",), SHOWN),
        _table(by_place, promise, SHOWN),
        _clocks(clocks),
    ]
    names = ("propositions", "attributions", "points", "logements", "solde")
    blocks += [_table(rows, ("regle", *promise), names) for rows in compared]
    return "\n\n".join(blocks)


def _lost(row: dict[str, Any]) -> bool:
    return bool(row["beneficiaire"] != row["reservataire"])


def _table(rows: Sequence[dict[str, Any]], texts: Sequence[str], names: Sequence[str]) -> str:
    header = [TITRES.get(name, name) for name in (*texts, *names)]
    lines = [[*(row[name] for name in texts), *(figure(row[name]) for name in names)] for row in rows]
    return text_table([header, *lines], len(texts))


def _clocks(rows: Sequence[dict[str, Any]]) -> str:
    late = sum(row["reste"] < 0 for row in rows)
    soon = (
        f" ; le plus proche échoit le {date.fromisoformat(rows[late]['echeance']):%d/%m/%Y}"
        if rows[late:]
        else ""
    )
    over = f", dont {late} échus et non enregistrés" if late else ""
    return f"Délais qui courent : {len(rows)}{over}{soon}."
