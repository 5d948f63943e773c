"""``allocator today``: the pre-orientation of what waits, from the journal."""

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
from allocator.cli.proposal_options import asked, proposal_options, show_proposals
from allocator.formats.writing import write_together
from allocator.ledger.daily.avis import preorientations, unrecorded
from allocator.ledger.daily.matinee import matinee, propose
from allocator.ledger.daily.releve import read_releve
from allocator.policies.catalogue import load
from allocator.policies.proposing.document import files


@click.command(name="today")
@proposal_options
@click.option(
    "--out",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Dossier où écrire propositions.csv, alternatives.csv, journee.md et propositions.json.",
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
        proposals = propose(morning, asked(explained, morning.situation.today.id))
        advice = preorientations(morning, proposals, auteur)
        journal.append(unrecorded(journal, morning, advice))
    told = (morning.frame.instance, morning.releve.model, morning.situation, proposals, policy)
    written = files(*told)
    if out is not None:
        write_together(out, written)
    show_proposals(told, as_json=as_json)
    if out is not None:
        click.echo(f"Fichiers écrits dans {out}/ : {', '.join(written)}", err=True)
    if morning.a_venir:
        click.echo(f"{morning.a_venir} logement(s) annoncé(s) pour plus tard.", err=True)
    return DONE
