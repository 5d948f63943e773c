"""The tables that an assiette is made of, by whoever announces, asks, decides and checks.

Descriptions are French, as in :mod:`allocator.formats.schema`. Source: Th. 1-1 to 1-4; R.441-5 of the CCH.
"""

from typing import Final

from allocator.formats.schema import DWELLINGS_MAX, RESERVATAIRES, TERRITOIRES, Column, Schema

CATEGORIES: Final = (
    "mutation",
    "renouvellement_urbain",
    "copropriete_degradee",
    "habitat_indigne",
    "vente",
)
"""The five legal reasons to be hors assiette (R.441-5), in the words of the journal."""

MOUVEMENTS: Final = ("interne", "inter_bailleurs")
"""Whether the household moves inside the bailleur's own stock, or comes from another bailleur's."""

TYPES_DE_DOCUMENT: Final = (
    "convention_anru",
    "charte_relogement",
    "cus",
    "cia",
    "plan_vente",
    "plan_sauvegarde",
    "arrete",
    "partage_relogements",
    "arbitrage",
    "autre",
)
"""What a figure may be read in (Th. 1-2)."""

DECISIONS_DE_DEMANDE: Final = ("acceptee", "refusee")
DECISIONS_D_ETAPE: Final = ("valide", "refuse")

ANNEE: Final = Column("annee", "whole", "Année civile", minimum=1900, maximum=2200, example="2025")
VERSION: Final = Column(
    "version",
    "whole",
    "Première version qui porte cette ligne ; vide : 1",
    required=False,
    minimum=1,
    maximum=1000,
)
LIEU: Final = Column(
    "territoire", "code", "commune:CODE, epci:SIREN ou departement:CODE", example="departement:93"
)
CATEGORIE: Final = Column("categorie", "choice", "Catégorie légale (R.441-5)", choices=CATEGORIES)
OPERATION: Final = Column(
    "operation", "identifier", "Opération qui en a besoin ; vide : aucune en particulier", required=False
)
MOUVEMENT: Final = Column(
    "mouvement",
    "choice",
    "Dans le parc du bailleur, ou depuis celui d'un autre ; vide : interne",
    required=False,
    choices=MOUVEMENTS,
)


def dwellings(name: str, description: str, *, required: bool = True) -> Column:
    """Return a column of dwellings, which may be fractional."""
    return Column(name, "number", description, required, minimum=0, maximum=DWELLINGS_MAX, unit="logements")


def whole_dwellings(name: str, description: str, *, required: bool = True) -> Column:
    """Return a column of whole dwellings."""
    return Column(name, "whole", description, required, minimum=0, maximum=DWELLINGS_MAX, unit="logements")


RELOCATIONS_ATTENDUES: Final = Schema(
    "relocations_attendues",
    "Relocations attendues",
    "Une ligne par commune, ou par commune et segment du parc : le parc, et le taux de rotation convenu.",
    (
        Column("commune", "code", "Code INSEE, présent dans territoires.csv", example="93048"),
        Column(
            "segment",
            "text",
            "Partie du parc à laquelle le taux s'applique ; vide : tout le parc",
            required=False,
            example="T1",
        ),
        whole_dwellings("parc", "Logements en location ou proposés à la location"),
        Column("taux", "number", "Taux de rotation annuel", minimum=0, maximum=100, unit="%", example="6"),
        VERSION,
    ),
    ("commune", "segment", "version"),
)

RELOCATIONS_PASSEES: Final = Schema(
    "relocations_passees",
    "Relocations des années passées",
    "Une ligne par commune et année ; une commune sans ligne n'a rien reloué cette année-là.",
    (
        ANNEE,
        Column("commune", "code", "Code INSEE, présent dans territoires.csv", example="93048"),
        whole_dwellings("relocations", "Relocations, premières mises en location non comprises"),
    ),
    ("annee", "commune"),
    required=False,
)

DOCUMENTS: Final = Schema(
    "documents",
    "Documents de référence",
    "Une ligne par document où un chiffre se lit.",
    (
        Column("id", "identifier", "Identifiant du document", unique=True, example="cus-2024"),
        Column("type", "choice", "Nature du document", choices=TYPES_DE_DOCUMENT),
        Column("titre", "text", "Titre du document"),
        Column("date", "date", "Date du document", example="2024-07-01"),
        Column("reference", "text", "Référence : numéro, délibération, lieu de dépôt", required=False),
        Column("revoyure", "date", "Jour auquel ses chiffres sont à revoir", required=False),
    ),
    ("id",),
    required=False,
)

EXCLUSIONS: Final = Schema(
    "exclusions",
    "Logements annoncés hors assiette",
    "Une ligne par besoin. « volume » et « document » vont ensemble ; vides tous deux : la moyenne des attributions "
    "des dernières années vaut. Une version plus récente d'une ligne remplace les précédentes.",
    (
        Column("id", "identifier", "Identifiant de la ligne", example="mut-93"),
        LIEU,
        CATEGORIE,
        OPERATION,
        MOUVEMENT,
        ANNEE._replace(required=False, description="Année du besoin ; vide : celle de l'assiette"),
        dwellings("volume", "Logements nécessaires ; vide : moyenne des dernières années", required=False),
        Column("document", "identifier", "Document où le volume se lit", required=False),
        Column("page", "text", "Page ou article du document", required=False),
        VERSION,
    ),
    ("id", "version"),
)

ATTRIBUTIONS_PASSEES: Final = Schema(
    "attributions_passees",
    "Attributions hors assiette des années passées",
    "Une ligne par année, territoire, catégorie, opération et mouvement.",
    (
        ANNEE,
        LIEU,
        CATEGORIE,
        OPERATION,
        MOUVEMENT,
        whole_dwellings("attributions", "Attributions prononcées hors assiette"),
        whole_dwellings("publics_prioritaires", "Dont ménages prioritaires", required=False),
        whole_dwellings("eligibles_contingents", "Dont ménages éligibles à un contingent", required=False),
        whole_dwellings("eligibles_als", "Dont ménages éligibles à celui d'Action Logement", required=False),
    ),
    ("annee", "territoire", "categorie", "operation", "mouvement"),
    required=False,
)

DEMANDES: Final = Schema(
    "demandes",
    "Demandes d'extension des exclusions",
    "Une ligne par demande (plan de relance, plan initiative copropriétés…) : sans effet tant qu'elle n'est pas "
    "acceptée. « decision », « decide_par » et « decide_le » vont ensemble.",
    (
        Column("id", "identifier", "Identifiant de la demande", unique=True),
        LIEU,
        CATEGORIE._replace(description="Catégorie légale à laquelle elle serait rattachée"),
        Column("motif", "text", "Besoin local invoqué", example="plan de relance"),
        dwellings("volume", "Logements demandés"),
        Column("demandeur", "text", "Qui la demande"),
        Column("demande_le", "date", "Jour de la demande"),
        Column("document", "identifier", "Document qui la porte", required=False),
        Column("decision", "choice", "Vide : en attente", required=False, choices=DECISIONS_DE_DEMANDE),
        Column("decide_par", "text", "Qui a décidé", required=False),
        Column("decide_le", "date", "Jour de la décision", required=False),
    ),
    ("id",),
    required=False,
)

VERSIONS: Final = Schema(
    "versions",
    "Versions de l'assiette",
    "Une ligne par version, de la première (1) à la dernière. Sans ce fichier, il n'y a que la première.",
    (
        Column("version", "whole", "Numéro", unique=True, minimum=1, maximum=1000),
        Column("effet", "date", "Premier jour où elle vaut, une fois arrêtée"),
        Column("motif", "text", "Pourquoi elle a été établie"),
        Column("auteur", "text", "Qui l'a établie"),
    ),
    ("version",),
    required=False,
)

VALIDATIONS: Final = Schema(
    "validations",
    "Registre des validations",
    "Une ligne par décision, dans l'ordre où elles ont été prises ; la dernière d'une étape et d'un territoire vaut.",
    (
        Column("version", "whole", "Version sur laquelle on décide", minimum=1, maximum=1000),
        Column("etape", "identifier", "Étape de assiette.toml"),
        Column("territoire", "code", "Territoire de l'étape ; vide : tout l'organisme", required=False),
        Column("organe", "text", "Instance qui a décidé : celle de l'étape, ou qui en tient lieu"),
        Column("decision", "choice", "Ce qui a été décidé", choices=DECISIONS_D_ETAPE),
        Column("date", "date", "Jour de la décision"),
        Column("par", "text", "Qui l'a signée"),
        Column("note", "text", "Référence, réserve ou motif", required=False),
    ),
    (),
    required=False,
)

REALISES: Final = Schema(
    "realises",
    "Logements réellement sortis de l'assiette",
    "Une ligne par territoire, catégorie, opération et mouvement : ce que l'année a été.",
    (LIEU, CATEGORIE, OPERATION, MOUVEMENT, whole_dwellings("logements", "Logements réellement exclus")),
    ("territoire", "categorie", "operation", "mouvement"),
)
"""What the check after the fact compares with what was announced."""

DOSSIER: Final = (
    TERRITOIRES,
    RELOCATIONS_ATTENDUES,
    RELOCATIONS_PASSEES,
    DOCUMENTS,
    EXCLUSIONS,
    ATTRIBUTIONS_PASSEES,
    DEMANDES,
    VERSIONS,
    VALIDATIONS,
    RESERVATAIRES._replace(required=False),
)
"""The tables of an assiette folder, beside ``assiette.toml`` and the contract's ``conventions.csv``."""

ANNONCES: Final = (
    RELOCATIONS_ATTENDUES,
    RELOCATIONS_PASSEES,
    DOCUMENTS,
    EXCLUSIONS,
    ATTRIBUTIONS_PASSEES,
    DEMANDES,
    VERSIONS,
    VALIDATIONS,
    REALISES,
)
"""The tables of an assiette that the contract does not have."""
