"""Tables of daily rules: against hindsight, along the year, by the clock, as years grow."""

from collections.abc import Iterable, Sequence
from math import isnan, nan
from typing import Final

import numpy as np

from allocator.cli.simulate_report import BASELINE, OPTIMUM
from benchmarks.policies_rows import Row
from benchmarks.policies_stats import (
    SAME,
    Floats,
    Interval,
    better,
    closed,
    interval,
    no_worse,
    pooled,
    same_years,
    score,
    slopes,
)
from benchmarks.report import Table, seconds_text

GREEDY: Final = "glouton"

Group = tuple[str, int]
"""A variant and a size: the years over which a mean is taken."""


def groups(rows: Iterable[Row]) -> list[Group]:
    """Return the variants and sizes of some rows, in their order."""
    return list(dict.fromkeys((row.case.variant, row.case.size) for row in rows))


def policies(rows: Iterable[Row]) -> list[str]:
    """Return the rules of some rows, in their order, without hindsight."""
    return [name for name in dict.fromkeys(row.case.policy for row in rows) if name != OPTIMUM]


def of_group(rows: Iterable[Row], group: Group) -> list[Row]:
    """Return the rows of a group."""
    return [row for row in rows if (row.case.variant, row.case.size) == group]


def tiers(rows: Sequence[Row]) -> list[str]:
    """Return the names of the tiers."""
    return list(rows[0].tiers)


def quality(rows: Sequence[Row]) -> Table:
    """Return what each rule reaches of each tier in which some rule is above hindsight."""
    return Table(
        "Tiers",
        ("variant", "size", "years", "rule", "tier", "value", "hindsight", f"closed of {BASELINE} (95 %)", "pooled",
         f"closed of {GREEDY} (95 %)", f"no worse than {BASELINE}", f"better than {GREEDY}", "1 − (D − D*)/n"),
        tuple(
            _quality(rows, group, policy, tier)
            for group in groups(rows)
            for tier in tiers(rows)
            if _matters(of_group(rows, group), tier)
            for policy in policies(of_group(rows, group))
        ),
    )  # fmt: skip


def _matters(rows: Sequence[Row], tier: str) -> bool:
    """Tell whether some rule is above hindsight in a tier."""
    return any(
        (value > least + SAME).any()
        for value, _, least in (same_years(rows, name).tier(tier) for name in policies(rows))
    )


def _quality(rows: Sequence[Row], group: Group, policy: str, tier: str) -> tuple[str, ...]:
    mine = of_group(rows, group)
    hand, greedy = same_years(mine, policy), same_years(mine, policy, GREEDY)
    value, _, least = hand.tier(tier)
    return (
        group[0],
        str(group[1]),
        str(len(hand)),
        policy,
        tier,
        number(mean(value), 2),
        number(mean(least), 2),
        _share(closed(hand, tier)),
        _percent(pooled(hand, tier)),
        _share(closed(greedy, tier)) if len(greedy) else "—",
        f"{no_worse(hand, tier)} of {len(hand)}",
        f"{better(greedy, tier)} of {len(greedy)}",
        number(mean(score(hand, tier)), 4),
    )


def conduct(rows: Sequence[Row]) -> Table:
    """Return how small promises are kept, how far from pro-rata each rule strays, and how long it takes."""
    return Table(
        "Small promises, pro-rata, pace",
        ("variant", "size", "years", "rule", "small promises kept", "of those due a month before", "prefix max",
         "largest", "prefix mean", "accounts off", "ms a day", "p99", "whole (s)"),
        tuple(
            _conduct(rows, group, policy)
            for group in groups(rows)
            for policy in (*policies(of_group(rows, group)), OPTIMUM)
        ),
    )  # fmt: skip


def _conduct(rows: Sequence[Row], group: Group, policy: str) -> tuple[str, ...]:
    mine = [row for row in of_group(rows, group) if row.case.policy == policy]
    had = {name: np.array([row.measures[name] for row in mine]) for name in mine[0].measures} if mine else {}

    def of(name: str) -> Floats:
        return had.get(name, np.empty(0))

    return (
        group[0],
        str(group[1]),
        str(len(mine)),
        policy,
        f"{of('petits_kept').sum():.0f} of {of('petits_held').sum():.0f}",
        f"{of('due_kept').sum():.0f} of {of('due_held').sum():.0f}",
        number(mean(of("prefix_max")), 2),
        number(float(of("prefix_max").max(initial=0.0)), 2),
        number(mean(of("prefix_mean")), 3),
        number(mean(of("ecart_comptes")), 1),
        number(mean(of("day_median")), 1),
        number(mean(of("day_p99")), 1),
        seconds_text(mean(of("seconds"))) if mine else "—",
    )


def pace(rows: Sequence[Row]) -> Table:
    """Return the seconds of each replay and the milliseconds of its days."""
    names = (
        "day_median",
        "day_p99",
        "busy_median",
        "busy_p99",
        "dwelling_mean",
        "dwelling_median",
        "dwelling_p99",
    )
    return Table(
        "Pace",
        ("variant", "flux", "days", "rule", "whole (s)", "ms a day", "p99", "days of 30 and more", "ms of those",
         "p99", "ms a dwelling", "median of days", "p99"),
        tuple(
            (
                row.case.variant,
                f"{row.measures['flux']:.0f}",
                f"{row.measures['days']:.0f}",
                row.case.policy,
                seconds_text(row.measures["seconds"]),
                *(number(row.measures[name], 1) for name in names[:2]),
                f"{row.measures['busy_days']:.0f}",
                *(number(row.measures[name], 1) for name in names[2:4]),
                *(number(row.measures[name], 3) for name in names[4:]),
            )
            for row in rows
            if row.case.policy != OPTIMUM
        ),
    )  # fmt: skip


def growth(rows: Sequence[Row]) -> Table:
    """Return the extra deviation over hindsight by size, and the slope of its log–log fit."""
    sizes = sorted({size for _, size in groups(rows)})
    return Table(
        "Extra deviation over hindsight",
        ("variant", "tier", "rule", "years", *(f"{size}" for size in sizes), "slope (95 %)"),
        tuple(
            _growth(rows, variant, tier, policy, sizes)
            for variant in dict.fromkeys(row.case.variant for row in rows)
            for tier in tiers(rows)
            for policy in policies(rows)
        ),
    )


def _growth(
    rows: Sequence[Row], variant: str, tier: str, policy: str, sizes: Sequence[int]
) -> tuple[str, ...]:
    known, flux, extra = extras(rows, variant, tier, policy)
    by_size = dict(zip(known, extra.mean(axis=0), strict=True)) if len(extra) else {}
    return (
        variant,
        tier,
        policy,
        str(len(extra)),
        *(number(by_size.get(size, nan), 2) for size in sizes),
        slope_text(*slope(flux, extra)),
    )


def extras(rows: Sequence[Row], variant: str, tier: str, policy: str) -> tuple[list[int], Floats, Floats]:
    """Return the sizes of a variant, their mean flux, and what a rule has over hindsight, seeds × sizes.

    Only the seeds that have every size.
    """
    mine = [row for row in rows if row.case.variant == variant]
    sizes = sorted({size for _, size in groups(mine)})
    years = same_years(mine, policy)
    value, _, least = years.tier(tier)
    found: dict[int, dict[int, tuple[float, float]]] = {}
    for row, over in zip(years.rule, value - least, strict=True):
        found.setdefault(row.case.seed, {})[row.case.size] = (row.measures["flux"], float(over))
    whole = [by_size for by_size in found.values() if len(by_size) == len(sizes)]
    table = np.array([[by_size[size] for size in sizes] for by_size in whole]).reshape(
        len(whole), len(sizes), 2
    )
    flux = table[:, :, 0].mean(axis=0) if whole else np.full(len(sizes), nan)
    return sizes, flux, table[:, :, 1]


def slope(flux: Floats, extra: Floats) -> tuple[float, Interval | None]:
    """Return the slope of the log–log fit through the mean extra of each size, and its interval over seeds."""
    if not len(extra) or len(flux) < 2:
        return nan, None
    whole = float(slopes(flux, extra.mean(axis=0)[None])[0])
    return whole, None if isnan(whole) else interval(extra, lambda drawn: slopes(flux, drawn.mean(axis=1)))


def slope_text(value: float, bounds: Interval | None) -> str:
    """Return a slope and its interval in words."""
    return number(value, 2) + ("" if bounds is None else f" ({bounds[0]:.2f} to {bounds[1]:.2f})")


def mean(sample: Floats) -> float:
    """Return the mean of the entries that are numbers, NaN where none is."""
    real = sample[~np.isnan(sample)]
    return float(real.mean()) if len(real) else nan


def number(value: float, decimals: int) -> str:
    """Return a number with so many decimals, a dash for NaN; what rounds to zero has no sign."""
    return "—" if isnan(value) else f"{round(value, decimals) + 0.0:.{decimals}f}"


def _percent(share: float) -> str:
    return "—" if isnan(share) else f"{number(100 * share, 0)} %"


def _share(shares: Floats) -> str:
    """Return the mean share closed, its interval, and the number of years behind it where some have no gap."""
    real = shares[~np.isnan(shares)]
    if not len(real):
        return "—"
    bounds = interval(real)
    spread = "" if bounds is None else f" ({number(100 * bounds[0], 0)} to {number(100 * bounds[1], 0)})"
    some = "" if len(real) == len(shares) else f", {len(real)} years"
    return f"{_percent(float(real.mean()))}{spread}{some}"
