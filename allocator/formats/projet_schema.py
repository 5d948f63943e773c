"""The tables of a projet: promises in force by year, expected supply or what it is made of, and its risks.

Descriptions are French, as in :mod:`allocator.formats.schema`.
"""

from typing import Final

from allocator.formats.assiette_schema import CATEGORIES
from allocator.formats.petits_schema import ANNEES_NOMMEES
from allocator.formats.schema import (
    CONVENTIONS,
    DWELLINGS_MAX,
    ECARTS,
    HISTORIQUE,
    INDICATIFS,
    LIBERATIONS,
    RESERVATAIRES,
    TERRITOIRES,
    Column,
    Schema,
)

ANNEE: Final = Column("annee", "whole", "Année civile", minimum=1900, maximum=2200, example="2027")

DE: Final = ANNEE._replace(name="de", description="Première année où la ligne vaut ; vide : dès le début")
A: Final = ANNEE._replace(name="a", description="Dernière année où la ligne vaut ; vide : jusqu'à la fin")
IN_FORCE: Final = (DE._replace(required=False), A._replace(required=False))

CLASSE: Final = tuple(
    LIBERATIONS.column(name)._replace(unique=False) for name in ("commune", "typologie", "financement", "qpv")
)
"""The columns that say what a dwelling is and where."""

CONVENTIONS_PAR_ANNEE: Final = CONVENTIONS._replace(
    title="Promesses des conventions, par année",
    description="Une ligne par promesse et par période où elle vaut : une convention révisée a deux lignes. "
    "« report » ne vaut que la première année ; « solde » est ce qui reste de droits au premier jour du projet.",
    columns=(*CONVENTIONS.columns, *IN_FORCE),
)

INDICATIFS_PAR_ANNEE: Final = INDICATIFS._replace(
    title="Objectifs indicatifs, par année", columns=(*INDICATIFS.columns, *IN_FORCE)
)

NOMMEES: Final = ANNEES_NOMMEES._replace(required=False)

OFFRE: Final = Schema(
    "offre",
    "Offre attendue dans le flux",
    "Une ligne par classe et année : ce qui devrait se libérer dans le flux, hors assiette déduit.",
    (
        ANNEE._replace(required=False, description="Année civile ; vide : chaque année"),
        *CLASSE,
        Column(
            "attendu",
            "number",
            "Libérations attendues, entières ou non",
            minimum=0,
            maximum=DWELLINGS_MAX,
            unit="logements",
        ),
    ),
    ("annee", "commune", "typologie", "financement", "qpv"),
    required=False,
)

TAUX: Final = Column(
    "taux",
    "number",
    "Taux de rotation annuel",
    minimum=0,
    maximum=100,
    unit="%",
    example="6.5",
)

LOGEMENTS: Final = Column(
    "logements", "whole", "Logements", minimum=0, maximum=DWELLINGS_MAX, unit="logements"
)

PARC_CLASSES: Final = Schema(
    "parc_classes",
    "Parc par classe",
    "Une ligne par classe : les logements au premier jour du projet, et leur taux de rotation.",
    (*CLASSE, LOGEMENTS, TAUX),
    ("commune", "typologie", "financement", "qpv"),
    required=False,
)

HORS_ASSIETTE_PREVU: Final = Schema(
    "hors_assiette_prevu",
    "Hors assiette prévu",
    "Une ligne par année, territoire et catégorie : des libérations du parc qui n'entrent pas dans le flux. Elles "
    "sont ôtées de toutes les classes du territoire, en proportion de ce qui y est attendu.",
    (
        ANNEE._replace(required=False, description="Année civile ; vide : chaque année"),
        CONVENTIONS.column("territoire"),
        Column("categorie", "choice", "Catégorie légale (R.441-5)", choices=CATEGORIES),
        Column(
            "volume",
            "number",
            "Logements hors assiette dans l'année",
            minimum=0,
            maximum=DWELLINGS_MAX,
            unit="logements",
        ),
        Column("source", "text", "Document où le volume se lit", required=False),
    ),
    ("annee", "territoire", "categorie"),
    required=False,
)

PROGRAMME: Final = Column("programme", "identifier", "Programme", example="les-tilleuls")
JOUR: Final = Column("date", "date", "Date", example="2027-07-01")
TAUX_OU_CLASSE: Final = TAUX._replace(
    required=False, description="Taux de rotation annuel ; vide : celui de la classe dans parc_classes.csv"
)

LIVRAISONS: Final = Schema(
    "livraisons",
    "Livraisons",
    "Une ligne par programme et classe. La première mise en location est en stock ; les logements sont ensuite "
    "dans le parc, et chacun dans le flux à sa première libération.",
    (PROGRAMME, *CLASSE, LOGEMENTS, JOUR._replace(description="Jour de la livraison"), TAUX_OU_CLASSE),
    ("programme", "commune", "typologie", "financement", "qpv"),
    required=False,
)

DEMOLITIONS: Final = Schema(
    "demolitions",
    "Démolitions et ventes",
    "Une ligne par programme et classe : des logements qui quittent le parc.",
    (PROGRAMME, *CLASSE, LOGEMENTS, JOUR._replace(description="Jour de la sortie du parc"), TAUX_OU_CLASSE),
    ("programme", "commune", "typologie", "financement", "qpv"),
    required=False,
)

DROITS_ACQUIS: Final = Schema(
    "droits_acquis",
    "Droits acquis en cours de projet",
    "Une ligne par promesse et année : des droits uniques qui s'ajoutent à son solde dès cette année-là.",
    (
        CONVENTIONS.column("reservataire"),
        CONVENTIONS.column("territoire"),
        ANNEE,
        Column("nombre", "whole", "Droits acquis", minimum=0, maximum=DWELLINGS_MAX, unit="droits"),
        Column("source", "text", "Garantie, terrain, programme", required=False),
    ),
    ("reservataire", "territoire", "annee"),
    required=False,
)

PROJET: Final = (
    TERRITOIRES,
    RESERVATAIRES,
    CONVENTIONS_PAR_ANNEE,
    INDICATIFS_PAR_ANNEE,
    OFFRE,
    PARC_CLASSES,
    HORS_ASSIETTE_PREVU,
    LIVRAISONS,
    DEMOLITIONS,
    NOMMEES,
    DROITS_ACQUIS,
    HISTORIQUE,
)
"""The tables of a projet, in the order in which faults are told."""

_PROMISE: Final = ECARTS.columns[:4]


def _ecart(name: str, description: str) -> Column:
    return Column(name, "number", description, unit="logements")


_BANDES: Final = (
    _ecart("ecart_5", "Écart dépassé 19 fois sur 20"),
    _ecart("ecart_10", "Écart dépassé 9 fois sur 10"),
    _ecart("ecart_50", "Écart médian"),
    _ecart("ecart_90", "Écart dépassé une fois sur 10"),
    _ecart("ecart_95", "Écart dépassé une fois sur 20"),
)

RISQUES: Final = Schema(
    "risques",
    "Risque de chaque promesse",
    "Une ligne par année simulée et par case : la probabilité que le nombre entier de logements dus soit reçu, et "
    "l'écart (reçu moins dû) au dernier jour de l'année.",
    (
        ANNEE,
        *_PROMISE,
        _ecart("du", "Dû dans l'année, en moyenne"),
        _ecart("recu", "Reçu dans l'année, en moyenne"),
        Column("en_jeu", "number", "Années simulées où un logement entier au moins est dû", unit="%"),
        Column("probabilite", "number", "Probabilité que la promesse soit tenue", unit="%"),
        Column("probabilite_basse", "number", "Borne basse de son intervalle à 95 %", unit="%"),
        Column("probabilite_haute", "number", "Borne haute de son intervalle à 95 %", unit="%"),
        _ecart("ecart", "Écart moyen"),
        *_BANDES,
    ),
    ("annee", "reservataire", "sur", "territoire", "modalite"),
    complete=True,
)
"""What simulated years say of each promise."""

RISQUES_MOIS: Final = Schema(
    "risques_mois",
    "Écart de chaque promesse, mois après mois",
    "Une ligne par case contractuelle, totale ou de petit réservataire et par mois : reçu moins dû au dernier jour "
    "du mois, le dû suivant ce qui s'est libéré et le temps écoulé.",
    (
        *_PROMISE,
        Column("mois", "date", "Dernier jour du mois", example="2027-03-31"),
        _ecart("ecart", "Écart moyen"),
        *_BANDES,
    ),
    ("reservataire", "sur", "territoire", "modalite", "mois"),
    complete=True,
)
"""The gap of each promise through simulated years."""

SCENARIO: Final = Column(
    "scenario", "identifier", "Nom du scénario ; base : le projet tel quel", example="base"
)

SCENARIOS_PRIORITES: Final = Schema(
    "scenarios_priorites",
    "Priorités du modèle, par scénario",
    "Une ligne par scénario et priorité.",
    (
        SCENARIO,
        Column("titre", "text", "Titre du scénario"),
        Column("priorite", "identifier", "Priorité du modèle"),
        Column("valeur", "number", "Valeur de la priorité, toutes années"),
        Column("borne", "number", "Borne inférieure prouvée", required=False),
        Column("difference", "number", "Valeur moins celle de la base"),
    ),
    ("scenario", "priorite"),
    complete=True,
)

SCENARIOS_ANNEES: Final = Schema(
    "scenarios_annees",
    "Promesses contractuelles, par scénario et année",
    "Une ligne par scénario et année ; au dernier jour de l'année, cumulé depuis la première où le modèle reporte.",
    (
        SCENARIO,
        ANNEE,
        Column("offre", "whole", "Libérations en flux de l'année", unit="logements"),
        _ecart("du", "Dû, somme des cases contractuelles"),
        _ecart("recu", "Reçu, sur ces cases"),
        _ecart("manque", "Ce qui manque, somme des cases"),
        Column("promesses", "whole", "Cases contractuelles dont un logement entier au moins est dû"),
        Column("tenues", "whole", "Celles dont le nombre entier de logements dus est reçu"),
    ),
    ("scenario", "annee"),
    complete=True,
)

SCENARIOS_RESERVATAIRES: Final = Schema(
    "scenarios_reservataires",
    "Promesses contractuelles, par scénario, année et réservataire",
    "Une ligne par scénario, année et réservataire ; cumulé comme dans scenarios_annees.csv.",
    (
        SCENARIO,
        ANNEE,
        ECARTS.column("reservataire"),
        _ecart("du", "Dû, somme de ses cases contractuelles"),
        _ecart("recu", "Reçu, sur ces cases"),
        _ecart("manque", "Ce qui manque, somme de ses cases"),
        _ecart("difference", "Manque moins celui de la base"),
    ),
    ("scenario", "annee", "reservataire"),
    complete=True,
)

PUBLIES: Final = (
    OFFRE,
    PARC_CLASSES,
    HORS_ASSIETTE_PREVU,
    LIVRAISONS,
    DEMOLITIONS,
    DROITS_ACQUIS,
    RISQUES,
    RISQUES_MOIS,
    SCENARIOS_PRIORITES,
    SCENARIOS_ANNEES,
    SCENARIOS_RESERVATAIRES,
)
"""The tables that only projets have."""
