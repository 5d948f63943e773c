"""``allocator journal purge``: references of households erased, once somebody has confirmed it."""

import json
from datetime import date

import click

from allocator.cli.failures import DONE
from allocator.cli.ledger_options import (
    author_option,
    day_option,
    journal_of,
    ledger_exit_codes,
    ledger_options,
)
from allocator.formats import BadInput, Fault
from allocator.ledger.store.journal import Journal


@click.command(name="purge")
@click.argument("jetons", metavar="JETON...", nargs=-1, required=True)
@click.option("--motif", "motif", metavar="TEXTE", required=True, help="Pourquoi.")
@click.option("--oui", "confirmed", is_flag=True, help="Efface ; sans elle, dit ce qui le serait.")
@day_option("Jour où elles sont effacées.")
@ledger_options
@author_option
@click.option("--json", "as_json", is_flag=True, help="Écrit le compte en JSON sur la sortie standard.")
@ledger_exit_codes
def purge_command(
    jetons: tuple[str, ...],
    motif: str,
    confirmed: bool,
    jour: date,
    base: str,
    bailleur: str | None,
    auteur: str,
    as_json: bool,
) -> int:
    """Efface pour de bon la référence de ménages, et enregistre qu'elle l'a été.

    Le journal garde le JETON, qui ne mène plus à personne, et reste vérifiable. Sans --oui, rien n'est effacé.
    """
    if not motif.strip():
        raise click.UsageError("--motif : texte vide")
    asked = tuple(dict.fromkeys(jetons))
    with journal_of(base, bailleur) as journal:
        found = _references(journal, asked)
        events = [journal.purge(each, motif, jour, auteur) for each in asked] if confirmed else []
    if as_json:
        told = {"jetons": list(asked), "effaces": confirmed, "enregistres": [event.rang for event in events]}
        click.echo(json.dumps({"bailleur": journal.bailleur} | told, ensure_ascii=False, indent=2))
        return DONE
    for event in events:
        click.echo(f"{event.contenu['menage']} : référence effacée (événement {event.rang})")
    if not confirmed:
        for jeton, reference in found.items():
            click.echo(f"{jeton} : « {reference} » serait effacée")
        click.echo("Rien n'est effacé : --oui le confirme.", err=True)
    return DONE


def _references(journal: Journal, jetons: tuple[str, ...]) -> dict[str, str]:
    """Return the references of households by token; every token that leads to none is a fault."""
    found = {jeton: journal.household(jeton) for jeton in jetons}
    unknown = [jeton for jeton, reference in found.items() if reference is None]
    if unknown:
        message = "référence de ménage inconnue, ou déjà effacée"
        raise BadInput([Fault("JETON", None, jeton, message) for jeton in unknown])
    return {jeton: reference for jeton, reference in found.items() if reference is not None}
