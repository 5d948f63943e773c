"""The tables of an état des lieux: what it lacks, the extracts and answers of level 1, the synthesis of level 2.

Descriptions are French, as in :mod:`allocator.formats.schema`.
"""

from typing import Final

from allocator.formats.schema import Column, Schema
from allocator.formats.stock_schema import FINANCEMENT, LOYER, QPV, RESERVATIONS, SURFACE, TYPOLOGIE

GRAVITES: Final = ("bloquante", "à préciser", "information")
"""Whether a right counts for nothing until it is settled, counts by what is known, or is simply so."""

INCOMPLETUDES: Final = Schema(
    "incompletudes",
    "Incomplétudes de l'état des lieux",
    "Une ligne par constat sur un droit (ou sur le parc, sans réservataire ni droit), avec ce qu'il y a à faire.",
    (
        Column(
            "reservataire", "identifier", "Identifiant du réservataire ; vide : affaire du bailleur", False
        ),
        Column("droit", "identifier", "Identifiant du droit", False),
        Column("gravite", "choice", "Ce que le constat empêche", choices=GRAVITES),
        Column("code", "code", "Nature du constat"),
        Column("colonne", "code", "Colonne à corriger", False),
        Column("constat", "text", "Ce qui a été constaté"),
        Column("a_faire", "text", "Ce qu'il y a à faire"),
        Column("voir", "text", "Autres droits concernés, séparés par des virgules", False),
    ),
    (),
    complete=True,
)

REPONSES_POSSIBLES: Final = ("confirme", "conteste")

_DES_DROITS: Final = tuple(
    RESERVATIONS.column(name)._replace(required=False, unique=False)
    for name in ("nature", "logement", "residence", "commune")
)

EXTRAIT: Final = Schema(
    "extrait",
    "Extrait de l'état des lieux (niveau 1)",
    "Une ligne par droit du réservataire, et d'aucun autre. Il remplit les quatre dernières colonnes.",
    (
        RESERVATIONS.column("droit"),
        RESERVATIONS.column("reservataire"),
        *_DES_DROITS,
        Column("nom_commune", "text", "Nom de la commune", False),
        *(
            RESERVATIONS.column(name)
            for name in ("nombre", "origine", "debut", "fin", "utilise", "typologie", "financement", "qpv")
        ),
        SURFACE,
        LOYER,
        Column("a_completer", "text", "Ce qui manque à la ligne, ou s'y contredit", False),
        Column(
            "empreinte", "code", "Ce qui distingue cette ligne d'une version plus récente", example="4f6a1c03"
        ),
        Column(
            "reponse",
            "choice",
            "confirme ou conteste ; vide : pas encore de réponse",
            False,
            choices=REPONSES_POSSIBLES,
        ),
        Column("motif", "text", "Ce qui est contesté, et ce qui devrait être écrit", False),
        Column("date", "date", "Jour de la réponse", False),
        Column("par", "text", "Service ou agent qui répond", False),
    ),
    ("droit",),
)

REPONSES: Final = Schema(
    "reponses",
    "Réponses des réservataires",
    "Une ligne par droit : ce que son titulaire en a dit.",
    (
        RESERVATIONS.column("droit"),
        RESERVATIONS.column("reservataire"),
        Column(
            "etat",
            "choice",
            "périmée : la ligne a changé depuis la réponse, qui est à redemander",
            choices=("confirmée", "contestée", "périmée", "sans réponse"),
        ),
        *EXTRAIT.columns[-3:],
    ),
    ("droit",),
    complete=True,
)

SYNTHESE: Final = Schema(
    "synthese",
    "Synthèse de l'état des lieux (niveau 2)",
    "Nombre de logements réservés par des droits ouverts à la date de l'état des lieux ; aucun logement n'y est nommé.",
    (
        RESERVATIONS.column("reservataire"),
        Column("departement", "code", "Code du département", example="93"),
        Column("commune", "code", "Code INSEE", example="93048"),
        TYPOLOGIE,
        FINANCEMENT,
        QPV,
        RESERVATIONS.column("nature"),
        Column("fin", "whole", "Année de fin des droits ; vide : inconnue", False, example="2038"),
        Column("logements", "whole", "Logements réservés", minimum=0, unit="logements"),
    ),
    ("reservataire", "commune", "typologie", "financement", "qpv", "nature", "fin"),
    complete=True,
)

ETAT_DES_LIEUX: Final = (INCOMPLETUDES, EXTRAIT, REPONSES, SYNTHESE)
"""Every table of an état des lieux that is read or written."""
