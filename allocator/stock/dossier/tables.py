"""Raw tables of dwellings and re-lettings to the values of a dossier."""

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from allocator.formats import columns
from allocator.formats.directory import Directory
from allocator.formats.faults import FaultLog
from allocator.formats.raw_table import RawTable
from allocator.formats.schema import TERRITOIRES
from allocator.formats.stock_schema import PARC
from allocator.stock.dossier.dossier import INCONNU, Parc, Relocations
from allocator.stock.dossier.programmes import Traits


def read_parc(table: RawTable, directory: Directory, log: FaultLog) -> Parc:
    """Return the register; faults are noted."""
    traits = read_traits(table, log)
    return Parc(
        logement=tuple(columns.texts(table, "logement", log)),
        commune=columns.references(table, "commune", directory.communes, TERRITOIRES.file, log),
        residence=read_texts(table, "residence", log),
        typologie=traits.typologie,
        financement=traits.financement,
        qpv=traits.qpv,
        surface=traits.surface,
        loyer=traits.loyer,
        construction=np.maximum(columns.wholes(table, "construction", log), 0).astype(np.int16),
        en_location=columns.choices(table, "en_location", log) != 1,
    )


def read_relocations(
    table: RawTable, logements: Mapping[str, int] | None, first: date | None, last: date | None, log: FaultLog
) -> Relocations:
    """Return the re-lettings, from ``first`` to ``last`` where these are known; faults are noted."""
    logement = columns.references(table, "logement", logements, PARC.file, log)
    days = columns.dates(table, "date", log)
    # NaT compares false with everything: a date that could not be read is told once
    early, late = (
        (days < np.datetime64(first or date.min, "D")),
        (days > np.datetime64(last or date.max, "D")),
    )
    refuse(table, "date", early, log, lambda row: f"{days[row]} précède relocations_depuis, le {first}")
    refuse(table, "date", late, log, lambda row: f"{days[row]} suit la date du dossier, le {last}")
    twice = _repeated(logement, days)
    refuse(table, "date", twice, log, lambda row: f"{days[row]} déjà donné pour ce logement")
    return Relocations(logement, days, first or date.min)


def read_traits(table: RawTable, log: FaultLog) -> Traits:
    """Return what a table tells of typologies, loans, districts, surfaces and rents; faults are noted."""
    qpv = columns.choices(table, "qpv", log)
    return Traits(
        columns.choices(table, "typologie", log),
        columns.choices(table, "financement", log),
        np.where(qpv < 0, INCONNU, qpv == 0).astype(np.int8),
        columns.numbers(table, "surface", log),
        columns.numbers(table, "loyer", log),
    )


def read_texts(table: RawTable, name: str, log: FaultLog) -> tuple[str, ...]:
    """Return a column of texts, empty where it is absent; faults are noted."""
    return tuple(columns.texts(table, name, log)) if name in table.columns else ("",) * table.length


def refuse(
    table: RawTable, column: str, wrong: NDArray[np.bool_], log: FaultLog, message: Callable[[int], str]
) -> None:
    """Note a fault for each wrong row."""
    log.add_rows(table.file, column, np.flatnonzero(wrong).tolist(), table.lines, message)


def _repeated(logement: NDArray[np.int32], days: NDArray[np.datetime64]) -> NDArray[np.bool_]:
    """Tell the rows that repeat the dwelling and the day of an earlier one."""
    known = np.flatnonzero((logement >= 0) & ~np.isnat(days))
    pairs = np.stack([logement[known].astype(np.int64), days[known].astype(np.int64)])
    first = np.unique(pairs, axis=1, return_index=True)[1]
    repeated = np.zeros(len(logement), bool)
    repeated[np.delete(known, first)] = True
    return repeated
