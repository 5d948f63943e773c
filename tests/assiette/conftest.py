"""The assiette of 10 000 dwellings, read once."""

from pathlib import Path

import pytest

from allocator.assiette.dossier import DossierAssiette, read_assiette
from tests.assiette.dossiers import ASSIETTE, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "assiette", ASSIETTE)


@pytest.fixture(scope="session")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> DossierAssiette:
    return read_assiette(write(tmp_path_factory.mktemp("assiette"), ASSIETTE))
