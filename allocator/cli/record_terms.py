"""``allocator record convention`` and ``record regle``: what partners agree, told in a file."""

from datetime import date
from pathlib import Path

import click

from allocator.cli.failures import DONE
from allocator.cli.ledger_events import show_events
from allocator.cli.ledger_options import (
    author_option,
    day_option,
    journal_of,
    ledger_exit_codes,
    ledger_options,
)
from allocator.ledger.daily.clauses import convention, read_clauses, regle


@click.command(name="convention", short_help="Version d'une convention.")
@click.argument("objet", metavar="RESERVATAIRE/TERRITOIRE")
@click.argument("fichier", metavar="FICHIER", type=click.Path(path_type=Path))
@day_option("Jour où elle prend effet.")
@ledger_options
@author_option
@click.option(
    "--json", "as_json", is_flag=True, help="Écrit ce qui est enregistré en JSON sur la sortie standard."
)
@ledger_exit_codes
def convention_command(
    objet: str, fichier: Path, jour: date, base: str, bailleur: str | None, auteur: str, as_json: bool
) -> int:
    """Enregistre une convention, ou un avenant : les clauses de FICHIER (TOML), les autres restant ce qu'elles étaient.

    Les clauses : [[lignes]] (territoire, part ou volume, niveau), acte, signature, limite, fin, revoyure, delai,
    gestion et delegataire, agents, garantie, ecart, [derogation], [regle].
    """
    clauses = read_clauses(fichier)
    with journal_of(base, bailleur) as journal:
        found = convention(journal, objet, clauses, jour, auteur)
        events = journal.append([found.entree], attendu=found.vu)
    for alerte in found.alertes:
        click.echo(f"attention : {alerte.territoire} : {alerte.message}", err=True)
    if found.a_signer:
        click.echo("Avenant sans effet tant qu'il n'est pas signé (allocator record signature).", err=True)
    show_events(events, as_json=as_json)
    return DONE


@click.command(name="regle", short_help="Règle de comptage.")
@click.argument("fichier", metavar="FICHIER", type=click.Path(path_type=Path))
@click.option(
    "--convention",
    "objet",
    metavar="RESERVATAIRE/TERRITOIRE",
    default="",
    help="La convention qu'elle règle.  [défaut : toutes]",
)
@day_option("Jour où elle prend effet.")
@ledger_options
@author_option
@click.option(
    "--json", "as_json", is_flag=True, help="Écrit ce qui est enregistré en JSON sur la sortie standard."
)
@ledger_exit_codes
def regle_command(
    fichier: Path, objet: str, jour: date, base: str, bailleur: str | None, auteur: str, as_json: bool
) -> int:
    """Enregistre ce qui compte à partir d'un jour : les tables [comptage] et [issues] de FICHIER (TOML)."""
    with journal_of(base, bailleur) as journal:
        show_events(journal.append([regle(journal, objet, fichier, jour, auteur)]), as_json=as_json)
    return DONE
