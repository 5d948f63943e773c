"""Names under which extracts hold each field, the likelier first; those in capitals are the RPLS's own."""

from collections.abc import Mapping
from typing import Final

from allocator.ledger.importing.words import plain


def _plain(names: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    return {champ: tuple(map(plain, (champ, *others))) for champ, others in names.items()}


HEADERS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "annonces": _plain(
        {
            "id": (
                "id libération",
                "n° congé",
                "numéro de congé",
                "n° libération",
                "n° logement",
                "réf. logement",
            ),
            "date": ("date de libération", "date de congé", "date du congé", "date de sortie", "date congé"),
            "commune": ("code INSEE", "INSEE", "DEPCOM", "code commune", "commune INSEE"),
            "typologie": ("NBPIECE", "type", "type de logement", "nombre de pièces", "nb pièces", "pièces"),
            "financement": ("FINAN", "code FINAN", "financement initial", "type de financement", "prêt"),
            "qpv": ("en QPV", "code QPV", "quartier prioritaire", "QPV 2024"),
            "qpv_perimetre": ("périmètre QPV", "année QPV"),
            "construction": (
                "CONSTRUCT",
                "année de construction",
                "année construction",
                "année d'achèvement",
            ),
            "surface": ("SURFHAB", "surface habitable", "surface m2", "surf. hab."),
            "loyer": ("LOYERPRINC", "loyer principal", "loyer hors charges", "loyer HC", "loyer mensuel"),
            "residence": ("NOMPROG", "programme", "nom du programme", "groupe", "nom de la résidence"),
            "adresse": ("adresse du logement", "adresse complète", "voie"),
            "etage": ("niveau",),
            "accessible": ("PMR", "accessible PMR", "accessibilité", "logement accessible"),
            "disponible": (
                "date de disponibilité",
                "disponible le",
                "date disponibilité",
                "date de remise en location",
            ),
            "statut": ("statut flux", "statut GEF"),
            "categorie": ("motif hors flux", "catégorie hors assiette", "motif hors assiette"),
            "operation": ("opération", "nom de l'opération"),
            "public_prioritaire": ("public",),
            "contingent": ("contingent d'origine",),
            "corps": (),
        }
    ),
    "issues": _plain(
        {
            "liberation": (
                "id libération",
                "n° congé",
                "numéro de congé",
                "n° libération",
                "n° logement",
                "id",
            ),
            "date": ("date événement", "date de l'événement", "date d'effet", "le"),
            "evenement": ("étape", "événement", "type d'événement", "libellé", "action"),
            "reservataire": ("code réservataire", "désignataire", "contingent"),
            "nombre": ("nombre de candidats", "nb candidats", "candidats"),
            "delai": ("délai en jours", "délai (jours)"),
            "motif": ("commentaire", "motif du refus", "libellé motif"),
            "delegataire": (),
        }
    ),
    "soldes": _plain(
        {
            "reservataire": ("code réservataire", "contingent"),
            "territoire": ("périmètre", "secteur"),
            "date": ("date d'ouverture", "au"),
            "propositions": ("nombre de propositions", "nb propositions", "proposés"),
            "attributions": ("nombre d'attributions", "nb attributions", "attribués"),
            "points": (),
            "assiette": ("libérations", "logements libérés"),
        }
    ),
    "radiations": _plain(
        {
            "numero": (
                "numéro unique",
                "n° unique",
                "NUR",
                "NUD",
                "numéro unique régional",
                "numéro de demande",
            ),
            "date": ("date de signature du bail", "date signature bail", "date du bail", "date de radiation"),
            "commune": ("code INSEE", "INSEE", "code commune", "commune INSEE", "commune du logement"),
            "contingent": ("contingent désignataire", "désignataire", "réservataire désignataire"),
            "liberation": ("id libération", "n° congé", "n° libération", "réf. logement", "n° logement"),
            "typologie": ("type", "type de logement", "nombre de pièces", "pièces"),
            "motif_radiation": ("motif de radiation", "motif"),
        }
    ),
}
"""By kind of extract and by field, in plain form, the field's own name first."""

JOINED: Final[Mapping[str, tuple[str, ...]]] = {"adresse": ("NUMVOIE", "INDREP", "TYPVOIE", "NOMVOIE")}
"""Fields that the RPLS holds in several columns."""
