"""What is measured of daily rules: one row a rule and a year, appended to a file as it comes.

An interrupted run goes on from the rows that are there, and all parts of the benchmark share them.
"""

import csv
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from io import StringIO
from math import isnan, nan
from pathlib import Path
from typing import Final

import click

import allocator
from allocator.domain import Model
from benchmarks.report import with_suffix

MEASURES: Final[Mapping[str, str]] = {
    "flux": "flux libérations",
    "days": "days on which something was released",
    "seconds": "seconds of the whole replay",
    "day_median": "milliseconds of a day on which the rule was asked",
    "day_p99": "the same, 99th percentile",
    "busy_days": "days on which at least 30 dwellings were to be decided",
    "busy_median": "milliseconds of such a day",
    "busy_p99": "the same, 99th percentile",
    "dwelling_mean": "milliseconds of all days over all dwellings decided",
    "dwelling_median": "milliseconds of a day over its dwellings",
    "dwelling_p99": "the same, 99th percentile",
    "prefix_max": "largest deviation from pro-rata at the end of a day, in dwellings",
    "prefix_mean": "the same, mean over cells and days",
    "petits": "promises of at least one dwelling to small réservataires",
    "petits_held": "those that hindsight keeps",
    "petits_kept": "those of them that the rule keeps",
    "due_held": "those that hindsight keeps and that were due a month before the end",
    "due_kept": "those of them that the rule keeps",
    "ecart_comptes": "what is due and what is counted, apart, in dwellings (drawn outcomes only)",
    "proven": "1 where every tier of hindsight is proven",
}
"""The columns of the file after those that say which case it is; a tier's value is ``tier_`` and its name."""

TIER: Final = "tier_"


@dataclass(frozen=True, slots=True)
class Case:
    """A rule on a year: what a row is known by. ``model`` is a file, or a shipped model's name."""

    policy: str
    variant: str
    size: int
    seed: int
    model: str


@dataclass(frozen=True, slots=True)
class Row:
    """The measures of a case (NaN where there is none), with a digest of the code that they were taken on."""

    case: Case
    code: str
    measures: Mapping[str, float]

    @property
    def tiers(self) -> dict[str, float]:
        """The value of each tier, by name, in order."""
        return {
            name.removeprefix(TIER): value for name, value in self.measures.items() if name.startswith(TIER)
        }


def columns(model: Model) -> tuple[str, ...]:
    """Return the measures of every row under a model, in the order of the file."""
    return (*(TIER + tier.name for tier in model.tiers), *MEASURES)


class Rows:
    """The rows in ``OUT.csv``, whose measures are ``columns``."""

    def __init__(self, out: Path, measured: Sequence[str]) -> None:
        self._path = with_suffix(out, ".csv")
        self._header = [*Case.__dataclass_fields__, "code", *measured]

    def read(self) -> list[Row]:
        """Return the rows that are there, none without a file.

        Raises
        ------
        click.ClickException
            If the file has other columns: another model's, or another version's.
        """
        if not self._path.is_file():
            return []
        with self._path.open(encoding="utf-8", newline="") as file:
            lines = csv.DictReader(file)
            if lines.fieldnames != self._header:
                raise click.ClickException(f"{self._path} has other columns: give another --out")
            return [_row(line) for line in lines]

    def append(self, row: Row) -> None:
        """Add a row in one write, so that whatever interrupts leaves whole lines."""
        head: list[list[object]] = [] if self._path.is_file() else [[*self._header]]
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_text([*head, _cells(row)]))

    def drop(self, dropped: Callable[[Case], bool]) -> None:
        """Forget some rows."""
        if not self._path.is_file():
            return
        kept = [_cells(row) for row in self.read() if not dropped(row.case)]
        beside = self._path.with_suffix(".tmp")
        beside.write_text(_text([self._header, *kept]), encoding="utf-8")
        beside.replace(self._path)


def digest() -> str:
    """Return a short digest of the allocator's code, by which rows of different versions are told apart."""
    folder = Path(allocator.__file__).parent
    seen = hashlib.sha256()
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.toml")]):
        seen.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return seen.hexdigest()[:8]


def _text(lines: Iterable[Sequence[object]]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


def _cells(row: Row) -> list[object]:
    numbers = ("" if isnan(value) else f"{value:.10g}" for value in row.measures.values())
    return [*asdict(row.case).values(), row.code, *numbers]


def _row(line: Mapping[str, str]) -> Row:
    case = Case(line["policy"], line["variant"], int(line["size"]), int(line["seed"]), line["model"])
    measured = [name for name in line if name not in Case.__dataclass_fields__ and name != "code"]
    return Row(case, line["code"], {name: float(line[name]) if line[name] else nan for name in measured})
