"""The prévisionnel as a page to print, in Markdown."""

from collections.abc import Sequence
from datetime import date
from typing import Final, TextIO

from allocator.assiette.annonces.previsionnel import bilan, previsionnel
from allocator.assiette.calcul.assiette import Assiette
from allocator.assiette.dossier.valeurs import DossierAssiette
from allocator.assiette.parcours import Etat
from allocator.domain.french import short
from allocator.formats.tableau import Value
from allocator.formats.writing import Write

TITRES: Final = {
    "mutation": "Mutations",
    "renouvellement_urbain": "Relogements de renouvellement urbain (ANRU)",
    "copropriete_degradee": "Copropriétés dégradées",
    "habitat_indigne": "Habitat indigne",
    "vente": "Ventes",
}
"""The five categories of R.441-5 as people read them."""

MOUVEMENTS: Final = {"interne": "", "inter_bailleurs": " — depuis un autre bailleur"}


def page(dossier: DossierAssiette, assiette: Assiette, etat: Etat, day: date) -> str:
    """Return the prévisionnel and the bilan of the year before, with where the version stands."""
    reglages = dossier.reglages
    annee, loin = reglages.annee, reglages.annee - 1
    version = dossier.version(assiette.version)
    total = sum(assiette.logements)
    lines = [
        f"# Logements hors assiette : prévisionnel {annee} et bilan {loin}",
        "",
        f"{reglages.bailleur} — article R.441-5 du code de la construction et de l'habitation.",
        "",
        f"Version {version.numero} ({version.motif}), en vigueur à compter du {version.effet:%d/%m/%Y} ; {etat} ; "
        f"édité le {day:%d/%m/%Y}.",
        "",
        f"| Année {annee} | logements |",
        "|---|---:|",
        f"| Relocations attendues | {short(float(sum(assiette.attendues)))} |",
        f"| Hors assiette | {short(float(sum(assiette.exclues)))} |",
        f"| **Assiette des réservations** | **{short(total)}** |",
        "",
        f"## Prévisionnel {annee} par catégorie d'opération",
        "",
        f"| catégorie | opération | prévu {annee} | attribué {loin} | source |",
        "|---|---|---:|---:|---|",
        *(_planned(row) for row in previsionnel(dossier, assiette).rows),
        "",
        f"## Bilan {loin} des attributions hors assiette",
        "",
        "Ces attributions ne sont pas décomptées du flux.",
        "",
        "| catégorie | attributions | dont d'un autre bailleur | prioritaires | éligibles à un contingent | dont ALS |",
        "|---|---:|---:|---:|---:|---:|",
        *(_done(row) for row in bilan(dossier).rows),
        "",
        f"« — » : inconnu, ou entre 1 et {reglages.masque - 1} ménages.",
        "",
        *_notes(assiette.avis),
    ]
    return "\n".join(lines)


def writes(text: str) -> Write:
    """Return what writes a text as a file."""

    def write(file: TextIO) -> None:
        file.write(text)

    return write


def cell(value: Value) -> str:
    """Return a cell of a Markdown table."""
    if value is None:
        return "—"
    return value.replace("|", "\\|").replace("\n", " ") if isinstance(value, str) else short(value)


def _planned(row: Sequence[Value]) -> str:
    categorie, operation, mouvement, prevu, apart, done, source = row
    title = f"{TITRES[str(categorie)]}{MOUVEMENTS[str(mouvement)]}"
    if apart:
        title += f" (suivies à part : {cell(apart)}, non déduites)"
    return f"| {title} | {cell(operation)} | {cell(prevu)} | {cell(done)} | {cell(source)} |"


def _done(row: Sequence[Value]) -> str:
    _, categorie, *numbers = row
    return f"| {TITRES[str(categorie)]} | {' | '.join(map(cell, numbers))} |"


def _notes(avis: Sequence[str]) -> list[str]:
    return ["## À noter", "", *(f"- {text}" for text in avis), ""] if avis else []
