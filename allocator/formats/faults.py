"""What is wrong with the input: every fault with its file, line and column, told in French."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

SHOWN: Final = 100
"""Faults listed one by one; the rest is counted (file contract, section 1)."""


class Lines(Protocol):
    """The line, from 1, on which each row of a table starts."""

    def __getitem__(self, row: int, /) -> int:
        """Return the line of a row."""
        ...


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where it stands, what is wrong and what was expected.

    ``line`` counts from 1 (``None``: the whole file); ``column`` is a column's name or a key's path
    (``None``: the whole line).
    """

    file: str
    line: int | None
    column: str | None
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (place, self.column, self.message) if part)


class BadInput(Exception):  # noqa: N818 (the input is at fault, not the program)
    """Input that cannot be used; ``faults`` holds the first :data:`SHOWN`, ``total`` counts them all."""

    def __init__(self, faults: Sequence[Fault], total: int | None = None) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults[:SHOWN])
        self.total: int = len(faults) if total is None else total
        super().__init__(self.render())

    def render(self) -> str:
        """Return one line a fault, and the count of those that are not listed."""
        lines = [str(fault) for fault in self.faults]
        rest = self.total - len(self.faults)
        if rest > 0:
            lines.append(f"… et {rest} autre{'s' if rest > 1 else ''} faute{'s' if rest > 1 else ''}.")
        return "\n".join(lines)


class FaultLog:
    """Collects the faults of several files, to be raised together.

    Files are reported in the order in which they were expected or first at fault; within a file, faults
    follow its lines.
    """

    def __init__(self) -> None:
        self._faults: dict[str, list[Fault]] = {}
        self._untold = 0

    def __bool__(self) -> bool:
        return any(self._faults.values())

    def expect(self, files: Iterable[str]) -> None:
        """Fix the order in which the files are reported."""
        for file in files:
            self._faults.setdefault(file, [])

    def add(self, file: str, line: int | None, column: str | None, message: str) -> None:
        """Note one fault."""
        self._faults.setdefault(file, []).append(Fault(file, line, column, message))

    def add_rows(
        self,
        file: str,
        column: str,
        rows: Sequence[int],
        lines: Lines,
        message: Callable[[int], str],
    ) -> None:
        """Note one fault a row; ``rows`` ascend, ``lines`` and ``message`` know each of them.

        Only the first :data:`SHOWN` of one check can be listed in the end, so the others are just counted.
        """
        for row in rows[:SHOWN]:
            self.add(file, lines[row], column, message(row))
        self._untold += max(0, len(rows) - SHOWN)

    def extend(self, other: "FaultLog") -> None:
        """Note all that another log holds."""
        for file, faults in other._faults.items():
            self._faults.setdefault(file, []).extend(faults)
        self._untold += other._untold

    def listed(self) -> list[Fault]:
        """Return the faults noted one by one, file by file and by line."""
        return [
            fault for of_file in self._faults.values() for fault in sorted(of_file, key=lambda f: f.line or 0)
        ]

    def bad_input(self) -> BadInput:
        """Return all that was noted, ready to raise."""
        faults = self.listed()
        return BadInput(faults, len(faults) + self._untold)

    def raise_if_any(self) -> None:
        """Raise all that was noted.

        Raises
        ------
        BadInput
            If a fault was noted.
        """
        if self:
            raise self.bad_input()
