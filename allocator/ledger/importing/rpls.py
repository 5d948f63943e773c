"""How the répertoire du parc locatif social (RPLS) and the field's own words say rooms, financing and QPV.

Source of the codes: arrêté du 5 janvier 2010 pris en application de l'article R. 411-3 du CCH (JORFTEXT000021755703),
article 3, tableau 2: number of rooms (1 to 9), « financement initial du logement locatif social » (two digits) and
the codes of the « plafond de ressources correspondant au titre de la CUS » (11 PLAI, 13 PLUS, 14 PLS, 16 PLI), which
are those of the loans. What today's loan an older one amounts to is written nowhere in it: see :class:`Pret`.
"""

import re
from typing import Final, Literal, NamedTuple

from allocator.domain.vocabulary import TYPOLOGIES
from allocator.ledger.importing.words import lexicon, plain

Appui = Literal["arrete", "usage", "hypothese"]
"""What an equivalence rests on: the arrêté itself, the statistics of the field, or nothing better than a guess."""


class Pret(NamedTuple):
    """A loan: its code, its names, and the financing that it is counted under (``""``: it does not say).

    ``arrete``: the arrêté has the code for the ceiling of that financing, or names both in one breath. ``usage``: the
    HLM-type loans from before 1977 and the PLA, which the PLUS replaced in 1999, are counted as PLUS. ``hypothese``:
    loans for the middle classes, counted as PLS so that they stay in the flux; to be confirmed by whoever imports.
    """

    code: str
    noms: tuple[str, ...]
    financement: str
    appui: Appui


PRETS: Final = (
    Pret(
        "10",
        (
            "PLAI",
            "PLA-I",
            "PLA d'intégration",
            "LLTS",
            "PLA d'intégration/LLTS dans les DOM",
            "PLAI adapté",
            "PLAI-A",
        ),
        "PLAI",
        "arrete",
    ),
    Pret(
        "11",
        (
            "PLA-LM",
            "PLA-TS",
            "PLA loyer minoré",
            "PLA très social",
            "PLA insertion",
            "LLSS",
            "PLA loyer minoré/PLA très social/PLA insertion",
            "PLA LM/PLATS/PLA Insertion",
            "PLA LM/PLATS/PLA Insertion (LLSS dans les DOM)",
        ),
        "PLAI",
        "arrete",
    ),
    Pret(
        "12", ("PLA", "PLA ordinaire", "PLA social", "PLA social/PLA ordinaire", "PLA CDC"), "PLUS", "usage"
    ),
    Pret("13", ("PLUS", "LLS", "PLUS/LLS dans les DOM", "PLUS-CD"), "PLUS", "arrete"),
    Pret(
        "14",
        ("PLS", "PPLS", "PCLS", "PCLS-CFF", "PLA CFF", "PLS/PPLS/PCLS/PLA CFF", "PLS/PPLS/PCLS-CFF/PLA CFF"),
        "PLS",
        "arrete",
    ),
    Pret("15", ("PAP locatif",), "PLS", "hypothese"),
    Pret("16", ("PLI", "LLI"), "PLI", "arrete"),
    Pret(
        "17",
        ("PCL", "PCL conventionné", "PCL non conventionné", "PCL conventionné ou non"),
        "PLS",
        "hypothese",
    ),
    Pret("50", ("HBM",), "PLUS", "usage"),
    Pret("51", ("PLR", "PSR", "PLR/PSR"), "PLUS", "usage"),
    Pret("52", ("HLMO", "HLM", "HLM/O", "HLM ordinaire"), "PLUS", "usage"),
    Pret("53", ("ILM",), "PLS", "hypothese"),
    Pret("54", ("ILN",), "PLS", "hypothese"),
    Pret("55", ("Prêts spéciaux du CFF", "CFF"), "PLS", "hypothese"),
    Pret("49", ("Autre financement", "Autre"), "", "arrete"),
    Pret("99", (), "", "arrete"),
)
"""Every code of the arrêté, with the names that extracts have in its place."""

_PRET: Final = {plain(word): pret for pret in PRETS for word in (pret.code, *pret.noms)}

PIECES: Final = lexicon(
    {
        typologie: [
            word.format(rooms)
            for rooms in ((size,) if typologie != TYPOLOGIES[-1] else range(size, 10))
            for word in ("{}", "T{}", "F{}", "{} pièces", "{} p")
        ]
        + (["Studio", "T1 bis", "F1 bis", "1 pièce"] if size == 1 else [])
        for size, typologie in enumerate(TYPOLOGIES, 1)
    }
)
"""Typology by number of rooms, or by what extracts have in its place; six rooms and more are one typology."""

OUI_NON: Final = lexicon({"oui": ("O", "1", "vrai", "true"), "non": ("N", "2", "0", "faux", "false")})
"""Truth values; the RPLS has 1 for oui and 2 for non."""

PERIMETRES: Final = ("2015", "2024")
"""Years from which a list of QPV holds: décrets n° 2014-1750 and n° 2023-1314."""

_QUARTIER: Final = re.compile(r"q([pn])[0-9ab]{5}[0-9m]")
_PERIMETRE: Final = {"p": "2015", "n": "2024"}


def pret(text: str) -> Pret | None:
    """Return the loan that a code or a name tells, ``None`` where it is unknown."""
    return _PRET.get(plain(text))


def financement(text: str) -> str | None:
    """Return the financing that a code or a name is counted under; ``""`` where that cannot be told from it."""
    found = pret(text)
    return found.financement if found else None


def qpv(text: str) -> str | None:
    """Return ``oui`` or ``non``; the code of a quartier (``QP093028``, ``QN09328M``) is a way to say oui."""
    word = plain(text)
    return "oui" if _QUARTIER.fullmatch(word) else OUI_NON.get(word)


def perimetre(text: str) -> str | None:
    """Return the year of a list of QPV, told as such or by the code of one of its quartiers."""
    quartier = _QUARTIER.fullmatch(plain(text))
    return _PERIMETRE[quartier[1]] if quartier else text if text in PERIMETRES else None
