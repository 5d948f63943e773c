"""What may happen to a dwelling, in the words of extracts, and what the journal records of it."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from allocator.ledger.importing.words import lexicon


class Evenement(NamedTuple):
    """One word for what happened: the natures that the journal records, in order, with the contents it implies."""

    faits: tuple[tuple[str, Mapping[str, Any]], ...]
    mots: tuple[str, ...] = ()


EVENEMENTS: Final[Mapping[str, Evenement]] = {
    "orientation": Evenement((("orientation", {}),), ("orienté", "logement orienté")),
    "proposition": Evenement((("envoi", {}),), ("envoi", "proposition envoyée", "envoyé", "proposé")),
    "orientation_proposition": Evenement(
        (("orientation", {}), ("envoi", {})), ("orientation et proposition", "mise à disposition")
    ),
    "candidats": Evenement(
        (("candidats", {}),), ("candidats reçus", "candidats proposés", "candidatures", "positionnement")
    ),
    "decline": Evenement((("decline", {}),), ("décliné", "logement décliné", "refus du réservataire")),
    "rendu": Evenement((("rendu", {}),), ("logement rendu", "rendu pour un tour", "remise à disposition")),
    "echeance": Evenement(
        (("echeance", {}),), ("délai échu", "délai dépassé", "sans candidat", "absence de candidat")
    ),
    "caleol_attribue": Evenement(
        (("caleol", {"decision": "attribue"}),), ("CALEOL attribué", "CAL attribué")
    ),
    "caleol_rejete": Evenement(
        (("caleol", {"decision": "rejete"}),),
        ("CALEOL rejeté", "CAL rejeté", "non attribution", "rejet CALEOL"),
    ),
    "caleol_ajourne": Evenement((("caleol", {"decision": "ajourne"}),), ("CALEOL ajourné", "CAL ajourné")),
    "refus": Evenement((("refus", {}),), ("refusé", "refus du candidat", "refus des candidats")),
    "refus_caleol": Evenement(
        (("refus", {"issue": "caleol"}),), ("candidats écartés", "tous candidats rejetés par la CALEOL")
    ),
    "mal_decrit": Evenement(
        (("rendu", {"issue": "description"}),), ("logement mal décrit", "erreur de description")
    ),
    "attribution": Evenement((("attribution", {}),), ("attribué", "logement attribué")),
    "bail": Evenement((("bail", {}),), ("bail signé", "signature du bail", "entrée dans les lieux")),
    "retrait_travaux": Evenement((("retrait", {"motif": "travaux"}),), ("retiré pour travaux", "travaux")),
    "retrait_vente": Evenement((("retrait", {"motif": "vente"}),), ("retiré pour vente", "vente")),
    "retrait": Evenement((("retrait", {"motif": "autre"}),), ("retiré", "logement retiré")),
    "reorientation": Evenement((("reorientation", {}),), ("réorienté", "nouveau tour")),
}
"""Every word of the column ``evenement``."""

MOTS: Final = lexicon({word: evenement.mots for word, evenement in EVENEMENTS.items()})
"""The word meant by what an extract says."""
