"""The tables of a dossier of stock: the register of dwellings, the reservation rights, the past re-lettings.

Descriptions are French, as in :mod:`allocator.formats.schema`.
"""

from typing import Final

from allocator.domain import vocabulary as words
from allocator.formats.schema import DWELLINGS_MAX, RESERVATAIRES, TERRITOIRES, Column, Schema

NATURES: Final = ("simple", "suite")
"""A *droit simple* serves once; a *droit de suite* at every release until it ends."""

ORIGINES: Final = ("garantie", "terrain", "subvention", "financement", "contingent", "autre")
"""What a right was given for."""

_OUI_NON: Final = ("oui", "non")


def _logement(description: str, required: bool = True, unique: bool = False) -> Column:
    return Column("logement", "identifier", description, required, unique, example="0930481234")


RESIDENCE: Final = Column("residence", "text", "Résidence ou programme", required=False, example="Les Lilas")
TYPOLOGIE: Final = Column(
    "typologie", "choice", "Nombre de pièces ; T6 : six et plus", required=False, choices=words.TYPOLOGIES
)
FINANCEMENT: Final = Column(
    "financement", "choice", "Financement du logement", required=False, choices=words.FINANCEMENTS
)
QPV: Final = Column(
    "qpv",
    "choice",
    "Logement en quartier prioritaire de la politique de la ville, dans le périmètre en vigueur",
    required=False,
    choices=_OUI_NON,
)
SURFACE: Final = Column(
    "surface", "number", "Surface habitable", required=False, minimum=0, maximum=1e6, unit="m²"
)
LOYER: Final = Column(
    "loyer",
    "number",
    "Loyer mensuel hors charges, par mètre carré",
    required=False,
    minimum=0,
    maximum=1e6,
    unit="€/m²",
)

PARC: Final = Schema(
    "parc",
    "Parc du bailleur",
    "Une ligne par logement, à la date de l'état des lieux.",
    (
        _logement("Identifiant du logement (numéro RPLS ou du progiciel)", unique=True),
        Column("commune", "code", "Code INSEE, présent dans territoires.csv", example="93048"),
        RESIDENCE,
        TYPOLOGIE,
        FINANCEMENT,
        QPV,
        SURFACE,
        LOYER,
        Column(
            "construction",
            "whole",
            "Année de construction",
            required=False,
            minimum=1000,
            maximum=2999,
            example="1974",
        ),
        Column(
            "en_location",
            "choice",
            "Loué ou proposé à la location (oui, par défaut) ; non : travaux, association, vente, démolition…",
            required=False,
            choices=_OUI_NON,
        ),
    ),
    ("logement",),
    limit=1_000_000_000,
)

RESERVATIONS: Final = Schema(
    "reservations",
    "Droits de réservation",
    "Une ligne par droit : sur un logement du parc, ou sur un programme (residence, commune et nombre).",
    (
        Column("droit", "identifier", "Identifiant du droit", unique=True, example="D-00017"),
        Column("reservataire", "identifier", "Identifiant dans reservataires.csv", example="als"),
        Column("nature", "choice", "simple : sert une fois ; suite : à chaque libération", choices=NATURES),
        _logement("Identifiant dans parc.csv ; vide : le droit porte sur un programme", required=False),
        RESIDENCE,
        Column(
            "commune",
            "code",
            "Code INSEE ; obligatoire pour un droit sur un programme",
            required=False,
            example="93048",
        ),
        Column(
            "nombre",
            "whole",
            "Nombre de logements réservés dans le programme ; 1 pour un droit sur un logement",
            required=False,
            minimum=1,
            maximum=DWELLINGS_MAX,
            unit="logements",
        ),
        Column(
            "origine",
            "choice",
            "Contrepartie du droit : garantie d'emprunt, terrain, subvention, financement, contingent légal",
            required=False,
            choices=ORIGINES,
        ),
        Column("debut", "date", "Premier jour du droit", required=False, example="1998-07-01"),
        Column("fin", "date", "Dernier jour du droit, inclus", required=False, example="2038-06-30"),
        Column(
            "utilise",
            "choice",
            "Droit simple qui a déjà servi ; vide : non",
            required=False,
            choices=_OUI_NON,
        ),
        TYPOLOGIE,
        FINANCEMENT,
        QPV,
        SURFACE,
        LOYER,
    ),
    ("droit",),
    limit=1_000_000_000,
)

RELOCATIONS: Final = Schema(
    "relocations",
    "Relocations passées",
    "Une ligne par libération d'un logement du parc suivie d'une nouvelle location, jusqu'à la date du dossier. "
    "Les premières mises en location n'y sont pas.",
    (
        _logement("Identifiant dans parc.csv"),
        Column("date", "date", "Jour de la libération", example="2025-03-14"),
    ),
    ("logement", "date"),
    required=False,
    limit=1_000_000_000,
)

STOCK: Final = (PARC, RESERVATIONS, RELOCATIONS)
"""The tables that a dossier of stock has of its own."""

DOSSIER: Final = (TERRITOIRES, RESERVATAIRES, *STOCK)
"""The tables of a dossier, in the order in which they are read."""
