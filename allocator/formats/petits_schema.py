"""The tables of small réservataires: what is due to them, and the years that are named for them (Th. 3-2).

Descriptions are French, as in :mod:`allocator.formats.schema`.
"""

from typing import Final

from allocator.formats.schema import DWELLINGS_MAX, Column, Schema

ANNEE: Final = Column("annee", "whole", "Année civile", minimum=1900, maximum=2200, example="2027")
RESERVATAIRE: Final = Column("reservataire", "identifier", "Identifiant du réservataire", example="emp93_04")
TERRITOIRE: Final = Column(
    "territoire", "code", "commune:CODE, epci:SIREN ou departement:CODE", example="departement:93"
)
ANNUEL: Final = Column(
    "annuel", "number", "Dû d'une année", minimum=0, maximum=DWELLINGS_MAX, unit="logements", example="0.4"
)
DROITS: Final = Column(
    "droits",
    "whole",
    "Droits uniques qui restent ; vide : la promesse n'en compte pas",
    required=False,
    minimum=0,
    maximum=DWELLINGS_MAX,
    unit="droits",
)
FIN: Final = ANNEE._replace(
    name="fin", description="Dernière année où ces droits servent ; vide : sans terme", required=False
)

DUS: Final = Schema(
    "dus_annuels",
    "Ce qui est dû chaque année",
    "Une ligne par réservataire et territoire. L'ordre des lignes est celui qui départage.",
    (
        RESERVATAIRE,
        TERRITOIRE,
        Column(
            "petit",
            "choice",
            "Petit réservataire ; vide : les réglages en décident",
            required=False,
            choices=("oui", "non"),
        ),
        ANNUEL,
        Column(
            "report",
            "number",
            "Report des années antérieures, positif quand il lui est dû ; vide : 0",
            required=False,
            minimum=-DWELLINGS_MAX,
            maximum=DWELLINGS_MAX,
            unit="logements",
        ),
        DROITS,
        FIN,
    ),
    ("reservataire", "territoire"),
)

ANNEES_NOMMEES: Final = Schema(
    "annees_nommees",
    "Années nommées",
    "Une ligne par réservataire, année et territoire où il est servi.",
    (
        RESERVATAIRE,
        ANNEE,
        TERRITOIRE,
        Column("volume", "whole", "Logements", minimum=0, maximum=DWELLINGS_MAX, unit="logements"),
    ),
    ("reservataire", "annee", "territoire"),
)

ATTENTES: Final = Schema(
    "attentes",
    "Attente de chaque petit réservataire",
    "Une ligne par petit réservataire.",
    (
        RESERVATAIRE,
        ANNUEL,
        DROITS,
        Column("du", "number", "Dû cumulé à l'horizon, reports compris", required=False, unit="logements"),
        Column("servis", "whole", "Logements nommés jusqu'à l'horizon", unit="logements"),
        Column("premiere", "whole", "Première année où il est servi", required=False),
        Column(
            "attente",
            "whole",
            "Somme, sur les années, des logements entiers dus et pas encore servis",
            unit="années-logement",
        ),
        Column("plus_longue", "whole", "Plus longue attente d'un logement dû", unit="années"),
        Column("avance", "number", "Plus grande avance sur le dû cumulé", unit="logements"),
        Column("reste", "number", "Dû cumulé moins servis à l'horizon", unit="logements"),
        Column("annees", "text", "Années nommées", required=False),
    ),
    ("reservataire",),
    complete=True,
)

CHARGES: Final = Schema(
    "charges",
    "Charge de chaque année",
    "Une ligne par année ; territoire vide : partout.",
    (
        ANNEE,
        TERRITOIRE._replace(required=False),
        Column("volume", "whole", "Logements nommés dans l'année", unit="logements"),
        Column("moyenne", "number", "Charge d'une année moyenne", unit="logements"),
        Column("attente", "whole", "Logements entiers dus et pas servis, fin d'année", required=False),
    ),
    ("annee", "territoire"),
    complete=True,
)

PETITS: Final = (DUS, ANNEES_NOMMEES, ATTENTES, CHARGES)
"""The tables of small réservataires."""
