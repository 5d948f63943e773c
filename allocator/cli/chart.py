"""``allocator chart``: the year of a journal as pictures."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from allocator.charts import Chart, png, svg
from allocator.cli.failures import DONE
from allocator.cli.ledger_options import day_option, journal_of, ledger_exit_codes, ledger_options
from allocator.formats import BadInput, Fault
from allocator.formats.writing import of_bytes, write_together
from allocator.reports.fonds import Fonds, read_fonds
from allocator.reports.images import NOMBRES, gaps, months, year_course
from allocator.reports.reglages import read_reglages

Command = TypeVar("Command", bound=Callable[..., Any])

RENDERS: Final = {".svg": svg, ".png": png}

EXEMPLES: Final = """\b
Exemples :
  allocator chart course --base flux.db --date 2025-12-31 --reservataire als --out als.svg
  allocator chart months --base flux.db --date 2025-12-31 --compte attribues --out baux.png
  allocator chart gaps --base flux.db --date 2025-12-31 --out ecarts.svg
"""


@click.group(name="chart", epilog=EXEMPLES)
def chart_command() -> None:
    """Dessine l'année d'un journal, en SVG ou en PNG."""


def _options(command: Command) -> Command:
    """Add what every picture takes."""
    add_out = click.option(
        "--out",
        "out",
        metavar="FICHIER",
        type=click.Path(path_type=Path, dir_okay=False),
        required=True,
        help="Image à écrire : .svg ou .png.",
    )
    add_holders = click.option(
        "--reservataire", "asked", metavar="ID", multiple=True, help="Un seul. Se répète.  [défaut : tous]"
    )
    return ledger_options(day_option("Image à la fin de ce jour.")(add_holders(add_out(command))))


@chart_command.command(name="course")
@_options
@ledger_exit_codes
def course_command(asked: tuple[str, ...], **shown: Any) -> int:
    """Le cours de l'année : ce qui est dû et ce qui est compté, mois par mois, par réservataire."""
    return _draw(lambda fonds: year_course(fonds, asked), **shown)


@chart_command.command(name="months")
@_options
@click.option(
    "--compte",
    "nombre",
    type=click.Choice([*NOMBRES]),
    default="proposes",
    show_default=True,
    help="Propositions ou baux.",
)
@ledger_exit_codes
def months_command(asked: tuple[str, ...], nombre: str, **shown: Any) -> int:
    """Qui a été servi quel mois : une case par réservataire et par mois."""
    reglages = read_reglages()
    return _draw(lambda fonds: months(fonds, reglages, nombre, asked), **shown)


@chart_command.command(name="gaps")
@_options
@ledger_exit_codes
def gaps_command(asked: tuple[str, ...], **shown: Any) -> int:
    """Les écarts par promesse et territoire, la plus longue attente d'abord."""
    return _draw(lambda fonds: gaps(fonds, asked), **shown)


def _draw(
    picture: Callable[[Fonds], Chart], *, base: str, bailleur: str | None, jour: date, out: Path
) -> int:
    if out.suffix not in RENDERS:
        raise BadInput([Fault("--out", None, None, f"« {out.name} » : attendu un nom en .svg ou .png")])
    with journal_of(base, bailleur) as journal:
        fonds = read_fonds(journal, jour)
    write_together(out.parent, {out.name: of_bytes(RENDERS[out.suffix](picture(fonds)))})
    click.echo(f"Image écrite : {out}", err=True)
    return DONE
