"""Who is served where a convention was not signed in time: the préfet (ELAN, article 114; deadline of 24/11/2023)."""

from collections.abc import Iterable

from allocator.domain import BAILLEUR, Instance
from allocator.ledger.conventions.version import Version


def prefet(instance: Instance, versions: Iterable[Version], territoire: str) -> int:
    """Return the réservataire through which the préfet is served in a territory, or ``BAILLEUR`` where none is known.

    The one of famille ``etat`` that has a convention or an arrêté in the territory's département; else the first of
    that famille.
    """
    echelle, _, code = territoire.partition(":")
    places, holders = instance.territoires, instance.reservataires
    departement = places.departement[getattr(places, echelle).index(code)]
    states = [row for row, famille in enumerate(holders.famille) if famille == "etat"]
    here = {
        version.reservataire for version in versions if version.territoire == f"departement:{departement}"
    }
    named = [row for row in states if holders.id[row] in here]
    return (*named, *states, BAILLEUR)[0]
