"""Scenarios solved and set beside the projet as it is: by tier, by year, by réservataire."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from allocator.charts import Axis, Chart, Heading, bars
from allocator.domain import Model
from allocator.domain.vocabulary import CONTRACTUEL
from allocator.flux.promises import SLACK
from allocator.formats import BadInput, Fault
from allocator.formats.projet_schema import SCENARIOS_ANNEES, SCENARIOS_PRIORITES, SCENARIOS_RESERVATAIRES
from allocator.formats.tableau import Tableau, Value
from allocator.planning.projet import Inputs, Projet
from allocator.planning.scenarios.effects import EffectError
from allocator.planning.scenarios.reading import BASE, Scenario
from allocator.planning.trajectoire import Trajectoire, trajectory


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A scenario and the plan that its years have."""

    nom: str
    titre: str
    projet: Projet
    plan: Trajectoire


def compare(
    inputs: Inputs, scenarios: Sequence[Scenario], model: Model, file: str, tell: Callable[[str], None]
) -> list[Case]:
    """Solve the projet as it is, then each scenario.

    Raises
    ------
    BadInput
        Where the projet does not allow some scenarios; all of them are named, and nothing is solved.
    """
    faults, cases = [], [(BASE, "Le projet tel quel", inputs.projet)]
    for scenario in scenarios:
        try:
            cases.append((scenario.nom, scenario.titre, scenario.of(inputs).projet))
        except EffectError as error:
            faults.append(Fault(file, None, scenario.nom, str(error)))
    if faults:
        raise BadInput(faults)
    solved = []
    for nom, titre, projet in cases:
        tell(titre)
        solved.append(Case(nom, titre, projet, trajectory(projet, model)))
    return solved


def priorites(cases: Sequence[Case]) -> Tableau:
    """Return a row a scenario and tier."""
    base = {tier.name: tier.value for tier in cases[0].plan.tiers}
    return Tableau(
        SCENARIOS_PRIORITES,
        tuple(
            (case.nom, case.titre, tier.name, tier.value, tier.bound, tier.value - base[tier.name])
            for case in cases
            for tier in case.plan.tiers
        ),
    )


@dataclass(frozen=True, slots=True)
class Somme:
    """What contractual cells come to: due, received, missing, how many of a whole dwelling, how many kept."""

    du: float
    recu: float
    manque: float
    promesses: int
    tenues: int


def somme(plan: Trajectoire, annee: int, reservataire: int | None = None) -> Somme:
    """Sum the contractual cells of a year, of one réservataire or of all."""
    ecarts = plan.ecarts
    chosen = (plan.annee == annee) & np.array([sur == CONTRACTUEL for sur in ecarts.sur], dtype=bool)
    if reservataire is not None:
        chosen &= ecarts.reservataire == reservataire
    cible, valeur = ecarts.cible[chosen], ecarts.valeur[chosen]
    whole = np.floor(cible + SLACK)
    return Somme(
        float(cible.sum()),
        float(valeur.sum()),
        float(ecarts.manque[chosen].sum()),
        int((whole >= 1).sum()),
        int(((whole >= 1) & (valeur >= whole)).sum()),
    )


def annees(cases: Sequence[Case]) -> Tableau:
    """Return a row a scenario and year."""
    rows: list[tuple[Value, ...]] = []
    for case in cases:
        supply = case.plan.offre.nombre.sum(axis=1)
        for annee in range(case.projet.annees):
            sums = somme(case.plan, annee)
            rows.append(
                (
                    case.nom,
                    case.projet.premiere + annee,
                    int(supply[annee]),
                    sums.du,
                    sums.recu,
                    sums.manque,
                    sums.promesses,
                    sums.tenues,
                )
            )
    return Tableau(SCENARIOS_ANNEES, tuple(rows))


def reservataires(cases: Sequence[Case]) -> Tableau:
    """Return a row a scenario, year and réservataire."""
    return Tableau(SCENARIOS_RESERVATAIRES, tuple(row for case in cases for row in _holders(case, cases[0])))


def _holders(case: Case, base: Case) -> Iterator[tuple[Value, ...]]:
    for annee in range(case.projet.annees):
        for holder, name in enumerate(case.projet.reservataires.id):
            sums, before = somme(case.plan, annee, holder), somme(base.plan, annee, holder)
            if sums.promesses or sums.du or before.du:
                yield (
                    case.nom,
                    case.projet.premiere + annee,
                    name,
                    sums.du,
                    sums.recu,
                    sums.manque,
                    sums.manque - before.manque,
                )


def document(cases: Sequence[Case]) -> dict[str, Any]:
    """Return what ``scenarios.json`` holds."""
    return {
        "projet": cases[0].projet.nom,
        "projet_sha256": cases[0].projet.sha256,
        "scenarios": [
            {"nom": case.nom, "titre": case.titre, "status": case.plan.status, "solver": case.plan.solver}
            for case in cases
        ],
        "priorites": priorites(cases).document(),
        "annees": annees(cases).document(),
        "reservataires": reservataires(cases).document(),
    }


def chart(cases: Sequence[Case], model: Model) -> Chart:
    """Return what is missing of contractual promises, by year, scenarios side by side."""
    first = cases[0].projet
    heading = Heading(
        "Ce qui manque aux promesses contractuelles",
        "Au dernier jour de chaque année, somme des cases, scénario par scénario",
        f"{first.nom}, modèle « {model.nom} »",
    )
    years = range(first.annees)
    values = [[somme(case.plan, annee).manque for case in cases] for annee in years]
    labels = [str(first.premiere + annee) for annee in years]
    return bars(heading, Axis("manque", "logements"), labels, [case.titre for case in cases], values)
