"""Tables in Markdown and CSV, and log-log plots of time against size."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.conditions import conditions

GAP = 1e-6


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text: a title, the names of the columns, the rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """Return the table in Markdown."""
        lines = [self.columns, tuple("---" for _ in self.columns), *self.rows]
        return "\n".join([f"## {self.title}", "", *(f"| {' | '.join(line)} |" for line in lines), ""])


def write_markdown(out: Path, title: str, tables: Iterable[Table], notes: Sequence[str]) -> None:
    """Write ``out.md``: the conditions, the tables, the notes."""
    facts = "\n".join(f"- {fact}" for fact in conditions())
    body = "\n".join(table.markdown() for table in tables)
    closing = "\n".join(f"- {note}" for note in notes)
    text = f"# {title}\n\n{facts}\n\n{body}\n## Notes\n\n{closing}\n"
    with_suffix(out, ".md").write_text(text, encoding="utf-8")


def write_csv(out: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write ``out.csv``: one line a row, the keys of the first as the header."""
    with with_suffix(out, ".csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def with_suffix(out: Path, suffix: str) -> Path:
    """Return the path of a file of a report, whose folder is made where it is missing."""
    out.parent.mkdir(parents=True, exist_ok=True)
    return out.parent / (out.name + suffix)


@dataclass(frozen=True, slots=True)
class Series:
    """Points (size, seconds) of one line of a plot; those that are not ``proven`` are drawn hollow."""

    label: str
    points: tuple[tuple[int, float, bool], ...]


def plot(out: Path, title: str, series: Sequence[Series], *, linear: bool = False) -> None:
    """Write ``out.svg``: seconds against flux libérations, both logarithmic; needs matplotlib.

    ``linear`` adds what growth in proportion to the first series' first point would be.
    """
    import matplotlib as mpl  # noqa: PLC0415 - an extra, and heavy

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "allocator"
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, axes = plt.subplots(figsize=(7.5, 5), layout="constrained")
    for one in series:
        points = sorted(one.points)
        (line,) = axes.plot([p[0] for p in points], [p[1] for p in points], label=one.label, linewidth=1.2)
        for size, seconds, proven in points:
            face = line.get_color() if proven else "white"
            axes.plot([size], [seconds], "o", color=line.get_color(), markerfacecolor=face, markersize=7)
    if linear and series and series[0].points:
        first, last = min(series[0].points), max(series[0].points)
        slope = first[1] / first[0]
        axes.plot([first[0], last[0]], [first[1], slope * last[0]], ":", color="grey", label="linear growth")
    axes.set(xscale="log", yscale="log", xlabel="flux libérations", title=title)
    axes.set_ylabel("seconds (hollow: stopped before all was proven)")
    sizes = sorted({size for one in series for size, _, _ in one.points})
    axes.set_xticks(sizes, [f"{size:,}".replace(",", " ") for size in sizes])
    axes.set_xticks([], minor=True)
    axes.grid(visible=True, which="both", linewidth=0.3)
    axes.legend()
    figure.savefig(with_suffix(out, ".svg"), metadata={"Date": None})
    plt.close(figure)


def seconds_text(seconds: float) -> str:
    """Return seconds with as many decimals as they deserve."""
    return f"{seconds:.2f}" if seconds < 10 else f"{seconds:.1f}" if seconds < 100 else f"{seconds:.0f}"


def gap_of(value: float, bound: float | None) -> float | None:
    """Return the relative gap of a tier as the contract judges it, ``None`` without a bound."""
    return None if bound is None else max(0.0, value - bound) / max(1.0, abs(value))


def gap_text(gap: float | None) -> str:
    """Return a gap in words: ``proven`` within a millionth, a number above, a dash without a bound."""
    if gap is None:
        return "—"
    if gap <= GAP:
        return "proven"
    return f"{100 * gap:.2g} %" if gap >= 1e-4 else f"{gap:.1e}"
