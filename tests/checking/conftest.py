"""The small case, solved by brute force once and copied for each test to tamper with."""

import shutil
from pathlib import Path

import pytest

from tests.checking.case import write_case


@pytest.fixture(scope="session")
def solved_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("case")
    write_case(root)
    return root


@pytest.fixture
def case(solved_case: Path, tmp_path: Path) -> Path:
    shutil.copytree(solved_case, tmp_path, dirs_exist_ok=True)
    return tmp_path
