"""The years that the partners already fixed, read and judged."""

from collections.abc import Sequence
from pathlib import Path

from allocator.formats import columns
from allocator.formats.cells import quote
from allocator.formats.faults import FaultLog
from allocator.formats.petits_schema import ANNEES_NOMMEES
from allocator.formats.raw_table import RawTable
from allocator.formats.table_file import read_table
from allocator.planning.petits.dus import Du, Titulaire
from allocator.planning.petits.rythme import Fixes


def read_fixes(path: Path, titulaires: Sequence[Titulaire], annees: Sequence[int]) -> Fixes:
    """Return the volumes of a table like ``annees_nommees.csv``; a volume of 0 fixes a year without a dwelling.

    Raises
    ------
    BadInput
        With every fault: who is no small réservataire, a territory without a promise, a year beyond the horizon or the
        end of the rights, more dwellings than there are rights.
    """
    log = FaultLog()
    table = read_table(path, ANNEES_NOMMEES, log)
    holders, places = (columns.texts(table, name, log) for name in ("reservataire", "territoire"))
    years, volumes = (columns.wholes(table, name, log).tolist() for name in ("annee", "volume"))
    log.raise_if_any()
    dus = {(titulaire.id, du.territoire): du for titulaire in titulaires for du in titulaire.dus}
    names = {titulaire.id for titulaire in titulaires}
    fixes: dict[tuple[str, int, str], int] = {}
    spent = dict.fromkeys(dus, 0)
    for row, (holder, place, year, volume) in enumerate(zip(holders, places, years, volumes, strict=True)):
        du = dus.get((holder, place))
        if holder not in names:
            _refuse(table, row, "reservataire", f"{quote(holder)} n'est pas un petit réservataire", log)
        elif du is None:
            _refuse(table, row, "territoire", f"aucun dû pour {quote(f'{holder}/{place}')}", log)
        elif year not in annees:
            _refuse(table, row, "annee", f"{year} hors de l'horizon {annees[0]}–{annees[-1]}", log)
        else:
            spent[holder, place] += volume
            wrong = _beyond(du, year, volume, spent[holder, place])
            if wrong:
                _refuse(table, row, *wrong, log)
            fixes[holder, year, place] = volume
    log.raise_if_any()
    return fixes


def _beyond(du: Du, year: int, volume: int, spent: int) -> tuple[str, str] | None:
    if volume and du.fin is not None and year > du.fin:
        return "annee", f"les droits ne servent que jusqu'en {du.fin}"
    if volume and du.droits is not None and spent > du.droits:
        return "volume", f"{spent} logements fixés en tout, {du.droits} droits seulement"
    return None


def _refuse(table: RawTable, row: int, column: str, message: str, log: FaultLog) -> None:
    log.add(table.file, table.lines[row], column, message)
