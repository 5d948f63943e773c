"""The supply of a projet from its tables: given as such, made of a stock and its rates, or foretold."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Territoires
from allocator.formats import columns
from allocator.formats.directory import Directory
from allocator.formats.faults import FaultLog
from allocator.formats.projet_schema import DEMOLITIONS, HORS_ASSIETTE_PREVU, LIVRAISONS, OFFRE, PARC_CLASSES
from allocator.formats.promises import refuse_twice
from allocator.formats.raw_table import RawTable
from allocator.formats.schema import TERRITOIRES
from allocator.planning.projet.projet import Offre
from allocator.planning.projet.supply import Lots, Retrait, communes_of, released, together, without
from allocator.planning.projet.yearly import Span

Tables = Mapping[str, RawTable]
Class = tuple[int, int, int, int]


def read_offre(table: RawTable, span: Span, directory: Directory, log: FaultLog) -> Offre:
    """Return a supply that is given as such; a row without a year holds in each."""
    refuse_twice(table, OFFRE.key, log)
    commune, typologie, financement, qpv = _classes(table, directory, log)
    years = _years(table, span, log)
    rows, annee = (part.astype(np.int64) for part in np.nonzero(years.T))
    attendu = columns.numbers(table, "attendu", log)
    return Offre(
        commune[rows],
        typologie[rows],
        financement[rows],
        qpv[rows],
        annee.astype(np.int16),
        np.nan_to_num(attendu[rows]),
    )


def read_lots(table: RawTable, directory: Directory, rates: Mapping[Class, float], log: FaultLog) -> Lots:
    """Return dwellings of a table; where a row has no rate, that of its class in ``rates`` is its own."""
    refuse_twice(table, table.schema.key, log)
    commune, typologie, financement, qpv = _classes(table, directory, log)
    taux = columns.numbers(table, "taux", log)
    classes = _keys(commune, typologie, financement, qpv)
    without_rate = [row for row in np.flatnonzero(np.isnan(taux)).tolist() if not _given(table, "taux", row)]
    for row in without_rate:
        taux[row] = rates.get(classes[row], np.nan)
    log.add_rows(
        table.file,
        "taux",
        [row for row in without_rate if np.isnan(taux[row])],
        table.lines,
        lambda _: f"taux absent, et la classe n'en a pas dans {PARC_CLASSES.file}",
    )
    dated = "date" in table.columns
    names = columns.texts(table, "programme", log) if "programme" in table.columns else [""] * table.length
    return Lots(
        tuple(names),
        commune,
        typologie,
        financement,
        qpv,
        columns.wholes(table, "logements", log),
        columns.dates(table, "date", log) if dated else np.full(table.length, "NaT", dtype="datetime64[D]"),
        np.nan_to_num(taux),
    )


def read_stock_supply(
    tables: Tables, span: Span, directory: Directory, territoires: Territoires, log: FaultLog
) -> tuple[Offre, Lots]:
    """Return the supply that a stock, deliveries, demolitions and hors assiette make, and the deliveries."""
    parc = read_lots(tables[PARC_CLASSES.name], directory, {}, log)
    keys = _keys(parc.commune, parc.typologie, parc.financement, parc.qpv)
    rates = dict(zip(keys, parc.taux.tolist(), strict=True))
    livraisons, demolitions = (
        read_lots(tables[name], directory, rates, log) if name in tables else no_lots()
        for name in (LIVRAISONS.name, DEMOLITIONS.name)
    )
    if DEMOLITIONS.name in tables:
        _refuse_more_than_there_is(tables[DEMOLITIONS.name], demolitions, parc, livraisons, log)
    offre = together(
        released(parc, span.premiere, span.annees),
        released(livraisons, span.premiere, span.annees),
        released(demolitions, span.premiere, span.annees, -1.0),
    )
    if HORS_ASSIETTE_PREVU.name not in tables:
        return offre, livraisons
    return _in_the_flux(
        offre, tables[HORS_ASSIETTE_PREVU.name], span, directory, territoires, log
    ), livraisons


def no_lots() -> Lots:
    """Return dwellings without a row."""
    small = np.empty(0, dtype=np.int8)
    return Lots(
        (),
        np.empty(0, dtype=np.int32),
        small,
        small,
        small,
        np.empty(0, dtype=np.int64),
        np.empty(0, dtype="datetime64[D]"),
        np.empty(0, dtype=np.float64),
    )


def _in_the_flux(  # noqa: PLR0913, PLR0917 - a supply, a table and what it is read by
    offre: Offre, table: RawTable, span: Span, directory: Directory, territoires: Territoires, log: FaultLog
) -> Offre:
    """Return the supply once hors assiette is taken from it; more than there is of a territory is a fault."""
    places = columns.texts(table, "territoire", log)
    refuse_places(table, places, directory, log)
    columns.choices(table, "categorie", log)
    refuse_twice(table, HORS_ASSIETTE_PREVU.key, log)
    volume = np.nan_to_num(columns.numbers(table, "volume", log))
    rows, retraits = [], []
    for annee, row in np.argwhere(_years(table, span, log)).tolist():
        if ":" in places[row] and directory.place_fault(places[row]) is None:
            rows.append(row)
            retraits.append(Retrait(annee, communes_of(territoires, places[row]), float(volume[row])))
    left, missing = without(offre, retraits)
    lacking = {row: short for row, short in zip(rows, missing, strict=True) if short > 1e-6}
    log.add_rows(
        table.file,
        "volume",
        sorted(lacking),
        table.lines,
        lambda row: f"dépasse de {lacking[row]:.6g} ce qui est attendu dans {places[row]}",
    )
    return left


def refuse_places(table: RawTable, places: list[str], directory: Directory, log: FaultLog) -> None:
    """Note territories that are none, or without a commune."""
    reasons = {text: directory.place_fault(text) for text in set(places) - {""}}
    wrong = [row for row, text in enumerate(places) if reasons.get(text)]
    log.add_rows(table.file, "territoire", wrong, table.lines, lambda row: reasons[places[row]] or "")


def _refuse_more_than_there_is(
    table: RawTable, demolitions: Lots, parc: Lots, livraisons: Lots, log: FaultLog
) -> None:
    there: dict[Class, int] = {}
    for lots in (parc, livraisons):
        for key, number in zip(_keys(*lots.classes), lots.logements.tolist(), strict=True):
            there[key] = there.get(key, 0) + number
    wrong = []
    for row, key in enumerate(_keys(*demolitions.classes)):
        there[key] = there.get(key, 0) - int(demolitions.logements[row])
        if there[key] < 0:
            wrong.append(row)
    log.add_rows(
        table.file, "logements", wrong, table.lines, lambda _: "plus de logements que la classe n'en a"
    )


def _classes(
    table: RawTable, directory: Directory, log: FaultLog
) -> tuple[NDArray[np.int32], NDArray[np.int8], NDArray[np.int8], NDArray[np.int8]]:
    qpv = columns.choices(table, "qpv", log)
    return (
        columns.references(table, "commune", directory.communes, TERRITOIRES.file, log),
        columns.choices(table, "typologie", log),
        columns.choices(table, "financement", log),
        (qpv == 0).astype(np.int8),
    )


def _keys(*classes: NDArray[np.generic]) -> list[Class]:
    commune, typologie, financement, qpv = (column.tolist() for column in classes)
    return list(zip(commune, typologie, financement, qpv, strict=True))


def _years(table: RawTable, span: Span, log: FaultLog) -> NDArray[np.bool_]:
    """Return which rows hold in which years, years × rows; one that is not of the projet is a fault."""
    year = columns.wholes(table, "annee", log)
    refuse_years(table, year, span, log)
    holds: NDArray[np.bool_] = (year == -1) | (year == np.array(span.years)[:, None])
    return holds


def refuse_years(table: RawTable, year: NDArray[np.int64], span: Span, log: FaultLog) -> None:
    """Note years outside the projet; empty ones are none."""
    wrong = np.flatnonzero((year != -1) & ((year < span.years[0]) | (year > span.years[-1]))).tolist()
    expected = f"hors du projet, attendu de {span.years[0]} à {span.years[-1]}"
    log.add_rows(table.file, "annee", wrong, table.lines, lambda row: f"{year[row]} {expected}")


def _given(table: RawTable, name: str, row: int) -> bool:
    return name in table.columns and bool(table.columns[name].text(row))
