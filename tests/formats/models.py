"""A valid model that uses every key of the contract and of the project, and what reading such a text says."""

from pathlib import Path

import pytest

from allocator.domain import Model
from allocator.formats import BadInput, read_model

VALID = """\
format = 1
nom = "essai"
titre = "Un essai"
description = "Pour voir"

[petits]
seuil = 3

[[priorite]]
nom = "petits"
[[priorite.objectif]]
sur = "petit"

[[priorite]]
nom = "contractuel"
[[priorite.objectif]]
sur = "contractuel"
manque = 2.5
exces = 0.5
norme = "somme"
unite = "relatif"
poids = 2
familles = ["etat", "commune"]

[comptage]
mode = "mixte"
proposition = 0.25
cumul = true
[[comptage.tension]]
zone = "Abis"
attribution = 0.5
[[comptage.tension]]
au_dessus = 4
attribution = 2

[quotidien]
ecart_max = 1.5
"""


def read(folder: Path, text: str) -> Model:
    """Read a model from its text."""
    path = folder / "model.toml"
    path.write_bytes(text.encode())
    return read_model(path)


def faults(folder: Path, text: str) -> list[str]:
    """Return the lines that a user reads when this text is given as a model."""
    with pytest.raises(BadInput) as caught:
        read(folder, text)
    return caught.value.render().splitlines()
