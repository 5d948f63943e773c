"""``allocator annex``: the annex of each réservataire's conventions, from the data that they are applied by."""

import re
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TextIO

import click

from allocator.cli.arguments import resolve_model
from allocator.cli.failures import DONE
from allocator.cli.ledger_options import BASE, journal_of, ledger_exit_codes, read_day
from allocator.formats import BadInput, Fault, read_instance, read_model
from allocator.formats.cells import one_of, quote
from allocator.formats.writing import write_together
from allocator.ledger.daily.releve import read_releve
from allocator.planning.annexe.matiere import Matiere
from allocator.planning.annexe.page import annex
from allocator.planning.annexe.sources import of_instance, of_journal, read_established
from allocator.planning.protocole.lecture import read_settings, resolve


@click.command(name="annex")
@click.argument("instance", metavar="[INSTANCE]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--protocol",
    "protocol",
    metavar="BAILLEUR.toml",
    type=click.Path(path_type=Path),
    help="Réglages du bailleur : clauses communes, décompte, seuils, dérogations.",
)
@click.option(
    "--model", "model", metavar="MODÈLE", help="Décompte, sans --protocol.  [défaut : propositions]"
)
@click.option("--base", "base", metavar="BASE", help="Au lieu d'une instance : la base d'un journal.")
@click.option(
    "--bailleur", "bailleur", metavar="ID", help="Bailleur du journal.  [défaut : le seul de la base]"
)
@click.option(
    "--assiette",
    "assiette",
    metavar="CSV",
    type=click.Path(path_type=Path),
    help="assiette.csv d'« allocator assiette build ».  [défaut : le flux observé la dernière année connue]",
)
@click.option(
    "--reservataire",
    "wanted",
    metavar="ID",
    multiple=True,
    help="Se répète.  [défaut : tous ceux qui ont une convention]",
)
@click.option(
    "--date",
    "jour",
    metavar="AAAA-MM-JJ",
    callback=read_day,
    help="Jour auquel l'annexe est établie.  [défaut : le premier de la période ; d'un journal, aujourd'hui]",
)
@click.option(
    "--out",
    "out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire une page Markdown par réservataire.",
)
@ledger_exit_codes
def annex_command(
    instance: Path | None,
    protocol: Path | None,
    model: str | None,
    base: str | None,
    bailleur: str | None,
    assiette: Path | None,
    wanted: tuple[str, ...],
    jour: date | None,
    out: Path,
) -> int:
    """Écrit l'annexe des conventions de chaque réservataire : parts, objectifs, décompte, délais, gestion, revoyure.

    Les promesses sont celles d'une instance, avec les clauses d'un protocole, ou celles qu'un journal a en vigueur à
    une date. Chaque nombre dit à quoi il se rapporte et de quand il est. Mêmes données : mêmes pages, à l'octet près.
    """
    if (instance is None) == (base is None):
        raise click.UsageError(f"donnez une INSTANCE ou --base ({BASE}), et une seule des deux")
    found = (
        _of_journal(base, bailleur, assiette, jour or date.today())
        if base is not None
        else _of_instance(instance, protocol, model, assiette, jour)
    )
    ids = _ids(found, wanted)
    write_together(out, {_file(each): partial(_write, annex(found, each)) for each in ids})
    click.echo(f"{len(ids)} annexe(s) dans {out}/", err=True)
    return DONE


def _of_instance(
    path: Path | None, protocol: Path | None, model: str | None, assiette: Path | None, jour: date | None
) -> Matiere:
    assert path is not None
    read = read_instance(path)
    day = jour or read.debut
    resolu = None if protocol is None else resolve(read_settings(protocol), day)
    rules = read_model(resolve_model(model or "reference"))
    known = None if assiette is None else read_established(assiette, read)
    return of_instance(read, rules, resolu, known, day)


def _of_journal(base: str, bailleur: str | None, assiette: Path | None, jour: date) -> Matiere:
    with journal_of(base, bailleur) as journal:
        releve = read_releve(journal, jour)
    instance = releve.livre.exercice.instance
    known = None if assiette is None else read_established(assiette, instance)
    return of_journal(releve, bailleur or instance.nom, known)


def _ids(found: Matiere, wanted: Sequence[str]) -> list[str]:
    """Return whose annexes to write, in the order of the réservataires.

    Raises
    ------
    BadInput
        If one of those asked for has no convention, or nobody has.
    """
    known = [each for each in found.instance.reservataires.id if found.of(each)]
    if not known:
        raise BadInput([Fault("conventions", None, None, "aucune convention n'est en vigueur")])
    faults = [
        Fault("--reservataire", None, None, f"{quote(each)} n'a pas de convention, attendu {one_of(known)}")
        for each in wanted
        if each not in known
    ]
    if faults:
        raise BadInput(faults)
    return [each for each in known if not wanted or each in wanted]


def _file(reservataire: str) -> str:
    """Return the name of a page: an identifier may have signs that no file can."""
    return f"annexe-{re.sub(r'[^A-Za-z0-9_-]', '_', reservataire)}.md"


def _write(text: str, file: TextIO) -> None:
    file.write(text)
