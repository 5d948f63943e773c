"""A result in words, for a person at a terminal: who was owed what, who received what, where it hurts, the proof."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from allocator.domain import Instance, Model, Solution, TierValue
from allocator.domain.french import fixed
from allocator.domain.vocabulary import CONTRACTUEL, TOTAL

ROWS: Final = 12
WORST: Final = 5


def summary(
    instance: Instance, model: Model, solution: Solution, seconds: Mapping[str, float], out: Path
) -> str:
    """Return the summary of a solution in French."""
    blocks = (
        _heading(instance, model, solution),
        _accounts(instance, solution),
        _worst(instance, solution),
        _proof(solution, seconds),
        [f"Fichiers écrits dans {out}/ : preorientations.csv, ecarts.csv, solution.json"],
    )
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _heading(instance: Instance, model: Model, solution: Solution) -> list[str]:
    rows = instance.liberations.en_flux
    given = int((solution.orientation[rows] >= 0).sum())
    period = f"du {instance.debut:%d/%m/%Y} au {instance.fin:%d/%m/%Y}"
    return [
        f"{instance.nom} — {period}, modèle « {model.titre or model.nom} »",
        f"{fixed(len(rows), 0)} libérations en flux : {fixed(given, 0)} orientées vers un réservataire, "
        f"{fixed(len(rows) - given, 0)} laissées au bailleur.",
    ]


def _accounts(instance: Instance, solution: Solution) -> list[str]:
    """Return the table of what each réservataire was owed and received, largest due first."""
    ecarts = solution.ecarts
    holders = len(instance.reservataires)
    contractuel = np.array([sur == CONTRACTUEL for sur in ecarts.sur], dtype=bool)
    due = np.bincount(ecarts.reservataire[contractuel], weights=ecarts.cible[contractuel], minlength=holders)
    received = np.bincount(solution.orientation[solution.orientation >= 0], minlength=holders)
    order = [int(i) for i in np.argsort(-due, kind="stable") if due[i] > 0 or received[i] > 0]
    if not order:
        return []
    lines = [f"{'Réservataire':<34}{'dû':>12}{'reçu':>10}{'écart':>12}   (logements sur la période)"]
    for i in order[:ROWS]:
        lines.append(_line(instance.reservataires.nom[i], due[i], received[i]))
    rest = order[ROWS:]
    if rest:
        lines.append(_line(f"{len(rest)} autres réservataires", due[rest].sum(), received[rest].sum()))
    return lines


def _line(name: str, due: float, received: float) -> str:
    label = name if len(name) <= 33 else name[:32] + "…"
    return f"{label:<34}{fixed(due, 2):>12}{fixed(received, 0):>10}{_signe(received - due):>12}"


def _worst(instance: Instance, solution: Solution) -> list[str]:
    """Return the largest contractual gaps."""
    ecarts = solution.ecarts
    chosen = np.array([sur in (CONTRACTUEL, TOTAL) for sur in ecarts.sur], dtype=bool)
    gap = np.where(chosen, np.abs(ecarts.valeur - ecarts.cible), 0.0)
    worst = [int(i) for i in np.argsort(-gap, kind="stable")[:WORST] if gap[i] > 0]
    if not worst:
        return []
    return [
        "Plus grands écarts contractuels :",
        *(
            f"  {instance.reservataires.nom[ecarts.reservataire[i]]}, {_lieu(instance, ecarts.territoire[i])} : "
            f"dû {fixed(ecarts.cible[i], 2)}, reçu {fixed(ecarts.valeur[i], 0)} "
            f"({_signe(ecarts.valeur[i] - ecarts.cible[i])})"
            for i in worst
        ),
    ]


def _lieu(instance: Instance, territoire: str) -> str:
    kind, _, code = territoire.partition(":")
    if kind == "commune" and code in instance.territoires.commune:
        return instance.territoires.nom[instance.territoires.commune.index(code)]
    return {"departement": "département", "epci": "EPCI", "commune": "commune"}[kind] + f" {code}"


def _proof(solution: Solution, seconds: Mapping[str, float]) -> list[str]:
    total = sum(seconds.values())
    phases = ", ".join(
        f"{word} {fixed(seconds[phase], 2)} s"
        for phase, word in (
            ("read", "lecture"),
            ("build", "préparation"),
            ("solve", "calcul"),
            ("write", "écriture"),
        )
    )
    timing = f"{fixed(total, 2)} s en tout ({phases}) ; solveur : {solution.solver}."
    return [_verdict(solution), *_tiers(solution.tiers), timing]


def _verdict(solution: Solution) -> str:
    if solution.status != "optimal":
        return "Répartition réalisable, sans preuve d'optimum pour toutes les priorités."
    if all(tier.value - (tier.bound or 0.0) <= 1e-9 * max(1.0, abs(tier.value)) for tier in solution.tiers):
        return "Optimum prouvé : aucune répartition ne fait mieux, priorité par priorité."
    return "Optimum prouvé à un millionième près, priorité par priorité."


def _tiers(tiers: tuple[TierValue, ...]) -> Iterator[str]:
    for number, tier in enumerate(tiers, start=1):
        bound = 0.0 if tier.bound is None else tier.bound
        gap = max(0.0, tier.value - bound) / max(1.0, abs(tier.value))
        proof = (
            "prouvé"
            if gap <= 1e-6
            else f"borne {fixed(bound, 4)}, écart relatif {gap:.1e}".replace("e-0", "e-")
        )
        yield f"  priorité {number}, {tier.name} : {fixed(tier.value, 4)} ({proof})"


def _signe(value: float) -> str:
    text = fixed(abs(value), 2)
    if text == fixed(0.0, 2):
        return text
    return ("+" if value > 0 else "−") + text
