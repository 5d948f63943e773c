"""The tables of a protocole: the settings that hold for a bailleur, and where it departs from the region's.

Descriptions are French, as in :mod:`allocator.formats.schema`.
"""

from typing import Final

from allocator.formats.schema import Column, Schema

ORIGINES: Final = ("protocole", "bailleur", "derogation")
"""Who sets a value: the region, the bailleur where the protocole leaves it free, or the bailleur against it."""

_CLE: Final = Column("cle", "text", "Chemin du réglage", example="assiette.plafond.part")

REGLAGES: Final = Schema(
    "reglages",
    "Réglages d'un bailleur",
    "Une ligne par réglage en vigueur à la date demandée.",
    (
        _CLE,
        Column("valeur", "text", "Valeur en vigueur, telle que TOML l'écrit"),
        Column("origine", "choice", "Qui l'a fixée", choices=ORIGINES),
        Column("titre", "text", "Ce que c'est, selon le protocole", required=False),
        Column("source", "text", "Article du CCH ou thème de la concertation", required=False),
    ),
    ("cle",),
)

DEROGATIONS: Final = Schema(
    "derogations",
    "Dérogations au protocole",
    "Une ligne par réglage dont le bailleur s'écarte, en vigueur ou non à la date demandée.",
    (
        _CLE,
        Column("titre", "text", "Ce que c'est, selon le protocole", required=False),
        Column("regional", "text", "Valeur du protocole ; vide : il n'en donne pas", required=False),
        Column("valeur", "text", "Valeur du bailleur"),
        Column("motif", "text", "Pourquoi"),
        Column("debut", "date", "Premier jour où elle vaut"),
        Column("fin", "date", "Dernier jour où elle vaut ; vide : elle vaut encore", required=False),
        Column("en_vigueur", "choice", "À la date demandée", choices=("oui", "non")),
    ),
    ("cle", "debut"),
)

PROTOCOLE: Final = (REGLAGES, DEROGATIONS)
"""The tables of a protocole."""
