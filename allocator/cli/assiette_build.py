"""``allocator assiette build``: the numbers of a version, and what is due of them."""

import json
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import click

from allocator.assiette import parcours
from allocator.assiette.annonces.document import TITRES
from allocator.assiette.calcul import Assiette, Du, build_assiette, build_dus, tableaux
from allocator.assiette.calcul.avis import overdue
from allocator.assiette.calcul.retenues import is_apart
from allocator.assiette.dossier import DossierAssiette, read_assiette
from allocator.assiette.parcours import Etat
from allocator.cli.assiette_options import chosen, version_options
from allocator.cli.failures import DONE, exit_codes
from allocator.cli.text_table import figure, text_table
from allocator.domain.french import short
from allocator.formats import BadInput, Fault
from allocator.formats.tableau import Tableau, document, files
from allocator.formats.writing import write_together
from allocator.ledger.conventions.seuils import read_seuils


@click.command(name="build")
@click.argument("folder", metavar="DOSSIER", type=click.Path(path_type=Path))
@version_options
@click.option(
    "--out",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire l'assiette, les exclusions retenues, le hors assiette et, avec des conventions, le dû.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit l'assiette en JSON sur la sortie standard.")
@exit_codes
def build_command(
    folder: Path, version: int | None, jour: date | None, firm: bool, out: Path | None, as_json: bool
) -> int:
    """Établit l'assiette de DOSSIER : relocations attendues moins exclusions, avec la source de chaque chiffre.

    Dit à quelle étape de validation elle se trouve. Avec conventions.csv, donne aussi le dû de chaque réservataire.
    """
    dossier = read_assiette(folder)
    number = chosen(dossier, version, jour, firm)
    found = build_assiette(dossier, number)
    if found.plafond is not None and found.plafond.plafond.effet == "refuser":
        raise BadInput([Fault("assiette.toml", None, "plafond", str(found.plafond))])
    state = parcours.etat(dossier, number)
    dues = build_dus(dossier, found, read_seuils())
    told = [
        tableaux.communes(found),
        tableaux.lignes(found),
        tableaux.par_annee(found, dossier.reglages),
        tableaux.par_commune(found),
    ]
    if dues:
        told += [tableaux.dus(dues), tableaux.dus_communes(dues, found)]
    if out is not None:
        write_together(out, files(told))
    for text in (*found.avis, *(() if jour is None else overdue(dossier, number, jour))):
        click.echo(f"attention : {text}", err=True)
    if as_json:
        click.echo(json.dumps(_document(dossier, found, state, told), ensure_ascii=False, indent=2))
    else:
        click.echo(_page(dossier, found, state, dues))
    return DONE


def _document(
    dossier: DossierAssiette, found: Assiette, state: Etat, told: Sequence[Tableau]
) -> dict[str, object]:
    reglages = dossier.reglages
    return {
        "nom": reglages.nom,
        "bailleur": reglages.bailleur,
        "annee": reglages.annee,
        "version": found.version,
        "etat": str(state),
        "etape": None if state.etape is None else state.etape.nom,
        "arretee": None if state.arretee is None else state.arretee.isoformat(),
        "total": {
            "parc": sum(found.parc),
            "relocations": round(float(sum(found.attendues)), 6),
            "hors_assiette": round(float(sum(found.exclues)), 6),
            "assiette": sum(found.logements),
        },
        "avis": list(found.avis),
        "sha256": dossier.sha256,
    } | document(told)


def _page(dossier: DossierAssiette, found: Assiette, state: Etat, dues: Sequence[Du]) -> str:
    reglages = dossier.reglages
    parc, expected, out = sum(found.parc), float(sum(found.attendues)), float(sum(found.exclues))
    version = dossier.version(found.version)
    by_category: dict[str, Fraction] = {}
    for line in found.lignes:
        by_category[line.categorie] = by_category.get(line.categorie, Fraction(0)) + line.retenu
    rows = [["relocations attendues", short(expected)]]
    rows += [
        [f"− {TITRES[each][0].lower()}{TITRES[each][1:]}", short(float(number))]
        for each, number in by_category.items()
        if number
    ]
    rows += [["assiette", short(sum(found.logements))]]
    apart = sum(line.volume for line in found.lignes if is_apart(line, reglages))
    if apart:
        rows += [["suivi à part : mutations depuis d'autres bailleurs", short(float(apart))]]
    lines = [
        f"{reglages.nom} — {reglages.bailleur}, {reglages.annee}, version {version.numero} ({version.motif})",
        f"{short(parc)} logements ; {short(out)} exclus sur {short(expected)} relocations attendues.",
        f"État : {state}.",
        "",
        text_table([["", "logements"], *rows], 1),
    ]
    if dues:
        given = sum(due.du for due in dues)
        table = [["réservataire", "territoire", "part", "assiette", "exact", "dû"]]
        table += [
            [
                due.reservataire,
                due.territoire,
                figure(None if due.part is None else float(due.part), 2),
                figure(due.assiette),
                figure(float(due.exact), 2),
                figure(due.du),
            ]
            for due in dues
        ]
        lines += [
            "",
            text_table(table, 2),
            "",
            f"Reste au bailleur : {short(sum(found.logements) - given)}.",
        ]
    return "\n".join(lines)
