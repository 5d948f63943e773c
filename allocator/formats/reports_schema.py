"""The tables of the documents that a bailleur sends: bilan, hors assiette, suivi, gestion déléguée, offers.

Descriptions are French, as in :mod:`allocator.formats.schema`. Sources: R.441-5 and R.441-5-1 of the CCH.
"""

from typing import Final

from allocator.domain import vocabulary as words
from allocator.formats.ledger_schema import (
    BENEFICIAIRE,
    LIBERATION,
    RESERVATAIRE,
    TERRITOIRE,
    TOUR,
    dwellings,
)
from allocator.formats.schema import Column, Schema

SERVI: Final = Column(
    "reservataire",
    "identifier",
    "Qui est débité : le réservataire, ou le préfet quand il est servi à sa place ; vide : le bailleur",
    required=False,
)
REGISTRE: Final = Column(
    "registre",
    "choice",
    "Registre où le logement est tenu : rien ne passe de l'un à l'autre",
    choices=words.STATUTS,
)
COMMUNE: Final = Column("commune", "code", "Code INSEE de la commune", example="93048")


def _counts(name: str, description: str) -> Column:
    return Column(name, "whole", description, minimum=0, unit="logements")


LIBERES: Final = _counts(
    "liberes",
    "Libérés dans la période et non retirés, au compte de qui le logement est orienté ou loué à la date du document",
)
PROPOSES: Final = _counts(
    "proposes", "Propositions faites dans la période, une par tour, quel que soit le nombre de candidats"
)
ATTRIBUES: Final = _counts("attribues", "Baux signés dans la période")
NOMBRES: Final = (LIBERES, PROPOSES, ATTRIBUES)

BILAN: Final = Schema(
    "bilan",
    "Bilan annuel (R.441-5-1)",
    "Une ligne par réservataire, registre et croisement des axes de l'article. Toute somme de lignes est un total.",
    (
        SERVI,
        REGISTRE,
        COMMUNE,
        Column("qpv", "choice", "En quartier prioritaire de la politique de la ville", choices=words.QPV),
        Column("typologie", "choice", "Nombre de pièces", choices=words.TYPOLOGIES),
        Column("financement", "choice", "Financement du logement", choices=words.FINANCEMENTS),
        Column("construction", "text", "Période de construction"),
        *NOMBRES,
    ),
    ("reservataire", "registre", "commune", "qpv", "typologie", "financement", "construction"),
    complete=True,
)

BILAN_AXES: Final = Schema(
    "bilan_axes",
    "Bilan annuel, axe par axe",
    "Une ligne par registre, réservataire et modalité d'un axe ; l'axe « ensemble » a les totaux.",
    (
        REGISTRE,
        SERVI,
        Column(
            "axe",
            "choice",
            "Axe de l'article R.441-5-1",
            choices=("ensemble", "commune", "qpv", "typologie", "financement", "construction"),
        ),
        Column("modalite", "text", "Modalité de l'axe", required=False),
        *NOMBRES,
    ),
    ("registre", "reservataire", "axe", "modalite"),
    complete=True,
)

REPERES: Final = Schema(
    "reperes",
    "Repères légaux",
    "Une ligne par repère : ce que le journal permet d'en dire. Un repère avertit, il n'empêche rien.",
    (
        Column("repere", "text", "Ce qui est mesuré"),
        Column("article", "text", "Article ou source"),
        Column(
            "numerateur", "whole", "Ce qui est compté ; vide : non mesuré", required=False, unit="logements"
        ),
        Column("denominateur", "whole", "Rapporté à", required=False, unit="logements"),
        Column("valeur", "number", "Part constatée", required=False, unit="%"),
        Column("seuil", "number", "Seuil", required=False, unit="%"),
        Column("lecture", "text", "Ce qu'il faut en lire"),
    ),
    (),
    complete=True,
)

REALISE_HORS_ASSIETTE: Final = Schema(
    "realise_hors_assiette",
    "Bilan du hors assiette",
    "Une ligne par catégorie et opération : logements sortis de l'assiette et attributions de l'année (R.441-5).",
    (
        Column("categorie", "text", "Catégorie d'opération de R.441-5 ; vide : non précisée", required=False),
        Column("operation", "text", "Opération", required=False),
        _counts("liberes", "Libérés dans l'année, gardés hors assiette et non retirés"),
        _counts("attributions", "Attributions prononcées dans l'année, non décomptées du flux"),
        _counts("baux", "Baux signés dans l'année"),
    ),
    ("categorie", "operation"),
    complete=True,
)

PUBLICS_HORS_ASSIETTE: Final = Schema(
    "publics_hors_assiette",
    "Publics logés hors assiette",
    "Une ligne par catégorie. Un nombre de ménages trop petit pour être publié est vide.",
    (
        Column("categorie", "text", "Catégorie d'opération ; « ensemble » : le total"),
        _counts("attributions", "Attributions prononcées dans l'année"),
        Column(
            "publics_prioritaires",
            "whole",
            "Dont ménages d'un public prioritaire",
            required=False,
            unit="ménages",
        ),
        Column(
            "eligibles_contingents",
            "whole",
            "Dont ménages éligibles à un contingent",
            required=False,
            unit="ménages",
        ),
    ),
    ("categorie",),
    complete=True,
)

REGISTRES: Final = Schema(
    "registres",
    "Les registres",
    "Une ligne par registre et commune : flux, hors assiette, gardés en stock, premières mises en location.",
    (REGISTRE, COMMUNE, *NOMBRES),
    ("registre", "commune"),
    complete=True,
)


_SUIVI: Final = (
    dwellings("du", "Dû depuis le début de l'année"),
    Column("propositions", "number", "Propositions faites"),
    Column("attributions", "number", "Baux signés"),
    dwellings("logements", "Logements comptés selon la règle convenue, une proposition en cours pour un"),
    dwellings("solde", "Dû moins logements : positif quand le réservataire attend"),
    dwellings("du_annee", "Dû au dernier jour de l'année, d'après la prévision"),
    dwellings("projection", "Logements au dernier jour, si la même part du dû continue d'être servie"),
    dwellings("solde_projete", "Dû de l'année moins projection"),
)

SUIVI: Final = Schema(
    "suivi",
    "Suivi par réservataire et territoire",
    "Une ligne par promesse de l'année et par bénéficiaire.",
    (
        RESERVATAIRE,
        TERRITOIRE,
        BENEFICIAIRE,
        Column("assiette", "number", "Libérations du flux dans le territoire", unit="logements"),
        *_SUIVI,
    ),
    ("reservataire", "territoire", "beneficiaire"),
    complete=True,
)

SUIVI_RESERVATAIRES: Final = Schema(
    "suivi_reservataires",
    "Suivi par réservataire",
    "Une ligne par réservataire : tout ce qui lui est dû et compté.",
    (RESERVATAIRE, *_SUIVI),
    ("reservataire",),
    complete=True,
)

SUIVI_MOIS: Final = Schema(
    "suivi_mois",
    "Suivi mois par mois",
    "Une ligne par mois et réservataire, dans le flux.",
    (
        Column("mois", "text", "Mois", example="2025-03"),
        SERVI,
        Column("proposes", "whole", "Propositions faites dans le mois", unit="logements"),
        Column("attribues", "whole", "Baux signés dans le mois", unit="logements"),
    ),
    ("mois", "reservataire"),
    complete=True,
)

DELEGATION: Final = Schema(
    "delegation",
    "Gestion déléguée",
    "Une ligne par délégataire et réservataire. Le réservataire est débité, qui que ce soit qui agisse pour lui.",
    (
        Column("delegataire", "identifier", "Qui propose les candidats"),
        RESERVATAIRE,
        _counts("propositions", "Propositions de l'année qui lui ont été adressées"),
        _counts("candidats", "Dont candidats reçus"),
        _counts("dans_le_delai", "Dont candidats reçus avant la fin du délai"),
        _counts("sans_candidat", "Dont délai échu sans candidat"),
        _counts("rendus", "Dont logement décliné ou rendu pour un tour"),
        _counts("refus", "Dont refus des candidats ou de la CALEOL"),
        _counts("baux", "Dont bail signé"),
        _counts("autres", "Dont logement retiré ou mal décrit"),
        _counts("en_cours", "Dont sans issue à ce jour"),
        Column(
            "delai_median",
            "number",
            "Délai médian de l'envoi aux candidats reçus",
            required=False,
            unit="jours",
        ),
    ),
    ("delegataire", "reservataire"),
    complete=True,
)

OFFRE: Final = Schema(
    "offres",
    "Offre d'un logement",
    "Une ligne par logement offert, avec son délai.",
    (
        LIBERATION,
        TOUR,
        RESERVATAIRE,
        Column("acteur", "identifier", "Qui doit proposer des candidats"),
        COMMUNE,
        Column("typologie", "choice", "Nombre de pièces", choices=words.TYPOLOGIES),
        Column("financement", "choice", "Financement du logement", choices=words.FINANCEMENTS),
        Column("qpv", "choice", "En quartier prioritaire", choices=words.QPV),
        Column("surface", "text", "Surface habitable, en m²", required=False),
        Column("loyer", "text", "Loyer mensuel hors charges, en euros", required=False),
        Column("adresse", "text", "Adresse", required=False),
        Column("residence", "text", "Résidence", required=False),
        Column("etage", "text", "Étage", required=False),
        Column("disponible", "text", "Date de disponibilité", required=False),
        Column("envoye", "date", "Jour de l'offre"),
        Column("echeance", "date", "Dernier jour pour proposer des candidats"),
    ),
    ("liberation", "tour"),
    complete=True,
)

REPORTS: Final = (
    BILAN,
    BILAN_AXES,
    REPERES,
    REALISE_HORS_ASSIETTE,
    PUBLICS_HORS_ASSIETTE,
    REGISTRES,
    SUIVI,
    SUIVI_RESERVATAIRES,
    SUIVI_MOIS,
    DELEGATION,
    OFFRE,
)
"""Every table of the documents."""
