"""``allocator stock``: the état des lieux, from what it lacks to what goes to every réservataire."""

import json
import re
import sys
from collections.abc import Container
from pathlib import Path
from typing import Final

import click

from allocator.cli.failures import DONE, exit_codes
from allocator.cli.stock_report import answers_page, check_page, synthesis_page
from allocator.formats.etat_des_lieux_schema import EXTRAIT
from allocator.formats.tableau import Tableau, document, files
from allocator.formats.workbook_writer import workbook
from allocator.formats.writing import Write, of_bytes, write_together
from allocator.stock.dossier import Dossier, read_dossier
from allocator.stock.etat_des_lieux.extraits import extraits
from allocator.stock.etat_des_lieux.incompletudes import incompletudes, incompletudes_tableau
from allocator.stock.etat_des_lieux.objectifs import objectifs
from allocator.stock.etat_des_lieux.reponses import read_reponses, reponses_tableau
from allocator.stock.etat_des_lieux.synthese import synthese

EXEMPLES: Final = """\b
Exemples :
  allocator stock check dossier --out controle
  allocator stock extracts dossier --out extraits
  allocator stock answers dossier reponses/extrait-als.xlsx reponses/extrait-ville.csv --out suivi
  allocator stock synthesis dossier --out niveau2
  allocator stock objectives dossier --out instance
"""

_DOSSIER: Final = click.argument("dossier", metavar="DOSSIER", type=click.Path(path_type=Path))
_OUT: Final = click.option(
    "--out", "out", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="Dossier où écrire."
)
_JSON: Final = click.option(
    "--json", "as_json", is_flag=True, help="Écrit la table en JSON sur la sortie standard."
)


@click.group(name="stock", epilog=EXEMPLES)
def stock_command() -> None:
    """Fait l'état des lieux des droits de réservation d'un bailleur."""


@stock_command.command(name="check")
@_DOSSIER
@_OUT
@_JSON
@exit_codes
def check_command(dossier: Path, out: Path | None, as_json: bool) -> int:
    """Dit ce qui manque ou se contredit, par réservataire, et ce qu'il y a à faire.

    Une faute (fichier illisible, code inconnu…) arrête tout, code de sortie 2. Une incomplétude se règle à plusieurs :
    elle est listée, et le code de sortie est 0.
    """
    read = read_dossier(dossier)
    found = incompletudes(read)
    tableau = incompletudes_tableau(read, found)
    page = check_page(read, found)
    _write(out, {**files([tableau]), "incompletudes.txt": of_bytes(f"{page}\n".encode())})
    _show([tableau], page, as_json)
    return DONE


@stock_command.command(name="extracts")
@_DOSSIER
@click.option(
    "--out",
    "out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire un extrait par réservataire.",
)
@exit_codes
def extracts_command(dossier: Path, out: Path) -> int:
    """Écrit l'extrait de niveau 1 de chaque réservataire : ses lignes, et aucune autre.

    Un CSV et un classeur de même contenu, à remplir : reponse (confirme ou conteste), motif, date, par.
    """
    read = read_dossier(dossier)
    written: dict[str, Write] = {}
    for holder, tableau in extraits(read, incompletudes(read)).items():
        name = _stem(read.reservataires.id[holder], written)
        written[f"{name}.csv"] = tableau.write
        written[f"{name}.xlsx"] = of_bytes(workbook([tableau], _method(read, holder)))
        click.echo(f"{name} : {read.reservataires.nom[holder]}, {len(tableau.rows)} droit(s)", err=True)
    if written:
        write_together(out, written)
    click.echo(f"{len(written)} fichiers écrits dans {out}/", err=True)
    return DONE


@stock_command.command(name="answers")
@_DOSSIER
@click.argument("extracts", metavar="EXTRAITS...", nargs=-1, type=click.Path(path_type=Path))
@_OUT
@_JSON
@exit_codes
def answers_command(dossier: Path, extracts: tuple[Path, ...], out: Path | None, as_json: bool) -> int:
    """Relit les extraits remplis : qui a confirmé quoi, ce qui est contesté, ce qui est à redemander.

    Nul ne répond des lignes d'un autre. Une réponse à une ligne qui a changé depuis l'extrait est périmée.
    """
    read = read_dossier(dossier)
    answers = read_reponses(read, extracts)
    tableau = reponses_tableau(read, answers)
    _write(out, files([tableau]))
    _show([tableau], answers_page(read, answers), as_json)
    return DONE


@stock_command.command(name="synthesis")
@_DOSSIER
@_OUT
@_JSON
@exit_codes
def synthesis_command(dossier: Path, out: Path | None, as_json: bool) -> int:
    """Écrit la synthèse de niveau 2, qui va à tous les réservataires : des nombres, aucun logement."""
    read = read_dossier(dossier)
    tableau = synthese(read)
    _write(out, files([tableau]))
    _show([tableau], synthesis_page(read), as_json)
    return DONE


@stock_command.command(name="objectives")
@_DOSSIER
@_OUT
@_JSON
@exit_codes
def objectives_command(dossier: Path, out: Path | None, as_json: bool) -> int:
    """Propose les objectifs indicatifs de chacun, au format de indicatifs.csv, d'après ses droits."""
    tableau = objectifs(read_dossier(dossier))
    _write(out, files([tableau]))
    if as_json:
        click.echo(json.dumps(document([tableau]), ensure_ascii=False, indent=2))
    elif out is None:
        tableau.write(sys.stdout)
    return DONE


def _write(out: Path | None, written: dict[str, Write]) -> None:
    if out is not None:
        write_together(out, written)
        click.echo(f"Fichiers écrits dans {out}/ : {', '.join(written)}", err=True)


def _show(tableaux: list[Tableau], page: str, as_json: bool) -> None:
    click.echo(json.dumps(document(tableaux), ensure_ascii=False, indent=2) if as_json else page)


def _stem(holder: str, taken: Container[str]) -> str:
    """Return the name of an extract, without what a file cannot be called by; each has its own."""
    stem = f"{EXTRAIT.name}-{re.sub(r'[^A-Za-z0-9_.-]+', '_', holder)}"
    return _stem(f"{holder}_", taken) if f"{stem}.csv" in taken else stem


def _method(dossier: Dossier, holder: int) -> list[tuple[str, str]]:
    return [
        ("Bailleur", dossier.bailleur),
        ("Réservataire", dossier.reservataires.nom[holder]),
        ("État des lieux au", f"{dossier.date:%d/%m/%Y}"),
        ("Source", dossier.source),
        (
            "À faire",
            "Dans la première feuille, écrire sur chaque ligne : reponse (confirme ou conteste), le motif si la ligne "
            "est contestée, la date et qui répond, "
            "sans toucher aux autres colonnes, et rendre le fichier au bailleur.",
        ),
    ]
