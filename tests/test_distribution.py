"""What is installed: versions pinned once, told once, and a wheel with the models and the demonstration."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import allocator

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imports(path: Path) -> Iterator[str]:
    """Yield the top-level names that a module imports, wherever it does."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "import_module"
        ):
            yield from (
                str(arg.value).partition(".")[0] for arg in node.args if isinstance(arg, ast.Constant)
            )


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    split = (line.split("==") for line in lines if not line.startswith("#"))
    return {normal(name): version for name, version in split}


def test_every_declared_dependency_is_pinned() -> None:
    declared = [
        *PROJECT["dependencies"],
        *(name for extra in PROJECT["optional-dependencies"].values() for name in extra),
    ]
    names = {normal(re.split(r"[<>=!~;\[ ]", line, maxsplit=1)[0]) for line in declared}
    assert names <= pins().keys()


HEAVY = {"charts": {"altair", "vl-convert"}, "documents": {"typst"}}
"""What each extra brings under the name by which it is imported; only its own room may."""

ROOMS = {"charts": "charts", "documents": "reports"}


def declared(lines: list[str]) -> set[str]:
    return {normal(re.split(r"[<>=]", line, maxsplit=1)[0]) for line in lines}


def foreign(*folders: Path) -> set[str]:
    imported = {name for folder in folders for path in folder.rglob("*.py") for name in imports(path)}
    return {normal(name) for name in imported - sys.stdlib_module_names - {"allocator"}}


def test_the_core_is_what_the_program_imports_and_nothing_else() -> None:
    assert foreign(ROOT / "allocator") - set().union(*HEAVY.values()) == declared(PROJECT["dependencies"])


@pytest.mark.parametrize("extra", HEAVY)
def test_what_an_extra_brings_is_imported_in_one_room_only(extra: str) -> None:
    room = ROOT / "allocator" / ROOMS[extra]
    others = [folder for folder in (ROOT / "allocator").iterdir() if folder.is_dir() and folder != room]
    assert foreign(room) >= HEAVY[extra]
    assert not foreign(*others) & HEAVY[extra]
    assert {
        name.removesuffix("-python") for name in declared(PROJECT["optional-dependencies"][extra])
    } == HEAVY[extra]


def test_the_version_is_told_alike_everywhere() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^version: (.+)$", citation, re.MULTILINE)[1] == allocator.__version__  # type: ignore[index]
    assert re.search(r"^## \[(\d.+?)\]", changelog, re.MULTILINE)[1] == allocator.__version__  # type: ignore[index]


def test_all_data_that_modules_read_beside_them_is_packaged() -> None:
    package = ROOT / "allocator"
    patterns = PYPROJECT["tool"]["setuptools"]["package-data"]["allocator"]
    packaged = {path for pattern in patterns for path in package.glob(pattern)}
    assert {*package.rglob("*.toml"), *package.rglob("*.typ")} <= packaged


@pytest.mark.slow
def test_the_wheel_holds_the_models_and_the_demonstration(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for name in ("allocator", "models", "instances/demo"):
        shutil.copytree(
            ROOT / name, source / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "-q",
            "--no-deps",
            "--no-build-isolation",
            "-w",
            tmp_path,
            source,
        ],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    assert {f"allocator/data/models/{path.name}" for path in (ROOT / "models").glob("*.toml")} <= held
    assert {f"allocator/data/demo/{path.name}" for path in (ROOT / "instances" / "demo").iterdir()} <= held
    assert {"allocator/drawing/figures/communes.csv", "allocator/py.typed"} <= held
    data = (path.relative_to(ROOT).as_posix() for path in (ROOT / "allocator").rglob("*.toml"))
    assert set(data) <= held
    assert "allocator/ledger/store/migrations/versions/v0001_journal.py" in held
