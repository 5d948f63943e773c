"""Solvers behind one small interface: arrays in, values out, each imported only when it is used."""

from importlib import import_module

from allocator.solvers.program import Solver


def load(name: str) -> Solver:
    """Return a solver by name."""
    module = import_module("allocator.solvers.highs")
    solver: Solver = module.load()
    return solver
