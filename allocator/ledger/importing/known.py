"""What the journal knows already, as far as an import has to look at it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from allocator.ledger.events.corrections import CORRECTION, effective
from allocator.ledger.events.event import Contenu, Event


@dataclass(frozen=True, slots=True)
class Noms:
    """The names that rows may use; ``None`` where they are not to be checked.

    ``territoires`` are written as in conventions: ``departement:93``; ``liberations`` are those announced.
    """

    communes: Collection[str] | None = None
    reservataires: Collection[str] | None = None
    territoires: Collection[str] | None = None
    liberations: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Enregistre:
    """An event recorded earlier about some object.

    ``versions`` holds its day of effect and its contents: as recorded first, then as corrections made them, and
    last as they hold now. ``annule`` tells that a correction undid it altogether.
    """

    rang: int
    nature: str
    versions: tuple[tuple[str, Contenu], ...]
    annule: bool = False


def known_of(events: Iterable[Event]) -> dict[str, tuple[Enregistre, ...]]:
    """Return what events say by object, with every version that each of them had.

    Parameters
    ----------
    events
        Events of one bailleur by ascending rang: all, or those about some objects with their corrections.
    """
    everything = list(events)
    versions: dict[int, list[tuple[str, Contenu]]] = {}
    for event in everything:
        if event.nature != CORRECTION:
            versions[event.rang] = [(event.effet, event.contenu)]
        elif event.contenu["de"] in versions and not event.contenu.get("annule"):
            # what a correction does not tell is as first recorded; a correction is itself annulled at most
            effet, contenu = versions[event.contenu["de"]][0]
            said = event.contenu
            versions[said["de"]].append((said.get("effet") or effet, said.get("contenu") or contenu))
    now = {event.rang: event for event in effective(everything)}
    found: dict[str, list[Enregistre]] = {}
    for event in everything:
        if event.nature != CORRECTION:
            last = now.get(event.rang, event)
            whole = (*versions[event.rang], (last.effet, last.contenu))
            annule = event.rang not in now
            found.setdefault(event.objet, []).append(Enregistre(event.rang, event.nature, whole, annule))
    return {objet: tuple(mine) for objet, mine in found.items()}
