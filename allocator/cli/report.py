"""``allocator report``: the documents that réservataires, EPCI and partners are sent, made of the journal alone."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from allocator.cli.failures import DONE
from allocator.cli.ledger_options import day_option, journal_of, ledger_exit_codes, ledger_options
from allocator.formats.writing import write_together
from allocator.reports.bilan import bilan
from allocator.reports.cil import cil
from allocator.reports.delegation import delegation
from allocator.reports.document import Document
from allocator.reports.fonds import Fonds, read_fonds
from allocator.reports.hors_assiette import hors_assiette, read_previsionnel
from allocator.reports.offre import offres
from allocator.reports.reglages import SHIPPED, read_reglages
from allocator.reports.rendu.fichiers import FORMATS, as_json, files
from allocator.reports.suivi import suivi

Command = TypeVar("Command", bound=Callable[..., Any])

EXEMPLES: Final = """\b
Exemples :
  allocator report bilan --base flux.db --annee 2025 --out bilan-2025
  allocator report hors-assiette --base flux.db --annee 2025 --previsionnel previsionnel.csv --out bilan-2025
  allocator report suivi --base flux.db --date 2025-09-30 --destinataire als --out suivi
  allocator report offre --base flux.db --liberation 2025-000123 --format pdf --out offres
"""


@click.group(name="report", epilog=EXEMPLES)
def report_command() -> None:
    """Établit les documents dus aux réservataires et aux partenaires : XLSX, PDF à signer, CSV et JSON."""


_YEAR: Final = click.option(
    "--annee",
    "--year",
    "annee",
    metavar="ANNÉE",
    type=click.IntRange(min=1900, max=2999),
    required=True,
    help="Année du document, telle qu'elle était au 31 décembre.",
)

_RECIPIENTS: Final = click.option(
    "--destinataire",
    "asked",
    metavar="ID",
    multiple=True,
    help="Pour un seul destinataire : réservataire, code d'EPCI, ou « ensemble ». Se répète.  [défaut : tous]",
)

_SETTINGS: Final = click.option(
    "--reglages",
    "settings",
    metavar="FICHIER",
    type=click.Path(path_type=Path),
    default=SHIPPED,
    show_default="ceux qui sont livrés",
    help="Périodes de construction, secret, texte des offres : un fichier TOML.",
)


def _output(command: Command) -> Command:
    """Add what every document takes: of which journal, where and how to write it."""
    add_json = click.option(
        "--json", "as_json", is_flag=True, help="Écrit les tables en JSON sur la sortie standard."
    )
    add_formats = click.option(
        "--format",
        "formats",
        type=click.Choice(FORMATS),
        multiple=True,
        default=FORMATS,
        show_default="tous",
        help="Ce qui est écrit. Se répète.",
    )
    add_out = click.option(
        "--out",
        "out",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        help="Dossier où écrire les documents.",
    )
    return ledger_options(add_out(add_formats(add_json(command))))


@report_command.command(name="bilan")
@_output
@_YEAR
@_RECIPIENTS
@_SETTINGS
@ledger_exit_codes
def bilan_command(annee: int, asked: tuple[str, ...], settings: Path, **output: Any) -> int:
    """Le bilan annuel de R.441-5-1 : un par réservataire, par EPCI ou EPT, et un entier."""
    reglages = read_reglages(settings)
    return _write(lambda fonds: bilan(fonds, reglages, asked), date(annee, 12, 31), **output)


@report_command.command(name="hors-assiette")
@_output
@_YEAR
@click.option(
    "--previsionnel",
    "planned",
    metavar="CSV",
    type=click.Path(path_type=Path),
    help="Prévisionnel de l'année suivante, comme l'écrit « allocator assiette previsionnel ».",
)
@_SETTINGS
@ledger_exit_codes
def hors_assiette_command(annee: int, planned: Path | None, settings: Path, **output: Any) -> int:
    """Le bilan du hors assiette par catégorie d'opération, et le prévisionnel de l'année suivante (R.441-5)."""
    reglages = read_reglages(settings)
    prevu = None if planned is None else read_previsionnel(planned)
    return _write(lambda fonds: (hors_assiette(fonds, reglages, prevu),), date(annee, 12, 31), **output)


@report_command.command(name="suivi")
@_output
@day_option("Suivi à la fin de ce jour.")
@_RECIPIENTS
@_SETTINGS
@ledger_exit_codes
def suivi_command(jour: date, asked: tuple[str, ...], settings: Path, **output: Any) -> int:
    """Le suivi mensuel : dû, proposé, attribué, écart, projection au dernier jour de l'année."""
    reglages = read_reglages(settings)
    return _write(lambda fonds: suivi(fonds, reglages, asked), jour, **output)


@report_command.command(name="cil")
@_output
@day_option("Dossier à la fin de ce jour.")
@_RECIPIENTS
@_SETTINGS
@ledger_exit_codes
def cil_command(jour: date, asked: tuple[str, ...], settings: Path, **output: Any) -> int:
    """Le dossier d'une CIL ou d'un EPT : les totaux de son territoire, registre par registre."""
    reglages = read_reglages(settings)
    return _write(lambda fonds: cil(fonds, reglages, asked), jour, **output)


@report_command.command(name="delegation")
@_output
@_YEAR
@ledger_exit_codes
def delegation_command(annee: int, **output: Any) -> int:
    """Le rapport annuel sur la gestion déléguée : qui a agi pour qui, en combien de jours, avec quelle issue."""
    return _write(lambda fonds: (delegation(fonds),), date(annee, 12, 31), **output)


@report_command.command(name="offre")
@_output
@day_option("Jour de l'offre, pour ce qui n'est pas encore envoyé.")
@click.option(
    "--liberation",
    "dwellings",
    metavar="ID",
    multiple=True,
    help="Un seul logement. Se répète.  [défaut : tous ceux qui attendent des candidats]",
)
@_SETTINGS
@ledger_exit_codes
def offre_command(jour: date, dwellings: tuple[str, ...], settings: Path, **output: Any) -> int:
    """L'offre d'un logement à un réservataire ou à son délégataire, avec son délai d'un mois."""
    reglages = read_reglages(settings)
    return _write(lambda fonds: offres(fonds, reglages, dwellings), jour, **output)


def _write(
    make: Callable[[Fonds], Sequence[Document]],
    jour: date,
    *,
    base: str,
    bailleur: str | None,
    out: Path | None,
    formats: tuple[str, ...],
    as_json: bool,
) -> int:
    """Make documents of a journal at the end of a day, write them, and tell which."""
    with journal_of(base, bailleur) as journal:
        fonds = read_fonds(journal, jour)
    documents = make(fonds)
    written = files(documents, formats) if out is not None else {}
    if out is not None and written:
        write_together(out, written)
        click.echo(f"{len(documents)} document(s), {len(written)} fichiers écrits dans {out}/", err=True)
    if as_json:
        click.echo(json.dumps(_told(fonds, documents), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(f"{each.stem} : {each.titre}, {each.destinataire}" for each in documents))
    return DONE


def _told(fonds: Fonds, documents: Sequence[Document]) -> dict[str, Any]:
    head = {"bailleur": fonds.bailleur, "nom": fonds.nom, "date": str(fonds.jour)}
    chain = {"vu": fonds.tete.rang, "empreinte": fonds.tete.empreinte}
    return head | chain | {"documents": [as_json(each) for each in documents]}
