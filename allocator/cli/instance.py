"""``allocator instance``: draw instances, and dossiers of stock, on public figures."""

from pathlib import Path
from typing import Any, Final

import click

from allocator.cli.draw_dossier import departements, draw_dossier_command
from allocator.cli.failures import DONE, exit_codes
from allocator.domain import Instance
from allocator.drawing import DrawSettings, SettingsError, draw
from allocator.formats import write_instance

EXEMPLES: Final = """\b
Exemples :
  allocator instance draw tirage --seed 7 --size 2000 --departements 93,95 --communes 40
  allocator instance draw region --seed 4 --size 75000
  allocator instance draw dix --seed 4 --size 75000 --copies 10 --tied
"""


@click.group(name="instance")
def instance_command() -> None:
    """Tire des instances, et des parcs, calibrés sur les chiffres publics d'Île-de-France."""


instance_command.add_command(draw_dossier_command)


@instance_command.command(name="draw", epilog=EXEMPLES)
@click.argument("folder", metavar="DOSSIER", type=click.Path(path_type=Path, file_okay=False))
@click.option("--seed", metavar="N", type=int, default=0, show_default=True, help="Graine du tirage.")
@click.option("--size", metavar="N", type=int, help="Libérations de l'année, tous statuts.  [défaut : 300]")
@click.option("--stock", metavar="N", type=int, help="Logements du bailleur, au lieu de --size.")
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
    "--tension",
    metavar="X",
    type=float,
    default=0.9,
    show_default=True,
    help="Part du flux qui est promise : 1 promet tout, plus de 1 promet ce qui n'existe pas.",
)
@click.option(
    "--conflict",
    metavar="X",
    type=float,
    default=0.3,
    show_default=True,
    help="Distance des souhaits à l'offre : 0, chacun veut ce qui se libère ; 1, tous veulent la même chose.",
)
@click.option(
    "--petits",
    metavar="X",
    type=float,
    default=1.0,
    show_default=True,
    help="Nombre de petits réservataires, relatif à l'usage.",
)
@click.option(
    "--bailleur",
    metavar="%",
    type=float,
    default=0.0,
    show_default=True,
    help="Contingent propre du bailleur.",
)
@click.option(
    "--hors-assiette", metavar="X", type=float, default=0.14, show_default=True, help="Part hors assiette."
)
@click.option(
    "--neuf",
    metavar="X",
    type=float,
    default=0.04,
    show_default=True,
    help="Part de premières mises en location.",
)
@click.option(
    "--historique/--no-historique", default=True, show_default=True, help="Tirer aussi l'année précédente."
)
@click.option(
    "--copies",
    metavar="K",
    type=int,
    default=1,
    show_default=True,
    help="Bailleurs côte à côte, sans lien : mêmes communes, codes suffixés par -2, -3…",
)
@click.option("--tied", is_flag=True, help="Relier les copies par Action Logement, une pour toutes.")
@click.option("--annee", metavar="AAAA", type=int, default=2025, show_default=True, help="Année civile.")
@click.option("--nom", metavar="TEXTE", default="", help="Nom de l'instance.")
@click.option("--description", metavar="TEXTE", default="", help="Description de l'instance.")
@exit_codes
def draw_command(folder: Path, **options: Any) -> int:
    """Tire une instance et l'écrit dans DOSSIER.

    Même graine et mêmes options : mêmes fichiers, à l'octet près.
    """
    try:
        instance = draw(DrawSettings(**options))
    except SettingsError as broken:
        raise click.UsageError(str(broken)) from None
    write_instance(instance, folder)
    click.echo(f"{_summary(instance)} → {folder}", err=True)
    return DONE


def _summary(instance: Instance) -> str:
    return (
        f"{len(instance.liberations)} libérations, dont {len(instance.liberations.en_flux)} en flux, "
        f"dans {len(instance.territoires)} communes ; {len(instance.reservataires)} réservataires, "
        f"{len(instance.conventions)} conventions, {len(instance.indicatifs)} objectifs indicatifs"
    )
