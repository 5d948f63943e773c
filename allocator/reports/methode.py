"""How the figures of a document were made: the date, the journal's digest, the denominators, the definitions."""

from collections import Counter
from typing import Final

import numpy as np

from allocator import __version__
from allocator.domain.vocabulary import STATUTS
from allocator.formats.reports_schema import NOMBRES
from allocator.reports.faits import LIBERES, Faits
from allocator.reports.fonds import Fonds

Lignes = tuple[tuple[str, str], ...]

COURTE: Final = 16
"""Characters of the digest at the foot of a page; the method has all of them."""

REGISTRES: Final = {
    "flux": "Flux",
    "hors_assiette": "Hors assiette",
    "stock": "Gardés en stock (défense, sécurité intérieure, santé)",
    "neuf": "Premières mises en location",
}
"""Ledgers as people read them."""

AXES: Final = {
    "commune": "commune (code INSEE)",
    "qpv": "localisation hors et en quartier politique de la ville",
    "typologie": "typologie de logement",
    "financement": "type de financement",
    "construction": "période de construction",
}
"""The axes of R.441-5-1, besides the réservataire, as the article names them."""

DEFINITIONS: Final[Lignes] = tuple(
    zip(("Libérés", "Proposés", "Attribués"), (column.description for column in NOMBRES), strict=True)
)


def pied(fonds: Fonds) -> str:
    """Return what stands at the foot of every page."""
    return (
        f"{fonds.nom} — au {fonds.jour:%d/%m/%Y} — journal : événement {fonds.tete.rang}, "
        f"empreinte {fonds.tete.empreinte[:COURTE]}…"
    )


def source(fonds: Fonds) -> Lignes:
    """Return of which day and from which journal figures are."""
    return (
        ("Bailleur", f"{fonds.nom} ({fonds.bailleur})"),
        ("Période", f"du {fonds.debut:%d/%m/%Y} au {fonds.fin:%d/%m/%Y}"),
        ("Chiffres arrêtés au", f"{fonds.jour:%d/%m/%Y}, corrections enregistrées depuis comprises"),
        ("Journal", f"lu jusqu'à l'événement {fonds.tete.rang}"),
        ("Empreinte du journal", f"{fonds.tete.empreinte} (sha256, tête de la chaîne)"),
        ("Logiciel", f"allocator {__version__}"),
    )


def denominateurs(known: Faits) -> Lignes:
    """Return how many dwellings were released in each ledger."""
    released = Counter(known.axe("registre")[known.nature == LIBERES].tolist())
    return tuple(
        (
            f"Dénominateur : {REGISTRES[statut].lower()}",
            f"{released[number]} logements libérés dans la période",
        )
        for number, statut in enumerate(STATUTS)
    )


def bilan(fonds: Fonds, known: Faits) -> Lignes:
    """Return how a bilan was made."""
    return (
        *source(fonds),
        ("Texte", "article R.441-5-1 du code de la construction et de l'habitation"),
        ("Axes de l'article", " ; ".join(("réservataire", *AXES.values()))),
        ("Périodes de construction", " ; ".join(known.mots["construction"])),
        *denominateurs(known),
        *DEFINITIONS,
        *_perimetres(fonds),
        *_reprise(fonds),
    )


def _perimetres(fonds: Fonds) -> Lignes:
    """Return by which perimeters dwellings of the period are in a QPV: they changed in 2024."""
    free = fonds.registre.liberations
    told = free.complements.get("qpv_perimetre", ("",) * len(free))
    inside = np.flatnonzero(fonds.within(free.date)).tolist()
    found = sorted(Counter(told[row] for row in inside).items())
    text = " ; ".join(f"{version or 'non précisé'} : {count} logements" for version, count in found)
    return (("Périmètres de QPV", text),) if found else ()


def _reprise(fonds: Fonds) -> Lignes:
    """Return what was brought by a start in mid-year, which has no place on the axes."""
    brought = fonds.releve.livre.ouverture
    if brought is None:
        return ()
    proposed, let = brought.propositions.sum(), brought.attributions.sum()
    if not proposed and not let:
        return ()
    text = f"{proposed:g} propositions et {let:g} attributions d'avant l'ouverture du journal n'y sont pas ventilées"
    return (("Reprise en cours d'année", text),)
