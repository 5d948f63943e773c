"""A dossier to its folder of plain files, which read back as the same dossier."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.formats.csv_text import exact, write_rows
from allocator.formats.instance_writer import reservataires_rows, territoires_rows, toml_text
from allocator.formats.schema import RESERVATAIRES, TERRITOIRES, Schema
from allocator.formats.stock_schema import DOSSIER, PARC, RELOCATIONS, RESERVATIONS
from allocator.formats.writing import Write, write_together
from allocator.stock.dossier.dossier import Dossier, Droits, Parc
from allocator.stock.dossier.reader import DESCRIPTION

Rows = Iterator[tuple[str, ...]]


def write_dossier(dossier: Dossier, folder: Path) -> None:
    """Write the files of a dossier into a folder, created if need be; other files there stay.

    Raises
    ------
    BadInput
        If the folder is a file or cannot be written.
    """
    files = {
        TERRITOIRES.file: _table(TERRITOIRES, lambda: territoires_rows(dossier.territoires)),
        RESERVATAIRES.file: _table(RESERVATAIRES, lambda: reservataires_rows(dossier.reservataires)),
        PARC.file: _table(PARC, lambda: _parc(dossier)),
        RESERVATIONS.file: _table(RESERVATIONS, lambda: _droits(dossier)),
    }
    if dossier.relocations is not None:
        files[RELOCATIONS.file] = _table(RELOCATIONS, lambda: _relocations(dossier))
    files[DESCRIPTION] = lambda file: _write_description(file, dossier)
    write_together(folder, files, [schema.file for schema in DOSSIER if schema.file not in files])


def _table(schema: Schema, rows: Callable[[], Rows]) -> Write:
    return lambda file: write_rows(file, schema, rows())


def _write_description(file: TextIO, dossier: Dossier) -> None:
    file.write(f"nom = {toml_text(dossier.nom)}\nbailleur = {toml_text(dossier.bailleur)}\n")
    file.write(f"date = {dossier.date}\nsource = {toml_text(dossier.source)}\n")
    if dossier.relocations is not None:
        file.write(f"relocations_depuis = {dossier.relocations.depuis}\n")


def _parc(dossier: Dossier) -> Rows:
    parc = dossier.parc
    return zip(
        parc.logement,
        map(dossier.territoires.commune.__getitem__, parc.commune.tolist()),
        parc.residence,
        *_traits(parc),
        (str(year) if year else "" for year in parc.construction.tolist()),
        _oui_non(parc.en_location),
        strict=True,
    )


def _droits(dossier: Dossier) -> Rows:
    droits = dossier.droits
    return zip(
        droits.droit,
        map(dossier.reservataires.id.__getitem__, droits.reservataire.tolist()),
        droits.nature,
        ("" if row < 0 else dossier.parc.logement[row] for row in droits.logement.tolist()),
        droits.residence,
        map(dossier.territoires.commune.__getitem__, droits.commune.tolist()),
        (str(count) if count else "" for count in droits.nombre.tolist()),
        droits.origine,
        _days(droits.debut),
        _days(droits.fin),
        _oui_non(droits.utilise),
        *_traits(droits),
        strict=True,
    )


def _relocations(dossier: Dossier) -> Rows:
    assert dossier.relocations is not None
    rows = dossier.relocations.logement.tolist()
    return zip(map(dossier.parc.logement.__getitem__, rows), _days(dossier.relocations.date), strict=True)


def _traits(table: Parc | Droits) -> tuple[Iterator[str], ...]:
    return (
        _words(table.typologie, TYPOLOGIES),
        _words(table.financement, FINANCEMENTS),
        _words(table.qpv, QPV),
        map(exact, table.surface.tolist()),
        map(exact, table.loyer.tolist()),
    )


def _words(column: NDArray[np.int8], words: Sequence[str]) -> Iterator[str]:
    return map((*words, "").__getitem__, column.tolist())


def _oui_non(column: NDArray[np.bool_]) -> Iterator[str]:
    return map(QPV.__getitem__, column.astype(int).tolist())


def _days(column: NDArray[Any]) -> Iterator[str]:
    return ("" if text == "NaT" else text for text in np.datetime_as_string(column).tolist())
