"""The list of the peers, importable without any of their packages."""

from typing import Final, NamedTuple


class Entry(NamedTuple):
    """A peer: what tables call it, the level of its model, the module of ``benchmarks.peers`` that has it."""

    label: str
    level: str
    module: str


PEERS: Final = {
    "pulp-cbc": Entry("PuLP + CBC, one binary a dwelling", "dwelling", "cbc"),
    "highs": Entry("HiGHS, plain classes", "class", "highs"),
    "scip": Entry("SCIP, plain classes", "class", "scip"),
    "cp-sat": Entry("CP-SAT, classes, whole deviations", "class", "cp_sat"),
}
"""Peers by the name that the command line takes."""
