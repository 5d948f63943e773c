"""``allocator named-years``: the years in which small réservataires are served."""

import json
from pathlib import Path

import click

from allocator.cli.arguments import resolve_model
from allocator.cli.failures import DONE, exit_codes
from allocator.cli.text_table import figure, text_table
from allocator.formats import read_model
from allocator.formats.writing import of_bytes, write_together
from allocator.planning.petits.document import document_of, files_of
from allocator.planning.petits.dus import read_dus
from allocator.planning.petits.fixes import read_fixes
from allocator.planning.petits.image import image
from allocator.planning.petits.nommer import AnneesNommees, name_years
from allocator.planning.petits.reglages import ReglagesPetits, read_petits, small_among, with_seuil
from allocator.planning.petits.tableaux import attentes, charges
from allocator.solvers import load


@click.command(name="named-years")
@click.argument("dus", metavar="DUS.CSV", type=click.Path(path_type=Path))
@click.option("--premiere", metavar="AAAA", type=int, required=True, help="Première année.")
@click.option(
    "--annees",
    metavar="N",
    type=click.IntRange(1, 30),
    default=10,
    show_default=True,
    help="Nombre d'années.",
)
@click.option(
    "--settings",
    "settings",
    metavar="TOML",
    type=click.Path(path_type=Path),
    help="Réglages : la table [petits] dit qui est petit et comment on nomme les années.",
)
@click.option(
    "--model",
    "model",
    metavar="MODÈLE",
    help="Modèle dont le seuil définit les petits réservataires, si les réglages n'en donnent pas.",
)
@click.option(
    "--fixees",
    metavar="CSV",
    type=click.Path(path_type=Path),
    help="Années que les partenaires ont déjà fixées (reservataire, annee, territoire, volume).",
)
@click.option(
    "--out",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire annees_nommees.csv, attentes.csv, charges.csv et petits.json.",
)
@click.option("--image", "picture", is_flag=True, help="Écrit aussi annees_nommees.svg (extra « charts »).")
@click.option(
    "--solver",
    "solver",
    metavar="NOM",
    default="auto",
    show_default=True,
    help="auto, highs, ortools ou pulp.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit petits.json sur la sortie standard.")
@exit_codes
def named_years_command(
    dus: Path,
    premiere: int,
    annees: int,
    settings: Path | None,
    model: str | None,
    fixees: Path | None,
    out: Path | None,
    picture: bool,
    solver: str,
    as_json: bool,
) -> int:
    """Nomme les années et les territoires où chaque petit réservataire est servi.

    DUS.CSV dit ce qui est dû chaque année et les droits qui restent, comme « allocator convert » l'écrit. Le dû
    s'accumule ; un logement est nommé quand il est entier, au plus tôt, puis la charge est répartie. L'optimum est
    prouvé, objectif par objectif.
    """
    if picture and out is None:
        raise click.UsageError("--image demande --out")
    chosen = load(solver)
    reglages = ReglagesPetits() if settings is None else read_petits(settings)
    reglages = with_seuil(reglages, None if model is None else read_model(resolve_model(model)).seuil)
    years = range(premiere, premiere + annees)
    petits = small_among(read_dus(dus), reglages)
    fixes = {} if fixees is None else read_fixes(fixees, petits, years)
    named = name_years(petits, years, reglages, chosen, fixes)
    told = document_of(named, reglages, chosen.name)
    if out is not None:
        pictures = {"annees_nommees.svg": of_bytes(image(named, dus.name))} if picture and petits else {}
        write_together(out, pictures | files_of(named, told))
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo(_page(named))
    if out is not None:
        click.echo(f"Fichiers écrits dans {out}/", err=True)
    return DONE


def _page(named: AnneesNommees) -> str:
    if not named.titulaires:
        return "Aucun petit réservataire d'après ces réglages."
    header = ["réservataire", "par an", "droits", "dû", "servis", "attente", "reste", "années nommées"]
    rows = []
    for row in attentes(named).rows:
        holder, annuel, droits, du, servis, _, wait, _, _, reste, years = row
        numbers = (
            figure(annuel, 2),
            figure(droits),
            figure(du, 2),
            figure(servis),
            figure(wait),
            figure(reste, 2),
        )
        rows.append([str(holder), *numbers, str(years)])
    loads = [[str(row[0]), figure(row[2]), figure(row[4])] for row in charges(named).rows if row[1] == ""]
    reached = ", ".join(f"{objectif.nom} {figure(objectif.valeur, 2)}" for objectif in named.objectifs)
    return "\n\n".join(
        [
            text_table([header, *rows], 1),
            text_table([["année", "logements", "en attente"], *loads], 1),
            f"Optimum prouvé, dans cet ordre : {reached}.",
        ]
    )
