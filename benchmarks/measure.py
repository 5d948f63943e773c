"""A command in a process of its own: seconds, peak memory, and an end to it when the time is up.

Imports nothing heavy: the memory of whoever starts a process may count as that of the process (Linux keeps
the larger of the two at ``exec``).
"""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
"""The project's folder, where ``benchmarks`` and ``allocator`` are found."""

EVERY: Final = 0.1
"""Seconds between two looks at the memory of a command."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How a command went.

    ``processor`` is the seconds of processor time of all its processes, which a busy machine stretches less.
    ``megabytes`` is the larger of the peak of its largest process, as the system counted it, and of the
    memory that all its processes had together (each shared page once) whenever we looked. ``code`` is its
    exit code, negative for the signal that ended it; ``output`` and ``errors`` what it wrote.
    """

    seconds: float
    processor: float
    megabytes: float
    code: int
    killed: bool
    output: str
    errors: str


def measure(command: Sequence[str], seconds: float, folder: Path) -> Measured:
    """Run a command from the project's folder, and kill it with all that it started after some seconds.

    ``folder`` is where its output is kept meanwhile.
    """
    output, errors = folder / "stdout.txt", folder / "stderr.txt"
    done = threading.Event()
    with output.open("w") as to_output, errors.open("w") as to_errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=to_output, stderr=to_errors, cwd=ROOT, start_new_session=True
        )
        watch = _Watch(process.pid, start + seconds, done)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        taken = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    done.set()
    watch.join()
    return Measured(
        taken,
        usage.ru_utime + usage.ru_stime,
        max(usage.ru_maxrss / 1024, watch.megabytes),
        process.returncode,
        watch.killed,
        output.read_text(encoding="utf-8", errors="replace"),
        errors.read_text(encoding="utf-8", errors="replace"),
    )


class _Watch(threading.Thread):
    """Looks at the memory of a session of processes until ``done``, and kills it after ``deadline``."""

    def __init__(self, session: int, deadline: float, done: threading.Event) -> None:
        super().__init__(daemon=True)
        self.megabytes, self.killed = 0.0, False
        self._session, self._deadline, self._done = session, deadline, done

    def run(self) -> None:
        while not self._done.wait(EVERY):
            self.megabytes = max(self.megabytes, _together(self._session))
            if time.perf_counter() > self._deadline and not self.killed:
                self.killed = True
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._session, signal.SIGKILL)


def _together(session: int) -> float:
    """Return the megabytes that the processes of a session have together, 0 where the system does not say."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            # Fields after the name, which may hold spaces: state, parent, group, session.
            if int(status.read_text().rpartition(")")[2].split()[3]) == session:
                total += _kilobytes(status.parent / "smaps_rollup")
    return total / 1024


def _kilobytes(rollup: Path) -> int:
    """Return the proportional share of memory of a process: pages shared with others are shared out."""
    for line in rollup.read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
