"""An exported journal, one canonical event a line: read, and held against the chain that it claims."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from allocator.formats.faults import BadInput, Fault
from allocator.ledger.events.event import FIELDS, Entree, Event, Tete, canonical
from allocator.ledger.events.recording import EntriesRefused

_MOMENT: Final = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9][.][0-9]{6}Z")
_TEXTS: Final = ("bailleur", "nature", "objet", "effet", "inscrit", "auteur", "precedent", "empreinte")


@dataclass(frozen=True, slots=True)
class Line:
    """An event of an export: what it records, and the digests that it claims; ``number`` counts lines from 1."""

    number: int
    entree: Entree
    inscrit: str
    precedent: str
    empreinte: str


def parse_lines(lines: Iterable[str], source: str, bailleur: str, tete: Tete) -> Iterator[Line]:
    """Yield the events of an export that a journal with this head does not hold yet.

    Raises
    ------
    BadInput
        With the first line that is no event of that bailleur, or parts from the journal.
    """
    rang = 0
    for number, text in enumerate(lines, 1):
        event = _event(text.rstrip("\r\n"), source, number)
        rang += 1
        if event["bailleur"] != bailleur:
            raise _bad(source, number, "bailleur", f"« {event['bailleur']} », attendu « {bailleur} »")
        if event["rang"] != rang:
            raise _bad(source, number, "rang", f"{event['rang']}, attendu {rang}")
        if rang == tete.rang and event["empreinte"] != tete.empreinte:
            raise _bad(source, number, "empreinte", "ce journal n'est pas la suite de celui de la base")
        if rang > tete.rang:
            entree = Entree(
                event["nature"], event["objet"], event["effet"], event["auteur"], event["contenu"]
            )
            yield Line(number, entree, event["inscrit"], event["precedent"], event["empreinte"])
    if rang == 0:
        raise _bad(source, 1, None, "aucun événement")
    if rang < tete.rang:
        raise _bad(source, rang, None, f"{rang} événements, la base en a déjà {tete.rang}")


def compare(lines: Sequence[Line], events: Sequence[Event], source: str) -> None:
    """Hold the digests that an export claims against those computed.

    Raises
    ------
    BadInput
        With the first line whose digest is not that of what it says.
    """
    for line, event in zip(lines, events, strict=True):
        if (line.precedent, line.empreinte) != (event.precedent, event.empreinte):
            raise _bad(source, line.number, "empreinte", "la ligne ou l'une des précédentes a été altérée")


def refused_lines(lines: Sequence[Line], refused: EntriesRefused, source: str) -> BadInput:
    """Return refusals with the lines of the entries."""
    return BadInput(
        [Fault(source, lines[refus.position].number, None, str(refus)) for refus in refused.refus]
    )


def _event(text: str, source: str, number: int) -> dict[str, Any]:
    try:
        event = json.loads(text)
    except (ValueError, RecursionError):
        raise _bad(source, number, None, "ce n'est pas du JSON") from None
    if not isinstance(event, dict) or event.keys() != set(FIELDS):
        raise _bad(source, number, None, f"un événement était attendu, avec {', '.join(FIELDS)}")
    for name in _TEXTS:
        if not isinstance(event[name], str):
            raise _bad(source, number, name, "un texte était attendu")
    if not _MOMENT.fullmatch(event["inscrit"]):
        raise _bad(source, number, "inscrit", "un moment comme 2025-03-14T09:32:00.000000Z était attendu")
    try:
        same = canonical(event) == text
    except ValueError:
        same = False
    if not same:
        raise _bad(source, number, None, "la ligne n'est pas écrite sous sa forme canonique")
    return event


def _bad(source: str, number: int, column: str | None, message: str) -> BadInput:
    return BadInput([Fault(source, number, column, message)])
