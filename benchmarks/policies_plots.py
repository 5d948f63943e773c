"""Plots of daily rules: the share of the gap that each closes, and what each has over hindsight as years grow."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from allocator.cli.simulate_report import BASELINE
from benchmarks.policies_report import extras, groups, mean, of_group, policies, slope, slope_text, tiers
from benchmarks.policies_rows import Row
from benchmarks.policies_stats import Floats, Interval, closed, interval, same_years
from benchmarks.report import with_suffix

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS: Final = {
    "pratique": "#7f7f7f",
    "prorata": "#9467bd",
    "glouton": "#ff7f0e",
    "prix": "#2ca02c",
    "anticipation": "#1f77b4",
}


def plot_closed(out: Path, title: str, rows: Sequence[Row]) -> None:
    """Write ``out.svg``: a panel a tier with a gap, the share closed by group and rule, with its interval."""
    known = groups(rows)
    shown = [policy for policy in policies(rows) if policy != BASELINE]
    shares = {
        (tier, group, policy): closed(same_years(of_group(rows, group), policy), tier)
        for tier in tiers(rows)
        for group in known
        for policy in shown
    }
    kept = [
        tier
        for tier in tiers(rows)
        if any(not np.isnan(mean(shares[key])) for key in shares if key[0] == tier)
    ]
    labels = [f"{variant}\n{size}" for variant, size in known]
    with _panels(out, title, 1, max(1, len(kept)), 3.0 + 0.9 * len(known)) as axes:
        for panel, tier in zip(axes, kept, strict=False):
            for place, policy in enumerate(shown):
                x = np.arange(len(known), dtype=np.float64) + 0.7 * (place + 0.5) / len(shown) - 0.35
                _dots(panel, x, [shares[tier, group, policy] for group in known], policy)
            panel.axhline(100, color="black", linewidth=0.8)
            panel.axhline(0, color=COLOURS[BASELINE], linewidth=0.8, linestyle="--")
            panel.set(
                title=tier, ylabel=f"% of the gap from {BASELINE} to hindsight", ylim=_window(shares, tier)
            )
            panel.set_xticks(range(len(known)), labels)
            panel.grid(visible=True, axis="y", linewidth=0.3)
            panel.legend()


def plot_growth(out: Path, title: str, rows: Sequence[Row]) -> None:
    """Write ``out.svg``: a panel a variant and tier, what each rule has over hindsight by flux, with its fit."""
    variants = list(dict.fromkeys(row.case.variant for row in rows))
    kept = tiers(rows)[1:] or tiers(rows)
    with _panels(out, title, len(variants), len(kept), 5.5) as axes:
        for panel, (variant, tier) in zip(axes, [(v, t) for v in variants for t in kept], strict=True):
            for policy in policies(rows):
                _, flux, extra = extras(rows, variant, tier, policy)
                over = extra.mean(axis=0) if len(extra) else np.full(len(flux), np.nan)
                _line(panel, flux[over > 0], over[over > 0], slope(flux, extra), policy)
            panel.set(title=f"{variant}: {tier}", xlabel="flux libérations", ylabel="over hindsight")
            panel.set(xscale="log", yscale="log")
            panel.grid(visible=True, which="both", linewidth=0.3)
            panel.legend(fontsize="small")


def _line(
    panel: "Axes", flux: Floats, over: Floats, fitted: tuple[float, Interval | None], policy: str
) -> None:
    colour, told = COLOURS.get(policy), f"{policy}: {slope_text(*fitted)}"
    panel.plot(flux, over, "o", label=told, color=colour)
    middle = flux / np.exp(np.log(flux).mean()) if len(flux) else flux
    if not np.isnan(fitted[0]):
        panel.plot(flux, np.exp(np.log(over).mean()) * middle ** fitted[0], color=colour, linewidth=1.2)
    if policy == BASELINE and len(flux):
        root = np.exp(np.log(over).mean()) * np.sqrt(middle)
        panel.plot(flux, root, ":", color="black", label="square root")


def _dots(panel: "Axes", x: Floats, shares: Sequence[Floats], policy: str) -> None:
    real = [share[~np.isnan(share)] for share in shares]
    panel.plot(x, [100 * mean(share) for share in real], "o", label=policy, color=COLOURS.get(policy))
    for place, share in zip(x, real, strict=True):
        if (bounds := interval(share)) is not None:
            ends = [100 * bounds[0], 100 * bounds[1]]
            panel.plot([place, place], ends, color=COLOURS.get(policy), linewidth=1.2)


def _window(shares: dict[tuple[str, tuple[str, int], str], Floats], tier: str) -> tuple[float, float]:
    """Return the ends of an axis that holds the means, but not how far below the worst may be."""
    means = [100 * mean(share) for key, share in shares.items() if key[0] == tier and len(share)]
    return max(-150.0, min([0.0, *means]) - 15.0), 110.0


@contextmanager
def _panels(out: Path, title: str, down: int, across: int, width: float) -> Iterator[list["Axes"]]:
    """Give the panels of a figure, row by row, and write it; needs matplotlib."""
    import matplotlib as mpl  # noqa: PLC0415 - an extra, and heavy

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "allocator"
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, axes = plt.subplots(
        down, across, figsize=(width * across, 4.5 * down), layout="constrained", squeeze=False
    )
    figure.suptitle(title)
    yield list(axes.flat)
    figure.savefig(with_suffix(out, ".svg"), metadata={"Date": None})
    plt.close(figure)
