"""The ledger of rights as tables, and the balances that bound the next year."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Final

from allocator.formats import columns
from allocator.formats.conversion_schema import EPUISEMENTS, REGISTRE, SOLDES_DROITS
from allocator.formats.faults import FaultLog
from allocator.formats.petits_schema import DUS
from allocator.formats.schema import CONVENTIONS, Schema
from allocator.formats.table_file import read_table
from allocator.formats.tableau import Tableau, Value
from allocator.stock.conversion.conversion import exhaustion, years_to_exhaust
from allocator.stock.droits.mouvements import ACQUIS, CONSOMME, EXPIRE, OUVERTURE
from allocator.stock.droits.registre import Cle, Registre, solde_at

ANNEES: Final = 3
"""Years whose consumption says how fast rights are used."""


def tableaux(registre: Registre) -> tuple[Tableau, ...]:
    """Return the writings, the balances by year and the forecast of exhaustion."""
    return (
        Tableau(REGISTRE, tuple(_ecritures(registre))),
        Tableau(SOLDES_DROITS, tuple(_soldes(registre))),
        Tableau(EPUISEMENTS, tuple(_epuisements(registre))),
    )


def rythme(registre: Registre, cle: Cle) -> Fraction:
    """Return the rights consumed a year, on the mean of the last years of the ledger."""
    first = max(registre.premiere, registre.jusqu - ANNEES + 1)
    used = sum(
        each.mouvement.droits
        for each in registre.ecritures[cle]
        if each.mouvement.nature == CONSOMME and each.mouvement.annee >= first
    )
    return Fraction(used, registre.jusqu - first + 1)


def with_soldes(path: Path, registre: Registre) -> Tableau:
    """Return a ``conventions.csv`` with the rights left in its column ``solde``; promises without rights as they were.

    Raises
    ------
    BadInput
        With every fault of the file.
    """
    return _renewed(path, CONVENTIONS, registre, {"solde": registre.solde})


def with_droits(path: Path, registre: Registre) -> Tableau:
    """Return a ``dus_annuels.csv`` with the rights left and the last year in which they serve.

    Raises
    ------
    BadInput
        With every fault of the file.
    """
    return _renewed(path, DUS, registre, {"droits": registre.solde, "fin": registre.fin})


def _ecritures(registre: Registre) -> Iterator[tuple[Value, ...]]:
    for ecritures in registre.ecritures.values():
        for each in ecritures:
            move = each.mouvement
            yield (
                move.annee,
                move.reservataire,
                move.territoire,
                move.nature,
                move.droits,
                move.fin,
                move.origine,
                move.source,
                each.solde,
            )


def _soldes(registre: Registre) -> Iterator[tuple[Value, ...]]:
    for cle, ecritures in registre.ecritures.items():
        opened = ecritures[0].mouvement.annee
        for year in range(opened, registre.jusqu + 1):
            moves = [each.mouvement for each in ecritures if each.mouvement.annee == year]
            sums = {
                nature: sum(move.droits for move in moves if move.nature == nature)
                for nature in (OUVERTURE, ACQUIS, CONSOMME, EXPIRE)
            }
            before = solde_at(ecritures, year - 1) + sums[OUVERTURE]
            yield (*cle, year, before, sums[ACQUIS], sums[CONSOMME], sums[EXPIRE], solde_at(ecritures, year))


def _epuisements(registre: Registre) -> Iterator[tuple[Value, ...]]:
    for cle in registre.ecritures:
        solde, pace = Fraction(registre.solde(cle)), rythme(registre, cle)
        years = years_to_exhaust(solde, pace)
        yield (
            *cle,
            int(solde),
            float(pace),
            None if years is None else float(years),
            exhaustion(solde, pace, registre.jusqu + 1),
            registre.fin(cle),
        )


def _renewed(
    path: Path, schema: Schema, registre: Registre, values: Mapping[str, Callable[[Cle], int | None]]
) -> Tableau:
    log = FaultLog()
    table = read_table(path, schema, log)
    for name in values:
        columns.wholes(table, name, log)
    texts = {
        column.name: columns.texts(table, column.name, log)
        if column.name in table.columns
        else [""] * table.length
        for column in schema.columns
    }
    log.raise_if_any()
    rows: list[tuple[Value, ...]] = []
    for row in range(table.length):
        cells: dict[str, Value] = {name: column[row] for name, column in texts.items()}
        cle = texts["reservataire"][row], texts["territoire"][row]
        if cle in registre.ecritures:
            cells |= {name: value(cle) for name, value in values.items()}
        rows.append(tuple(cells.values()))
    return Tableau(schema, tuple(rows))
