"""A desk where extracts are imported into a journal in memory."""

from collections.abc import Sequence
from datetime import date

from allocator.ledger.events.event import Entree, Event
from allocator.ledger.events.recording import record
from allocator.ledger.importing import (
    GENRES,
    Annonce,
    Apport,
    Issue,
    Ligne,
    Solde,
    changes,
    facts,
    known_of,
)
from tests.ledger.lives import BAILLEUR, INSCRIT, OUVERTURE, empty

JOUR = date(2025, 12, 1)
IMPORT = "import"
ALL = {genre: frozenset(column.name for column in schema.columns) for genre, schema in GENRES.items()}


class _Histories(dict[str, list[Event]]):
    """What happened to every object, so that any event may be corrected."""

    def __missing__(self, objet: str) -> list[Event]:
        return self.setdefault(objet, [])

    def __contains__(self, objet: object) -> bool:
        return True


class Desk:
    """A journal in memory, with the ledger's own rules."""

    def __init__(self, *entrees: Entree) -> None:
        self.known = empty()
        self.known.histoires = _Histories()
        self.events: list[Event] = []
        self.take((OUVERTURE, *entrees))

    def take(self, entrees: Sequence[Entree]) -> None:
        self.events += record([(entree, INSCRIT) for entree in entrees], BAILLEUR, self.known).events

    def bring(
        self, lignes: Sequence[Ligne], champs: frozenset[str] | None = None, jour: date = JOUR
    ) -> Apport:
        """Import rows; return what that added."""
        genre = {Annonce: "annonces", Issue: "issues", Solde: "soldes"}[type(lignes[0])]
        said = facts(lignes, ALL[genre] if champs is None else champs)
        apport = changes(said, known_of(self.events), IMPORT, jour)
        self.take(apport.entrees)
        return apport
