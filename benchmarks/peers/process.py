"""A peer in a process of its own, measured, with the verdict of ``allocator check`` on its result."""

import sys
import tempfile
from pathlib import Path

import click

from benchmarks.measure import measure
from benchmarks.ours import check
from benchmarks.outcome import Outcome, read_outcome
from benchmarks.peers.catalogue import PEERS


def run(name: str, instance: Path, model: str, limit: float) -> Outcome:
    """Run a peer; it is killed some time after its limit: it also has to read, build and write."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "result"
        worker = [sys.executable, "-W", "ignore::DeprecationWarning", "-m", "benchmarks.peers.worker"]
        command = [*worker, name, str(instance), model, f"{limit:g}", str(out)]
        measured = measure(command, 1.2 * limit + 60, Path(folder))
        if measured.code and not measured.killed:
            click.echo(measured.errors, err=True)
        named = (name, PEERS[name].label)
        return read_outcome(instance.name, named, out, measured, checked=check(instance, out, model))
