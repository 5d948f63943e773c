"""``allocator init``: open a bailleur's journal for a period, from an instance."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from allocator.cli.arguments import resolve_model
from allocator.cli.failures import DONE
from allocator.cli.ledger_options import author_option, ledger_exit_codes, ledger_options
from allocator.cli.options import model_option
from allocator.domain import Comptage, Instance, Model
from allocator.formats import BadInput, Fault, read_instance, read_model
from allocator.ledger.accounts.regle_reader import read_regle
from allocator.ledger.accounts.regles import Regle
from allocator.ledger.conventions.gardes import Alerte
from allocator.ledger.conventions.seuils import read_seuils
from allocator.ledger.daily.fresh import fresh, left_out, unsigned
from allocator.ledger.daily.opening import Reprise, opening
from allocator.ledger.events.event import Event
from allocator.ledger.store.journal import list_bailleurs, open_journal
from allocator.ledger.store.unavailable import Unavailable


@click.command(name="init")
@click.argument("instance", metavar="INSTANCE", type=click.Path(path_type=Path))
@model_option
@click.option(
    "--regle",
    "regle",
    metavar="FICHIER",
    type=click.Path(path_type=Path),
    help="Fichier TOML de ce que compte chaque issue.  [défaut : le [comptage] du modèle, et les effets livrés]",
)
@click.option(
    "--effet",
    "effet",
    metavar="AAAA-MM-JJ",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Jour où conventions et règle prennent effet : celui d'un avenant en cours d'année.  [défaut : le premier "
    "de la période]",
)
@click.option(
    "--passer-outre",
    "passer_outre",
    metavar="MOTIF",
    default="",
    help="Enregistre des conventions que la loi refuse, et garde pourquoi au journal : une dérogation du préfet.",
)
@ledger_options
@author_option
@click.option(
    "--json", "as_json", is_flag=True, help="Écrit ce qui est enregistré en JSON sur la sortie standard."
)
@ledger_exit_codes
def init_command(
    instance: Path,
    model: str,
    regle: Path | None,
    effet: datetime | None,
    passer_outre: str,
    base: str,
    bailleur: str | None,
    auteur: str,
    as_json: bool,
) -> int:
    """Ouvre le journal d'un bailleur pour la période de INSTANCE, et crée la base si elle n'existe pas.

    Territoires, réservataires, conventions, objectifs indicatifs, modèle et historique entrent dans le journal, qui
    se suffit ensuite. Les libérations n'y entrent pas : « allocator import » les annonce. Relancée, la commande
    n'enregistre que ce qui a changé ; avec l'instance de l'année suivante, elle ouvre cette année.
    """
    read = read_instance(instance, warn=lambda text: click.echo(text, err=True))
    path = resolve_model(model)
    rules = read_model(path)
    known = Regle(rules.comptage or Comptage(), read_regle().effets)
    reprise = Reprise(
        read,
        path.read_text(encoding="utf-8-sig"),
        known if regle is None else read_regle(regle, known),
        read_seuils(),
        effet.date() if effet else None,
        passer_outre,
    )
    entrees, alertes = opening(reprise, auteur)
    with open_journal(base, bailleur or _only(base), create=True) as journal:
        tete, actes = journal.tete, journal.waiting(phases=()).actes
        added = fresh(entrees, actes)
        events = journal.append(added, attendu=tete.rang)
    _warn(read, alertes, left_out(entrees, actes))
    for objet in unsigned(added, actes):
        click.echo(
            f"avenant à {objet} : sans effet tant qu'il n'est pas signé (allocator record signature)",
            err=True,
        )
    if as_json:
        told = [{"rang": each.rang, "nature": each.nature, "objet": each.objet} for each in events]
        click.echo(json.dumps({"evenements": told}, ensure_ascii=False, indent=2))
    else:
        click.echo(_summary(read, rules, events))
    return DONE


def _only(base: str) -> str:
    """Return the only bailleur of a database.

    Raises
    ------
    BadInput
        If there is no such database yet, or it has no bailleur or several.
    """
    try:
        known = [name for name, _ in list_bailleurs(base)]
    except Unavailable:
        known = []
    if len(known) != 1:
        raise BadInput([Fault("--bailleur", None, None, "à préciser : de qui est ce journal")])
    return known[0]


def _warn(instance: Instance, alertes: Sequence[Alerte], others: Sequence[str]) -> None:
    for alerte in alertes:
        click.echo(f"attention : {alerte.territoire} : {alerte.message}", err=True)
    for objet in others:
        click.echo(f"convention {objet} : absente de l'instance, elle reste en vigueur", err=True)
    if len(instance.liberations):
        number = len(instance.liberations)
        click.echo(f"{number} libération(s) non reprise(s) : « allocator import » les annonce", err=True)


def _summary(instance: Instance, model: Model, events: Sequence[Event]) -> str:
    if not events:
        return "Rien de nouveau : le journal dit déjà tout cela."
    conventions = sum(event.nature == "convention" for event in events)
    history = 0 if instance.historique is None else len(instance.historique)
    period = f"{instance.nom}, du {instance.debut:%d/%m/%Y} au {instance.fin:%d/%m/%Y}"
    return (
        f"{period}, modèle « {model.titre or model.nom} » : {len(events)} événement(s), dont {conventions} "
        f"convention(s) ; {history} libération(s) d'historique."
    )
