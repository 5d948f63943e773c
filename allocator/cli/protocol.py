"""``allocator protocol``: a region's settings, a bailleur's, and how far these depart from those."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from allocator.cli.arguments import resolve_model
from allocator.cli.failures import DONE, exit_codes
from allocator.cli.text_table import text_table
from allocator.formats.tableau import Tableau, document
from allocator.formats.writing import write_together
from allocator.planning.protocole.fichiers import files_of
from allocator.planning.protocole.lecture import read_settings, resolve
from allocator.planning.protocole.protocole import Resolu
from allocator.planning.protocole.tableaux import derogations_tableau, reglages_tableau

_file = click.argument("file", metavar="BAILLEUR.toml", type=click.Path(path_type=Path))
_day = click.option(
    "--date",
    "day",
    metavar="AAAA-MM-JJ",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Jour où les réglages valent.  [défaut : le premier de l'année du fichier]",
)
_as_json = click.option(
    "--json", "as_json", is_flag=True, help="Écrit réglages et dérogations en JSON sur la sortie standard."
)


@click.group(name="protocol")
def protocol_command() -> None:
    """Les réglages d'une région, dont chaque bailleur hérite, et les dérogations."""


@protocol_command.command(name="show")
@_file
@_day
@_as_json
@exit_codes
def show_command(file: Path, day: datetime | None, as_json: bool) -> int:
    """Montre les réglages qui valent pour un bailleur, qui a fixé chacun, et les dérogations.

    BAILLEUR.toml dit de quel protocole il hérite ; un protocole seul se montre aussi.
    """
    resolu = _resolved(file, day)
    reglages, derogations = reglages_tableau(resolu), derogations_tableau(resolu)
    if as_json:
        click.echo(_document(resolu, reglages, derogations))
        return DONE
    rows = [(cle, value, who, titre, source) for cle, value, who, titre, source in reglages.rows]
    header = ("réglage", "valeur", "fixé par", "sens", "source")
    click.echo(_title(resolu) + "\n")
    click.echo(text_table([header, *(tuple(map(_cell, row)) for row in rows)], 5))
    click.echo("\n" + _derogations(derogations))
    return DONE


@protocol_command.command(name="check")
@_file
@_day
@_as_json
@exit_codes
def check_command(file: Path, day: datetime | None, as_json: bool) -> int:
    """Vérifie les réglages d'un bailleur et liste ses dérogations.

    Une clé inconnue, un réglage du protocole redonné sans dérogation, une dérogation que le protocole ne permet pas :
    chaque faute est dite avec sa ligne. Les réglages sont vérifiés aux dates où une dérogation commence ou finit.
    """
    reglages = read_settings(file)
    for change in sorted({each.debut for each in reglages.derogations}):
        resolve(reglages, change)
    resolu = _resolved(file, day)
    derogations = derogations_tableau(resolu)
    if as_json:
        click.echo(_document(resolu, reglages_tableau(resolu), derogations))
        return DONE
    click.echo(_title(resolu))
    click.echo(_derogations(derogations))
    return DONE


@protocol_command.command(name="write")
@_file
@click.option(
    "--out",
    "out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire regle.toml, modele.toml, clauses.toml, seuils.toml, reglages.toml, assiette.toml, "
    "partage.toml, programme.toml, taux.csv, et les listes reglages.csv et derogations.csv.",
)
@_day
@exit_codes
def write_command(file: Path, out: Path, day: datetime | None) -> int:
    """Écrit les réglages d'un bailleur dans les fichiers que lisent les autres commandes."""
    resolu = _resolved(file, day)
    base = resolve_model(resolu.parametres.modele or "reference").read_text(encoding="utf-8-sig")
    written = files_of(resolu, base)
    write_together(out, written)
    click.echo(f"Fichiers écrits dans {out}/ : {', '.join(written)}", err=True)
    return DONE


def _resolved(file: Path, day: datetime | None) -> Resolu:
    reglages = read_settings(file)
    return resolve(reglages, day.date() if day else reglages.debut)


def _document(resolu: Resolu, *tableaux: Tableau) -> str:
    told: dict[str, Any] = {
        "protocole": resolu.reglages.protocole.nom,
        "protocole_sha256": resolu.reglages.protocole.sha256,
        "bailleur": resolu.reglages.bailleur,
        "date": str(resolu.jour),
        **document(tableaux),
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _title(resolu: Resolu) -> str:
    protocole = resolu.reglages.protocole
    dated = f" du {protocole.jour:%d/%m/%Y}" if protocole.jour != date.min else ""
    return f"{resolu.reglages.bailleur}, au {resolu.jour:%d/%m/%Y} ; {protocole.nom}{dated}"


def _derogations(tableau: Tableau) -> str:
    if not tableau.rows:
        return "Aucune dérogation."
    lines = [f"{len(tableau.rows)} dérogation(s) :"]
    for cle, titre, regional, valeur, motif, debut, fin, held in tableau.rows:
        what = f" ({titre})" if titre else ""
        until = f" au {_french(str(fin))}" if fin else ""
        since = f"du {_french(str(debut))}{until}" if fin else f"depuis le {_french(str(debut))}"
        idle = "" if held == "oui" else ", pas en vigueur à cette date"
        lines.append(f"  {cle}{what} : {valeur} au lieu de {regional or '—'}, {since}{idle}")
        lines.append(f"    motif : {motif}")
    return "\n".join(lines)


def _french(day: str) -> str:
    return date.fromisoformat(day).strftime("%d/%m/%Y")


def _cell(value: object) -> str:
    text = str(value)
    return text if len(text) <= 48 else f"{text[:47]}…"
