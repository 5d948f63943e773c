"""What a measure was taken on and with: machine, system, versions, commit, date; never a name or a path."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from benchmarks.measure import ROOT

PACKAGES: Final = ("highspy", "ortools", "pulp", "pyscipopt", "numpy", "click")


def conditions() -> list[str]:
    """Return one line a fact, for the head of a table."""
    return [
        f"Date: {datetime.now(UTC):%Y-%m-%d}",
        f"Commit: {_commit()}",
        f"Machine: {_processor()}, {os.cpu_count()} cores, {_memory()}",
        f"System: {_system()}, Python {platform.python_version()}",
        f"Packages: {', '.join(filter(None, map(_package, PACKAGES)))}",
    ]


def _git(*arguments: str) -> str:
    command = ["git", "--no-optional-locks", *arguments]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def _commit() -> str:
    commit = _git("rev-parse", "--short", "HEAD") or "unknown"
    changed = _git("status", "--porcelain", "--", "allocator", "models", "instances", "benchmarks/*.py")
    return f"{commit}, with changes not committed" if changed else commit


def _processor() -> str:
    return _field(Path("/proc/cpuinfo"), "model name") or platform.machine()


def _memory() -> str:
    kilobytes = _field(Path("/proc/meminfo"), "MemTotal").split()
    return f"{int(kilobytes[0]) / 1024**2:.0f} GB of memory" if kilobytes else "memory unknown"


def _field(path: Path, name: str) -> str:
    if path.is_file():
        for line in path.read_text().splitlines():
            key, _, value = line.partition(":")
            if key.strip() == name:
                return value.strip()
    return ""


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def _package(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return ""
