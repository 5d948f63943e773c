"""What a sequence of events adds up to: a pure fold, without a database and without columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from allocator.ledger.events.corrections import effective
from allocator.ledger.events.dossier import Dossier
from allocator.ledger.events.event import Contenu, Event
from allocator.ledger.events.natures import NATURES
from allocator.ledger.events.transitions import Refused, follow


@dataclass(frozen=True, slots=True)
class Acte:
    """A dated act between partners (opening, convention, signature, rule …), as corrected."""

    rang: int
    nature: str
    objet: str
    effet: str
    contenu: Contenu


@dataclass(frozen=True, slots=True)
class Folded:
    """What events add up to, before it is put into columns: the dwellings by identifier, and the acts."""

    dossiers: Mapping[str, Dossier]
    actes: tuple[Acte, ...]


def fold(events: Iterable[Event], au: str | None = None) -> Folded:
    """Return what a sequence of events adds up to, corrections applied.

    Parameters
    ----------
    events
        Events of one bailleur by ascending rang, from the first on.
    au
        ISO day: only what had taken effect by then counts, with the openings, whose words have no date.

    Raises
    ------
    Refused
        If an event cannot follow those before it, which no journal holds.
    """
    dossiers: dict[str, Dossier] = {}
    actes: list[Acte] = []
    for event in effective(events):
        sujet = NATURES[event.nature].sujet
        if au is not None and not in_effect(event, au):
            continue
        if sujet == "logement":
            dossier = dossiers.get(event.objet)
            if dossier is None:
                dossier = dossiers[event.objet] = Dossier(event.objet)
            try:
                follow(dossier, event)
            except Refused as why:
                raise Refused(f"événement {event.rang} : {why}") from why
        elif sujet == "acte":
            actes.append(acte_of(event))
    return Folded(dossiers, tuple(actes))


def in_effect(event: Event | Acte, au: str) -> bool:
    """Tell whether something had taken effect at the end of a day (ISO); the words of an opening have no date."""
    return event.effet <= au or event.nature == "ouverture"


def acte_of(event: Event) -> Acte:
    """Return the act that an event records."""
    return Acte(event.rang, event.nature, event.objet, event.effet, event.contenu)
