"""The tables of a trajectory: the plan by month, by class and by year, what cannot be kept and what would mend it.

Descriptions are French, as in :mod:`allocator.formats.schema`.
"""

from typing import Final

from allocator.domain import vocabulary as words
from allocator.formats.ledger_schema import RESERVATAIRE, TERRITOIRE
from allocator.formats.projet_schema import ANNEE, CLASSE
from allocator.formats.schema import ECARTS, Column, Schema

MOIS: Final = Column("mois", "text", "Mois, année et numéro", example="2027-03")
SUR: Final = Column("sur", "choice", "Sorte de promesse", choices=(words.CONTRACTUEL, words.TOTAL))


def _dwellings(name: str, description: str) -> Column:
    return Column(name, "number", description, unit="logements")


PLAN: Final = Schema(
    "plan",
    "Plan par réservataire, territoire et mois",
    "Une ligne par promesse et par mois. Le dû de l'année vient au rythme de ce qui se libère sur le territoire.",
    (
        RESERVATAIRE,
        SUR,
        TERRITOIRE,
        MOIS,
        _dwellings("libere", "Ce qui se libère en flux sur le territoire dans le mois"),
        _dwellings("du", "Dû au titre du mois"),
        _dwellings("prevu", "Ce que le réservataire y reçoit dans le mois"),
        _dwellings("du_cumul", "Dû depuis le début : du projet, ou de l'année si le modèle ne reporte rien"),
        _dwellings("prevu_cumul", "Reçu depuis le même début"),
    ),
    ("reservataire", "sur", "territoire", "mois"),
)

FLUX: Final = Schema(
    "flux",
    "Plan par classe de logements",
    "Une ligne par mois, classe et réservataire ; réservataire vide : les logements restent au bailleur.",
    (
        MOIS,
        *CLASSE,
        RESERVATAIRE._replace(required=False),
        Column("nombre", "whole", "Logements", minimum=1, unit="logements"),
    ),
    ("mois", "commune", "typologie", "financement", "qpv", "reservataire"),
)

ECARTS_ANNUELS: Final = ECARTS._replace(
    name="ecarts_annuels",
    title="Écarts au 31 décembre de chaque année",
    description="Une ligne par case et par année : sa cible, ce qu'elle compte, l'écart.",
    columns=(ANNEE, *ECARTS.columns),
    key=("annee", *ECARTS.key) if ECARTS.key else (),
)

_PROMESSE: Final = (
    ANNEE,
    RESERVATAIRE,
    Column("sur", "choice", "Ce que la case compte", choices=words.SUR),
    TERRITOIRE._replace(required=False),
    Column("modalite", "text", "Modalité d'un objectif indicatif", required=False),
)

OBSTACLES: Final = Schema(
    "obstacles",
    "Promesses qui ne peuvent être tenues",
    "Une ligne par promesse dont il manque au moins un logement ; la cause est celle des premières seulement.",
    (
        *_PROMESSE,
        _dwellings("cible", "Ce qui est promis"),
        Column("prevu", "whole", "Ce que le plan donne", minimum=0, unit="logements"),
        Column("manquants", "whole", "Ce qui manque à la part entière de la cible", unit="logements"),
        Column("priorite", "text", "Première priorité du modèle qui pèse ce manque"),
        Column(
            "cause",
            "choice",
            "impossible : même seule ; conflit : la tenir coûte à d'autres ; egalite : tenable sans rien coûter",
            required=False,
            choices=("impossible", "conflit", "egalite"),
        ),
        Column("rarete", "text", "Les logements qui manquent le plus", required=False),
        Column(
            "perte", "text", "Ce que coûterait de la tenir, à la première priorité qui y perd", required=False
        ),
    ),
    ("annee", "reservataire", "sur", "territoire", "modalite"),
)

REMEDES: Final = Schema(
    "remedes",
    "Remèdes vérifiés",
    "Une ligne par remède : appliqué, la promesse est tenue ; appliqué à moitié, elle ne l'est pas.",
    (
        *_PROMESSE,
        Column(
            "remede",
            "choice",
            "offre : des logements de plus ; droits : des droits de plus ; part, volume, souhait : abaissés",
            choices=("offre", "droits", "part", "volume", "souhait"),
        ),
        _dwellings("nombre", "Logements ou droits de plus, points de pourcentage ou logements de moins"),
        *(column._replace(required=False) for column in CLASSE),
        ANNEE._replace(name="annee_offre", description="Année des logements de plus", required=False),
        Column("avant", "number", "Part (en %), volume ou souhait d'aujourd'hui", required=False),
        Column("apres", "number", "Part, volume ou souhait qui serait tenu", required=False),
        Column("phrase", "text", "Le même remède en une phrase"),
    ),
    (),
)

TRAJECTOIRE: Final = (PLAN, FLUX, ECARTS_ANNUELS, OBSTACLES, REMEDES)
