"""An event of the journal, its canonical text and its digest: one hash chain a bailleur.

The canonical text is JSON with sorted keys, no spaces, UTF-8, no NaN. An event's digest is the sha256 of the
canonical text of all its other fields, the digest of the event before it included: whoever changes one byte of
one event changes every digest after it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

ORIGINE: Final = "0" * 64
"""What the first event of a journal has for the digest of the one before it."""

Contenu = Mapping[str, Any]
"""Contents of an event: texts, numbers, truth values, ``None``, lists and tables of them."""

Horloge = Callable[[], datetime]
"""Tells what time it is, with its time zone."""


@dataclass(frozen=True, slots=True)
class Entree:
    """What somebody asks to record, before it has its place in the journal.

    ``nature`` is a name of :data:`~allocator.ledger.events.natures.NATURES`, ``objet`` what it is about (a libération's
    identifier, a convention's ``reservataire/echelle:code``, or ``""``), ``effet`` the ISO day on which it took
    effect, ``auteur`` who says so.
    """

    nature: str
    objet: str
    effet: str
    auteur: str
    contenu: Contenu


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a bailleur's journal, never changed once written.

    ``rang`` counts from 1 without holes; ``inscrit`` is the UTC moment of recording, to the microsecond
    (``2025-03-14T09:32:00.000000Z``); ``precedent`` and ``empreinte`` are sha256 digests in hexadecimal.
    """

    rang: int
    bailleur: str
    nature: str
    objet: str
    effet: str
    inscrit: str
    auteur: str
    contenu: Contenu
    precedent: str
    empreinte: str


@dataclass(frozen=True, slots=True)
class Tete:
    """The last event of a journal: its rang and its digest, which vouches for all those before it."""

    rang: int = 0
    empreinte: str = ORIGINE


def canonical(value: object) -> str:
    """Return the canonical text of a value.

    Raises
    ------
    ValueError
        If it holds NaN or an infinity.
    TypeError
        If it is no value of JSON.
    """
    return _ENCODE(value)


_ENCODE: Final = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode
_text: Final = json.encoder.encode_basestring  # a text as JSON has it, the fastest way
_sha256: Final = hashlib.sha256


def digest(  # noqa: PLR0913, PLR0917 (one parameter a field of the event)
    rang: int,
    bailleur: str,
    nature: str,
    objet: str,
    effet: str,
    inscrit: str,
    auteur: str,
    contenu: str,
    precedent: str,
) -> str:
    """Return the digest of an event, ``contenu`` being the canonical text of its contents."""
    whole = (
        f'{{"auteur":{_text(auteur)},"bailleur":{_text(bailleur)},"contenu":{contenu},"effet":{_text(effet)},'
        f'"inscrit":{_text(inscrit)},"nature":{_text(nature)},"objet":{_text(objet)},'
        f'"precedent":{_text(precedent)},"rang":{rang}}}'
    )
    # what is no UTF-8 can only have come from a damaged store, and has to have a digest too
    return _sha256(whole.encode("utf-8", "surrogateescape")).hexdigest()


def seal(entree: Entree, texte: str, bailleur: str, tete: Tete, inscrit: str) -> Event:
    """Return the event that an entry, ``texte`` being that of its contents, becomes after a journal's head."""
    rang = tete.rang + 1
    empreinte = digest(
        rang,
        bailleur,
        entree.nature,
        entree.objet,
        entree.effet,
        inscrit,
        entree.auteur,
        texte,
        tete.empreinte,
    )
    return Event(
        rang,
        bailleur,
        entree.nature,
        entree.objet,
        entree.effet,
        inscrit,
        entree.auteur,
        entree.contenu,
        tete.empreinte,
        empreinte,
    )


def to_line(event: Event) -> str:
    """Return an event as one line of an export, without its end of line."""
    return canonical({name: getattr(event, name) for name in FIELDS})


def moment(now: datetime) -> str:
    """Return a moment as events have it."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def utc_now() -> datetime:
    """Return the current moment."""
    return datetime.now(UTC)


FIELDS: Final = tuple(Event.__dataclass_fields__)
"""Names of an event's fields."""
