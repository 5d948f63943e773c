"""Plays the pages that people read: their console blocks are run, their output compared.

In a block marked ``console``, a line that opens with ``$`` is a command for the shell; the lines that follow
are what it prints, on standard output and error together. ``…`` stands for any text within a line, and alone
for any lines. The blocks of a page run in order in one folder with the ``instances``, ``models`` and ``docs``
of the project. A block that a comment ``<!-- not played: reason -->`` precedes is left out.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sybil import Document, Example
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser

ROOT: Final = Path(__file__).parent.parent
LEFT_OUT: Final = re.compile(r"<!-- not played: [^>]+ -->\n+(```|~~~).*?\n\1\n", re.DOTALL)


def play(page: Path, folder: Path) -> int:
    """Run the console and Python blocks of a page in a folder; return how many there were.

    Raises ``SybilFailure`` where a command fails or prints something else.
    """
    for name in ("instances", "models", "docs"):
        (folder / name).symlink_to(ROOT / name)
    document = _document(page)
    document.namespace["folder"] = folder
    blocks = list(document.examples())
    for block in blocks:
        block.evaluate()
    return len(blocks)


def commands(page: Path) -> list[str]:
    """Return the commands of all console blocks of a page, played or not."""
    return [line[2:] for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("$ ")]


def shown(page: Path, command: str) -> str:
    """Return what a page shows of the output of a command, in a block played or not."""
    text = page.read_text(encoding="utf-8")
    (block,) = re.findall(
        rf"^```console\n(\$ {re.escape(command)}\n.*?)^```$", text, re.MULTILINE | re.DOTALL
    )
    ((_, expected),) = _steps(block)
    return expected


def matches(expected: str, printed: str) -> bool:
    """Say whether an output is the one expected, ``…`` standing for any text."""
    lines = [
        "(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + "\n"
        for line in expected.splitlines()
    ]
    return re.fullmatch("".join(lines), printed.strip("\n") + "\n") is not None


def _document(page: Path) -> Document:
    text = LEFT_OUT.sub(lambda left: "\n" * left[0].count("\n"), page.read_text(encoding="utf-8"))
    document = Document(text, str(page))
    for parser in (CodeBlockParser("console", _console), CodeBlockParser("python", PythonEvaluator())):
        for region in parser(document):
            document.add(region)
    return document


def _console(example: Example) -> str | None:
    """Run the commands of a block; return what is wrong, if anything is."""
    for command, expected in _steps(str(example.parsed)):
        done = subprocess.run(
            ["bash", "-euc", command],
            cwd=example.namespace["folder"],
            env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        if done.returncode:
            return f"$ {command}\nended with code {done.returncode}:\n{done.stdout}"
        if expected and not matches(expected, done.stdout):
            return f"$ {command}\nshould print:\n{expected}\nprinted:\n{done.stdout}"
    return None


def _steps(block: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a block with the output that follows it."""
    for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = re.sub(r"\\\n> ?", "", step).partition("\n")
        yield command, output.strip("\n")
