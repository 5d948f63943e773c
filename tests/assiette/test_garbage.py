"""Whatever is done to the files, a reader gives values that compute, or tells the faults."""

import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest

from allocator.assiette import parcours
from allocator.assiette.annonces.previsionnel import bilan, previsionnel
from allocator.assiette.calcul import build_assiette, build_dus
from allocator.assiette.dossier import read_assiette
from allocator.assiette.livraison import read_programme
from allocator.assiette.livraison.instance import instance_of
from allocator.assiette.relogements import read_besoins, share
from allocator.formats import BadInput
from allocator.ledger.conventions.seuils import read_seuils
from tests.assiette.dossiers import ASSIETTE, PARTAGE, PROGRAMME, write

VERSIONS = "version,effet,motif,auteur\n1,2025-01-01,première,A\n2,2025-07-01,revoyure,A\n"
VALIDATIONS = (
    "version,etape,territoire,organe,decision,date,par,note\n"
    "1,bailleur,,Conseil d'administration,valide,2025-01-10,A,\n"
)


def _assiette(folder: Path) -> None:
    dossier = read_assiette(folder)
    for version in dossier.versions:
        found = build_assiette(dossier, version.numero)
        assert sum(found.logements) >= 0
        build_dus(dossier, found, read_seuils())
        previsionnel(dossier, found)
        parcours.etat(dossier, version.numero)
    bilan(dossier)


def _partage(folder: Path) -> None:
    known = read_besoins(folder)
    if sum(need.logements for need in known.besoins) < 10_000:
        share(known)


def _programme(folder: Path) -> None:
    instance_of(read_programme(folder))


CASES: Final[Mapping[str, tuple[Mapping[str, str], Callable[[Path], None]]]] = {
    "assiette": ({**ASSIETTE, "versions.csv": VERSIONS, "validations.csv": VALIDATIONS}, _assiette),
    "partage": (PARTAGE, _partage),
    "programme": (PROGRAMME, _programme),
}

TOKENS: Final = (
    "",
    "0",
    "-1",
    "1e300",
    "nan",
    "999999",
    "x",
    '"',
    ",",
    "\n",
    ";",
    "é",
    "2025-02-30",
    "=",
    "[",
    "true",
)


def _damaged(text: str, rng: random.Random) -> str:
    place, kind = rng.randrange(len(text)), rng.randrange(4)
    if kind == 0:
        return text[:place] + rng.choice(TOKENS) + text[place + rng.randint(0, 6) :]
    lines = text.splitlines(keepends=True)
    if kind == 1:
        del lines[rng.randrange(len(lines))]
        return "".join(lines)
    row = rng.randrange(len(lines))
    if kind == 2:
        return "".join([*lines[: row + 1], lines[row], *lines[row + 1 :]])
    cells = lines[row].rstrip("\n").split(",")
    cells[rng.randrange(len(cells))] = rng.choice(TOKENS)
    return "".join([*lines[:row], ",".join(cells) + "\n", *lines[row + 1 :]])


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("case", CASES)
def test_damaged_files_are_read_or_told(tmp_path: Path, case: str, seed: int) -> None:
    rng = random.Random(f"{case} {seed}")
    files, read = CASES[case]
    told = 0
    for number in range(40):
        name = rng.choice(list(files))
        folder = write(tmp_path / str(number), {**files, name: _damaged(files[name], rng)})
        try:
            read(folder)
        except BadInput as bad:
            told += 1
            assert bad.total > 0
    assert 0 < told < 40
