"""What the commands of an assiette share: the version, the day, what must be arrêté."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click

from allocator.assiette import parcours
from allocator.assiette.dossier import DossierAssiette
from allocator.cli.ledger_options import read_day
from allocator.formats import BadInput, Fault

Command = TypeVar("Command", bound=Callable[..., Any])


def version_options(command: Command) -> Command:
    """Add ``--version``, ``--date`` and ``--arretee``: the arguments of :func:`chosen`."""
    firm = click.option(
        "--arretee", "firm", is_flag=True, help="Refuse une version que toutes les étapes n'ont pas validée."
    )
    day = click.option(
        "--date",
        "jour",
        metavar="AAAA-MM-JJ",
        callback=read_day,
        help="Prend la version qui valait ce jour-là : la dernière en effet et arrêtée.",
    )
    number = click.option(
        "--version",
        "version",
        metavar="N",
        type=click.IntRange(min=1),
        help="Version.  [défaut : la dernière]",
    )
    return number(day(firm(command)))


def chosen(dossier: DossierAssiette, version: int | None, jour: date | None, firm: bool) -> int:
    """Return the version that the options mean: the one that held on a day, the one named, or the last.

    Raises
    ------
    BadInput
        If there is none, or it must be arrêtée and is not.
    """
    if version is not None and jour is not None:
        raise click.UsageError("--version ou --date, l'un ou l'autre")
    if version is not None and version > len(dossier.versions):
        raise _fault("--version", f"version {version} absente, la dernière est {len(dossier.versions)}")
    if jour is not None:
        held = parcours.held(dossier, jour)
        if held is None:
            raise _fault("--date", f"aucune version n'était en effet et arrêtée le {jour:%d/%m/%Y}")
        return held
    found = version or len(dossier.versions)
    state = parcours.etat(dossier, found)
    if firm and state.arretee is None:
        raise _fault("--arretee", f"la version {found} n'est pas arrêtée : elle est {state}")
    return found


def _fault(option: str, what: str) -> BadInput:
    return BadInput([Fault(option, None, None, what)])
