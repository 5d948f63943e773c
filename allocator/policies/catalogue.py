"""The daily rules by name, each imported only when it is asked for."""

from importlib import import_module
from typing import Final, cast

from allocator.formats import BadInput, Fault
from allocator.policies.situation import Policy

POLICIES: Final = {
    "pratique": "à qui est le plus en retard sur son dû : ce que fait un agent avec un tableur",
    "glouton": "au meilleur effet immédiat sur les priorités du modèle",
    "prorata": "à qui doit être servi le plus tôt pour que chacun suive son prorata",
    "prix": "selon des prix que chaque décision déplace : moins d'une milliseconde par logement",
    "anticipation": "selon un plan refait chaque jour avec ce que l'historique laisse attendre",
}
"""What each rule does, in one line."""


def load(name: str) -> Policy:
    """Return a daily rule by its name.

    Raises
    ------
    BadInput
        If there is none of that name.
    """
    if name not in POLICIES:
        known = ", ".join(POLICIES)
        raise BadInput([Fault(name, None, None, f"règle quotidienne inconnue ; connues : {known}")])
    return cast(Policy, getattr(import_module(f"allocator.policies.{name}"), name))
