"""What the end of a year has to be told, beside the journal: the hors assiette announced, and the rights acquired."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Instance, Territoires
from allocator.formats import columns
from allocator.formats.cells import quote
from allocator.formats.csv_table import read_csv
from allocator.formats.faults import FaultLog
from allocator.formats.ledger_schema import DROITS, HORS_ASSIETTE
from allocator.formats.raw_table import RawTable
from allocator.formats.schema import Schema
from allocator.formats.source import read_bytes


def read_hors_assiette(path: Path, territoires: Territoires) -> NDArray[np.float64]:
    """Return the dwellings announced hors assiette, by commune.

    Raises
    ------
    BadInput
        With every fault of the file.
    """
    log = FaultLog()
    table = _table(path, HORS_ASSIETTE, log)
    index = {commune: row for row, commune in enumerate(territoires.commune)}
    commune = columns.references(table, "commune", index, "l'ouverture du journal", log)
    prevu = columns.numbers(table, "prevu", log)
    log.raise_if_any()
    return np.bincount(commune, prevu, len(territoires)).astype(np.float64)


def read_droits(path: Path, instance: Instance) -> Mapping[tuple[str, str], int]:
    """Return the rights acquired, by réservataire and territory of the promise.

    Raises
    ------
    BadInput
        With every fault of the file: a promise that the year does not have, or given twice, among them.
    """
    log = FaultLog()
    table = _table(path, DROITS, log)
    holders, places = (columns.texts(table, name, log) for name in ("reservataire", "territoire"))
    acquis = columns.wholes(table, "acquis", log)
    conventions, ids = instance.conventions, instance.reservataires.id
    known = {
        (ids[holder], territoire)
        for holder, territoire in zip(conventions.reservataire.tolist(), conventions.territoire, strict=True)
    }
    found: dict[tuple[str, str], int] = {}
    for row, key in enumerate(zip(holders, places, strict=True)):
        if key not in known:
            log.add(table.file, table.lines[row], "territoire", f"aucune promesse {quote('/'.join(key))}")
        elif key in found:
            log.add(table.file, table.lines[row], "territoire", f"{quote('/'.join(key))} déjà donné")
        found[key] = int(acquis[row])
    log.raise_if_any()
    return found


def _table(path: Path, schema: Schema, log: FaultLog) -> RawTable:
    data = read_bytes(path, schema.limit, log)
    table = None if data is None else read_csv(data, path.name, schema, log)
    if table is None:
        raise log.bad_input()
    return table
