"""The report of the peers: one table of runs, one of tiers, the same in CSV, and the plot."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.ours import OURS
from benchmarks.outcome import Outcome
from benchmarks.report import GAP, Series, Table, gap_text, plot, seconds_text, write_csv, write_markdown

RUNS: Final = (
    "instance", "flux", "solver", "version", "tiers proven", "build (s)", "solve alone (s)", "whole (s)",
    "processor (s)", "peak (MB)", "answer", "check", "× ours",
)  # fmt: skip

NOTES: Final = (
    "× ours: seconds of the peer in its solver alone, without reading, building or writing, over those of "
    "the whole command `allocator solve`, interpreter, reading and writing included; `>` where stopped.",
    "answer: the peer's tier values beside ours, as recounted from its orientation; the first tier that "
    "differs by more than a millionth is shown with the difference (+: worse than ours).",
    "check: what `allocator check` says of the peer's own result: eligibility, rights left, values, bounds.",
    "processor: seconds of all processes and threads together; where it is far below the seconds of a solver "
    "that never waits, the machine was busy with something else.",
    "All are asked the same: tiers one after the other, each under lock rows for those before it, relative "
    "and absolute gap 1e-6. How, and what was done to be fair to each, is told in `benchmarks/README.md`.",
)


def report(out: Path, model: str, limit: float, outcomes: Sequence[Outcome]) -> None:
    """Write the Markdown, the CSV and the plot."""
    ours = {outcome.instance: outcome for outcome in outcomes if outcome.name == OURS}
    title = f"Against the peers: model {model}, {limit:g} s at most"
    runs = Table("Runs", RUNS, tuple(_run(outcome, ours[outcome.instance], limit) for outcome in outcomes))
    tiers = Table(
        "Tiers",
        ("instance", "solver", "tier", "value", "proven bound", "gap"),
        tuple(row for outcome in outcomes for row in _tiers(outcome)),
    )
    write_markdown(out, title, (runs, tiers), NOTES)
    write_csv(out, [row for outcome in outcomes for row in _records(outcome, ours[outcome.instance], limit)])
    plot(out, title, _series(outcomes, limit))


def spent(outcome: Outcome, limit: float) -> float:
    """Return the seconds that count: ours whole, a peer's in the solver alone (the limit, if killed)."""
    if outcome.name == OURS:
        return outcome.whole
    return max(limit, outcome.phases["solve"]) if outcome.ended == "killed" else outcome.phases["solve"]


def ratio(outcome: Outcome, ours: Outcome, limit: float) -> float:
    """Return how many times longer than ours it took."""
    return spent(outcome, limit) / ours.whole


def answer(outcome: Outcome, ours: Outcome) -> str:
    """Compare tier values in order: ``as ours``, or the first that differs and by how much."""
    if outcome.name == OURS:
        return ""
    if not outcome.tiers:
        return "none"
    for mine, other in zip(ours.tiers, outcome.tiers, strict=True):
        difference = other.value - mine.value
        if abs(difference) > GAP * max(1.0, abs(mine.value)):
            return f"{mine.name} {difference:+.6g}"
    return "as ours"


def _run(outcome: Outcome, ours: Outcome, limit: float) -> tuple[str, ...]:
    proven = f"{sum(tier.proven for tier in outcome.tiers)} of {len(ours.tiers)}"
    stopped = "" if outcome.proven else "> "
    return (
        outcome.instance,
        str(ours.liberations),
        outcome.label,
        outcome.solver,
        proven if outcome.ended in ("proven", "not proven") else f"{proven}, {outcome.ended}",
        seconds_text(outcome.phases["build"]),
        seconds_text(spent(outcome, limit) if outcome.name != OURS else outcome.phases["solve"]),
        seconds_text(outcome.whole),
        seconds_text(outcome.processor),
        f"{outcome.megabytes:.0f}",
        answer(outcome, ours),
        "agrees" if outcome.checked else "disagrees",
        f"{stopped}{ratio(outcome, ours, limit):.3g}",
    )


def _tiers(outcome: Outcome) -> list[tuple[str, ...]]:
    return [
        (
            outcome.instance,
            outcome.label,
            tier.name,
            f"{tier.value:.6f}",
            "—" if tier.bound is None else f"{tier.bound:.6f}",
            gap_text(tier.gap),
        )
        for tier in outcome.tiers
    ]


def _records(outcome: Outcome, ours: Outcome, limit: float) -> list[dict[str, object]]:
    run = {
        "instance": outcome.instance,
        "flux": ours.liberations,
        "solver": outcome.name,
        "version": outcome.solver,
        "ended": outcome.ended,
        "build_s": round(outcome.phases["build"], 3),
        "solve_s": round(outcome.phases["solve"], 3),
        "whole_s": round(outcome.whole, 3),
        "processor_s": round(outcome.processor, 3),
        "peak_mb": round(outcome.megabytes),
        "ratio": round(ratio(outcome, ours, limit), 2),
        "answer": answer(outcome, ours),
        "check": outcome.checked,
    }
    none = {"tier": "", "value": "", "bound": "", "gap": ""}
    return [
        {**run, "tier": tier.name, "value": tier.value, "bound": tier.bound, "gap": tier.gap}
        for tier in outcome.tiers
    ] or [{**run, **none}]


def _series(outcomes: Sequence[Outcome], limit: float) -> list[Series]:
    sizes = {outcome.instance: outcome.liberations for outcome in outcomes if outcome.name == OURS}
    labels = dict.fromkeys(outcome.label for outcome in outcomes)
    return [
        Series(
            label if label.startswith("allocator") else f"{label}, solve alone",
            tuple(
                (sizes[outcome.instance], spent(outcome, limit), outcome.proven)
                for outcome in outcomes
                if outcome.label == label
            ),
        )
        for label in labels
    ]
