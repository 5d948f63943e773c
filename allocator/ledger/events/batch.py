"""A batch on its way: what is known before it, and what it adds and changes."""

from dataclasses import dataclass, field

from allocator.ledger.events.dossier import Dossier
from allocator.ledger.events.event import Event, Tete
from allocator.ledger.events.fold import Acte


@dataclass(slots=True)
class Connu:
    """What is known before a batch: all that its entries may bear on, brought up to date as they are taken in.

    ``dossiers`` are the dwellings concerned, ``histoires`` all events about the objects of the batch's
    corrections, ``conventions`` the objects of all conventions, ``clos`` the day through which the journal is closed
    (``""``: it is all open).
    """

    tete: Tete
    communes: set[str]
    reservataires: set[str]
    conventions: set[str]
    clos: str
    dossiers: dict[str, Dossier]
    histoires: dict[str, list[Event]]


@dataclass(slots=True)
class Lot:
    """What a batch adds and changes.

    ``textes`` are the canonical contents of ``events``. ``dossiers`` are the dwellings touched, ``None`` where
    corrections leave nothing of one; ``actes`` are the acts added; ``repris`` are, for each object whose acts
    were corrected, all that remain.
    """

    events: list[Event] = field(default_factory=list)
    textes: list[str] = field(default_factory=list)
    dossiers: dict[str, Dossier | None] = field(default_factory=dict)
    actes: list[Acte] = field(default_factory=list)
    repris: dict[str, list[Acte]] = field(default_factory=dict)
