"""The closed lists of the field: every word that a file or a model may use.

Source: the file contract, sections 1 and 4; article R.441-5 and following of the CCH.
"""

from typing import Final

FAMILLES: Final = (
    "etat",
    "action_logement",
    "commune",
    "epci",
    "departement",
    "region",
    "employeur",
    "bailleur",
    "autre",
)
"""Families of réservataires."""

TYPOLOGIES: Final = ("T1", "T2", "T3", "T4", "T5", "T6")
"""Sizes of dwellings; ``T6`` is six rooms and more."""

FINANCEMENTS: Final = ("PLAI", "PLUS", "PLS", "PLI")
"""Loans that financed the dwelling; older ones are mapped at import."""

QPV: Final = ("non", "oui")
"""Outside or inside a *quartier prioritaire de la politique de la ville*; the index is the truth value."""

STATUTS: Final = ("flux", "hors_assiette", "stock", "neuf")
"""What a libération is for the accounts; only ``flux`` is allocated and counted."""

FLUX: Final = 0
"""Index of ``flux`` in :data:`STATUTS`."""

ZONES: Final = ("Abis", "A", "B1", "B2", "C")
"""ABC zones of housing tension."""

NIVEAUX: Final = ("territoire", "commune")
"""One quota for the whole territory, or one for each of its communes."""

NIVEAU_COMMUNE_PAR_DEFAUT: Final = frozenset({"etat"})
"""Families whose empty ``niveau`` means ``commune`` (Th. 2-1)."""

ECHELLES: Final = ("commune", "epci", "departement")
"""Kinds of territory of a convention row, as in ``departement:93``."""

DIMENSIONS: Final = ("typologie", "financement", "qpv", "epci", "commune")
"""Dimensions of the indicative objectives; several may be crossed with ``+``."""

CROISE: Final = "croise"
"""Name under which crossed indicative cells are weighed and reported."""

CONTRACTUEL: Final = "contractuel"
TOTAL: Final = "total"
PETIT: Final = "petit"

SUR: Final = (CONTRACTUEL, TOTAL, PETIT, *DIMENSIONS, CROISE)
"""Kinds of cells that a goal may bear on."""

NORMES: Final = ("somme", "max")
UNITES: Final = ("logements", "relatif")
REPORTS: Final = ("cumul", "annuel")
"""What becomes of a gap at the end of a year: it is owed with what the next year owes, or forgotten."""

MODES_DE_COMPTAGE: Final = ("propositions", "attributions", "mixte")

ECHECS: Final = ("sans_candidat", "refus", "rendu")
"""Ways in which a pre-orientation fails: the dwelling comes back (Th. 2-3)."""

ISSUES: Final = (*ECHECS, "bail")
"""Ways in which a pre-orientation ends."""
