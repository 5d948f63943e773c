"""``allocator journal replay``: the proposals of a day made again, and held against those recorded."""

import json
from datetime import date
from pathlib import Path

import click

from allocator.cli.failures import DISAGREEMENT, DONE
from allocator.cli.ledger_options import day_option, journal_of, ledger_exit_codes, ledger_options
from allocator.formats import BadInput, Fault
from allocator.formats.writing import write_together
from allocator.ledger.rejeu.rejeu import Passage, rejeu
from allocator.policies.proposing.document import files


@click.command(name="replay")
@ledger_options
@day_option("Jour à rejouer.")
@click.option(
    "--out",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire de nouveau les fichiers de « today », un sous-dossier par passage s'il y en a plusieurs.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit le verdict en JSON sur la sortie standard.")
@ledger_exit_codes
def replay_command(base: str, bailleur: str | None, jour: date, out: Path | None, as_json: bool) -> int:
    """Refait les pré-orientations d'un jour à partir du journal seul, et les compare à celles qui sont enregistrées.

    Chaque passage de « today » est refait avec ce que le journal savait alors, sa règle et sa graine. Sort avec le
    code 0 si tout est identique, 1 sinon.
    """
    with journal_of(base, bailleur) as journal:
        passages = list(rejeu(journal, jour))
    if not passages:
        raise BadInput(
            [Fault("--date", None, None, f"aucune pré-orientation enregistrée le {jour:%d/%m/%Y}")]
        )
    for number, each in enumerate(passages, start=1):
        if out is not None:
            _write_day(each, out if len(passages) == 1 else out / f"passage-{number}")
        for text in each.ecarts:
            click.echo(text, err=True)
        same = f"{len(each.ecarts)} écart(s)" if each.ecarts else "identiques"
        click.echo(
            f"Passage {number} (règle {each.policy}, journal lu jusqu'à l'événement {each.vu}) : "
            f"{each.enregistrees} pré-orientation(s) enregistrée(s), {same}.",
            err=True,
        )
    if as_json:
        told = [
            {
                "policy": each.policy,
                "vu": each.vu,
                "entree_sha256": each.morning.entree_sha256,
                "enregistrees": each.enregistrees,
                "ecarts": list(each.ecarts),
            }
            for each in passages
        ]
        head = {"bailleur": journal.bailleur, "date": str(jour)}
        click.echo(json.dumps(head | {"passages": told}, ensure_ascii=False, indent=2))
    return DISAGREEMENT if any(each.ecarts for each in passages) else DONE


def _write_day(each: Passage, folder: Path) -> None:
    morning = each.morning
    write_together(
        folder,
        files(morning.frame.instance, morning.releve.model, morning.situation, each.proposals, each.policy),
    )
