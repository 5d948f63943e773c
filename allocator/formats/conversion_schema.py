"""The tables of a conversion and of the ledger of rights (Th. 3-1, 3-2).

Descriptions are French, as in :mod:`allocator.formats.schema`.
"""

from typing import Final

from allocator.formats.petits_schema import ANNEE, FIN, RESERVATAIRE, TERRITOIRE
from allocator.formats.schema import DWELLINGS_MAX, Column, Schema

NATURES: Final = ("ouverture", "acquis", "consomme", "expire")
"""What moves rights, in the order in which a year counts them."""

CHOIX: Final = Column("choix", "text", "Choix de taux", example="departement+typologie")


def _rights(name: str, description: str, *, required: bool = True) -> Column:
    return Column(name, "whole", description, required, unit="droits")


def _exact(name: str, description: str, unit: str = "droits") -> Column:
    return Column(name, "number", description, required=False, unit=unit)


ASSIETTE_ATTENDUE: Final = Schema(
    "assiette",
    "Assiette de l'année",
    "Une ligne par commune ; une commune sans ligne n'a rien. Les autres colonnes ne sont pas regardées.",
    (
        Column("commune", "code", "Code INSEE, présent dans territoires.csv", example="93048"),
        Column("assiette", "number", "Logements", minimum=0, maximum=DWELLINGS_MAX, unit="logements"),
    ),
    ("commune",),
)
"""What ``allocator assiette build`` writes, as far as a conversion reads it."""

CONVERSION: Final = Schema(
    "conversion",
    "Conversion par réservataire",
    "Une ligne par choix de taux et réservataire qui a des droits ou une part.",
    (
        CHOIX,
        RESERVATAIRE,
        _rights("suites", "Logements sous droit de suite, retenus"),
        _rights("simples", "Droits simples non utilisés : un droit unique chacun"),
        _exact("annees", "Durée restante moyenne d'un droit de suite retenu", "années"),
        _exact("taux", "Taux moyen, pondéré par les durées", "%"),
        _exact("exact", "Droits uniques avant arrondi"),
        _rights("droits", "Droits uniques, arrondis au plus fort reste"),
        Column("ecart", "whole", "Droits uniques de plus qu'avec le premier choix", unit="droits"),
        _exact("part", "Logements réservés ÷ parc de l'organisme", "%"),
        _exact("annuel", "Dû d'une année avant arrondi", "logements"),
        Column("annuel_entier", "whole", "Dû d'une année, arrondi au plus fort reste", unit="logements"),
        _exact("duree", "Droits uniques ÷ dû d'une année", "années"),
        Column("epuisement", "whole", "Année où le dernier droit est utilisé", required=False),
    ),
    ("choix", "reservataire"),
    complete=True,
)

CONVERSION_TERRITOIRES: Final = Schema(
    "conversion_territoires",
    "Conversion par réservataire et territoire",
    "Une ligne par choix de taux, réservataire et territoire.",
    (
        CHOIX,
        RESERVATAIRE,
        TERRITOIRE,
        Column("reserves", "whole", "Logements réservés, au dénominateur convenu", unit="logements"),
        Column("parc", "whole", "Logements du bailleur dans le territoire", unit="logements"),
        _exact("part", "Réservés ÷ parc, ou part contractuelle de l'État", "%"),
        _exact("exact", "Droits uniques avant arrondi"),
        _rights("droits", "Droits uniques, arrondis dans le total du réservataire"),
        _exact("annuel", "Dû d'une année avant arrondi", "logements"),
        Column("annuel_entier", "whole", "Dû d'une année, arrondi", unit="logements"),
    ),
    ("choix", "reservataire", "territoire"),
    complete=True,
)

SENSIBILITE: Final = Schema(
    "sensibilite",
    "Sensibilité des droits uniques",
    "Une ligne par choix, réservataire et pas : tous les taux, ou toutes les durées restantes, changés d'autant.",
    (
        CHOIX,
        RESERVATAIRE,
        Column("variante", "choice", "Ce qui change", choices=("taux", "duree")),
        Column("pas", "number", "De combien : points de pourcentage, ou années"),
        _exact("exact", "Droits uniques"),
        _exact("ecart", "Droits uniques de plus"),
        _exact("relatif", "Écart ÷ droits uniques", "%"),
        Column("epuisement", "whole", "Année où le dernier droit est utilisé", required=False),
    ),
    ("choix", "reservataire", "variante", "pas"),
    complete=True,
)

COURS_DROITS: Final = Schema(
    "cours_droits",
    "Droits uniques d'année en année",
    "Une ligne par choix, réservataire et année, jusqu'à l'épuisement ou à l'horizon.",
    (
        CHOIX,
        RESERVATAIRE,
        ANNEE,
        _rights("ouverture", "Droits au premier jour de l'année"),
        _rights("consommes", "Droits utilisés au rythme du dû"),
        _rights("solde", "Droits au dernier jour"),
    ),
    ("choix", "reservataire", "annee"),
    complete=True,
)

ECHEANCES: Final = Schema(
    "echeances_droits",
    "Fins des droits de suite",
    "Une ligne par réservataire et année où des droits de suite prennent fin : une moyenne les cacherait.",
    (
        RESERVATAIRE,
        ANNEE,
        _rights("finissent", "Logements dont le droit prend fin dans l'année"),
        _rights("restent", "Logements encore sous droit de suite après"),
    ),
    ("reservataire", "annee"),
    complete=True,
)

DROITS_ECARTES: Final = Schema(
    "droits_ecartes",
    "Droits qui ne donnent rien",
    "Une ligne par droit écarté de la conversion.",
    (
        Column("droit", "identifier", "Identifiant dans reservations.csv"),
        RESERVATAIRE,
        Column("nombre", "whole", "Logements", unit="logements"),
        Column("fin", "date", "Dernier jour du droit", required=False),
        Column("raison", "text", "Expiré, utilisé, fin inconnue ou nombre inconnu"),
    ),
    ("droit",),
    complete=True,
)

MOUVEMENTS: Final = Schema(
    "mouvements",
    "Mouvements de droits uniques",
    "Une ligne par mouvement ; plusieurs lignes peuvent être du même réservataire, territoire et année.",
    (
        ANNEE,
        RESERVATAIRE,
        TERRITOIRE,
        Column("nature", "choice", "Ce qui fait bouger les droits", choices=NATURES),
        Column(
            "droits", "whole", "Nombre de droits uniques", minimum=0, maximum=DWELLINGS_MAX, unit="droits"
        ),
        FIN,
        Column(
            "origine",
            "text",
            "Garantie, terrain, subvention, programme neuf, conversion…",
            required=False,
            example="garantie",
        ),
        Column("source", "text", "Document où le mouvement se lit", example="délibération du 12/03/2026"),
    ),
    (),
)

REGISTRE: Final = Schema(
    "registre",
    "Registre des droits",
    "Une ligne par mouvement, dans l'ordre des années, avec le solde après lui.",
    (*MOUVEMENTS.columns, _rights("solde", "Droits du réservataire dans le territoire après ce mouvement")),
    (),
    complete=True,
)

SOLDES_DROITS: Final = Schema(
    "soldes_droits",
    "Soldes de droits",
    "Une ligne par réservataire, territoire et année.",
    (
        RESERVATAIRE,
        TERRITOIRE,
        ANNEE,
        _rights("ouverture", "Droits à l'ouverture de l'année, ou du registre"),
        _rights("acquis", "Droits acquis"),
        _rights("consommes", "Droits consommés"),
        _rights("expires", "Droits expirés"),
        _rights("solde", "Droits au dernier jour"),
    ),
    ("reservataire", "territoire", "annee"),
    complete=True,
)

EPUISEMENTS: Final = Schema(
    "epuisements",
    "Épuisement prévu des droits",
    "Une ligne par réservataire et territoire, au rythme des dernières années.",
    (
        RESERVATAIRE,
        TERRITOIRE,
        _rights("solde", "Droits qui restent"),
        _exact("rythme", "Droits consommés par an", "droits par an"),
        _exact("duree", "Solde ÷ rythme", "années"),
        Column("epuisement", "whole", "Année où le dernier droit serait utilisé", required=False),
        FIN,
    ),
    ("reservataire", "territoire"),
    complete=True,
)

CONVERSIONS: Final = (
    CONVERSION,
    CONVERSION_TERRITOIRES,
    SENSIBILITE,
    COURS_DROITS,
    ECHEANCES,
    DROITS_ECARTES,
    MOUVEMENTS,
    REGISTRE,
    SOLDES_DROITS,
    EPUISEMENTS,
)
"""The tables of a conversion and of the ledger of rights, but those that others have."""
