"""A small valid instance as the texts of its files, and what reading a folder of such texts says."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from allocator.formats import BadInput, read_instance

VALID: Mapping[str, str] = {
    "instance.toml": """\
nom = "Essai"
description = "Deux départements"
debut = 2025-01-01
fin = 2025-12-31
source = "inventée"
""",
    "territoires.csv": """\
commune,nom,epci,departement,zone,tension
93048,Montreuil,200057875,93,A,8.5
93001,Aubervilliers,200057867,93,A,
01004,Ambérieu-en-Bugey,240100883,01,B1,3
""",
    "reservataires.csv": """\
id,nom,famille,petit
etat,État,etat,non
als,Action Logement Services,action_logement,
ville,Montreuil,commune,
emp,Un employeur,employeur,oui
""",
    "conventions.csv": """\
reservataire,territoire,niveau,part,volume,report,solde
etat,departement:93,,30,,,
als,departement:93,territoire,20.5,,-0.5,
ville,commune:93048,,10,,,3
emp,epci:240100883,,,2,0.25,
""",
    "indicatifs.csv": """\
reservataire,dimension,modalite,part
etat,typologie,T3,40
etat,typologie,T4,60
als,typologie+qpv,T4+non,20
als,epci,200057875,50
als,commune,93001,5
""",
    "liberations.csv": """\
id,date,commune,typologie,financement,qpv,statut,construction
L1,2025-01-01,93048,T3,PLUS,oui,flux,1974
L2,2025-02-28,93001,T4,PLAI,non,,
L3,2025-06-30,01004,T2,PLS,non,flux,2001
L4,2025-12-31,93048,T6,PLUS,oui,hors_assiette,
""",
    "historique.csv": """\
id,date,commune,typologie,financement,qpv,statut
H1,2024-03-01,93048,T3,PLUS,oui,flux
H2,2024-12-31,93001,T1,PLUS,non,flux
""",
}


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write texts (as UTF-8, to the byte) and bytes under their names."""
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def changed(file: str, old: str, new: str) -> dict[str, str]:
    """Return the valid files with one text replaced, once, in one of them."""
    assert VALID[file].count(old) == 1, f"{old!r} must stand once in {file}"
    return {**VALID, file: VALID[file].replace(old, new)}


def faults(folder: Path, files: Mapping[str, str | bytes]) -> list[str]:
    """Return the lines that a user reads when these files are given as an instance."""
    with pytest.raises(BadInput) as caught:
        read_instance(write_files(folder, files))
    return caught.value.render().splitlines()
