"""``allocator project``: put together what partners agreed, and take one year out of it."""

from pathlib import Path
from typing import Final

import click

from allocator.cli.failures import DONE, exit_codes
from allocator.formats import write_instance
from allocator.formats.directory import Directory
from allocator.formats.faults import FaultLog
from allocator.formats.projet_schema import DROITS_ACQUIS, HORS_ASSIETTE_PREVU, LIVRAISONS, NOMMEES
from allocator.formats.schema import CONVENTIONS, HISTORIQUE, INDICATIFS, LIBERATIONS
from allocator.formats.table_file import read_table
from allocator.formats.tables import read_liberations
from allocator.planning.preparation.annee import instance_of_year
from allocator.planning.preparation.assemblage import Annees, assemble
from allocator.planning.projet.reading import read_projet
from allocator.stock.dossier import read_dossier
from allocator.stock.rotation.taux import read_taux

EXEMPLES: Final = """\b
Exemples :
  allocator project init parc --rates taux.csv --conventions conversion/conventions.csv \\
    --nommees nommees/annees_nommees.csv --hors-assiette etabli/hors_assiette_prevu.csv --annees 3 --out projet
  allocator project year projet --annee 2026 --out 2026
"""

_path = click.Path(path_type=Path)
_folder = click.Path(path_type=Path, file_okay=False)


@click.group(name="project", epilog=EXEMPLES)
def project_command() -> None:
    """Réunit ce qui est convenu en un projet de plusieurs années, et en tire une année."""


@project_command.command(name="init")
@click.argument("dossier", metavar="DOSSIER", type=_path)
@click.option("--rates", "rates", metavar="TAUX", required=True, type=_path, help="Table des taux convenus.")
@click.option(
    "--conventions",
    "conventions",
    metavar="CSV",
    required=True,
    type=_path,
    help="Promesses : conventions.csv d'« allocator convert », ou signées.",
)
@click.option("--nommees", "nommees", metavar="CSV", type=_path, help="Années nommées des petits.")
@click.option(
    "--hors-assiette", "hors_assiette", metavar="CSV", type=_path, help="Hors assiette prévu, par année."
)
@click.option("--indicatifs", "indicatifs", metavar="CSV", type=_path, help="Objectifs indicatifs.")
@click.option("--historique", "historique", metavar="CSV", type=_path, help="Libérations des années passées.")
@click.option("--livraisons", "livraisons", metavar="CSV", type=_path, help="Programmes à livrer.")
@click.option("--acquis", "acquis", metavar="CSV", type=_path, help="Droits acquis en cours de projet.")
@click.option(
    "--premiere",
    "premiere",
    metavar="AAAA",
    type=int,
    help="Première année.  [défaut : celle qui suit l'état des lieux]",
)
@click.option(
    "--annees",
    "annees",
    metavar="N",
    type=click.IntRange(1, 10),
    default=3,
    show_default=True,
    help="Nombre d'années.",
)
@click.option(
    "--out",
    "out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier du projet.",
)
@exit_codes
def init_command(
    dossier: Path,
    rates: Path,
    conventions: Path,
    nommees: Path | None,
    hors_assiette: Path | None,
    indicatifs: Path | None,
    historique: Path | None,
    livraisons: Path | None,
    acquis: Path | None,
    premiere: int | None,
    annees: int,
    out: Path,
) -> int:
    """Réunit en un projet le parc de DOSSIER, les taux convenus, les promesses et ce qui est prévu.

    Le parc est compté par classe (commune, typologie, financement, QPV), chacune à son taux ; les autres tables sont
    reprises telles quelles. Le projet est relu en entier : à la première faute, rien n'est écrit.
    """
    read = read_dossier(dossier)
    given = {
        CONVENTIONS.name: conventions,
        NOMMEES.name: nommees,
        HORS_ASSIETTE_PREVU.name: hors_assiette,
        INDICATIFS.name: indicatifs,
        HISTORIQUE.name: historique,
        LIVRAISONS.name: livraisons,
        DROITS_ACQUIS.name: acquis,
    }
    years = Annees(premiere or read.date.year + 1, annees)
    projet = assemble(
        read, read_taux(rates), years, {name: path for name, path in given.items() if path is not None}, out
    )
    expected = [
        round(float(projet.offre.attendu[projet.offre.annee == year].sum())) for year in range(annees)
    ]
    told = ", ".join(f"{projet.premiere + year} : {count}" for year, count in enumerate(expected))
    click.echo(
        f"Projet de {annees} année(s), {len(projet.conventions[0])} promesses en {projet.premiere} ; "
        f"libérations attendues dans le flux, {told} → {out}",
        err=True,
    )
    return DONE


@project_command.command(name="year")
@click.argument("projet", metavar="PROJET", type=_path)
@click.option("--annee", "annee", metavar="AAAA", type=int, required=True, help="Une année du projet.")
@click.option(
    "--liberations",
    "liberations",
    metavar="CSV",
    type=_path,
    help="Ce qui s'est libéré.  [défaut : rien encore, comme au premier matin]",
)
@click.option(
    "--out",
    "out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier de l'instance.",
)
@exit_codes
def year_command(projet: Path, annee: int, liberations: Path | None, out: Path) -> int:
    """Écrit l'instance d'une année de PROJET : ses promesses, les volumes des années nommées compris.

    « solve », « simulate », « orient » et « init » la lisent.
    """
    read = read_projet(projet)
    empty = instance_of_year(read, annee, None)
    released = None
    if liberations is not None:
        log = FaultLog()
        table = read_table(liberations, LIBERATIONS, log)
        directory = Directory.of(read.reservataires, read.territoires)
        released = read_liberations(table, directory, empty.debut, empty.fin, log)
        log.raise_if_any()
    instance = instance_of_year(read, annee, released)
    write_instance(instance, out)
    click.echo(
        f"{instance.nom} : {len(instance.conventions)} promesses, {len(instance.liberations)} libérations → {out}",
        err=True,
    )
    return DONE
