"""The tables that are made of an assiette: by commune, by line, by réservataire, by bailleur.

Descriptions are French, as in :mod:`allocator.formats.schema`.
"""

from typing import Final

from allocator.formats.assiette_schema import (
    ANNEE,
    CATEGORIE,
    LIEU,
    MOUVEMENT,
    OPERATION,
    dwellings,
    whole_dwellings,
)
from allocator.formats.schema import Column, Schema

COMMUNE: Final = Column("commune", "code", "Code INSEE de la commune", example="93048")
DEPARTEMENT: Final = Column("departement", "code", "Code du département", example="93")
RESERVATAIRE: Final = Column("reservataire", "identifier", "Identifiant dans reservataires.csv")
BAILLEUR: Final = Column("bailleur", "text", "Bailleur")
SOURCE: Final = Column("source", "text", "Document, date et page ; ou la moyenne qui en tient lieu")

ASSIETTE: Final = Schema(
    "assiette",
    "Assiette de l'année",
    "Une ligne par commune : ce qui est attendu, ce qui est exclu, ce à quoi les parts s'appliquent.",
    (
        COMMUNE,
        Column("nom", "text", "Nom de la commune"),
        DEPARTEMENT,
        whole_dwellings("parc", "Logements en location ou proposés à la location"),
        dwellings("relocations", "Relocations attendues dans l'année"),
        dwellings("hors_assiette", "Logements exclus"),
        dwellings("assiette_exacte", "Relocations moins exclus"),
        whole_dwellings("assiette", "En nombre entier : communes, départements et total se somment"),
    ),
    ("commune",),
    complete=True,
)

EXCLUSIONS_RETENUES: Final = Schema(
    "exclusions_retenues",
    "Exclusions ligne par ligne",
    "Une ligne par besoin annoncé ou demande acceptée, avec sa source.",
    (
        Column("id", "identifier", "Identifiant de la ligne ou de la demande"),
        ANNEE,
        LIEU,
        CATEGORIE,
        OPERATION,
        MOUVEMENT._replace(required=True),
        dwellings("volume", "Logements nécessaires"),
        dwellings("retenu", "Logements sortis de l'assiette de l'année"),
        Column("origine", "choice", "D'où vient le volume", choices=("document", "moyenne", "demande")),
        SOURCE,
    ),
    ("id",),
    complete=True,
)

DUS: Final = Schema(
    "dus",
    "Dû de l'année",
    "Une ligne par promesse : la part appliquée à l'assiette, en nombre entier.",
    (
        RESERVATAIRE,
        LIEU,
        Column("part", "number", "Part de l'assiette ; vide : un volume", required=False, unit="%"),
        whole_dwellings("assiette", "Assiette du territoire"),
        dwellings("exact", "Part de l'assiette, ou volume, report compris"),
        whole_dwellings("du", "En nombre entier, au plus fort reste"),
        Column("reste", "number", "Exact moins dû : ce que l'arrondi laisse à reporter", unit="logements"),
    ),
    ("reservataire", "territoire"),
    complete=True,
)

DUS_COMMUNES: Final = Schema(
    "dus_communes",
    "Dû par commune",
    "Une ligne par commune d'une promesse qui vaut commune par commune.",
    (RESERVATAIRE, LIEU, COMMUNE, whole_dwellings("du", "Dû dans la commune")),
    ("reservataire", "territoire", "commune"),
    complete=True,
)

CONTROLE: Final = Schema(
    "controle",
    "Contrôle a posteriori",
    "Une ligne par besoin annoncé, puis une par réalisation qui n'était annoncée nulle part.",
    (
        Column("id", "identifier", "Identifiant de la ligne annoncée ; vide : non annoncé", required=False),
        LIEU,
        CATEGORIE,
        OPERATION,
        MOUVEMENT._replace(required=True),
        dwellings("annonce", "Logements annoncés"),
        whole_dwellings("realise", "Logements réellement exclus"),
        Column("ecart", "number", "Réalisé moins annoncé", unit="logements"),
        dwellings("tolerance", "Écart admis"),
        Column("conforme", "choice", "L'écart tient dans la tolérance", choices=("oui", "non")),
    ),
    (),
    complete=True,
)

PREVISIONNEL: Final = Schema(
    "previsionnel",
    "Prévisionnel du 28 février",
    "Une ligne par catégorie et opération : à exclure dans l'année, et attribué l'année passée (R.441-5).",
    (
        CATEGORIE,
        OPERATION,
        MOUVEMENT._replace(required=True),
        dwellings("prevu", "Logements à exclure dans l'année"),
        dwellings("suivi", "Besoins suivis à part, non déduits : mutations depuis un autre bailleur"),
        whole_dwellings("attributions", "Attributions prononcées l'année passée"),
        Column("source", "text", "Sources du volume prévu", required=False),
    ),
    ("categorie", "operation", "mouvement"),
    complete=True,
)

BILAN_HORS_ASSIETTE: Final = Schema(
    "bilan_hors_assiette",
    "Bilan des attributions hors assiette",
    "Une ligne par catégorie. Un nombre de ménages trop petit pour être publié est vide.",
    (
        ANNEE,
        CATEGORIE,
        whole_dwellings("attributions", "Attributions prononcées"),
        whole_dwellings("inter_bailleurs", "Dont ménages venus d'un autre bailleur"),
        whole_dwellings("publics_prioritaires", "Dont ménages prioritaires", required=False),
        whole_dwellings("eligibles_contingents", "Dont ménages éligibles à un contingent", required=False),
        whole_dwellings("eligibles_als", "Dont ménages éligibles à celui d'Action Logement", required=False),
    ),
    ("annee", "categorie"),
    complete=True,
)

CONSOLIDATION: Final = Schema(
    "consolidation",
    "Consolidation départementale",
    "Une ligne par bailleur et département ; les bailleurs attendus qui n'ont rien déposé ont une ligne vide.",
    (
        DEPARTEMENT,
        BAILLEUR,
        Column("depose", "choice", "Le bailleur a déposé son assiette", choices=("oui", "non")),
        Column("version", "whole", "Version lue", required=False),
        Column("etat", "text", "Étape à laquelle elle se trouve", required=False),
        whole_dwellings("parc", "Logements en location", required=False),
        dwellings("relocations", "Relocations attendues", required=False),
        dwellings("mutation", "Exclus pour mutation", required=False),
        dwellings("renouvellement_urbain", "Exclus pour renouvellement urbain", required=False),
        dwellings("copropriete_degradee", "Exclus pour copropriété dégradée", required=False),
        dwellings("habitat_indigne", "Exclus pour habitat indigne", required=False),
        dwellings("vente", "Exclus pour vente", required=False),
        dwellings("inter_bailleurs", "Besoins de ménages d'autres bailleurs, déduits ou non", required=False),
        whole_dwellings("assiette", "Assiette, en nombre entier", required=False),
    ),
    ("departement", "bailleur"),
    complete=True,
)

BAILLEURS_ATTENDUS: Final = Schema(
    "bailleurs_attendus",
    "Bailleurs attendus",
    "Une ligne par bailleur et département où une assiette est attendue.",
    (BAILLEUR, DEPARTEMENT),
    ("bailleur", "departement"),
)
"""Who should have filed."""

RESULTATS: Final = (
    ASSIETTE,
    EXCLUSIONS_RETENUES,
    DUS,
    DUS_COMMUNES,
    CONTROLE,
    PREVISIONNEL,
    BILAN_HORS_ASSIETTE,
    CONSOLIDATION,
    BAILLEURS_ATTENDUS,
)
"""The tables that are made of an assiette."""
