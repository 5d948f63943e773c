"""The tables of rotation: what is measured by segment, the rates that are agreed on, and who agrees.

Descriptions are French, as in :mod:`allocator.formats.schema`.
"""

from typing import Final

from allocator.domain import vocabulary as words
from allocator.formats.schema import Column, Schema

_OUI_NON: Final = ("oui", "non")

SEGMENTS: Final = (
    Column("famille", "choice", "Famille du réservataire ; vide : toutes", False, choices=words.FAMILLES),
    Column("departement", "code", "Code du département ; vide : tous", False, example="93"),
    Column("commune", "code", "Code INSEE ; vide : toutes", False, example="93048"),
    Column("typologie", "choice", "Nombre de pièces ; vide : toutes", False, choices=words.TYPOLOGIES),
    Column("financement", "choice", "Financement ; vide : tous", False, choices=words.FINANCEMENTS),
    Column("qpv", "choice", "En QPV ; vide : les deux", False, choices=words.QPV),
    Column("surface", "text", "Tranche de surface, en m² ; vide : toutes", False, example="30 à 45"),
    Column("loyer", "text", "Tranche de loyer, en €/m² ; vide : tous", False, example="moins de 6.5"),
)
"""What a rate may bear on: each cell that is filled narrows the segment."""

DIMENSIONS: Final = tuple(column.name for column in SEGMENTS)

TAUX: Final = Schema(
    "taux",
    "Taux de rotation retenus",
    "Une ligne par segment. À un logement ou à un droit s'applique la ligne la plus précise qui lui correspond.",
    (
        *SEGMENTS,
        Column("taux", "number", "Relocations par an", minimum=0, maximum=100, unit="%", example="6.25"),
        Column("parc", "number", "Logements en location dont il vient", False, minimum=0, unit="logements"),
        Column("relocations", "number", "Relocations comptées", False, minimum=0, unit="relocations"),
        Column("annees", "number", "Années de location observées", False, minimum=0, unit="logements × ans"),
        Column("retenu", "choice", "Ligne retenue (oui, par défaut) ou écartée", False, choices=_OUI_NON),
    ),
    (),
)

_NIVEAU: Final = Column(
    "niveau", "whole", "0 : tout le parc ; 1 : première dimension ; et ainsi de suite", minimum=0
)

_DIAGNOSTIC: Final = tuple(
    Column(column.name, "text", column.description + " ; inconnu : non renseigné", False)
    for column in SEGMENTS
)

ROTATION: Final = Schema(
    "rotation",
    "Diagnostic de rotation",
    "Une ligne par segment, toutes années réunies. taux = poids × taux_brut + (1 − poids) × taux du segment parent.",
    (
        _NIVEAU,
        *_DIAGNOSTIC,
        Column("parc", "number", "Logements en location au dernier jour", unit="logements"),
        Column("relocations", "number", "Relocations comptées", unit="relocations"),
        Column("annees", "number", "Années de location observées", unit="logements × ans"),
        Column("taux_brut", "number", "Relocations ÷ années", False, unit="%"),
        Column("poids", "number", "Poids du taux brut dans le taux, de 0 à 1", minimum=0, maximum=1),
        Column("force", "number", "Ce que pèse le segment parent", False, unit="logements × ans"),
        Column("taux", "number", "Taux rapproché de celui du segment parent", unit="%"),
        Column("bas", "number", "Le vrai taux est plus bas avec une probabilité de 5 %", unit="%"),
        Column("haut", "number", "Le vrai taux est plus haut avec une probabilité de 5 %", unit="%"),
    ),
    ("niveau", *DIMENSIONS),
    complete=True,
)

ROTATION_ANNEES: Final = Schema(
    "rotation_annees",
    "Rotation année par année",
    "Une ligne par segment et par année de douze mois qui finit au jour du dossier, ou à un anniversaire de ce jour.",
    (
        _NIVEAU,
        *_DIAGNOSTIC,
        Column("debut", "date", "Premier jour de l'année"),
        Column("fin", "date", "Dernier jour de l'année"),
        Column("parc", "number", "Logements en location au dernier jour de l'année", unit="logements"),
        Column("relocations", "number", "Relocations comptées", unit="relocations"),
        Column("annees", "number", "Années de location observées", unit="logements × ans"),
        Column("taux_brut", "number", "Relocations ÷ années", False, unit="%"),
    ),
    ("niveau", *DIMENSIONS, "fin"),
    complete=True,
)

COMMENTAIRES: Final = Schema(
    "commentaires",
    "Commentaires et accords sur les taux",
    "Une ligne par commentaire d'un réservataire. Son dernier « accord » vaut pour toute la table.",
    (
        Column("date", "date", "Jour du commentaire", example="2022-04-15"),
        Column("par", "identifier", "Identifiant dans reservataires.csv", example="als"),
        Column(
            "segment",
            "text",
            "Segment dont il parle ; vide : toute la table",
            required=False,
            example="departement=93+typologie=T3",
        ),
        Column("texte", "text", "Commentaire", required=False),
        Column("accord", "choice", "Accord sur toute la table ; vide : pas encore", False, choices=_OUI_NON),
        Column(
            "version",
            "code",
            "Empreinte de la table sur laquelle il porte, telle que « allocator rotation » la donne ; "
            "vide : la table publiée, quelle qu'elle soit",
            required=False,
            example="4f6a1c03b2d9",
        ),
    ),
    (),
)

SIGNATURES: Final = Schema(
    "signatures",
    "Accords sur les taux",
    "Une ligne par réservataire titulaire d'un droit : ce qu'il a dit en dernier de la table publiée.",
    (
        Column("reservataire", "identifier", "Identifiant du réservataire", unique=True),
        Column(
            "etat", "choice", "Où il en est", choices=("accord", "refus", "autre version", "sans réponse")
        ),
        Column("date", "date", "Jour où il l'a dit", required=False),
        Column("texte", "text", "Ce qu'il en a dit", required=False),
    ),
    ("reservataire",),
    complete=True,
)

ROTATIONS: Final = (ROTATION, ROTATION_ANNEES, TAUX, COMMENTAIRES, SIGNATURES)
"""Every table of the rotation that is read or written."""
