"""Raw tables of conventions and indicative objectives to the values of the domain."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np

from allocator.domain import Conventions, Indicatifs
from allocator.domain.vocabulary import NIVEAU_COMMUNE_PAR_DEFAUT, NIVEAUX
from allocator.formats import columns
from allocator.formats.directory import Directory
from allocator.formats.faults import FaultLog
from allocator.formats.raw_table import RawTable
from allocator.formats.schema import CONVENTIONS, INDICATIFS, RESERVATAIRES

SUM_MAX: Final = 100.5
"""Percent that the parts of a dimension may reach: 100, to the rounding of 0.5."""


def read_conventions(table: RawTable, directory: Directory, log: FaultLog) -> Conventions:
    """Return the promises; faults are noted."""
    reservataire = columns.references(table, "reservataire", directory.reservataires, RESERVATAIRES.file, log)
    territoire = columns.texts(table, "territoire", log)
    niveau = columns.choices(table, "niveau", log)
    part = columns.numbers(table, "part", log)
    volume = columns.numbers(table, "volume", log)
    report = columns.numbers(table, "report", log)
    solde = columns.wholes(table, "solde", log)
    _refuse_unknown_places(table, territoire, directory, log)
    _refuse_both_or_neither(table, log)
    refuse_twice(table, CONVENTIONS.key, log)
    return Conventions(
        reservataire=reservataire,
        territoire=tuple(territoire),
        niveau=tuple(
            NIVEAUX[position] if position >= 0 else _default_niveau(holder, directory)
            for position, holder in zip(niveau.tolist(), reservataire.tolist(), strict=True)
        ),
        part=part,
        volume=volume,
        report=np.nan_to_num(report, nan=0.0),
        solde=solde,
    )


def read_indicatifs(table: RawTable, directory: Directory, log: FaultLog) -> Indicatifs:
    """Return the indicative objectives; faults are noted."""
    found = Indicatifs(
        columns.references(table, "reservataire", directory.reservataires, RESERVATAIRES.file, log),
        tuple(columns.texts(table, "dimension", log)),
        tuple(columns.texts(table, "modalite", log)),
        columns.numbers(table, "part", log),
    )
    _refuse_unknown_modalities(table, found, directory, log)
    refuse_twice(table, INDICATIFS.key, log)
    _refuse_sums(table, found, log)
    return found


def _default_niveau(holder: int, directory: Directory) -> str:
    famille = directory.familles[holder] if holder >= 0 else ""
    return "commune" if famille in NIVEAU_COMMUNE_PAR_DEFAUT else "territoire"


def _refuse_unknown_places(
    table: RawTable, territoire: Sequence[str], directory: Directory, log: FaultLog
) -> None:
    reasons = {text: directory.place_fault(text) for text in set(territoire) - {""}}
    wrong = [row for row, text in enumerate(territoire) if reasons.get(text)]
    log.add_rows(table.file, "territoire", wrong, table.lines, lambda row: reasons[territoire[row]] or "")


def _refuse_both_or_neither(table: RawTable, log: FaultLog) -> None:
    part, volume = _given(table, "part"), _given(table, "volume")
    wrong = [row for row in range(table.length) if part[row] == volume[row]]

    def message(row: int) -> str:
        given = "part et volume sont donnés tous deux" if part[row] else "ni part ni volume n'est donné"
        return f"{given}, un seul des deux était attendu"

    log.add_rows(table.file, "part", wrong, table.lines, message)


def _given(table: RawTable, name: str) -> list[bool]:
    if name not in table.columns:
        return [False] * table.length
    return list(map(bool, table.columns[name].texts()))


def refuse_twice(table: RawTable, key: Sequence[str], log: FaultLog) -> None:
    """Refuse rows that repeat the key of an earlier one, told in the key's last column."""
    found = list(zip(*(table.columns[name].texts() for name in key), strict=True))
    first: dict[tuple[str, ...], int] = {}
    twice = [row for row, values in enumerate(found) if all(values) and first.setdefault(values, row) != row]

    def message(row: int) -> str:
        return f"({', '.join(found[row])}) déjà donné à la ligne {table.lines[first[found[row]]]}"

    log.add_rows(table.file, key[-1], twice, table.lines, message)


def _refuse_unknown_modalities(
    table: RawTable, indicatifs: Indicatifs, directory: Directory, log: FaultLog
) -> None:
    for row, (dimension, modalite) in enumerate(zip(indicatifs.dimension, indicatifs.modalite, strict=True)):
        fault = directory.modality_fault(dimension, modalite) if dimension and modalite else None
        if fault:
            log.add(table.file, table.lines[row], *fault)


def _refuse_sums(table: RawTable, indicatifs: Indicatifs, log: FaultLog) -> None:
    """Refuse parts of one uncrossed dimension that sum to too much, told where they pass the bound."""
    sums: defaultdict[tuple[int, str], float] = defaultdict(float)
    rows = zip(indicatifs.reservataire.tolist(), indicatifs.dimension, indicatifs.part.tolist(), strict=True)
    for row, (holder, dimension, part) in enumerate(rows):
        if holder < 0 or not dimension or "+" in dimension or np.isnan(part):
            continue
        before = sums[holder, dimension]
        after = sums[holder, dimension] = before + part
        if before <= SUM_MAX + 1e-9 < after:
            message = (
                f"les parts de {dimension} totalisent {after:.6g} pour ce réservataire, attendu 100 au plus"
            )
            log.add(table.file, table.lines[row], "part", message)
