"""What comes with the program and steers accounts, as an opening records it: a replay rests on no version of it."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from allocator.ledger.accounts.regle_reader import contenu_of_regle, read_regle, regle_of_contenu
from allocator.ledger.accounts.regles import Regle
from allocator.ledger.accounts.taux import (
    Hypotheses,
    contenu_of_hypotheses,
    hypotheses_of_contenu,
    read_hypotheses,
)
from allocator.ledger.conventions.seuils import SHIPPED

LIVRES: Final = "livres"
"""Field of an opening that has them."""


def contenu_of_livres() -> dict[str, Any]:
    """Return what is recorded of what ships with this version.

    The assumptions on outcomes and the effects of before any rule, whole, since accounts are made of them; of the legal
    thresholds the digest: they were looked at when conventions were recorded, and never again.
    """
    return {
        "hypotheses": contenu_of_hypotheses(read_hypotheses()),
        "regle": contenu_of_regle(read_regle()),
        "seuils_sha256": hashlib.sha256(SHIPPED.read_bytes()).hexdigest(),
    }


def hypotheses_of(ouverture: Mapping[str, Any]) -> Hypotheses:
    """Return the assumptions that an opening recorded, those of this version where it has none.

    Raises
    ------
    BadInput
        If they cannot be read.
    """
    known = ouverture.get(LIVRES)
    return read_hypotheses() if known is None else hypotheses_of_contenu(known["hypotheses"])


def defaut_of(ouverture: Mapping[str, Any]) -> Regle:
    """Return the rule before any other that an opening recorded, that of this version where it has none.

    Raises
    ------
    BadInput
        If it cannot be read.
    """
    shipped, known = read_regle(), ouverture.get(LIVRES)
    return shipped if known is None else regle_of_contenu(known["regle"], shipped, "ouverture du journal")
