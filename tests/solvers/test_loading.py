"""Solvers by name: what is not there is told in a line of French, and nothing is imported before its use."""

import subprocess
import sys

import highspy
import pytest

from allocator.solvers import load
from allocator.solvers.program import Feature, SolverUnavailable


def test_auto_is_a_solver_that_gives_duals() -> None:
    assert {Feature.LP, Feature.DUALS, Feature.MIP} <= load("auto").features


@pytest.mark.parametrize("name", ["", "glpk", "HIGHS", "highs:x", "ortools:GLOP", "pulpe"])
def test_an_unknown_name_is_told_with_those_that_are_known(name: str) -> None:
    with pytest.raises(
        SolverUnavailable, match=r"solveur inconnu.*auto, highs, ortools, pulp ou pulp:CLASSE"
    ):
        load(name)


def test_a_class_that_pulp_does_not_know_is_told_with_those_that_it_knows() -> None:
    with pytest.raises(SolverUnavailable, match=r"ne connaît pas NOPE_CMD \(il connaît .*COIN_CMD"):
        load("pulp:NOPE_CMD")


def test_a_solver_that_is_not_on_the_machine_is_told() -> None:
    with pytest.raises(SolverUnavailable, match="ne trouve pas CPLEX_CMD sur cette machine"):
        load("pulp:CPLEX_CMD")


@pytest.mark.parametrize(
    ("package", "name"), [("highspy", "highs"), ("ortools", "ortools"), ("pulp", "pulp")]
)
def test_a_package_that_is_not_installed_is_told(
    package: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(SolverUnavailable, match=f"n'est pas installé : pip install {package}"):
        load(name)


def test_a_version_of_highs_known_to_be_wrong_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highspy, "HIGHS_VERSION_MINOR", 14)
    with pytest.raises(SolverUnavailable, match="trop ancien"):
        load("highs")


def test_importing_the_solvers_imports_no_solver() -> None:
    code = (
        "import sys, allocator.solvers;"
        "print({'highspy', 'ortools', 'pulp', 'scipy', 'pandas'} & set(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "set()"


@pytest.mark.parametrize("name", ["highs", "ortools"])
def test_a_solver_imports_neither_scipy_nor_pandas(name: str) -> None:
    code = (
        "import sys; from allocator.solvers import load;"
        "from tests.solvers.programs import infeasible_program;"
        "from allocator.solvers.program import Limits;"
        f"[load({name!r}).solve(infeasible_program(kind), Limits()) for kind in ('linear', 'whole')];"
        "print({'scipy', 'pandas'} & set(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "set()"
