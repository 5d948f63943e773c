"""A small protocole and a bailleur's file, for tests to change."""

from pathlib import Path

PROTOCOLE = """\
format = 1
nom = "Protocole"
date = 2025-10-01
locales = ["assiette.agents", "assiette.suppleant"]

[comptage]
mode = "mixte"
proposition = 0.5
attribution = 1.0

[convention]
delai = 30

[[seuils.seuil]]
nom = "etat"
article = "R.441-5-2"
valeur = 30
gravite = "erreur"
debut = "2020-02-22"

[petits]
seuil = 1.0

[[assiette.etape]]
nom = "bailleur"
organe = "bailleur"

[[assiette.etape]]
nom = "departement"
echelle = "departement"
organe = "préfet"

[[assiette.suppleant]]
etape = "departement"
organe = "CRHH"
debut = "2025-01-01"
fin = "2026-12-31"

[[clause]]
cle = "comptage.mode"
titre = "ce qui compte"
source = "Th. 2-2"
derogeable = false

[[clause]]
cle = "convention.delai"
titre = "délai"

[[clause]]
cle = "assiette.plafond"
titre = "plafond"
sans_valeur = true
"""

BAILLEUR = """\
format = 1
herite = "protocole.toml"
nom = "Assiette 2026"
bailleur = "Office"
annee = 2026
"""

DEROGATION = """
[[derogation]]
cle = "{cle}"
valeur = {valeur}
motif = "{motif}"
debut = {debut}
"""


def derogation(cle: str, valeur: str, motif: str = "accord local", debut: str = "2026-01-01") -> str:
    return DEROGATION.format(cle=cle, valeur=valeur, motif=motif, debut=debut)


def written(folder: Path, bailleur: str = BAILLEUR, protocole: str = PROTOCOLE) -> Path:
    (folder / "protocole.toml").write_text(protocole, encoding="utf-8")
    path = folder / "bailleur.toml"
    path.write_text(bailleur, encoding="utf-8")
    return path


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)
