"""A trajectory in words, for a person at a terminal."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from allocator.cli.text_table import figure, text_table
from allocator.domain import Model
from allocator.domain.french import fixed
from allocator.domain.vocabulary import CONTRACTUEL
from allocator.flux.promises import SLACK
from allocator.planning.obstacles import Obstacle, sentence
from allocator.planning.projet import Projet
from allocator.planning.trajectoire import Mensuel, Trajectoire

CAUSES: Final = {
    "impossible": "impossible, même seule",
    "conflit": "en conflit avec d'autres",
    "egalite": "tenable sans rien coûter",
}
SHOWN: Final = 8


def page(projet: Projet, model: Model, plan: Trajectoire, monthly: Mensuel, found: Sequence[Obstacle]) -> str:
    """Return the summary of a trajectory in French."""
    last = projet.premiere + projet.annees - 1
    heading = f"{projet.nom} — {projet.premiere} à {last}, modèle « {model.titre or model.nom} »"
    return "\n\n".join(
        [heading, _years(projet, plan, monthly), _tiers(plan), *_obstacles(projet, model, plan, found)]
    )


def _years(projet: Projet, plan: Trajectoire, monthly: Mensuel) -> str:
    rows: list[tuple[str, ...]] = [
        ("année", "se libèrent", "orientés", "promesses", "tenues", "écart au cours")
    ]
    chosen = np.array([sur == CONTRACTUEL for sur in plan.ecarts.sur], dtype=bool)
    kept = plan.ecarts.valeur >= np.floor(plan.ecarts.cible + SLACK)
    for year in range(projet.annees):
        mine = chosen & (plan.annee == year)
        given = plan.flux.nombre[plan.flux.annee == year].sum()
        rows.append(
            (
                str(projet.premiere + year),
                *(
                    fixed(float(count), 0)
                    for count in (plan.offre.nombre[year].sum(), given, mine.sum(), (mine & kept).sum())
                ),
                figure(monthly.ecart[year], 1),
            )
        )
    return text_table(rows, 1)


def _tiers(plan: Trajectoire) -> str:
    lines = []
    for number, tier in enumerate(plan.tiers, start=1):
        bound = 0.0 if tier.bound is None else tier.bound
        gap = max(0.0, tier.value - bound) / max(1.0, abs(tier.value))
        proof = "prouvé" if gap <= 1e-6 else f"borne {fixed(bound, 4)}, écart relatif {gap:.1e}"
        lines.append(f"  priorité {number}, {tier.name} : {fixed(tier.value, 4)} ({proof})")
    return "\n".join(["Sur toutes les années :", *lines])


def _obstacles(projet: Projet, model: Model, plan: Trajectoire, found: Sequence[Obstacle]) -> list[str]:
    if not found:
        return ["Toutes les promesses sont tenues, à l'arrondi près."]
    lines = [f"{len(found)} promesses ou souhaits auxquels il manque au moins un logement :"]
    for one in found[:SHOWN]:
        promesse = one.manque.promesse
        where = promesse.territoire or promesse.modalite or "en tout"
        lines.append(
            f"  {projet.premiere + promesse.annee}, {projet.reservataires.nom[promesse.reservataire]}, "
            f"{promesse.sur} {where} : {one.manque.valeur} sur {fixed(one.manque.cible, 2)}"
            f" ({model.tiers[one.manque.priorite].name})"
        )
        if one.cause:
            lines.append(f"    {CAUSES[one.cause.genre]}")
        lines += [f"    remède vérifié : {sentence(projet, plan.offre, mend)}" for mend in one.remedes]
    if len(found) > SHOWN:
        lines.append(f"  … et {len(found) - SHOWN} autres, dans obstacles.csv")
    return ["\n".join(lines)]
