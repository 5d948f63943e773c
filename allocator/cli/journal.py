"""``allocator journal``: verify, export and import what was recorded."""

import json
import sys
from collections.abc import Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import click

from allocator.cli.failures import DISAGREEMENT, DONE
from allocator.cli.journal_purge import purge_command
from allocator.cli.journal_replay import replay_command
from allocator.cli.ledger_options import day_option, journal_of, ledger_exit_codes, ledger_options
from allocator.formats import BadInput, Fault, write_instance
from allocator.formats.daily_schema import DECISIONS
from allocator.formats.source import reason
from allocator.formats.writing import write_together
from allocator.ledger.annees.instance import instance_of_year, write_decisions
from allocator.ledger.daily.releve import build_releve
from allocator.ledger.store.journal import Journal, open_journal


@click.group(name="journal")
def journal_command() -> None:
    """Vérifie, exporte, importe et rejoue le journal ; efface des références de ménages."""


@journal_command.command(name="verify")
@ledger_options
@click.option(
    "--empreinte",
    "noted",
    metavar="RANG:EMPREINTE",
    help="Empreinte notée ailleurs, que le journal doit toujours avoir à ce rang : elle trahit une chaîne refaite.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit le verdict en JSON sur la sortie standard.")
@ledger_exit_codes
def verify_command(base: str, bailleur: str | None, noted: str | None, as_json: bool) -> int:
    """Recalcule la chaîne et tout ce qui en est tiré, et nomme chaque anomalie.

    Sort avec le code 0 si le journal est intact, 1 sinon. Notez l'empreinte de tête en lieu sûr : elle répond de tous
    les événements qui la précèdent.
    """
    with journal_of(base, bailleur) as journal:
        found = journal.verify()
        anomalies = (*found.anomalies, *(() if noted is None else _other_digest(journal, noted)))
    if as_json:
        told = {
            "bailleur": journal.bailleur,
            "intact": not anomalies,
            "rang": found.tete.rang,
            "empreinte": found.tete.empreinte,
            "anomalies": list(anomalies),
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    for text in anomalies:
        click.echo(text, err=True)
    if not anomalies:
        head = f"tête {found.tete.rang}:{found.tete.empreinte}"
        click.echo(f"Journal intact : {found.tete.rang} événements, {head}", err=True)
    return DISAGREEMENT if anomalies else DONE


def _other_digest(journal: Journal, noted: str) -> tuple[str, ...]:
    rang, _, digest = noted.partition(":")
    if not rang.isdecimal() or not digest:
        raise click.UsageError(f"--empreinte : « {noted} », attendu RANG:EMPREINTE")
    event = next(journal.events(int(rang), int(rang)), None)
    if event is None:
        return (f"événement {rang} : absent, alors que son empreinte a été notée",)
    return (
        ()
        if event.empreinte == digest
        else (f"événement {rang} : son empreinte n'est pas celle qui a été notée",)
    )


@journal_command.command(name="export")
@ledger_options
@click.option(
    "--out",
    "out",
    metavar="FICHIER",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Fichier à écrire, un événement par ligne (JSON Lines).  [défaut : sortie standard]",
)
@click.option(
    "--instance",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Écrit plutôt une année comme une instance, que solve, simulate et check lisent, avec decisions.csv.",
)
@day_option("Avec --instance : un jour de l'année à exporter, auquel decisions.csv s'arrête.")
@click.option(
    "--json", "as_json", is_flag=True, help="Écrit le compte en JSON sur la sortie standard, avec --out."
)
@ledger_exit_codes
def export_command(
    base: str, bailleur: str | None, out: Path | None, folder: Path | None, jour: date, as_json: bool
) -> int:
    """Écrit le journal entier, ou une de ses années comme une instance."""
    if out is not None and folder is not None:
        raise click.UsageError("--out ou --instance, l'un ou l'autre")
    if as_json and out is None and folder is None:
        raise click.UsageError("--json demande --out ou --instance : la sortie standard est celle du journal")
    with journal_of(base, bailleur) as journal:
        if folder is not None:
            told = _export_year(journal, jour, folder)
        elif out is not None:
            write_together(out.parent, {out.name: partial(_write_lines, journal.export_lines())})
            told = {"fichier": str(out), "evenements": journal.tete.rang}
        else:
            sys.stdout.buffer.writelines(f"{line}\n".encode() for line in journal.export_lines())
            return DONE
    if as_json:
        click.echo(json.dumps({"bailleur": journal.bailleur} | told, ensure_ascii=False, indent=2))
    return DONE


def _write_lines(lines: Iterable[str], file: TextIO) -> None:
    file.writelines(f"{line}\n" for line in lines)


def _export_year(journal: Journal, jour: date, folder: Path) -> dict[str, Any]:
    vu = journal.tete.rang
    registre = journal.registre(vu=vu)
    releve = build_releve(registre, jour, vu)
    instance = instance_of_year(registre, releve)
    write_instance(instance, folder)
    write_together(folder, {DECISIONS.file: partial(write_decisions, releve=releve, instance=instance)})
    click.echo(f"{len(instance.liberations)} libération(s) écrites dans {folder}/", err=True)
    return {"instance": str(folder), "liberations": len(instance.liberations), "vu": vu}


@journal_command.command(name="import")
@click.argument("fichier", metavar="FICHIER", type=click.Path(path_type=Path))
@ledger_options
@click.option("--json", "as_json", is_flag=True, help="Écrit le compte en JSON sur la sortie standard.")
@ledger_exit_codes
def import_command(fichier: Path, base: str, bailleur: str | None, as_json: bool) -> int:
    """Reprend un journal exporté dans une base, qui peut ne pas exister encore.

    Importer deux fois ne change rien ; un export qui n'est pas la suite de ce que la base contient est refusé.
    """
    try:
        with fichier.open(encoding="utf-8", newline="\n") as lines:
            first = lines.readline()
            lines.seek(0)
            with open_journal(base, bailleur or _bailleur_of(first, fichier.name), create=True) as journal:
                added = journal.import_lines(lines, fichier.name)
                rang = journal.tete.rang
    except OSError as failure:
        raise BadInput([Fault(fichier.name, None, None, reason(failure))]) from failure
    except UnicodeDecodeError as failure:
        raise BadInput([Fault(fichier.name, None, None, "ce n'est pas de l'UTF-8")]) from failure
    if as_json:
        told = {"bailleur": journal.bailleur, "nouveaux": added, "evenements": rang}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    click.echo(f"{added} événement(s) nouveau(x), {rang} en tout.", err=True)
    return DONE


def _bailleur_of(line: str, source: str) -> str:
    """Return whose journal an export is, by its first line."""
    try:
        bailleur = json.loads(line)["bailleur"]
    except (ValueError, KeyError, TypeError):
        bailleur = None
    if not isinstance(bailleur, str):
        raise BadInput([Fault(source, 1, "bailleur", "un événement était attendu, avec son bailleur")])
    return bailleur


journal_command.add_command(replay_command)
journal_command.add_command(purge_command)
