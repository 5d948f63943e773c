"""``allocator today``: the pre-orientation of what waits, from the journal."""

import json
from datetime import date
from pathlib import Path

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
from allocator.formats.writing import write_together
from allocator.ledger.daily.avis import preorientations, unrecorded
from allocator.ledger.daily.matinee import Matinee, matinee, propose
from allocator.ledger.daily.releve import read_releve
from allocator.policies.catalogue import load
from allocator.policies.proposing.document import document, files
from allocator.policies.proposing.page import page
from allocator.policies.proposing.propose import ANTICIPATION

ALL = "tout"
"""Value of ``--pourquoi`` that costs the alternatives of every dwelling."""


@click.command(name="today")
@click.option(
    "--policy", "policy", metavar="NOM", default=ANTICIPATION, show_default=True, help="Règle quotidienne."
)
@click.option(
    "--pourquoi",
    "explained",
    metavar="LIBÉRATION",
    multiple=True,
    help="Logement dont chiffrer chaque autre choix, en refaisant le plan (« tout » : tous). Sans cela, le coût des "
    "autres choix est donné par une borne.",
)
@click.option(
    "--out",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Dossier où écrire propositions.csv, alternatives.csv, journee.md et propositions.json.",
)
@click.option(
    "--seed",
    "seed",
    metavar="N",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Graine des scénarios.",
)
@day_option("Jour dont orienter ce qui attend.")
@ledger_options
@author_option
@click.option("--json", "as_json", is_flag=True, help="Écrit propositions.json sur la sortie standard.")
@ledger_exit_codes
def today_command(
    policy: str,
    explained: tuple[str, ...],
    out: Path | None,
    seed: int,
    jour: date,
    base: str,
    bailleur: str | None,
    auteur: str,
    as_json: bool,
) -> int:
    """Propose un réservataire pour chaque logement du flux qui attend, d'après les comptes du journal.

    Les propositions entrent dans le journal comme avis, avec la règle, le modèle et l'empreinte de ce dont elles sont
    faites ; rien n'est décidé (« allocator decide »). Redemandées dans le même état, elles n'y entrent pas deux fois.
    """
    load(policy)
    with journal_of(base, bailleur) as journal:
        morning = matinee(read_releve(journal, jour), policy, seed)
        proposals = propose(morning, _asked(explained, morning))
        advice = preorientations(morning, proposals, auteur)
        journal.append(unrecorded(journal, morning, advice))
    told = (morning.frame.instance, morning.releve.model, morning.situation, proposals, policy)
    written = files(*told)
    if out is not None:
        write_together(out, written)
    if as_json:
        click.echo(json.dumps(document(*told), ensure_ascii=False, indent=2))
    else:
        click.echo(page(*told), nl=False)
    if out is not None:
        click.echo(f"Fichiers écrits dans {out}/ : {', '.join(written)}", err=True)
    if morning.a_venir:
        click.echo(f"{morning.a_venir} logement(s) annoncé(s) pour plus tard.", err=True)
    return DONE


def _asked(explained: tuple[str, ...], morning: Matinee) -> tuple[str, ...]:
    """Return the dwellings to cost; raises :class:`BadInput` where one does not wait."""
    waiting = morning.situation.today.id
    if ALL in explained:
        return waiting
    unknown = [name for name in explained if name not in waiting]
    if unknown:
        raise BadInput([Fault("--pourquoi", None, None, f"{name} n'attend pas ce jour") for name in unknown])
    return explained
