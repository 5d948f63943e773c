"""What is said of a trajectory beside its tables: its values and bounds, and how it was made."""

from collections.abc import Mapping
from typing import Any

from allocator.domain import Model
from allocator.domain.french import short
from allocator.planning.projet import Projet
from allocator.planning.trajectoire.mois import Mensuel
from allocator.planning.trajectoire.trajectoire import Trajectoire

REPORTS = {
    "cumul": "ce qui manque ou dépasse à la fin d'une année s'ajoute à l'année suivante",
    "annuel": "chaque année est jugée seule ; seul le report de la première compte",
}


def document(
    projet: Projet, model: Model, plan: Trajectoire, monthly: Mensuel, seconds: Mapping[str, float]
) -> dict[str, Any]:
    """Return what ``trajectoire.json`` holds."""
    return {
        "status": plan.status,
        "premiere": projet.premiere,
        "annees": projet.annees,
        "report": model.report,
        "tiers": [
            {"name": tier.name, "value": _figure(tier.value), "bound": _figure(tier.bound)}
            for tier in plan.tiers
        ],
        "mois": [
            {"annee": projet.premiere + year, "value": _figure(value), "bound": _figure(bound)}
            for year, (value, bound) in enumerate(zip(monthly.ecart, monthly.borne, strict=True))
        ],
        "offre": [int(number) for number in plan.offre.nombre.sum(axis=1)],
        "seconds": {phase: round(spent, 3) for phase, spent in seconds.items()},
        "solver": plan.solver,
        "projet_sha256": projet.sha256,
        "model_sha256": model.sha256,
    }


def methode(projet: Projet, model: Model, plan: Trajectoire) -> list[tuple[str, str]]:
    """Return the lines of the sheet Méthode."""
    last = projet.premiere + projet.annees - 1
    return [
        ("Projet", f"{projet.nom} ({projet.premiere} à {last})"),
        ("Source", projet.source),
        ("Modèle", model.titre or model.nom),
        ("D'une année à l'autre", REPORTS[model.report]),
        *(
            (
                f"Priorité {number}, {tier.name}",
                f"{short(tier.value, 4)}, borne prouvée {short(tier.bound, 4)}",
            )
            for number, tier in enumerate(plan.tiers, start=1)
            if tier.bound is not None
        ),
        (
            "Par mois",
            "les marges sont exactes : la part de chacun dans l'année, ce qui se libère chaque mois",
        ),
        ("Solveur", plan.solver),
        ("Empreinte du projet", projet.sha256),
        ("Empreinte du modèle", model.sha256),
    ]


def _figure(value: float | None) -> float | None:
    return None if value is None else round(value, 6) + 0.0
