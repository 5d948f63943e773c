"""A program as text that any solver reads, with names."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from allocator.solvers.highs import assert_ok, new, pass_program
from allocator.solvers.program import Program

SECTIONS: Final = {"bin": "binaries", "gen": "generals", "semi": ""}
"""Lines of HiGHS' LP files that CBC takes for names of columns, with what all solvers read instead."""


@dataclass(frozen=True, slots=True, eq=False)
class NamedProgram:
    """A program with a name for each column and row: ASCII, without blanks, each once."""

    program: Program
    columns: tuple[str, ...]
    rows: tuple[str, ...]


def program_text(named: NamedProgram, form: str) -> str:
    """Return a program in the format ``lp`` or ``mps``, numbers to the last digit."""
    highs = new()
    pass_program(highs, named.program)
    for number, name in enumerate(named.columns):
        assert_ok(highs.passColName(number, name), f"le nom {name}")
    for number, name in enumerate(named.rows):
        assert_ok(highs.passRowName(number, name), f"le nom {name}")
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"program.{form}"
        assert_ok(highs.writeModel(str(path)), "writeModel")
        lines = path.read_text(encoding="ascii").splitlines()
    return "\n".join(SECTIONS.get(line, line) for line in lines) + "\n"
