"""``allocator import``: take an extract of an ERP into the journal."""

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
from allocator.formats.cells import one_of
from allocator.ledger.daily.imports import Bilan, read_extract, take_in
from allocator.ledger.importing import (
    GENRES,
    mapping_text,
    propose_mapping,
    read_mapping,
    rejects_of,
    write_rejects,
)


@click.command(name="import")
@click.argument("fichier", metavar="FICHIER", type=click.Path(path_type=Path))
@click.option(
    "--correspondance",
    "mapping",
    metavar="TOML",
    type=click.Path(path_type=Path),
    help="Quelle colonne de l'extrait est quel champ : un fichier gardé d'un import à l'autre.",
)
@click.option(
    "--proposer",
    "genre",
    type=click.Choice(list(GENRES)),
    help="Écrit sur la sortie standard une correspondance pour cet extrait, à compléter et à garder ; n'importe rien.",
)
@click.option(
    "--accept-valid", "accept_valid", is_flag=True, help="Importe les lignes justes s'il y en a de fausses."
)
@click.option(
    "--rejets",
    "rejects",
    metavar="FICHIER",
    type=click.Path(path_type=Path),
    help="Où écrire, avec --accept-valid, les lignes refusées : un CSV, ou un classeur si le nom finit par .xlsx.  "
    "[défaut : à côté, FICHIER.rejets.csv ou .xlsx comme l'extrait]",
)
@click.option(
    "--dry-run", "dry_run", is_flag=True, help="Dit ce qui serait enregistré, et n'enregistre rien."
)
@day_option("Jour de l'import.")
@ledger_options
@author_option
@click.option(
    "--json", "as_json", is_flag=True, help="Écrit le compte de l'import en JSON sur la sortie standard."
)
@ledger_exit_codes
def import_command(
    fichier: Path,
    mapping: Path | None,
    genre: str | None,
    accept_valid: bool,
    rejects: Path | None,
    dry_run: bool,
    jour: date,
    base: str,
    bailleur: str | None,
    auteur: str,
    as_json: bool,
) -> int:
    """Prend dans le journal un extrait CSV ou .xlsx : libérations, issues ou soldes d'ouverture.

    Le même extrait importé deux fois ne change rien ; une ligne qui a changé corrige l'événement d'origine. Toutes
    les fautes sont dites d'un coup, et rien n'est alors enregistré, à moins de --accept-valid.
    """
    if (mapping is None) == (genre is None):
        raise click.UsageError("il faut --correspondance ou --proposer, l'un ou l'autre")
    if mapping is None:
        click.echo(mapping_text(propose_mapping(fichier, genre or "")), nl=False)
        return DONE
    known = read_mapping(mapping)
    if known.genre not in GENRES:
        expected = f"attendu {one_of(tuple(GENRES))}"
        what = f"« {known.genre} » ne s'importe pas, {expected} (« allocator reconcile » les rapproche)"
        raise BadInput([Fault(mapping.name, None, "genre", what)])
    with journal_of(base, bailleur) as journal:
        lecture = read_extract(journal, fichier, known)
        bilan = take_in(journal, lecture, auteur, jour, accept_valid=accept_valid, dry_run=dry_run)
    where = rejects or rejects_of(fichier)
    if bilan.lecture.fautes and not dry_run:
        write_rejects(bilan.lecture, where)
    for message in (*bilan.lecture.avertissements, *bilan.apport.avertissements):
        click.echo(message, err=True)
    told = _counts(bilan)
    click.echo(
        json.dumps(told, ensure_ascii=False, indent=2) if as_json else _summary(fichier, told, dry_run)
    )
    if told["rejets"]:
        click.echo(
            f"{told['rejets']} ligne(s) refusée(s)" + ("" if dry_run else f", écrite(s) dans {where}"),
            err=True,
        )
    return DONE


def _counts(bilan: Bilan) -> dict[str, int]:
    entrees = len(bilan.apport.entrees)
    return {
        "lignes": len(bilan.lecture.extrait.rows),
        "nouveaux": entrees - bilan.corrections,
        "corrections": bilan.corrections,
        "rejets": len({fault.line for fault in bilan.lecture.fautes}),
    }


def _summary(fichier: Path, told: dict[str, int], dry_run: bool) -> str:
    end = " ; rien n'est enregistré (--dry-run)" if dry_run else ""
    if not told["nouveaux"] and not told["corrections"]:
        return f"{fichier.name} : {told['lignes']} ligne(s), rien de nouveau{end}"
    added = f"{told['nouveaux']} événement(s) nouveau(x), {told['corrections']} correction(s)"
    return f"{fichier.name} : {told['lignes']} ligne(s), {added}{end}"
