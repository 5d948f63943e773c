"""An extract read whole with its mapping: the rows that are right, and every fault of those that are not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from allocator.formats.cells import quote
from allocator.formats.faults import BadInput, Fault, FaultLog
from allocator.formats.header import match_header
from allocator.formats.schema import Column, Schema
from allocator.ledger.importing import rpls
from allocator.ledger.importing.extract import LOOKED_AT, Extrait, first_rows, read_extract
from allocator.ledger.importing.known import Noms
from allocator.ledger.importing.mapping import Correspondance
from allocator.ledger.importing.row_reader import RowReader, Values
from allocator.ledger.importing.rows import Annonce, Issue, Ligne, Radiation, Solde

_ROWS: Final[Mapping[str, type[Annonce] | type[Issue] | type[Solde] | type[Radiation]]] = {
    "annonces": Annonce,
    "issues": Issue,
    "soldes": Solde,
    "radiations": Radiation,
}


@dataclass(frozen=True, slots=True)
class Lecture:
    """What was read of an extract.

    ``lignes`` are the rows without fault, in the order of the file, and ``fautes`` all faults of the others.
    ``champs`` are the fields that the extract speaks of: of the others it says nothing. ``avertissements`` tells in
    French what is right and to be confirmed. ``extrait`` has the cells, from which the rejected rows are written.
    """

    lignes: tuple[Ligne, ...]
    champs: frozenset[str]
    fautes: tuple[Fault, ...]
    avertissements: tuple[str, ...]
    extrait: Extrait

    def accepted(self, accept_valid: bool = False) -> tuple[Ligne, ...]:
        """Return the rows to import: all, or those without fault where ``accept_valid``.

        Raises
        ------
        BadInput
            With the faults, where there are some and it was not asked to do without those rows.
        """
        if self.fautes and not accept_valid:
            raise BadInput(self.fautes)
        return self.lignes


def read_import(path: Path, mapping: Correspondance, noms: Noms | None = None) -> Lecture:
    """Return the rows of an extract, and the faults of its rows.

    Parameters
    ----------
    path
        A CSV file or an ``.xlsx`` workbook.
    mapping
        How to read it.
    noms
        The names that the journal knows; without it, none is checked.

    Raises
    ------
    BadInput
        If the file as a whole cannot be used: unreadable, cut short, or without a column of the mapping.
    """
    log = FaultLog()
    header = _header(mapping)
    known = [column.name for column in header.columns]
    extrait = read_extract(path, mapping.lieu, known, log)
    if extrait is None:
        raise log.bad_input()
    positions = match_header(extrait.names, header, extrait.file, log, mapping.entete)
    if positions is None:
        elsewhere = _header_row(path, mapping, known)
        if elsewhere is not None:
            what = f"la ligne {elsewhere} en a l'air : « entete = {elsewhere} » dans la correspondance"
            log.add(extrait.file, elsewhere, None, what)
        raise log.bad_input()
    usable = not log
    reader = RowReader(mapping, positions, extrait.decimal_comma, noms or Noms())
    lignes, guessed = _read_rows(extrait, mapping, reader, log)
    if not usable:
        raise log.bad_input()
    return Lecture(lignes, mapping.champs, tuple(log.listed()), _warnings(extrait.file, guessed), extrait)


def _header_row(path: Path, mapping: Correspondance, known: Sequence[str]) -> int | None:
    """Return the first of the lines of a file that has all known columns, if it is not where the mapping says."""
    rows = first_rows(path, mapping.lieu, LOOKED_AT)
    found = (line for line, row in enumerate(rows, 1) if set(known) <= set(map(str.strip, row)))
    return next((line for line in found if line != mapping.entete), None)


def _header(mapping: Correspondance) -> Schema:
    """Return the columns that the extract must have."""
    names = dict.fromkeys(name for names in mapping.colonnes.values() for name in names)
    return Schema(mapping.genre, "", "", tuple(Column(name, "text", "") for name in names), ())


def _read_rows(
    extrait: Extrait, mapping: Correspondance, reader: RowReader, log: FaultLog
) -> tuple[tuple[Ligne, ...], Counter[rpls.Pret]]:
    """Return the rows without fault and the loans whose financing is a guess; faults are noted."""
    lignes: list[Ligne] = []
    guessed: Counter[rpls.Pret] = Counter()
    first: dict[tuple[str, ...], int] = {}
    for line, cells in extrait.rows:
        malformed = extrait.malformed.get(line)
        if malformed:
            log.add(extrait.file, line, None, malformed)
            continue
        values, wrong = reader.read(cells)
        twice = _twice(values, mapping.schema.key, line, first)
        if twice:
            wrong.setdefault(mapping.schema.key[-1], twice)
        for champ, fault in wrong.items():
            log.add(extrait.file, line, mapping.columns(champ), fault)
        if not wrong:
            lignes.append(_ROWS[mapping.genre](ligne=line, **values))
            pret = rpls.pret(reader.text("financement", cells))
            guessed.update([pret] if pret and pret.appui == "hypothese" else [])
    return tuple(lignes), guessed


def _twice(values: Values, key: Sequence[str], line: int, first: dict[tuple[str, ...], int]) -> str | None:
    """Return what is wrong where a row repeats the key of an earlier one."""
    found = tuple(values[name] for name in key)
    if not found or None in found or first.setdefault(found, line) == line:
        return None
    told = quote(found[0]) if len(found) == 1 else f"({', '.join(found)})"
    return f"{told} déjà donné à la ligne {first[found]}"


def _warnings(file: str, guessed: Counter[rpls.Pret]) -> tuple[str, ...]:
    return tuple(
        f"{file} : {number} logement(s) {pret.noms[0]} (code RPLS {pret.code}) compté(s) en {pret.financement}, "
        "par hypothèse : à confirmer, ou à traduire dans [traductions.financement]"
        for pret, number in sorted(guessed.items())
    )
