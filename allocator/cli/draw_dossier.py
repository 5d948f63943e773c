"""``allocator instance draw-dossier``: draw a bailleur's stock and the rights on it."""

from pathlib import Path
from typing import Any, Final

import click

from allocator.cli.failures import DONE, exit_codes
from allocator.drawing import DEPARTEMENTS, SettingsError
from allocator.drawing.dossier.drawn import DossierTire, draw_dossier
from allocator.drawing.dossier.settings import DossierSettings
from allocator.drawing.dossier.writing import write_drawn, write_year

EXEMPLES: Final = """\b
Exemples :
  allocator instance draw-dossier parc --seed 15 --stock 15000 --departements 78,93,95
  allocator instance draw-dossier parc --stock 4000 --departements 94 --lacunes 0.02 --year annee
"""


def departements(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[str, ...]:
    """Return the codes in an option such as ``93,94``; ``all`` means those of the table of figures."""
    return DEPARTEMENTS if value == "all" else tuple(code.strip() for code in value.split(","))


@click.command(name="draw-dossier", epilog=EXEMPLES)
@click.argument("folder", metavar="DOSSIER", type=click.Path(path_type=Path, file_okay=False))
@click.option("--seed", metavar="N", type=int, default=0, show_default=True, help="Graine du tirage.")
@click.option(
    "--stock", metavar="N", type=int, default=15_000, show_default=True, help="Logements, exactement."
)
@click.option(
    "--departements",
    metavar="LISTE",
    default="all",
    show_default=True,
    callback=departements,
    help="Départements, comme 93,94 ; all pour les huit.",
)
@click.option("--communes", metavar="N", type=int, help="Nombre de communes.  [défaut : selon la taille]")
@click.option(
    "--annee",
    metavar="AAAA",
    type=int,
    default=2026,
    show_default=True,
    help="L'année à venir : l'état des lieux est fait la veille.",
)
@click.option(
    "--annees",
    metavar="N",
    type=int,
    default=3,
    show_default=True,
    help="Années de relocations passées.",
)
@click.option(
    "--lacunes",
    metavar="X",
    type=float,
    default=0.0,
    show_default=True,
    help="Part des droits dont la fin, ou l'origine, n'est pas renseignée.",
)
@click.option(
    "--hors-assiette",
    metavar="X",
    type=float,
    default=0.14,
    show_default=True,
    help="Part hors assiette de l'année à venir.",
)
@click.option("--nom", metavar="TEXTE", default="", help="Nom du dossier.")
@click.option("--bailleur", metavar="TEXTE", default="", help="Nom du bailleur.")
@click.option(
    "--year",
    "year",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Écrit aussi l'année à venir, telle qu'elle se libérera : une instance à laquelle il manque ses conventions.",
)
@exit_codes
def draw_dossier_command(folder: Path, year: Path | None, **options: Any) -> int:
    """Tire un parc, les droits de réservation et les relocations passées, et les écrit dans DOSSIER.

    Même graine et mêmes options : mêmes fichiers, à l'octet près.
    """
    try:
        drawn = draw_dossier(DossierSettings(**options))
    except SettingsError as broken:
        raise click.UsageError(str(broken)) from None
    write_drawn(drawn, folder)
    click.echo(f"{_summary(drawn)} → {folder}", err=True)
    if year is not None:
        write_year(drawn, year)
        click.echo(f"{len(drawn.a_venir.logement)} libérations en {options['annee']} → {year}", err=True)
    return DONE


def _summary(drawn: DossierTire) -> str:
    return (
        f"{len(drawn.parc)} logements dans {len(drawn.territoires)} communes ; {len(drawn.droits)} droits de "
        f"{len(drawn.reservataires)} réservataires ; "
        f"{sum(len(year.logement) for year in drawn.passees)} relocations en {len(drawn.passees)} ans"
    )
