"""References of households: kept apart from the journal, so that they can be forgotten without breaking it.

An event has only a token, the digest of a salt and the reference. Whoever purges the row leaves a token that
nobody can lead back to a household; the chain still verifies.
"""

import hashlib
import secrets
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Menage:
    """A household: the token that events have, and what it stands for."""

    jeton: str
    sel: str
    reference: str


def new_menage(reference: str) -> Menage:
    """Return a household under a token of its own, another one each time."""
    sel = secrets.token_hex(16)
    return Menage(hashlib.sha256((sel + reference).encode()).hexdigest(), sel, reference)
