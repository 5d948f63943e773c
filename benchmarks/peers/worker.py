"""One peer on one instance, in a process of its own.

``python -m benchmarks.peers.worker NAME INSTANCE MODEL LIMIT DIR``
"""

import sys
from importlib import import_module
from pathlib import Path

from allocator.cli.arguments import resolve_model
from allocator.formats import read_instance, read_model
from benchmarks.peers.catalogue import PEERS
from benchmarks.peers.interface import timed
from benchmarks.peers.lexicographic import run_peer, write_reached
from benchmarks.plain_model import write_model


def work(name: str, folder: Path, model: str, limit: float, out: Path) -> None:
    """Solve an instance with a peer, and write the result anew after each tier, in case it is killed."""
    entry = PEERS[name]
    module = import_module(f"benchmarks.peers.{entry.module}")
    read = read_instance(folder), read_model(resolve_model(model))
    tiered, arrays = timed(lambda: write_model(*read, entry.form))
    peer, objects = timed(lambda: module.build(tiered))
    for reached in run_peer(tiered, peer, limit):
        write_reached(out, read, tiered, reached, (module.version(), arrays + objects))


if __name__ == "__main__":
    work(sys.argv[1], Path(sys.argv[2]), sys.argv[3], float(sys.argv[4]), Path(sys.argv[5]))
