"""Corrections: what the journal says once every correction is taken for what should have been recorded.

An event corrected with ``annule`` counts as never made; one corrected with ``contenu`` (or ``effet``) as made so
from the start. The last correction of an event holds; a correction may itself be corrected or annulled, and then
the one before it holds again. A correction says how things were: it holds whatever day one looks at. A signature goes
with the version of the convention that it signed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from allocator.ledger.events.event import Contenu, Event

CORRECTION = "correction"
CONVENTION = "convention"
SIGNATURE = "signature"


def effective(events: Iterable[Event]) -> list[Event]:
    """Return the events that count, as corrected, in their order; corrections themselves are left out."""
    known: Sequence[Event] = events if isinstance(events, list) else list(events)
    corrections = [event for event in known if event.nature == CORRECTION]
    if not corrections:
        return list(known)
    holds: dict[int, Contenu] = {}
    # a correction bears on an event before it: from the last one back, what corrects it is known
    for event in reversed(corrections):
        correction = _corrected(event, holds)
        if correction is not None:
            holds.setdefault(correction.contenu["de"], correction.contenu)
    counted = (_corrected(event, holds) for event in known if event.nature != CORRECTION)
    found = [event for event in counted if event is not None]
    void = set(_void(known, found, holds))
    return [event for event in found if event.rang not in void] if void else found


def _void(known: Sequence[Event], counted: Sequence[Event], holds: Mapping[int, Contenu]) -> Iterator[int]:
    """Yield the rangs of the signatures whose convention is annulled: the last that stood when they were recorded."""
    gone = {event.objet for event in known if event.nature == CONVENTION and _annuls(holds.get(event.rang))}
    if not gone:
        return
    stands = {event.rang for event in counted}
    about = [event for event in known if event.objet in gone]
    for place, event in enumerate(about):
        if event.nature == SIGNATURE and event.rang in stands:
            signed = [each.rang for each in effective(about[:place]) if each.nature == CONVENTION]
            if signed and signed[-1] not in stands:
                yield event.rang


def _annuls(correction: Contenu | None) -> bool:
    return bool(correction and correction.get("annule"))


def _corrected(event: Event, holds: dict[int, Contenu]) -> Event | None:
    """Return an event as its correction has it, or ``None`` where that annuls it."""
    correction = holds.get(event.rang)
    if correction is None:
        return event
    if _annuls(correction):
        return None
    contenu = correction.get("contenu")
    return replace(
        event,
        contenu=event.contenu if contenu is None else contenu,
        effet=correction.get("effet") or event.effet,
    )
