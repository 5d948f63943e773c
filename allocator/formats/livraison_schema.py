"""The tables of a delivered programme, in and out: its first letting is allocated en stock (Th. 3-3).

Descriptions are French, as in :mod:`allocator.formats.schema`.
"""

from typing import Final

from allocator.domain import vocabulary as words
from allocator.formats.assiette_schema import whole_dwellings
from allocator.formats.schema import INDICATIFS, RESERVATAIRES, TERRITOIRES, Column, Schema
from allocator.formats.stock_schema import LOYER, ORIGINES, RESIDENCE, SURFACE

_OUI_NON: Final = ("oui", "non")
LOGEMENT: Final = Column("logement", "identifier", "Identifiant du logement", example="TIL-0104")
COMMUNE: Final = Column("commune", "code", "Code INSEE, présent dans territoires.csv", example="93048")
TYPOLOGIE: Final = Column(
    "typologie", "choice", "Nombre de pièces ; T6 : six et plus", choices=words.TYPOLOGIES
)
FINANCEMENT: Final = Column("financement", "choice", "Financement du logement", choices=words.FINANCEMENTS)
QPV: Final = Column("qpv", "choice", "Logement en quartier prioritaire", choices=_OUI_NON)
CONSTRUCTION: Final = Column(
    "construction", "whole", "Année de construction", required=False, minimum=1000, maximum=2999
)

LOGEMENTS_LIVRES: Final = Schema(
    "logements_livres",
    "Logements du programme",
    "Une ligne par logement livré.",
    (
        LOGEMENT._replace(unique=True),
        COMMUNE,
        TYPOLOGIE,
        FINANCEMENT,
        QPV,
        SURFACE,
        LOYER,
        RESIDENCE,
        Column("adresse", "text", "Adresse, étage, porte", required=False),
        CONSTRUCTION,
    ),
    ("logement",),
)

DROITS_DU_PROGRAMME: Final = Schema(
    "droits_du_programme",
    "Droits sur le programme",
    "Une ligne par réservataire : combien de logements du programme sa convention lui réserve.",
    (
        Column(
            "reservataire", "identifier", "Identifiant dans reservataires.csv", unique=True, example="als"
        ),
        whole_dwellings("logements", "Logements réservés"),
        Column("origine", "choice", "Contrepartie du droit", required=False, choices=ORIGINES),
        Column(
            "en_stock",
            "choice",
            "oui : défense, sécurité ou santé, le logement reste identifié et n'entre jamais dans le flux ; vide : non",
            required=False,
            choices=_OUI_NON,
        ),
    ),
    ("reservataire",),
)

PEUPLEMENT: Final = Schema(
    "peuplement",
    "Répartition de la première mise en location",
    "Une ligne par réservataire et typologie ; une ligne sans réservataire : ce qui reste au bailleur.",
    (
        Column("reservataire", "identifier", "Réservataire ; vide : le bailleur", required=False),
        TYPOLOGIE,
        whole_dwellings("logements", "Nombre de logements"),
        Column("liste", "text", "Leurs identifiants, séparés par une espace"),
    ),
    ("reservataire", "typologie"),
    complete=True,
)

ENTREE_PARC: Final = Schema(
    "entree_parc",
    "Logements qui entrent dans le parc",
    "Une ligne par logement, dans les colonnes de parc.csv : ceux de « flux » oui entrent dans le flux à leur première "
    "libération.",
    (
        LOGEMENT._replace(unique=True),
        COMMUNE,
        RESIDENCE,
        TYPOLOGIE,
        FINANCEMENT,
        QPV,
        SURFACE,
        LOYER,
        CONSTRUCTION,
        Column("en_location", "choice", "Proposé à la location", choices=_OUI_NON),
        Column("reservataire", "identifier", "À qui va la première mise en location", required=False),
        Column("mise_en_location", "date", "Jour de la livraison"),
        Column("flux", "choice", "Il entre dans le flux à sa première libération", choices=_OUI_NON),
    ),
    ("logement",),
    complete=True,
)

PROGRAMME: Final = (
    TERRITOIRES,
    RESERVATAIRES,
    LOGEMENTS_LIVRES,
    DROITS_DU_PROGRAMME,
    INDICATIFS,
)
"""The tables of a programme's folder, beside ``programme.toml``."""

LIVRAISON: Final = (LOGEMENTS_LIVRES, DROITS_DU_PROGRAMME, PEUPLEMENT, ENTREE_PARC)
"""The tables of a delivery that the contract does not have."""
