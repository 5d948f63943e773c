"""A document as values: what is read on paper, the tables that go with it, and how it was made."""

from collections.abc import Sequence
from dataclasses import dataclass

from allocator.formats.tableau import Tableau

Cell = str | int | float | None
"""A cell of a table on paper; numbers are written as French writes them, ``None`` as a dash."""


@dataclass(frozen=True, slots=True)
class Titre:
    """A heading between blocks."""

    titre: str


@dataclass(frozen=True, slots=True)
class Texte:
    """A paragraph."""

    texte: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table on paper.

    ``entete`` names the columns; where ``groupes`` are given, each stands above some of the last columns: a name
    and how many. ``texte`` columns, the first ones, are words; ``total`` is the last line, if there is one.
    """

    titre: str
    entete: tuple[str, ...]
    lignes: Sequence[Sequence[Cell]]
    texte: int = 1
    total: Sequence[Cell] = ()
    groupes: tuple[tuple[str, int], ...] = ()


Bloc = Titre | Texte | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A document for one recipient.

    ``stem`` is the name of its files; ``pied`` stands at the foot of every page; ``methode`` has a label and a text
    a line. ``signataire`` is who signs, ``""`` where nobody does.
    """

    stem: str
    titre: str
    sous_titre: str
    destinataire: str
    blocs: tuple[Bloc, ...]
    tableaux: tuple[Tableau, ...]
    methode: tuple[tuple[str, str], ...]
    pied: str
    signataire: str
