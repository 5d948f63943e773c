"""``allocator decide``: whom dwellings are oriented to, as proposed or otherwise."""

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
from allocator.ledger.daily.choix import Choix, read_choix
from allocator.ledger.daily.decisions import decisions
from allocator.ledger.daily.releve import read_releve


@click.command(name="decide")
@click.argument("liberations", metavar="[LIBÉRATION]...", nargs=-1)
@click.option(
    "--fichier",
    "fichier",
    metavar="FICHIER",
    type=click.Path(path_type=Path),
    help="Décide tout un fichier comme propositions.csv : liberation, reservataire (vide : reste au bailleur) et, si "
    "ce n'est pas ce qui était proposé, motif.",
)
@click.option(
    "--reservataire", "reservataire", metavar="ID", help="À qui, si ce n'est pas à qui c'était proposé."
)
@click.option("--garder", "garder", is_flag=True, help="Le logement reste au bailleur.")
@click.option("--motif", "motif", metavar="TEXTE", help="Pourquoi, si ce n'est pas ce qui était proposé.")
@day_option("Jour de la décision.")
@ledger_options
@author_option
@click.option(
    "--json", "as_json", is_flag=True, help="Écrit ce qui est enregistré en JSON sur la sortie standard."
)
@ledger_exit_codes
def decide_command(
    liberations: tuple[str, ...],
    fichier: Path | None,
    reservataire: str | None,
    garder: bool,
    motif: str | None,
    jour: date,
    base: str,
    bailleur: str | None,
    auteur: str,
    as_json: bool,
) -> int:
    """Oriente des logements : comme proposé ou, avec --reservataire ou --garder, autrement et pour un motif.

    Toutes les décisions sont enregistrées, ou aucune : si quelqu'un en a pris une entre-temps, le message dit qui,
    quoi et quand.
    """
    if bool(liberations) == (fichier is not None):
        raise click.UsageError("il faut des LIBÉRATIONS ou --fichier, l'un ou l'autre")
    if (reservataire is not None) + garder + (fichier is not None) > 1:
        raise click.UsageError("--reservataire, --garder et --fichier s'excluent")
    as_proposed = reservataire is None and not garder
    choix = (
        tuple(Choix(each, reservataire, motif, suit=as_proposed) for each in dict.fromkeys(liberations))
        if fichier is None
        else read_choix(fichier, motif)
    )
    with journal_of(base, bailleur) as journal:
        found = decisions(read_releve(journal, jour), choix, auteur)
        events = journal.append(found.entrees)
    for warning in found.avertissements:
        click.echo(warning, err=True)
    show_events(events, as_json=as_json)
    return DONE
