"""Named years as files, as one document and as a page (French)."""

import json
from typing import Any

from allocator.formats.tableau import Tableau, document, files
from allocator.formats.writing import Write
from allocator.planning.petits.nommer import AnneesNommees
from allocator.planning.petits.reglages import ReglagesPetits
from allocator.planning.petits.tableaux import annees_nommees, attentes, charges


def tableaux(named: AnneesNommees) -> tuple[Tableau, ...]:
    """Return the tables of named years."""
    return annees_nommees(named), attentes(named), charges(named)


def document_of(named: AnneesNommees, reglages: ReglagesPetits, solver: str) -> dict[str, Any]:
    """Return what was asked, what is proven and the tables, for JSON."""
    return {
        "status": "optimal",
        "solver": solver,
        "premiere": named.annees[0],
        "annees": len(named.annees),
        "reglages": {
            "seuil": None if reglages.seuil is None else float(reglages.seuil),
            "droits": reglages.droits,
            "nommes": list(reglages.nommes),
            "avance": float(reglages.avance),
            "charge_max": reglages.charge_max,
            "ordre": list(reglages.ordre),
        },
        "objectifs": [
            {"nom": reached.nom, "valeur": round(reached.valeur, 6)} for reached in named.objectifs
        ],
    } | document(tableaux(named))


def files_of(named: AnneesNommees, told: dict[str, Any]) -> dict[str, Write]:
    """Return what writes the tables and the document, by name of file."""
    return files(tableaux(named)) | {
        "petits.json": lambda file: print(json.dumps(told, ensure_ascii=False, indent=2), file=file)
    }
