"""The fields that an import understands, by kind of extract: what each holds and which words it knows.

Descriptions are French: they are shown to people.
"""

from collections.abc import Callable, Mapping
from typing import Final

from allocator.domain import vocabulary as words
from allocator.formats.schema import DWELLINGS_MAX, LIBERATIONS, Column, Schema
from allocator.ledger.events.natures import CATEGORIES, CORPS
from allocator.ledger.importing import rpls
from allocator.ledger.importing.evenements import EVENEMENTS, MOTS
from allocator.ledger.importing.words import lexicon, plain


def _of_contract(*names: str) -> tuple[Column, ...]:
    return tuple(LIBERATIONS.column(name) for name in names)


def _note(name: str, description: str, example: str = "") -> Column:
    """Return a column of short text that may be empty."""
    return Column(name, "identifier", description, required=False, example=example)


def _count(name: str, description: str) -> Column:
    return Column(name, "number", description, required=False, minimum=0, maximum=DWELLINGS_MAX)


ANNONCES: Final = Schema(
    "annonces",
    "Libérations",
    "Une ligne par logement libéré.",
    (
        *_of_contract("id", "date", "commune", "typologie", "financement", "qpv"),
        Column(
            "qpv_perimetre",
            "choice",
            "Année de la liste des QPV d'après laquelle la colonne qpv est remplie",
            choices=rpls.PERIMETRES,
        ),
        *_of_contract("construction", "surface", "loyer"),
        _note("residence", "Résidence ou programme"),
        _note("adresse", "Adresse du logement"),
        _note("etage", "Étage", "RDC"),
        Column(
            "accessible",
            "choice",
            "Logement accessible aux personnes à mobilité réduite",
            required=False,
            choices=("oui", "non"),
        ),
        *_of_contract("disponible", "statut"),
        Column(
            "categorie",
            "choice",
            "Motif légal d'un logement hors assiette",
            required=False,
            choices=CATEGORIES,
        ),
        _note("operation", "Opération pour laquelle le logement est hors assiette"),
        _note("public_prioritaire", "Public prioritaire relogé hors assiette"),
        _note("contingent", "Contingent dont relevait le ménage relogé hors assiette"),
        Column("corps", "choice", "Pour qui un logement est gardé en stock", required=False, choices=CORPS),
    ),
    ("id",),
    limit=LIBERATIONS.limit,
)

ISSUES: Final = Schema(
    "issues",
    "Issues",
    "Une ligne par événement de la vie d'un logement libéré.",
    (
        Column("liberation", "identifier", "Identifiant de la libération", example="2025-000123"),
        Column("date", "date", "Jour de l'événement", example="2025-03-14"),
        Column("evenement", "choice", "Ce qui s'est passé", choices=tuple(EVENEMENTS)),
        _note(
            "reservataire", "Réservataire du tour ; vide pour une orientation : le logement reste au bailleur"
        ),
        Column(
            "nombre",
            "whole",
            "Nombre de candidats reçus",
            required=False,
            minimum=1,
            maximum=10_000,
        ),
        Column(
            "delai",
            "whole",
            "Délai laissé au réservataire ; vide : celui de la convention",
            required=False,
            minimum=1,
            maximum=366,
            unit="jours",
        ),
        _note("motif", "Motif"),
        _note("delegataire", "Délégataire qui agit pour le réservataire"),
    ),
    (),
    limit=LIBERATIONS.limit,
)

SOLDES: Final = Schema(
    "soldes",
    "Soldes d'ouverture",
    "Une ligne par réservataire et territoire : ce qui était déjà compté à l'ouverture du journal.",
    (
        Column("reservataire", "identifier", "Identifiant du réservataire", example="als"),
        Column(
            "territoire", "code", "commune:CODE, epci:SIREN ou departement:CODE", example="departement:93"
        ),
        Column("date", "date", "Jour de l'ouverture", example="2025-07-01"),
        _count("propositions", "Propositions déjà faites"),
        _count("attributions", "Attributions déjà prononcées"),
        _count("points", "Points déjà comptés"),
        _count("assiette", "Libérations du flux déjà survenues dans le territoire"),
    ),
    ("reservataire", "territoire"),
)

GENRES: Final[Mapping[str, Schema]] = {schema.name: schema for schema in (ANNONCES, ISSUES, SOLDES)}
"""The kinds of extract that are imported."""

RADIATIONS: Final = Schema(
    "radiations",
    "Radiations du SNE",
    "Une ligne par demande radiée : ce que le système national d'enregistrement sait d'un bail signé.",
    (
        Column(
            "numero", "identifier", "Numéro unique de la demande", unique=True, example="075032512345611093"
        ),
        Column("date", "date", "Jour de la signature du bail, ou de la radiation", example="2025-03-14"),
        Column("commune", "code", "Code INSEE du logement attribué", example="93048"),
        _note(
            "contingent",
            "Contingent désignataire : un réservataire, une famille de réservataires, ou vide pour le bailleur",
            "als",
        ),
        _note("liberation", "Libération du logement attribué, si l'extrait la connaît", "2025-000123"),
        Column("typologie", "choice", "Type du logement attribué", required=False, choices=words.TYPOLOGIES),
        Column(
            "motif_radiation",
            "choice",
            "Motif de la radiation ; sans colonne, toutes le sont pour bail signé",
            required=False,
            choices=("bail", "autre"),
        ),
    ),
    ("numero",),
    limit=LIBERATIONS.limit,
)

EXTRAITS: Final[Mapping[str, Schema]] = {**GENRES, RADIATIONS.name: RADIATIONS}
"""The kinds of extract that a mapping may be for: those that are imported, and what the journal is held against."""

_STATUTS: Final = lexicon(
    {
        "flux": (),
        "hors_assiette": ("hors flux",),
        "stock": ("gardé en stock", "maintenu en stock"),
        "neuf": ("première mise en location", "livraison", "mise en service"),
    }
)
_CATEGORIES: Final = lexicon(
    {
        "mutation": ("mutation interne", "mutations"),
        "renouvellement_urbain": ("ANRU", "NPNRU", "rénovation urbaine", "relogement ANRU"),
        "copropriete_degradee": ("copropriétés dégradées", "ORCOD", "plan de sauvegarde"),
        "habitat_indigne": ("insalubrité", "péril"),
        "vente": ("vente HLM", "plan de vente"),
    }
)
_MOTIFS: Final = lexicon(
    {
        "bail": ("bail signé", "attribution", "attribution d'un logement social", "logement attribué"),
        "autre": ("abandon", "renonciation", "non renouvellement", "absence de réponse", "irrecevabilité"),
    }
)
_CORPS: Final = lexicon(
    {"defense": ("défense nationale", "armées"), "securite_interieure": ("police",), "sante": ("hôpital",)}
)

COMPRIS: Final[Mapping[str, Callable[[str], str | None]]] = {
    "typologie": lambda text: rpls.PIECES.get(plain(text)),
    "financement": rpls.financement,
    "qpv": rpls.qpv,
    "qpv_perimetre": rpls.perimetre,
    "accessible": lambda text: rpls.OUI_NON.get(plain(text)),
    "statut": lambda text: _STATUTS.get(plain(text)),
    "categorie": lambda text: _CATEGORIES.get(plain(text)),
    "corps": lambda text: _CORPS.get(plain(text)),
    "motif_radiation": lambda text: _MOTIFS.get(plain(text)),
    "evenement": lambda text: MOTS.get(plain(text)),
}
"""For each field that is a choice: the choice that a text means, ``None`` where unknown, ``""`` where it tells none."""
