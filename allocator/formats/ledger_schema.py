"""The tables of the ledger: accounts, clocks, the end of a year, radiations.

Descriptions are French, as in :mod:`allocator.formats.schema`.
"""

from typing import Final

from allocator.domain import vocabulary as words
from allocator.formats.schema import DWELLINGS_MAX, Column, Schema


def dwellings(name: str, description: str) -> Column:
    """Return a column of dwellings; a cell may be empty."""
    return Column(name, "number", description, required=False, unit="logements")


def _points(name: str, description: str) -> Column:
    return Column(name, "number", description, required=False, unit="points")


RESERVATAIRE: Final = Column("reservataire", "identifier", "Identifiant du réservataire")
TERRITOIRE: Final = Column(
    "territoire", "code", "commune:CODE, epci:SIREN ou departement:CODE", example="departement:93"
)
BENEFICIAIRE: Final = Column(
    "beneficiaire",
    "identifier",
    "Qui est servi : le réservataire, ou le préfet tant que la convention est perdue",
)
LIBERATION: Final = Column("liberation", "identifier", "Identifiant de la libération")
TOUR: Final = Column("tour", "whole", "Numéro du tour du logement", minimum=1)

_DUS: Final = (
    dwellings("du", "Dû depuis le début de l'année"),
    dwellings("du_annee", "Dû pour toute l'année, d'après la prévision ; vide sans historique"),
)

_MESURES: Final = (
    Column("propositions", "number", "Propositions faites"),
    Column("attributions", "number", "Baux signés"),
    Column("en_cours", "number", "Propositions sans issue à ce jour"),
    Column("compensations", "number", "Propositions rendues en compensation"),
    _points("points_propositions", "Points de ses propositions"),
    _points("rendus", "Points rendus en compensation"),
    _points("points_attributions", "Points de ses attributions"),
    _points(
        "retenus", "Points de propositions qui dépassent ceux des attributions, si la règle les plafonne"
    ),
    _points("points", "Points comptés en tout"),
    dwellings("logements", "Logements que ces points représentent, une proposition en cours pour un"),
    dwellings("solde", "Dû moins logements : positif quand le réservataire attend"),
)

COMPTES_RESERVATAIRES: Final = Schema(
    "comptes_reservataires",
    "Comptes par réservataire",
    "Une ligne par réservataire : tout ce qui lui est dû et compté, même le flux qu'il reçoit pour un autre.",
    (RESERVATAIRE, *_DUS, *_MESURES),
    ("reservataire",),
    complete=True,
)

COMPTES_TERRITOIRES: Final = Schema(
    "comptes_territoires",
    "Comptes par réservataire et territoire",
    "Une ligne par promesse de l'année et par bénéficiaire : d'abord qui est servi à ce jour, puis, pour les promesses "
    "qui ont changé de main dans l'année, qui l'était avant.",
    (
        RESERVATAIRE,
        TERRITOIRE,
        BENEFICIAIRE,
        Column("assiette", "number", "Libérations du flux dans le territoire", unit="logements"),
        *_DUS,
        *_MESURES,
    ),
    ("reservataire", "territoire", "beneficiaire"),
    complete=True,
)

COMPTES_SOUHAITS: Final = Schema(
    "comptes_souhaits",
    "Promesses et souhaits, un par un",
    "Une ligne par objectif contractuel, par total et par souhait (typologie, financement, QPV, lieu).",
    (
        RESERVATAIRE,
        Column("sur", "choice", "Ce que l'objectif regarde", choices=words.SUR),
        Column("territoire", "code", "Où il vaut ; vide : partout", required=False),
        Column("modalite", "text", "Modalité du souhait", required=False),
        Column(
            "avant",
            "identifier",
            "Vide : ce qui est servi à ce jour ; sinon, qui l'a été plus tôt dans l'année à la place du réservataire",
            required=False,
        ),
        dwellings("cible", "Objectif à ce jour"),
        dwellings("cible_annee", "Objectif de l'année, d'après la prévision"),
        Column("propositions", "number", "Propositions qui en relèvent"),
        Column("attributions", "number", "Baux qui en relèvent"),
        dwellings("logements", "Logements comptés"),
    ),
    ("reservataire", "sur", "territoire", "modalite", "avant"),
    complete=True,
)

HORLOGES: Final = Schema(
    "horloges",
    "Délais qui courent",
    "Une ligne par proposition sans candidat dont le délai court, la plus proche échéance d'abord.",
    (
        LIBERATION,
        TOUR,
        RESERVATAIRE,
        Column(
            "acteur", "identifier", "Qui doit proposer des candidats : le réservataire ou son délégataire"
        ),
        Column("envoye", "date", "Jour de l'envoi de la proposition"),
        Column("echeance", "date", "Dernier jour du délai"),
        Column("reste", "whole", "Jours qui restent ; négatif : délai échu", unit="jours"),
    ),
    ("liberation", "tour"),
    complete=True,
)

COMPARAISON: Final = Schema(
    "comparaison",
    "Les mêmes tours sous plusieurs règles",
    "Une ligne par règle et par promesse de l'année, comme la clause de revoyure le demande.",
    (
        Column("regle", "identifier", "Nom de la règle ; « convention » est ce qui est convenu"),
        RESERVATAIRE,
        TERRITOIRE,
        BENEFICIAIRE,
        Column("propositions", "number", "Propositions faites"),
        Column("attributions", "number", "Baux signés"),
        _points("points", "Points comptés en tout"),
        dwellings("du", "Dû depuis le début de l'année"),
        dwellings("logements", "Logements que ces points représentent"),
        dwellings("solde", "Dû moins logements"),
    ),
    ("regle", "reservataire", "territoire", "beneficiaire"),
    complete=True,
)

CLOTURE: Final = Schema(
    "cloture",
    "Clôture de l'année",
    "Une ligne par promesse : ce qui était dû, ce qui est compté, ce qui est reporté, les droits qui restent.",
    (
        RESERVATAIRE,
        TERRITOIRE,
        dwellings("du", "Dû sur l'assiette réelle"),
        dwellings("logements", "Logements comptés"),
        dwellings("solde", "Dû moins logements"),
        dwellings("ecart", "Part reportée de l'écart entre hors assiette réel et prévu"),
        dwellings("report", "Ce que l'année suivante reprend"),
        Column("utilises", "whole", "Droits uniques utilisés dans l'année", unit="droits"),
        Column("acquis", "whole", "Droits uniques acquis", unit="droits"),
        Column(
            "droits",
            "whole",
            "Droits uniques qui restent ; vide : la promesse n'en compte pas",
            required=False,
            unit="droits",
        ),
    ),
    ("reservataire", "territoire"),
    complete=True,
)

HORS_ASSIETTE: Final = Schema(
    "hors_assiette",
    "Hors assiette prévu",
    "Une ligne par commune, ou par commune et catégorie : ce qui a été annoncé aux réservataires en février.",
    (
        Column("commune", "code", "Code INSEE de la commune", example="93048"),
        Column("categorie", "text", "Catégorie légale ; elle n'est pas regardée", required=False),
        Column(
            "prevu",
            "number",
            "Logements annoncés hors assiette",
            minimum=0,
            maximum=DWELLINGS_MAX,
            unit="logements",
        ),
    ),
    (),
)
"""What was announced in February of the year that is closed (R.441-5)."""

DROITS: Final = Schema(
    "droits",
    "Droits uniques acquis",
    "Une ligne par promesse qui gagne des droits dans l'année.",
    (
        RESERVATAIRE,
        TERRITOIRE,
        Column("acquis", "whole", "Droits uniques acquis", minimum=0, maximum=DWELLINGS_MAX, unit="droits"),
    ),
    ("reservataire", "territoire"),
)
"""New rights, against land or money."""

RAPPROCHEMENT: Final = Schema(
    "rapprochement",
    "Rapprochement avec les radiations du SNE",
    "Une ligne par désaccord entre le journal et l'extrait de radiations pour bail signé.",
    (
        Column(
            "anomalie",
            "choice",
            "Ce qui ne concorde pas",
            choices=("bail_sans_radiation", "radiation_sans_bail", "contingent", "date"),
        ),
        Column("ligne", "whole", "Ligne de l'extrait", required=False, minimum=1),
        Column("radiation", "identifier", "Numéro unique régional de la radiation", required=False),
        Column("liberation", "identifier", "Libération du journal", required=False),
        Column("journal", "text", "Ce que dit le journal", required=False),
        Column("sne", "text", "Ce que dit l'extrait", required=False),
    ),
    (),
    complete=True,
)

LEDGER: Final = (
    COMPTES_RESERVATAIRES,
    COMPTES_TERRITOIRES,
    COMPTES_SOUHAITS,
    HORLOGES,
    COMPARAISON,
    CLOTURE,
    HORS_ASSIETTE,
    DROITS,
    RAPPROCHEMENT,
)
"""The tables of the ledger."""
