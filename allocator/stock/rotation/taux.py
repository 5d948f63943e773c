"""The agreed rates: one table that several bailleurs load, and the rate of each right or dwelling (Th. 3-1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.formats import BadInput, Fault
from allocator.formats import columns as read
from allocator.formats.cells import quote
from allocator.formats.faults import FaultLog
from allocator.formats.raw_table import RawTable
from allocator.formats.rotation_schema import DIMENSIONS, TAUX
from allocator.formats.table_file import read_table
from allocator.stock.dossier import Dossier, Droits, Parc
from allocator.stock.rotation.appariement import Lignes, holds, most_specific
from allocator.stock.rotation.etiquettes import etiquettes
from allocator.stock.rotation.tranches import FORMES, parse_tranche

Floats = NDArray[np.float64]

TRANCHES: Final = ("surface", "loyer")
"""Dimensions whose segments are bands."""


@dataclass(frozen=True, slots=True, eq=False)
class Taux:
    """The agreed rates, one row a segment.

    ``segments`` has one text a row for each dimension, empty for any; ``taux`` is in percent a year; ``parc``,
    ``relocations`` and ``annees`` (dwelling-years) are the numbers behind it, NaN where not told. ``fichier`` and
    ``lignes`` say where the rows stand.
    """

    segments: Mapping[str, tuple[str, ...]]
    taux: Floats
    parc: Floats
    relocations: Floats
    annees: Floats
    fichier: str
    lignes: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.taux)

    def rate(self, dossier: Dossier, lignes: Droits | Parc) -> Floats:
        """Return the rate of each right or dwelling, as a fraction a year: that of the most specific segment.

        Raises
        ------
        BadInput
            Where no segment holds a line, or several of which none is more specific than the others.
        """
        mots = Lignes(etiquettes(dossier, lignes), {"surface": lignes.surface, "loyer": lignes.loyer})
        best, torn = most_specific(self.segments, mots)
        names = lignes.droit if isinstance(lignes, Droits) else lignes.logement
        faults = [*self._without(best, names), *self._torn(best, torn, mots, names)]
        if faults:
            raise BadInput(faults)
        rates: Floats = self.taux[best] / 100.0
        return rates

    def _without(self, best: NDArray[np.int64], names: tuple[str, ...]) -> list[Fault]:
        without = np.flatnonzero(best < 0).tolist()
        if not without:
            return []
        what = f"aucun taux pour {len(without)} lignes, dont {quote(names[without[0]])}"
        return [
            Fault(self.fichier, None, None, f"{what} : une ligne sans segment vaut pour tout ce qui reste")
        ]

    def _torn(
        self, best: NDArray[np.int64], torn: NDArray[np.bool_], mots: Lignes, names: tuple[str, ...]
    ) -> list[Fault]:
        """Return one fault for each set of rates between which lines are torn, with the first such line."""
        rows, first = np.unique(best[torn], return_index=True)
        faults = {}
        for row, line in zip(rows.tolist(), np.flatnonzero(torn)[first].tolist(), strict=True):
            alone = mots.at(line)
            held = tuple(
                self.lignes[other] for other in range(len(self)) if holds(self.segments, other, alone)[0]
            )
            where = ", ".join(map(str, held))
            faults[held] = Fault(
                self.fichier,
                self.lignes[row],
                None,
                f"{quote(names[line])} est dans les segments des lignes {where}, dont aucun n'est plus précis que "
                "tous les autres : ajoutez celui qui les croise, ou écartez-en",
            )
        return list(faults.values())


def taux_unique(pourcent: float) -> Taux:
    """Return one rate, in percent a year, for all dwellings and rights."""
    unknown = np.full(1, np.nan)
    segments = dict.fromkeys(DIMENSIONS, ("",))
    return Taux(segments, np.array([pourcent]), unknown, unknown, unknown, "taux unique", (1,))


def read_taux(path: Path) -> Taux:
    """Return the agreed rates in a CSV file, those that are retained.

    Raises
    ------
    BadInput
        With every fault and its line: what cannot be read, a band that is none, a segment retained twice.
    """
    log = FaultLog()
    table = read_table(path, TAUX, log)
    segments = {name: _texts(table, name, log) for name in DIMENSIONS}
    numbers = [read.numbers(table, name, log) for name in ("taux", "parc", "relocations", "annees")]
    kept = np.flatnonzero(read.choices(table, "retenu", log) != 1)
    for name in TRANCHES:
        _refuse_no_band(table, name, segments[name], log)
    _refuse_twice(table, list(zip(*segments.values(), strict=True)), kept.tolist(), log)
    if not len(kept):
        log.add(table.file, None, "retenu", "aucun taux retenu")
    log.raise_if_any()
    taux, parc, relocations, annees = (column[kept] for column in numbers)
    retained = {name: tuple(texts[row] for row in kept.tolist()) for name, texts in segments.items()}
    lines = tuple(table.lines[row] for row in kept.tolist())
    return Taux(retained, taux, parc, relocations, annees, table.file, lines)


def _texts(table: RawTable, name: str, log: FaultLog) -> list[str]:
    return read.texts(table, name, log) if name in table.columns else [""] * table.length


def _refuse_no_band(table: RawTable, name: str, texts: list[str], log: FaultLog) -> None:
    wrong = [row for row, text in enumerate(texts) if text and parse_tranche(text) is None]

    def message(row: int) -> str:
        return f"{quote(texts[row])} n'est pas une tranche, attendu {FORMES}"

    log.add_rows(table.file, name, wrong, table.lines, message)


def _refuse_twice(table: RawTable, segments: list[tuple[str, ...]], kept: list[int], log: FaultLog) -> None:
    first: dict[tuple[str, ...], int] = {}
    twice = [row for row in kept if first.setdefault(segments[row], row) != row]

    def message(row: int) -> str:
        return f"segment déjà donné à la ligne {table.lines[first[segments[row]]]}"

    log.add_rows(table.file, "taux", twice, table.lines, message)
