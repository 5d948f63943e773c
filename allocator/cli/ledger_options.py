"""What all commands of the ledger take, and how they end: database, bailleur, author, day, exit codes."""

import functools
import getpass
from collections.abc import Callable
from datetime import date
from typing import Any, Final, ParamSpec, TypeVar

import click

from allocator.cli.failures import BAD_INPUT, INTERNAL, exit_codes
from allocator.formats import BadInput, Fault
from allocator.formats.cells import CellError, read_date
from allocator.ledger.events.recording import EntriesRefused
from allocator.ledger.store.journal import Journal, Overtaken, list_bailleurs, open_journal
from allocator.ledger.store.unavailable import Unavailable

P = ParamSpec("P")
Command = TypeVar("Command", bound=Callable[..., Any])

BASE: Final = "ALLOCATOR_BASE"
AUTEUR: Final = "ALLOCATOR_AUTEUR"


def ledger_options(command: Command) -> Command:
    """Add ``--base`` and ``--bailleur``: the arguments of :func:`journal_of`."""
    add_bailleur = click.option(
        "--bailleur", "bailleur", metavar="ID", help="Bailleur.  [défaut : le seul de la base]"
    )
    add_base = click.option(
        "--base",
        "base",
        metavar="BASE",
        envvar=BASE,
        required=True,
        help=f"Base du journal : un fichier SQLite, ou une adresse postgresql://…  [ou la variable {BASE}]",
    )
    return add_base(add_bailleur(command))


def author_option(command: Command) -> Command:
    """Add ``--auteur``, who is recorded as having said so: the argument ``auteur``."""
    return click.option(
        "--auteur",
        "auteur",
        metavar="NOM",
        envvar=AUTEUR,
        default=_login,
        help=f"Qui l'enregistre.  [ou la variable {AUTEUR} ; défaut : le nom de session]",
    )(command)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise click.UsageError("--auteur : le nom de session est inconnu, il faut le donner") from None


def day_option(what: str, *, today: bool = True) -> Callable[[Command], Command]:
    """Add ``--date``, the argument ``jour``; ``what`` is its help.

    Not given, it is the day of the machine, or ``None`` where ``today`` is false.
    """
    return click.option(
        "--date",
        "jour",
        metavar="AAAA-MM-JJ",
        callback=_today if today else read_day,
        help=f"{what}  [défaut : aujourd'hui]",
    )


def _today(context: click.Context, option: click.Parameter, text: str | None) -> date:
    return read_day(context, option, text) or date.today()


def read_day(_context: click.Context, _option: click.Parameter, text: str | None) -> date | None:
    """Return the day that an option gives; a callback of click."""
    if text is None:
        return None
    try:
        return read_date(text)
    except CellError as error:
        raise click.BadParameter(str(error)) from error


def journal_of(base: str, bailleur: str | None) -> Journal:
    """Open the journal of a bailleur, that of the only one where none is named.

    Raises
    ------
    BadInput
        If the database does not have that bailleur, or has several and none is named.
    Unavailable
        If the database cannot be reached or is not there.
    """
    known = [name for name, _ in list_bailleurs(base)]
    if bailleur is None and len(known) == 1:
        (bailleur,) = known
    if bailleur is None or bailleur not in known:
        what = "à préciser" if bailleur is None else f"« {bailleur} » inconnu de la base"
        names = ", ".join(known) or "aucun bailleur"
        raise BadInput([Fault("--bailleur", None, None, f"{what}, qui a : {names}")])
    return open_journal(base, bailleur)


def ledger_exit_codes(command: Callable[P, int]) -> Callable[P, None]:
    """End a command of the ledger with its exit code (:func:`~allocator.cli.failures.exit_codes`).

    What the journal refuses is bad input; a database that cannot serve is an internal failure, told in one line.
    """

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> int:
        try:
            return command(*args, **kwargs)
        except (EntriesRefused, Overtaken) as refused:
            click.echo(str(refused), err=True)
            return BAD_INPUT
        except Unavailable as away:
            click.echo(str(away), err=True)
            return INTERNAL

    return exit_codes(run)
