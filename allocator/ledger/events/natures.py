"""What may be recorded: every nature of event with the fields of its contents, in one table.

Sources: articles R.441-5 to R.441-5-4 of the CCH; Th. 1-4 (hors assiette), 2-2 (comptage), 2-3 (délai d'un mois).
Titles are French: they are shown to people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from allocator.domain.vocabulary import FAMILLES, FINANCEMENTS, STATUTS, TYPOLOGIES

Genre = Literal[
    "texte",
    "entier",
    "nombre",
    "booleen",
    "date",
    "empreinte",
    "commune",
    "reservataire",
    "table",
    "liste",
    "lignes",
]
"""How a field is read; ``commune`` and ``reservataire`` are known to the journal, ``lignes`` are tables alike."""

Sujet = Literal["logement", "acte", "journal"]
"""What a nature is about: a dwelling, an act between partners, or the journal and its own events."""

CATEGORIES: Final = (
    "mutation",
    "renouvellement_urbain",
    "copropriete_degradee",
    "habitat_indigne",
    "vente",
)
"""The five legal reasons to be hors assiette (R.441-5)."""

CORPS: Final = ("defense", "securite_interieure", "sante")
"""For whom dwellings are kept in stock (R.441-5)."""

DECISIONS: Final = ("attribue", "rejete", "ajourne")
"""What the CALEOL decides."""


@dataclass(frozen=True, slots=True)
class Champ:
    """A field of the contents: it may be absent or ``None`` unless ``requis``, ``None`` if ``nul``."""

    genre: Genre = "texte"
    requis: bool = False
    nul: bool = False
    choix: tuple[str, ...] = ()
    minimum: float | None = None
    champs: Mapping[str, "Champ"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Nature:
    """A kind of event; where ``libre``, the contents may have fields beyond ``champs``.

    One that is ``apres_cloture`` may take effect in a year that is closed.
    """

    titre: str
    sujet: Sujet
    champs: Mapping[str, Champ] = field(default_factory=dict)
    libre: bool = False
    apres_cloture: bool = False


_REQUIS: Final = Champ(requis=True)
_LIBRE: Final = Champ()
_TERRITOIRES: Final = Champ(
    "lignes",
    requis=True,
    champs={
        "commune": _REQUIS,
        "nom": _REQUIS,
        "epci": _REQUIS,
        "departement": _REQUIS,
        "zone": _LIBRE,
        "tension": Champ("nombre", minimum=0),
    },
)
_RESERVATAIRES: Final = Champ(
    "lignes",
    requis=True,
    champs={
        "id": _REQUIS,
        "nom": _REQUIS,
        "famille": Champ(requis=True, choix=FAMILLES),
        "petit": Champ("booleen"),
    },
)
_LIBERATION: Final = {
    "date": Champ("date", requis=True),
    "commune": Champ("commune", requis=True),
    "typologie": Champ(requis=True, choix=TYPOLOGIES),
    "financement": Champ(requis=True, choix=FINANCEMENTS),
    "qpv": Champ(requis=True, choix=("oui", "non")),
    "qpv_perimetre": Champ("entier", minimum=0),
    "construction": Champ("entier", minimum=0),
    "surface": Champ("nombre", minimum=0),
    "loyer": Champ("nombre", minimum=0),
    "residence": _LIBRE,
    "adresse": _LIBRE,
    "etage": _LIBRE,
    "accessible": Champ("booleen"),
    "disponible": Champ("date"),
}
_MOTIF: Final = {"motif": _LIBRE}
_DECRIT: Final = _MOTIF | {"issue": Champ(choix=("description",))}
_NOMBRE: Final = Champ("nombre")

NATURES: Final[Mapping[str, Nature]] = MappingProxyType(
    {
        "ouverture": Nature(
            "ouverture du journal",
            "acte",
            {
                "nom": _REQUIS,
                "debut": Champ("date"),
                "fin": Champ("date"),
                "territoires": _TERRITOIRES,
                "reservataires": _RESERVATAIRES,
            },
            libre=True,
        ),
        "convention": Nature(
            "version d'une convention",
            "acte",
            {
                "reservataire": Champ("reservataire", requis=True),
                "territoire": _REQUIS,
                "delegataire": _LIBRE,
            },
            libre=True,
        ),
        "signature": Nature("signature d'une convention", "acte", libre=True),
        "regle": Nature(
            "règles de comptage", "acte", {"comptage": Champ("table"), "issues": Champ("table")}, libre=True
        ),
        "solde_ouverture": Nature(
            "solde d'ouverture",
            "acte",
            {
                "reservataire": Champ("reservataire", requis=True, nul=True),
                "territoire": _REQUIS,
                "propositions": _NOMBRE,
                "attributions": _NOMBRE,
                "points": _NOMBRE,
                "assiette": _NOMBRE,
            },
        ),
        "cloture": Nature(
            "clôture d'une année",
            "acte",
            {"annee": Champ("entier", requis=True), "reprise": Champ("booleen")},
            libre=True,
            apres_cloture=True,
        ),
        "rapprochement": Nature("rapprochement avec le SNE", "acte", libre=True, apres_cloture=True),
        "liberation": Nature("libération annoncée", "logement", _LIBERATION),
        "retrait": Nature(
            "logement retiré",
            "logement",
            {"motif": Champ(requis=True, choix=("travaux", "vente", "autre")), "precision": _LIBRE},
        ),
        "statut": Nature(
            "statut du logement",
            "logement",
            {
                "statut": Champ(requis=True, choix=STATUTS),
                "categorie": Champ(choix=CATEGORIES),
                "operation": _LIBRE,
                "public_prioritaire": _LIBRE,
                "contingent": _LIBRE,
                "menage": Champ("empreinte"),
                "corps": Champ(choix=CORPS),
            },
        ),
        "preorientation": Nature(
            "pré-orientation proposée",
            "logement",
            {
                "reservataire": Champ("reservataire", requis=True, nul=True),
                "policy": _REQUIS,
                "model_sha256": Champ("empreinte", requis=True),
                "entree_sha256": Champ("empreinte", requis=True),
                "vu": Champ("entier", requis=True, minimum=0),
                "tour": Champ("entier", requis=True, minimum=1),
            },
            libre=True,
        ),
        "orientation": Nature(
            "orientation décidée",
            "logement",
            {
                "reservataire": Champ("reservataire", requis=True, nul=True),
                "tour": Champ("entier", requis=True, minimum=1),
                "motif": _LIBRE,
                "delegataire": _LIBRE,
            },
        ),
        "envoi": Nature("proposition envoyée", "logement", {"delai": Champ("entier", minimum=1)}),
        "candidats": Nature(
            "candidats reçus", "logement", {"nombre": Champ("entier", requis=True, minimum=1)}
        ),
        "decline": Nature("proposition déclinée par le réservataire", "logement", _DECRIT),
        "rendu": Nature("logement rendu pour un tour", "logement", _DECRIT),
        "echeance": Nature("délai échu sans candidat", "logement", _MOTIF),
        "caleol": Nature(
            "décision de la CALEOL",
            "logement",
            {"decision": Champ(requis=True, choix=DECISIONS), "motif": _LIBRE},
        ),
        "refus": Nature(
            "refus des candidats", "logement", _MOTIF | {"issue": Champ(choix=("caleol", "description"))}
        ),
        "attribution": Nature("attribution", "logement"),
        "bail": Nature("bail signé", "logement"),
        "reorientation": Nature("nouveau tour ouvert", "logement", _MOTIF),
        "correction": Nature(
            "correction",
            "journal",
            {
                "de": Champ("entier", requis=True, minimum=1),
                "annule": Champ("booleen"),
                "contenu": Champ("table"),
                "effet": Champ("date"),
                "motif": _LIBRE,
                "apres_cloture": Champ("booleen"),
            },
            apres_cloture=True,
        ),
        "purge": Nature(
            "référence de ménage effacée",
            "journal",
            {"menage": Champ("empreinte", requis=True), "motif": _REQUIS},
            apres_cloture=True,
        ),
    }
)
"""Every nature of event, by name."""
