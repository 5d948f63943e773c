"""The list of the peers, importable without any of their packages."""

from typing import Final, NamedTuple


class Entry(NamedTuple):
    """A peer: the solver's name, the form of its model, the module of ``benchmarks.peers`` that has it."""

    solver: str
    form: str
    module: str

    @property
    def label(self) -> str:
        """What tables call it."""
        return f"{self.solver}, {self.form}"


PEERS: Final = {
    "pulp-cbc": Entry("PuLP + CBC", "one binary a dwelling", "cbc"),
    "highs": Entry("HiGHS", "plain classes", "highs"),
    "scip": Entry("SCIP", "plain classes", "scip"),
    "cp-sat": Entry("CP-SAT", "classes, hull", "cp_sat"),
    "highs-hull": Entry("HiGHS", "classes, hull", "highs"),
}
"""Peers by the name that the command line takes."""

USUAL: Final = ("pulp-cbc", "highs", "scip", "cp-sat")
"""Those that run unless asked otherwise; ``highs-hull`` tells how much of the gain the hull alone brings."""
