"""``allocator record``: what happens to a dwelling once it is oriented, one command a kind of event."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

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
from allocator.cli.record_terms import convention_command, regle_command
from allocator.ledger.daily.saisie import SAISIES, contenu_of, correction, saisie
from allocator.ledger.events.natures import NATURES, Champ

AIDES: Final = {
    "delai": "Jours laissés au réservataire.  [défaut : ceux de la convention, ou un mois]",
    "nombre": "Nombre de candidats.",
    "motif": "Pourquoi.",
    "issue": "Ce qui l'explique : candidats écartés par la CALEOL, logement mal décrit.",
    "precision": "Ce qu'il y a à en dire.",
    "decision": "Décision de la commission.",
    "statut": "Statut.",
    "categorie": "Motif légal d'un logement hors assiette.",
    "operation": "Opération pour laquelle il est hors assiette.",
    "public_prioritaire": "Public prioritaire relogé.",
    "contingent": "Contingent dont le ménage relogé relevait.",
    "menage": "Référence du ménage relogé : gardée à part du journal, et effaçable.",
    "corps": "Pour qui le logement est gardé en stock.",
}
"""What each option says in the help pages."""


class _InOrder(click.Group):
    """A group whose commands are listed in the order of a dwelling's life."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names as they were added."""
        return list(self.commands)


@click.group(name="record", cls=_InOrder)
def record_command() -> None:
    """Enregistre ce qui arrive à un logement : proposition, candidats, CALEOL, bail, retrait… ou une correction."""


def _options(nature: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what adds an option for each field of a nature."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for name, champ in reversed(list(NATURES[nature].champs.items())):
            command = click.option(
                f"--{name.replace('_', '-')}",
                name,
                type=_type(champ),
                required=champ.requis,
                metavar=None if champ.choix else "N" if champ.genre == "entier" else "TEXTE",
                help=AIDES[name],
            )(command)
        return command

    return add


def _type(champ: Champ) -> click.ParamType[Any]:
    return click.Choice(champ.choix) if champ.choix else click.STRING


def _command(nature: str) -> click.Command:
    """Return the command that records events of a nature."""
    what = NATURES[nature]
    title = f"{what.titre[0].upper()}{what.titre[1:]}"
    subject = "LIBÉRATION" if what.sujet == "logement" else "RESERVATAIRE/TERRITOIRE"

    @click.command(
        name=nature,
        help=f"Enregistre : {what.titre}.",
        short_help=f"{title}.",
    )
    @click.argument("objets", metavar=f"{subject}...", nargs=-1, required=True)
    @_options(nature)
    @day_option("Jour où cela a pris effet.")
    @ledger_options
    @author_option
    @click.option(
        "--json", "as_json", is_flag=True, help="Écrit ce qui est enregistré en JSON sur la sortie standard."
    )
    @ledger_exit_codes
    def command(
        objets: tuple[str, ...],
        jour: date,
        base: str,
        bailleur: str | None,
        auteur: str,
        as_json: bool,
        **said: str | None,
    ) -> int:
        contenu, menages = contenu_of(nature, {name: text for name, text in said.items() if text is not None})
        with journal_of(base, bailleur) as journal:
            entrees = saisie(journal, nature, objets, jour, auteur, contenu)
            show_events(journal.append(entrees, menages=menages), as_json=as_json)
        return DONE

    return command


for _nature in SAISIES:
    record_command.add_command(_command(_nature))


record_command.add_command(convention_command)
record_command.add_command(regle_command)


@record_command.command(name="correction", short_help="Correction d'un événement.")
@click.argument("rang", type=click.IntRange(min=1))
@click.argument("champs", metavar="[CHAMP=VALEUR]...", nargs=-1)
@click.option("--annule", "annule", is_flag=True, help="L'événement n'a pas eu lieu.")
@click.option(
    "--effet",
    "effet",
    metavar="AAAA-MM-JJ",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Le jour où il a eu lieu.",
)
@click.option("--motif", "motif", metavar="TEXTE", help="Pourquoi.")
@click.option(
    "--apres-cloture",
    "apres_cloture",
    is_flag=True,
    help="La correction touche une année close, et le reconnaît ; --motif dit alors pourquoi.",
)
@ledger_options
@author_option
@click.option(
    "--json", "as_json", is_flag=True, help="Écrit ce qui est enregistré en JSON sur la sortie standard."
)
@ledger_exit_codes
def correction_command(
    rang: int,
    champs: tuple[str, ...],
    annule: bool,
    effet: Any,
    motif: str | None,
    apres_cloture: bool,
    base: str,
    bailleur: str | None,
    auteur: str,
    as_json: bool,
) -> int:
    """Corrige l'événement RANG sans l'effacer : ce que ses champs auraient dû dire, ou qu'il n'a pas eu lieu.

    Une valeur vide vide le champ ; les champs qui ne sont pas nommés restent ce qu'ils sont.
    """
    if annule == bool(champs or effet):
        raise click.UsageError("il faut --annule, ou bien des CHAMP=VALEUR ou --effet")
    textes = None if annule else dict(_pair(each) for each in champs)
    with journal_of(base, bailleur) as journal:
        day = effet.date() if effet else None
        entree, menages = correction(journal, rang, textes, day, auteur, motif, apres_cloture=apres_cloture)
        show_events(journal.append([entree], menages=menages), as_json=as_json)
    return DONE


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"« {text} » : CHAMP=VALEUR était attendu")
    return name, value
