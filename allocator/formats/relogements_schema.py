"""The tables of a sharing of relogements among bailleurs, in and out.

Descriptions are French, as in :mod:`allocator.formats.schema`. Source: Th. 1-2 and 1-3.
"""

from typing import Final

from allocator.formats.assiette_schema import dwellings, whole_dwellings
from allocator.formats.schema import Column, Schema

ORIGINES_DE_PART: Final = ("arbitrage", "demolisseur", "partage")
"""Fixed by the préfet; own need first; the sharing itself."""

BESOIN_MAX: Final = 100_000
"""No operation rehouses more households in a year: a slip of the keyboard is told."""

BAILLEUR: Final = Column("bailleur", "code", "Identifiant du bailleur", example="oph-93")
DEPARTEMENT: Final = Column("departement", "code", "Code du département", example="93")
OPERATION: Final = Column("operation", "identifier", "Opération", example="les-tilleuls")

BESOINS: Final = Schema(
    "besoins",
    "Besoins de relogement",
    "Une ligne par opération : combien de ménages sont à reloger dans l'année, et où.",
    (
        OPERATION._replace(unique=True),
        BAILLEUR._replace(name="demolisseur", description="Bailleur qui démolit"),
        DEPARTEMENT,
        whole_dwellings("logements", "Logements nécessaires")._replace(maximum=BESOIN_MAX),
        Column(
            "document", "text", "Convention ANRU ou charte, date et page", example="Convention NPNRU, p. 12"
        ),
    ),
    ("operation",),
)

BAILLEURS: Final = Schema(
    "bailleurs",
    "Bailleurs du partage",
    "Une ligne par bailleur et département, démolisseur ou non : ce qu'il reloue, et comment sa charge se mesure.",
    (
        BAILLEUR,
        DEPARTEMENT,
        dwellings("relocations", "Relocations attendues dans l'année"),
        Column(
            "coefficient",
            "number",
            "Multiplie les relocations quand la charge se mesure ; vide : 1",
            required=False,
            minimum=0,
            maximum=1000,
        ),
        Column("participe", "choice", "Vide : oui", required=False, choices=("oui", "non")),
    ),
    ("bailleur", "departement"),
)

ARBITRAGES: Final = Schema(
    "arbitrages",
    "Arbitrages du préfet",
    "Une ligne par part fixée : elle est honorée telle quelle, même au-delà du plafond.",
    (
        OPERATION,
        BAILLEUR,
        DEPARTEMENT,
        whole_dwellings("logements", "Logements fixés"),
        Column("par", "text", "Qui a arbitré"),
        Column("le", "date", "Jour de l'arbitrage"),
        Column("reference", "text", "Courrier, arrêté, réunion", required=False),
    ),
    ("operation", "bailleur", "departement"),
    required=False,
)

PARTAGE: Final = Schema(
    "partage",
    "Partage des relogements",
    "Une ligne par opération, bailleur, département et origine.",
    (
        OPERATION,
        BAILLEUR,
        DEPARTEMENT,
        whole_dwellings("logements", "Logements à réserver à ces relogements"),
        Column("origine", "choice", "Comment la part est venue", choices=ORIGINES_DE_PART),
        Column(
            "mouvement",
            "choice",
            "Du parc du démolisseur à quel parc",
            choices=("interne", "inter_bailleurs"),
        ),
        Column("note", "text", "Arbitrage cité", required=False),
    ),
    ("operation", "bailleur", "departement", "origine"),
    complete=True,
)

CHARGES: Final = Schema(
    "charges_relogements",
    "Charges du partage",
    "Une ligne par bailleur et département, de la plus forte charge à la plus faible.",
    (
        BAILLEUR,
        DEPARTEMENT,
        dwellings("relocations", "Relocations attendues"),
        Column("coefficient", "number", "Coefficient de mesure"),
        whole_dwellings("logements", "Logements pris"),
        whole_dwellings("inter_bailleurs", "Dont pour les ménages d'autres bailleurs"),
        Column("part", "number", "Logements pris ÷ relocations", unit="%"),
        Column("charge", "number", "Logements pris ÷ (relocations × coefficient)", required=False, unit="%"),
    ),
    ("bailleur", "departement"),
    complete=True,
)

RESTES: Final = Schema(
    "restes",
    "Besoins sans logement",
    "Une ligne par opération dont une part ne trouve place chez personne.",
    (OPERATION, DEPARTEMENT, whole_dwellings("logements", "Logements qui manquent")),
    ("operation",),
    complete=True,
)

RELOGEMENTS: Final = (BESOINS, BAILLEURS, ARBITRAGES, PARTAGE, CHARGES, RESTES)
"""The tables of a sharing."""
