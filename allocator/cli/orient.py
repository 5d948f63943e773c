"""``allocator orient``: the proposals of one morning, with their reasons."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import click
import numpy as np

from allocator.cli.arguments import resolve_model
from allocator.cli.failures import DONE, exit_codes
from allocator.cli.options import model_option
from allocator.cli.progress import one_line
from allocator.cli.proposal_options import asked, proposal_options, show_proposals
from allocator.domain import Instance, Model
from allocator.formats import BadInput, Fault, read_decisions, read_instance, read_model
from allocator.formats.faults import FaultLog
from allocator.formats.writing import write_together
from allocator.policies.catalogue import load
from allocator.policies.proposing.decisions import Decided, refuse, settle
from allocator.policies.proposing.document import files
from allocator.policies.proposing.morning import NOTHING, WAITING, morning
from allocator.policies.proposing.propose import Desk
from allocator.policies.replaying.aleas import SHIPPED, read_aleas
from allocator.policies.replaying.counting import build_counting
from allocator.policies.replaying.replay import replay
from allocator.policies.situation import Frame, by_day, frame, take


@click.command(name="orient")
@click.argument("instance", metavar="INSTANCE", type=click.Path(path_type=Path))
@click.option(
    "--date", "date", metavar="AAAA-MM-JJ", required=True, help="Jour dont orienter les libérations."
)
@model_option
@click.option(
    "--decisions",
    "decided",
    metavar="FICHIER",
    type=click.Path(path_type=Path),
    help="Ce qui a été décidé jusqu'ici : un fichier comme preorientations.csv, avec au besoin l'issue de chaque "
    "pré-orientation. Sans lui, la règle rejoue elle-même les jours précédents.",
)
@proposal_options
@click.option(
    "--out",
    "out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path),
    help="Dossier où écrire propositions.csv, alternatives.csv, journee.md et propositions.json.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit propositions.json sur la sortie standard.")
@exit_codes
def orient_command(
    instance: Path,
    date: str,
    model: str,
    policy: str,
    decided: Path | None,
    explained: tuple[str, ...],
    out: Path,
    seed: int,
    as_json: bool,
) -> int:
    """Propose un réservataire pour chaque libération d'un jour, avec les raisons et les autres choix.

    Rien n'est lu de ce qui se libère après ce jour. Les libérations du jour que --decisions contient déjà sont
    comptées et ne sont plus proposées.
    """
    read = read_instance(instance, warn=lambda text: click.echo(text, err=True))
    rules = read_model(resolve_model(model))
    day = _day(date, read)
    load(policy)
    known = frame(read, rules, seed)
    if decided is None:
        nothing = np.full(len(read.liberations), WAITING, dtype=np.int32)
        asked(explained, morning(read, day, nothing).situation.today.id)
        past = _replayed(read, rules, policy, day, seed)
    else:
        past = _decided(known, read, decided, day)
    today = morning(read, day, *past)
    if today.waiting:
        click.echo(
            f"{len(today.waiting)} libération(s) d'avant ce jour sans décision, comptées pour personne : "
            f"{', '.join(today.waiting[:5])}{'…' if len(today.waiting) > 5 else ''}",
            err=True,
        )
    situation = today.situation
    proposals = Desk(known, policy).propose(situation, asked(explained, situation.today.id))
    told = (read, rules, situation, proposals, policy)
    written = files(*told)
    write_together(out, written)
    show_proposals(told, as_json=as_json)
    click.echo(f"Fichiers écrits dans {out}/ : {', '.join(written)}", err=True)
    return DONE


def _day(text: str, instance: Instance) -> np.datetime64:
    """Return the day asked for; raises :class:`BadInput` unless it is one of the period."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or str(day) != text:
        raise BadInput([Fault("--date", None, None, f"« {text} » n'est pas une date AAAA-MM-JJ")])
    if not instance.debut <= day <= instance.fin:
        period = f"du {instance.debut:%d/%m/%Y} au {instance.fin:%d/%m/%Y}"
        raise BadInput(
            [Fault("--date", None, None, f"le {day:%d/%m/%Y} n'est pas dans la période, {period}")]
        )
    return np.datetime64(day, "D")


def _decided(known: Frame, instance: Instance, path: Path, day: np.datetime64) -> Decided:
    """Return what a file says was decided; outcomes count as in a year replayed with the shipped rates."""
    log = FaultLog()
    file = read_decisions(path, instance, log)
    bail = read_aleas(SHIPPED, instance.reservataires.id).bail
    counting = build_counting(known.model.comptage, instance.territoires, bail)
    refuse(known, instance, file, day, log)
    return settle(instance, file, counting)


def _replayed(instance: Instance, model: Model, policy: str, day: np.datetime64, seed: int) -> Decided:
    """Return what the rule itself would have decided of what came free before a day."""
    rows = by_day(instance.liberations)
    before = np.sort(rows[instance.liberations.date[rows] < day])
    past = replace(instance, liberations=take(instance.liberations, before))
    decided = np.full(len(instance.liberations), WAITING, dtype=np.int32)
    with one_line() as tell:
        decided[before] = replay(past, model, load(policy), seed, tell=tell).decided
    return Decided(decided, NOTHING)
