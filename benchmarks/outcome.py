"""What came of one solver on one instance, read back from the result that it wrote."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.measure import Measured
from benchmarks.report import GAP, gap_of

PHASES: Final = ("read", "build", "solve", "write")


@dataclass(frozen=True, slots=True)
class TierOutcome:
    """A tier's value and bound as claimed (``None``: no claim)."""

    name: str
    value: float
    bound: float | None

    @property
    def gap(self) -> float | None:
        """Relative gap; ``None`` where no bound is claimed."""
        return gap_of(self.value, self.bound)

    @property
    def proven(self) -> bool:
        """Whether the gap is at most a millionth."""
        return self.gap is not None and self.gap <= GAP


@dataclass(frozen=True, slots=True)
class Outcome:
    """A solver's run: seconds of the whole process and of processors, peak memory, tiers, verdict.

    ``phases`` is the seconds of ``read``, ``build``, ``solve`` (in the solver alone, for a peer) and
    ``write``. ``checked`` is what ``allocator check`` says of the result; ``tiers`` is empty where no result
    was written.
    """

    instance: str
    name: str
    label: str
    solver: str
    liberations: int
    phases: Mapping[str, float]
    whole: float
    processor: float
    megabytes: float
    tiers: tuple[TierOutcome, ...]
    ended: str
    checked: bool

    @property
    def worst_gap(self) -> float | None:
        """The largest gap of a tier, ``None`` where one has no bound."""
        gaps = [tier.gap for tier in self.tiers if tier.gap is not None]
        return max(gaps) if gaps and len(gaps) == len(self.tiers) else None

    @property
    def proven(self) -> bool:
        """Whether every tier was proven."""
        return bool(self.tiers) and all(tier.proven for tier in self.tiers)


def read_outcome(
    instance: str, named: tuple[str, str], folder: Path, measured: Measured, *, checked: bool
) -> Outcome:
    """Read the result in ``folder``; ``named`` is the solver's name and what tables call it."""
    path = folder / "solution.json"
    document = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    tiers = tuple(TierOutcome(**tier) for tier in document.get("tiers", []))
    return Outcome(
        instance,
        *named,
        document.get("solver", ""),
        document.get("liberations", 0),
        document.get("seconds", dict.fromkeys(PHASES, 0.0)),
        measured.seconds,
        measured.processor,
        measured.megabytes,
        tiers,
        _ended(measured, proven=bool(tiers) and all(tier.proven for tier in tiers)),
        checked,
    )


def _ended(measured: Measured, *, proven: bool) -> str:
    if measured.killed:
        return "killed"
    if measured.code not in (0, 3):
        return f"failed ({measured.code})"
    return "proven" if proven else "not proven"
