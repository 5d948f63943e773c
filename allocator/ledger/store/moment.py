"""One moment of a journal: what is read of it within one transaction, whoever writes meanwhile."""

from datetime import date
from functools import cached_property

from sqlalchemy import Connection

from allocator.ledger.events.event import Tete
from allocator.ledger.events.fold import Acte
from allocator.ledger.state.registre import Registre
from allocator.ledger.store import reading


class Moment:
    """The journal of one bailleur at one moment; what it is asked twice it reads once."""

    def __init__(self, connection: Connection, bailleur: str) -> None:
        self._connection = connection
        self._bailleur = bailleur

    @cached_property
    def tete(self) -> Tete:
        """The last event's rang and digest."""
        return reading.head(self._connection, self._bailleur)

    @cached_property
    def actes(self) -> tuple[Acte, ...]:
        """The acts, as corrected, in the order in which they were recorded."""
        return reading.actes(self._connection, self._bailleur)

    def of_year(self, first: date, debut: date, last: date, au: date | None = None) -> Registre:
        """Return the state of the dwellings released between two days, and of some released before.

        Of those before, the ones that were not done with before ``debut``. The state is that of now, or of the end of
        a day from ``debut`` on, corrections made since included.
        """
        days = (first.isoformat(), debut.isoformat(), last.isoformat())
        seen = None if au is None else au.isoformat()
        return reading.of_year(self._connection, self._bailleur, self.actes, days, seen)
