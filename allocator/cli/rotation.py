"""``allocator rotation``: how dwellings turn over by segment, and the rates that partners agree on."""

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import click

from allocator.charts import svg
from allocator.cli.failures import DISAGREEMENT, DONE, exit_codes
from allocator.cli.rotation_report import rotation_chart, rotation_page
from allocator.cli.text_table import text_table
from allocator.formats.rotation_schema import DIMENSIONS, TAUX
from allocator.formats.tableau import document, files
from allocator.formats.writing import of_bytes, write_together
from allocator.stock.dossier import Dossier, read_dossier
from allocator.stock.rotation.diagnostic import diagnose
from allocator.stock.rotation.observations import observe, pooled
from allocator.stock.rotation.signatures import (
    ACCORD,
    empreinte,
    read_commentaires,
    signatures,
    signatures_tableau,
    titulaires,
)
from allocator.stock.rotation.tableaux import annees_tableau, rotation_tableau, taux_tableau
from allocator.stock.rotation.taux import read_taux
from allocator.stock.rotation.tranches import tranches

SURFACES: Final = "30,45,60,75,90"
LOYERS: Final = "5,6,7,9"

EXEMPLES: Final = """\b
Exemples :
  allocator rotation dossier --by departement+typologie --years 3 --out rotation
  allocator rotation oph esh --by famille --out rotation
  allocator rotation oph esh --publish rotation/taux.csv --comments commentaires.csv --out publie
"""


def _dimensions(_ctx: click.Context, _param: click.Parameter, text: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in text.split("+") if part.strip())
    unknown = [name for name in names if name not in DIMENSIONS]
    if unknown or len(set(names)) < len(names):
        what = f"{unknown[0]!r} inconnu" if unknown else "une dimension est donnée deux fois"
        raise click.BadParameter(f"{what} ; attendu parmi {', '.join(DIMENSIONS)}, croisées par +")
    return names


def _thresholds(_ctx: click.Context, _param: click.Parameter, text: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if not numbers or numbers[0] <= 0 or any(low >= high for low, high in pairwise(numbers)):
        raise click.BadParameter(
            f"{text!r} : attendu des nombres croissants séparés par des virgules, comme 30,45,60"
        )
    return numbers


@click.command(name="rotation", epilog=EXEMPLES)
@click.argument("dossiers", metavar="DOSSIER...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--by",
    "by",
    metavar="DIMENSIONS",
    default="typologie",
    show_default=True,
    callback=_dimensions,
    help="Segments, du plus large au plus fin, comme departement+typologie ; vide : tout le parc.",
)
@click.option(
    "--years",
    "years",
    metavar="N",
    type=click.IntRange(1, 20),
    default=3,
    show_default=True,
    help="Nombre d'années avant la date du dossier.",
)
@click.option(
    "--surfaces",
    "surfaces",
    metavar="S1,S2…",
    default=SURFACES,
    show_default=True,
    callback=_thresholds,
    help="Seuils des tranches de surface, en m².",
)
@click.option(
    "--loyers",
    "loyers",
    metavar="L1,L2…",
    default=LOYERS,
    show_default=True,
    callback=_thresholds,
    help="Seuils des tranches de loyer, en €/m².",
)
@click.option(
    "--publish",
    "publish",
    metavar="TAUX",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Publie cette table de taux, si tous les titulaires de droits en sont d'accord.",
)
@click.option(
    "--comments",
    "comments",
    metavar="FICHIER",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Commentaires et accords des réservataires (avec --publish).",
)
@click.option(
    "--provisional", is_flag=True, help="Publie même sans tous les accords, et dit lesquels manquent."
)
@click.option(
    "--out", "out", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="Dossier où écrire."
)
@click.option("--chart/--no-chart", "chart", default=True, help="Écrire aussi le graphique.  [défaut : oui]")
@click.option("--json", "as_json", is_flag=True, help="Écrit les tables en JSON sur la sortie standard.")
@exit_codes
def rotation_command(
    dossiers: tuple[Path, ...],
    by: tuple[str, ...],
    years: int,
    surfaces: tuple[float, ...],
    loyers: tuple[float, ...],
    publish: Path | None,
    comments: Path | None,
    provisional: bool,
    out: Path | None,
    chart: bool,
    as_json: bool,
) -> int:
    """Mesure la rotation d'un ou de plusieurs parcs par segment, et publie les taux dont on convient.

    Sans --publish : écrit rotation.csv (taux, et ce qui est derrière), rotation_annees.csv (année par année), taux.csv
    (proposition à négocier) et rotation.svg. Un petit segment s'appuie sur le segment qui l'entoure, d'autant plus
    qu'on y a vu moins de logements. Avec --publish : code de sortie 1, et rien d'écrit, tant qu'un accord manque.
    """
    read = [read_dossier(path) for path in dossiers]
    if publish is not None:
        return _publish(read, publish, comments, provisional, out, as_json)
    if comments is not None or provisional:
        raise click.UsageError("--comments et --provisional vont avec --publish")
    bands = {"surface": tranches(surfaces), "loyer": tranches(loyers)}
    found = diagnose(pooled([observe(dossier, years, bands) for dossier in read]), by)
    tableaux = [rotation_tableau(found), annees_tableau(found), taux_tableau(found)]
    if out is not None:
        written = files(tableaux)
        if chart:
            written["rotation.svg"] = of_bytes(svg(rotation_chart(read, found)))
        # the table that others load comes last: it is the seal
        written = {name: written[name] for name in sorted(written, key=lambda name: name == TAUX.file)}
        write_together(out, written)
        click.echo(f"Fichiers écrits dans {out}/ : {', '.join(written)}", err=True)
        click.echo(f"Version de {TAUX.file} : {empreinte((out / TAUX.file).read_bytes())}", err=True)
    if as_json:
        click.echo(json.dumps(document(tableaux), ensure_ascii=False, indent=2))
    else:
        click.echo(rotation_page(read, found))
    return DONE


def _publish(
    dossiers: Sequence[Dossier],
    table: Path,
    comments: Path | None,
    provisional: bool,
    out: Path | None,
    as_json: bool,
) -> int:
    taux = read_taux(table)
    data = table.read_bytes()
    version = empreinte(data)
    for dossier in dossiers:
        # a table that leaves a right without rate, or with two, is not published
        taux.rate(dossier, dossier.droits)
    holders = titulaires(dossiers)
    said = read_commentaires(comments, holders, taux) if comments is not None else ()
    signed = signatures(holders, said, version)
    missing = [who for who in signed if who.etat != ACCORD]
    tableau = signatures_tableau(signed)
    if as_json:
        click.echo(json.dumps({"version": version} | document([tableau]), ensure_ascii=False, indent=2))
    else:
        click.echo(
            f"{table.name}, version {version} : {len(signed) - len(missing)} accord(s) sur {len(signed)}"
        )
        rows = [("réservataire", "état", "date", "texte"), *(tuple(map(str, row)) for row in tableau.rows)]
        click.echo(text_table(rows, 4))
    if missing and not provisional:
        names = ", ".join(who.reservataire for who in missing)
        click.echo(f"Rien n'est publié, des accords manquent : {names}.", err=True)
        return DISAGREEMENT
    if out is not None:
        write_together(out, files([tableau]) | {TAUX.file: of_bytes(data)})
        click.echo(f"Fichiers écrits dans {out}/ : {tableau.schema.file}, {TAUX.file}", err=True)
    return DONE
