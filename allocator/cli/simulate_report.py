"""What ``allocator simulate`` says of its runs: a document, a table side by side, a summary."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from allocator.domain import BAILLEUR, Instance, Solution
from allocator.domain.french import fixed
from allocator.policies.replaying.comptes import Comptes, totals
from allocator.policies.replaying.prefix import Prefix
from allocator.policies.replaying.replay import Replay

BASELINE: Final = "pratique"
"""The rule that the gap to the optimum is measured from."""

OPTIMUM: Final = "optimum"
"""Name of what hindsight gives, in tables, documents and folders."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One rule on one period, or hindsight: what it did, how it measures, and the seconds that it took.

    ``comptes`` are the accounts, where outcomes were drawn.
    """

    policy: str
    replay: Replay
    solution: Solution
    prefix: Prefix
    comptes: Comptes | None
    seconds: float

    def day_ms(self, percent: float) -> float:
        """Return a percentile of the milliseconds a day, 0 without a day."""
        return float(np.percentile(self.replay.day_ms, percent)) if len(self.replay.day_ms) else 0.0


def document(run: Run) -> dict[str, Any]:
    """Return what ``--json`` prints of a rule, keys in the contract's order, then ``comptage``."""
    told: dict[str, Any] = {
        "policy": run.policy,
        "tiers": [{"name": tier.name, "value": tier.value + 0.0} for tier in run.solution.tiers],
        "prefix": {"max": run.prefix.max, "mean": run.prefix.mean},
        "days": len(run.replay.days),
        "seconds": round(run.seconds, 6),
        "day_ms": {"median": round(run.day_ms(50), 3), "p99": round(run.day_ms(99), 3)},
    }
    if run.comptes is not None:
        told["comptage"] = totals(run.comptes)
    return told


def documents(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Return what ``--json`` prints of several: from the baseline to hindsight, with the share of the gap closed."""
    return [document(run) | {"closed": closed(runs[0], run, runs[-1])} for run in runs]


def closed(worst: Run, run: Run, best: Run) -> list[float | None]:
    """Return the share of the gap from the hand rule to hindsight that a rule closes, one entry a tier.

    ``None`` where hindsight is no better: a tier may pay for those before it.
    """
    return [
        (hand.value - tier.value) / gap
        if (gap := hand.value - least.value) > 1e-6 * max(1.0, abs(hand.value))
        else None
        for hand, tier, least in zip(
            worst.solution.tiers, run.solution.tiers, best.solution.tiers, strict=True
        )
    ]


def table(runs: Sequence[Run]) -> str:
    """Return the rules side by side, hindsight last."""
    drawn = runs[0].comptes is not None
    tiers = [word for tier in runs[0].solution.tiers for word in (tier.name, "comblé")]
    outcomes = ["propositions", "baux", "écart des comptes"] if drawn else []
    rows = [["règle", *tiers, "prorata max", "moyen", *outcomes, "ms/jour", "99e c."]]
    rows += [_row(runs, run, len(outcomes)) for run in runs]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows
    ]
    note = (
        f"comblé : part de l'écart de « {BASELINE} » à l'optimum a posteriori ; "
        "prorata : écart en cours d'année, en logements."
    )
    if drawn:
        note += (
            "\nL'optimum est celui d'une année où tout serait accepté : une borne. Écart des comptes : entre "
            "ce qui est dû et ce qui est compté, en somme, en logements."
        )
    return "\n".join([lines[0], "─" * max(map(len, lines)), *lines[1:], note])


def _row(runs: Sequence[Run], run: Run, outcomes: int) -> list[str]:
    cells = [run.policy]
    for tier, share in zip(run.solution.tiers, closed(runs[0], run, runs[-1]), strict=True):
        cells += [fixed(tier.value, 2), "—" if share is None else f"{fixed(100 * share, 0)} %"]
    cells += [fixed(run.prefix.max, 2), fixed(run.prefix.mean, 2)]
    if run.comptes is None:
        cells += ["—"] * outcomes
    else:
        sums = totals(run.comptes)
        cells += [fixed(sums["propositions"], 0), fixed(sums["attributions"], 0), fixed(sums["ecart"], 1)]
    asked = run.policy != OPTIMUM
    return [*cells, *(fixed(run.day_ms(percent), 1) if asked else "—" for percent in (50, 99))]


def summary(instance: Instance, run: Run) -> str:
    """Return what is told of one rule."""
    total, kept = len(run.replay.decided), int((run.replay.decided == BAILLEUR).sum())
    return "\n".join(
        [
            f"{instance.nom} — du {instance.debut:%d/%m/%Y} au {instance.fin:%d/%m/%Y}, règle « {run.policy} »",
            f"{fixed(total, 0)} libérations en flux sur {len(run.replay.days)} jours : "
            f"{fixed(total - kept, 0)} orientées vers un réservataire, {fixed(kept, 0)} laissées au bailleur.",
            *_outcomes(run.comptes),
            *(
                f"  priorité {number}, {tier.name} : {fixed(tier.value, 4)}"
                for number, tier in enumerate(run.solution.tiers, start=1)
            ),
            f"Écart au prorata en cours d'année : {fixed(run.prefix.max, 2)} logement au plus, "
            f"{fixed(run.prefix.mean, 2)} en moyenne.",
            f"{fixed(run.seconds, 2)} s en tout ; par jour, {fixed(run.day_ms(50), 1)} ms en médiane, "
            f"{fixed(run.day_ms(99), 1)} ms au 99e centile.",
        ]
    )


def _outcomes(known: Comptes | None) -> list[str]:
    if known is None:
        return []
    sums = totals(known)
    told = (
        ("propositions", "propositions"),
        ("attributions", "baux signés"),
        ("refus", "refus"),
        ("sans_candidat", "sans candidat"),
        ("rendus", "rendues"),
        ("en_cours", "en cours au dernier jour"),
    )
    first, *others = (f"{fixed(sums[key], 0)} {words}" for key, words in told)
    return [
        f"{first} : {', '.join(others)} ; {fixed(sums['repris'], 0)} logements repris par le bailleur.",
        f"Comptage « {known.mode} » : {fixed(sums['points'], 1)} points ; entre ce qui est dû et ce qui est "
        f"compté, {fixed(sums['ecart'], 1)} logements d'écart en somme.",
    ]
