"""The table and the curve of ``python -m benchmarks.bounds``."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from allocator.cli.simulate_report import BASELINE, OPTIMUM
from benchmarks.policies_rows import Row
from benchmarks.report import Table, with_suffix

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Lines = dict[tuple[str, str], list[Row]]
"""The rows of a size by rule and bound, one a seed."""


def price(rows: Sequence[Row], size: int, policy: str) -> Table:
    """Return the table of one size: a line a bound, after hindsight and the hand rule."""
    lines = _lines(rows, size)
    tiers = list(rows[0].tiers)
    flux = [row.measures["flux"] for row in lines[policy, ""]]
    return Table(
        f"{size} libérations, {min(flux):.0f} to {max(flux):.0f} in flux, {len(flux)} years",
        ("rule", "bound", *tiers, "prefix max", "prefix mean", "with rights", "seconds"),
        tuple(
            (
                name,
                bound or "—",
                *(_value(lines, (name, bound), tier, policy) for tier in tiers),
                f"{max(_measures(line, 'prefix_max')):.2f}",
                f"{np.mean(_measures(line, 'prefix_mean')):.3f}",
                f"{max(_measures(line, 'with_rights_max')):.2f}",
                f"{np.mean(_measures(line, 'seconds')):.1f}",
            )
            for (name, bound), line in lines.items()
        ),
    )


def plot_price(out: Path, title: str, rows: Sequence[Row], policy: str) -> None:
    """Write ``out.svg``: for each size, the tiers and the deviation against the bound; needs matplotlib."""
    import matplotlib as mpl  # noqa: PLC0415 - an extra, and heavy

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "allocator"
    from matplotlib import pyplot as plt  # noqa: PLC0415

    sizes = list(dict.fromkeys(row.case.size for row in rows))
    figure, axes = plt.subplots(
        len(sizes), 2, figsize=(11, 4.5 * len(sizes)), layout="constrained", squeeze=False
    )
    figure.suptitle(title)
    for (left, right), size in zip(axes, sizes, strict=True):
        lines = _lines(rows, size)
        bounds = [bound for name, bound in lines if name == policy]
        for panel in (left, right):
            panel.set_xticks(range(len(bounds)), [bound or "none" for bound in bounds])
            panel.set(xlabel="ecart_max, dwellings", title=f"{size} libérations")
            panel.grid(visible=True, linewidth=0.3)
        _plot_tiers(left, lines, [(policy, bound) for bound in bounds])
        _plot_waiting(right, lines, [(policy, bound) for bound in bounds])
    figure.savefig(with_suffix(out, ".svg"), metadata={"Date": None})
    plt.close(figure)


def _plot_tiers(panel: "Axes", lines: Lines, shown: Sequence[tuple[str, str]]) -> None:
    """Plot each tier in percent of its value without a bound, over all years together and year by year."""
    for tier in next(iter(lines.values()))[0].tiers:
        values = np.array([_tiers(lines[key], tier) for key in shown])
        if not values[0].all():
            continue
        total = 100 * values.sum(axis=1) / values[0].sum()
        (line,) = panel.plot(total, "o-", label=tier, linewidth=1.2)
        panel.plot(100 * values / values[0], ".", color=line.get_color(), alpha=0.4)
        for name, style in ((BASELINE, "--"), (OPTIMUM, ":")):
            other = 100 * sum(_tiers(lines[name, ""], tier)) / values[0].sum()
            panel.axhline(other, color=line.get_color(), linestyle=style, linewidth=0.8)
    panel.set(
        ylabel="% of the value without a bound", title=f"{panel.get_title()} (-- {BASELINE}, ·· hindsight)"
    )
    panel.legend()


def _plot_waiting(panel: "Axes", lines: Lines, shown: Sequence[tuple[str, str]]) -> None:
    """Plot the largest deviation of the years, of all and of those with rights, beside the bound itself."""
    for name, label in (("prefix_max", "prefix max"), ("with_rights_max", "with rights left")):
        panel.plot([max(_measures(lines[key], name)) for key in shown], "o-", label=label, linewidth=1.2)
    told = [(place, float(bound)) for place, (_, bound) in enumerate(shown) if bound]
    panel.plot(*zip(*told, strict=True), "_", color="black", markersize=14, label="the bound")
    hand = max(_measures(lines[BASELINE, ""], "with_rights_max"))
    panel.axhline(hand, color="grey", linestyle="--", linewidth=0.8, label=f"{BASELINE}, with rights left")
    panel.set(ylabel="dwellings from pro-rata, worst year", ylim=(0, None))
    panel.legend()


def _lines(rows: Sequence[Row], size: int) -> Lines:
    lines: Lines = {}
    for row in rows:
        if row.case.size == size:
            lines.setdefault((row.case.policy, row.case.variant), []).append(row)
    return lines


def _tiers(line: Sequence[Row], tier: str) -> list[float]:
    return [row.tiers[tier] for row in line]


def _measures(line: Sequence[Row], name: str) -> list[float]:
    return [row.measures[name] for row in line]


def _value(lines: Lines, key: tuple[str, str], tier: str, policy: str) -> str:
    """Return the mean of a tier, and how much that is over the rule without a bound."""
    value, free = np.mean(_tiers(lines[key], tier)), np.mean(_tiers(lines[policy, ""], tier))
    told = f"{value:.2f}"
    return told if not free or key == (policy, "") else f"{told} ({100 * (value / free - 1):+.1f} %)"
