"""What a user may set on a draw."""

from dataclasses import dataclass
from typing import Final

DEPARTEMENTS: Final = ("75", "77", "78", "91", "92", "93", "94", "95")
"""The départements of Île-de-France, those of the table of figures."""

TAILLE: Final = 300
"""Libérations drawn where neither ``size`` nor ``stock`` is given."""


class SettingsError(ValueError):
    """A setting out of range, or a draw that the figures do not allow; the message is French."""


@dataclass(frozen=True, slots=True)
class DrawSettings:
    """Settings of a draw; the same settings give the same instance, to the byte.

    Parameters
    ----------
    seed
        Seed of every random stream. Streams are apart: changing ``conflict`` leaves the libérations alone.
    size, stock
        Libérations to draw (all statuts, exactly), or dwellings owned, from which they follow; at most one.
    departements, communes
        Where the bailleur works; ``communes`` is how many it is present in, ``None`` for as many as
        a bailleur of that size usually is.
    tension
        Mean share of the flux that is promised: 1 promises all of it, more promises what does not exist.
    conflict
        How far wishes stand from supply, from 0 (the supply's own mix) to 1 (what everybody asks for).
    petits
        Number of small réservataires, relative to the usual.
    bailleur
        Percent of the flux that the bailleur's own contingent holds; 0 for no such réservataire.
    hors_assiette, en_stock, neuf
        Shares of the libérations with those statuts.
    historique
        Whether the year before is drawn too.
    copies, tied
        How many such bailleurs stand side by side, unconnected, or tied by Action Logement, one for all.
    annee
        Calendar year of the instance.

    Raises
    ------
    SettingsError
        Where a setting is out of range; all of them are named.
    """

    seed: int = 0
    size: int | None = None
    stock: int | None = None
    departements: tuple[str, ...] = DEPARTEMENTS
    communes: int | None = None
    tension: float = 0.9
    conflict: float = 0.3
    petits: float = 1.0
    bailleur: float = 0.0
    hors_assiette: float = 0.14
    en_stock: float = 0.02
    neuf: float = 0.04
    historique: bool = True
    copies: int = 1
    tied: bool = False
    annee: int = 2025
    nom: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        unknown = [code for code in self.departements if code not in DEPARTEMENTS]
        rules = {
            "la graine (seed) est un entier positif ou nul": self.seed >= 0,
            "donnez le nombre de libérations ou celui de logements, pas les deux": (
                self.size is None or self.stock is None
            ),
            "il faut au moins une libération": self.size is None or self.size >= 1,
            "il faut au moins un logement": self.stock is None or self.stock >= 1,
            f"départements attendus : {', '.join(DEPARTEMENTS)}": bool(self.departements) and not unknown,
            "un département est donné deux fois": len(set(self.departements)) == len(self.departements),
            "il faut au moins une commune par département": (
                self.communes is None or self.communes >= len(self.departements)
            ),
            "la tension va de 0,4 à 2": 0.4 <= self.tension <= 2.0,
            "le conflit va de 0 à 1": 0.0 <= self.conflict <= 1.0,
            "les petits réservataires vont de 0 à 20 fois l'usage": 0.0 <= self.petits <= 20.0,
            "le contingent du bailleur va de 0 à 30 %": 0.0 <= self.bailleur <= 30.0,
            "les parts de statuts vont de 0 à 0,9 en tout": (
                min(self.hors_assiette, self.en_stock, self.neuf) >= 0.0
                and self.hors_assiette + self.en_stock + self.neuf <= 0.9
            ),
            "il faut de 1 à 100 copies": 1 <= self.copies <= 100,
            "l'année va de 2020 à 2099": 2020 <= self.annee <= 2099,
        }
        broken = [message for message, holds in rules.items() if not holds]
        if broken:
            raise SettingsError(" ; ".join(broken))
