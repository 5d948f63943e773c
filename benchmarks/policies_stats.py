"""How rules compare over years: shares of the gap to hindsight, with their uncertainty, and slopes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.cli.simulate_report import BASELINE, OPTIMUM
from benchmarks.policies_rows import Row

Floats = NDArray[np.float64]
Interval = tuple[float, float]

RESAMPLES: Final = 10_000
SAME: Final = 1e-6
"""Relative difference within which two values of a tier are the same (file contract, section 4)."""


@dataclass(frozen=True, slots=True, eq=False)
class Years:
    """The rows of one rule and those of another (the baseline, say) and of hindsight, on the same years."""

    rule: Sequence[Row]
    other: Sequence[Row]
    best: Sequence[Row]

    def __len__(self) -> int:
        return len(self.rule)

    def tier(self, tier: str) -> tuple[Floats, Floats, Floats]:
        """Return the values of a tier: the rule's, the other's, hindsight's."""
        mine, others, least = (
            np.array([row.tiers[tier] for row in rows]) for rows in (self.rule, self.other, self.best)
        )
        return mine, others, least

    def measured(self, name: str) -> Floats:
        """Return a measure of the rule, one entry a year."""
        return np.array([row.measures[name] for row in self.rule])


def same_years(rows: Sequence[Row], policy: str, other: str = BASELINE) -> Years:
    """Return the years on which a rule, another and hindsight all have a row, in the order of the rows."""
    by_policy = {
        name: {_when(row): row for row in rows if row.case.policy == name} for name in (other, OPTIMUM)
    }
    chosen = [
        row
        for row in rows
        if row.case.policy == policy and all(_when(row) in known for known in by_policy.values())
    ]
    return Years(
        chosen,
        [by_policy[other][_when(row)] for row in chosen],
        [by_policy[OPTIMUM][_when(row)] for row in chosen],
    )


def closed(years: Years, tier: str) -> Floats:
    """Return the share of the gap from the other rule to hindsight that a rule closes, one entry a year.

    NaN where hindsight is no better: a tier may pay for those before it.
    """
    mine, others, least = years.tier(tier)
    gap = others - least
    real = gap > SAME * np.maximum(1.0, np.abs(others))
    share: Floats = np.divide(others - mine, gap, out=np.full(len(gap), np.nan), where=real)
    return share


def pooled(years: Years, tier: str) -> float:
    """Return the same of all years together: dwellings gained over dwellings to gain."""
    mine, others, least = years.tier(tier)
    gap = float((others - least).sum())
    return float((others - mine).sum()) / gap if gap > SAME * max(1.0, float(others.sum())) else float("nan")


def score(years: Years, tier: str) -> Floats:
    """Return ``1 − (D_online − D_hindsight)/dwellings`` of a tier, one entry a year."""
    mine, _, least = years.tier(tier)
    result: Floats = 1.0 - (mine - least) / np.maximum(1.0, years.measured("flux"))
    return result


def no_worse(years: Years, tier: str) -> int:
    """Count the years in which a tier is no worse than the other rule's, as the contract compares values."""
    mine, others, _ = years.tier(tier)
    return int((mine <= others + SAME * np.maximum(1.0, np.abs(others))).sum())


def better(years: Years, tier: str) -> int:
    """Count the years in which a tier is better than the other rule's, as the contract compares values."""
    mine, others, _ = years.tier(tier)
    return int((mine < others - SAME * np.maximum(1.0, np.abs(others))).sum())


def interval(sample: Floats, statistic: Callable[[Floats], Floats] | None = None) -> Interval | None:
    """Return the 95 % bootstrap interval of the mean of a sample (percentiles, fixed seed), ``None`` below two.

    ``statistic`` takes resampled entries, resamples × entries (× more axes of the sample), and returns one value
    each; those that are NaN are left out.
    """
    if len(sample) < 2:
        return None
    chosen = np.random.default_rng(0).integers(len(sample), size=(RESAMPLES, len(sample)))
    drawn = sample[chosen].mean(axis=1) if statistic is None else statistic(sample[chosen])
    if np.isnan(drawn).all():
        return None
    low, high = np.nanpercentile(drawn, (2.5, 97.5))
    return float(low), float(high)


def slopes(sizes: Floats, extra: Floats) -> Floats:
    """Return the slopes of the log–log fits through ``extra``, many × sizes; NaN where one is not above 0."""
    x = np.log(sizes) - np.log(sizes).mean()
    logs = np.log(np.where(extra > 0, extra, np.nan))
    slope: Floats = logs @ x / (x @ x)
    return slope


def _when(row: Row) -> tuple[str, int, int]:
    return row.case.variant, row.case.size, row.case.seed
