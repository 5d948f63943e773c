"""The allocator's own commands, each in a process of its own, as a user would type them."""

import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.measure import measure
from benchmarks.outcome import Outcome, read_outcome

ALLOCATOR: Final = (sys.executable, "-c", "from allocator.cli import main; main()")

OURS: Final = "allocator"
"""The name of the allocator itself among the outcomes."""


def median(instance: Path, model: str, limit: float, repeat: int) -> Outcome:
    """Run ``allocator solve`` some times and return the run with the median time."""
    outcomes = [_run(instance, model, limit) for _ in range(repeat)]
    return sorted(outcomes, key=lambda outcome: outcome.whole)[len(outcomes) // 2]


def _run(instance: Path, model: str, limit: float) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "result"
        solve = ("solve", str(instance), "--model", model, "--out", str(out), "--time-limit", f"{limit:g}")
        measured = measure([*ALLOCATOR, *solve], 1.2 * limit + 60, Path(folder))
        checked = check(instance, out, model)
        return read_outcome(instance.name, (OURS, "allocator, whole command"), out, measured, checked=checked)


def check(instance: Path, result: Path, model: str) -> bool:
    """Tell whether ``allocator check`` agrees with a result."""
    return allocator("check", str(instance), str(result), "--model", model) == 0


def allocator(*arguments: str) -> int:
    """Run a command of the allocator to its end and return its exit code."""
    with tempfile.TemporaryDirectory() as folder:
        return measure([*ALLOCATOR, *arguments], float("inf"), Path(folder)).code


def model_argument(text: str) -> str:
    """Return a model as the commands take it from any folder: an absolute path, or a shipped model's name."""
    return str(Path(text).resolve()) if Path(text).is_file() else text
