"""A small valid dossier as the texts of its files, and what reading a folder of such texts says."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from allocator.formats import BadInput
from allocator.stock.dossier import Dossier, read_dossier

VALID: Mapping[str, str] = {
    "dossier.toml": """\
nom = "Essai"
bailleur = "OPH d'essai"
date = 2025-12-31
source = "inventé"
relocations_depuis = 2023-01-01
""",
    "territoires.csv": """\
commune,nom,epci,departement
93048,Montreuil,200057875,93
94028,Créteil,200058006,94
""",
    "reservataires.csv": """\
id,nom,famille,petit
etat,État,etat,
als,Action Logement Services,action_logement,
ville,Montreuil,commune,
""",
    "parc.csv": """\
logement,commune,residence,typologie,financement,qpv,surface,loyer,construction,en_location
M1,93048,Les Lilas,T2,PLUS,non,45,6.5,1974,
M2,93048,Les Lilas,T3,PLUS,non,62,6.5,1974,oui
M3,93048,Les Lilas,T3,PLUS,non,63.5,6.5,1974,oui
C1,94028,Le Port,T4,PLAI,oui,80,5.2,1985,oui
C2,94028,Le Port,T4,PLAI,oui,81,5.2,1985,non
C3,94028,,T1,PLS,non,,,,
""",
    "reservations.csv": """\
droit,reservataire,nature,logement,residence,commune,nombre,origine,debut,fin,utilise,typologie,surface
D1,etat,suite,M1,,,,contingent,1975-01-01,2040-12-31,,,
D2,ville,suite,M2,,,,garantie,1975-01-01,2030-06-30,,,
D3,als,simple,C1,,,,financement,2020-01-01,,non,,
D4,als,suite,,Le Port,94028,2,financement,2001-01-01,2031-01-01,,,
D5,ville,suite,,Les Lilas,93048,1,terrain,2001-01-01,2031-01-01,,T3,62
""",
    "relocations.csv": """\
logement,date
M1,2023-02-01
M3,2024-05-01
C1,2025-12-31
""",
}


def write_files(folder: Path, files: Mapping[str, str]) -> Path:
    """Write texts under their names, in a folder created if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def dossier_of(folder: Path, **tables: str) -> Dossier:
    """Return the valid dossier with some tables replaced (by stem; ``dossier`` is the description)."""
    return read_dossier(write_files(folder, changed(**tables)))


def changed(**tables: str) -> dict[str, str]:
    """Return the valid files with some tables replaced."""
    return {
        **VALID,
        **{"dossier.toml" if name == "dossier" else f"{name}.csv": text for name, text in tables.items()},
    }


def swapped(file: str, old: str, new: str) -> dict[str, str]:
    """Return the valid files with one text replaced, once, in one of them."""
    assert VALID[file].count(old) == 1, f"{old!r} must stand once in {file}"
    return {**VALID, file: VALID[file].replace(old, new)}


def faults(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Return the lines that a user reads when these files are given as a dossier."""
    with pytest.raises(BadInput) as caught:
        read_dossier(write_files(folder, files))
    return caught.value.render().splitlines()
