"""What is owed by a day of the year, promise by promise, day by day, and the cells of promises and wishes."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pandas as pd

from tests.ledger.year_pacts import Key, days
from tests.ledger.year_recount import Recount

Cell = tuple[str, str, str, str]
"""A line of the table of promises and wishes: réservataire, what it looks at, territory, modality."""


class Dues(NamedTuple):
    """What is owed: by promise (to who it serves on the day), by réservataire, and the target of each cell."""

    promises: dict[Key, float]
    holders: dict[str, float]
    cells: dict[Cell, float]


@cache
def dues(recount: Recount) -> Dues:
    """Return what is owed by the day of a recount.

    A share is owed of what came free while it held, a volume and a report as days go by.
    """
    promises: dict[Key, float] = {}
    holders: defaultdict[str, float] = defaultdict(float)
    cells: dict[Cell, float] = {}
    for key in recount.pacts.keys:
        shares, fixed = _owed(recount, key, holders)
        promises[key] = sum(shares.values()) + fixed
        cells |= dict(_cells(recount, key, shares, fixed))
    owed = Counter[str]()
    for (holder, sur, *_), target in cells.items():
        owed[holder] += target if sur == "contractuel" else 0.0  # type: ignore[assignment]
    for wish in recount.pacts.wishes:
        sur = "croise" if "+" in wish["dimension"] else wish["dimension"]
        cell = (wish["reservataire"], sur, "", wish["modalite"])
        cells[cell] = wish["part"] / 100 * owed[wish["reservataire"]]
    return Dues(promises, dict(holders), cells)


def _owed(recount: Recount, key: Key, holders: defaultdict[str, float]) -> tuple[dict[str, float], float]:
    """Return what a promise owes by commune for its share, and beside it; note what it owes to whom."""
    pacts, year = recount.pacts, recount.days
    tenant, free = pacts.tenant(key, recount.jour), recount.assiette
    shares = dict.fromkeys(pacts.inside(key[1]), 0.0)
    came = Counter(zip(free.date, free.commune, strict=True))
    fixed = 0.0
    for day in days(recount.debut, recount.jour):
        promise, served = pacts.promise(key, day), pacts.serves(key, day)
        part, volume = promise.get("part", 0.0) / 100, promise.get("volume", 0.0) / year
        for commune in shares:
            shares[commune] += part * came[day, commune] * (served == tenant)
            holders[served] += part * came[day, commune]
        fixed += volume * (served == tenant)
        holders[served] += volume
        report = pacts.reports.get(key, 0.0) / year * (tenant == key[0])
        fixed += report
        holders[key[0]] += report
    return shares, fixed


def _cells(
    recount: Recount, key: Key, shares: dict[str, float], fixed: float
) -> Iterator[tuple[Cell, float]]:
    holder, territoire = key
    if recount.pacts.level(key) == "territoire":
        yield (holder, "contractuel", territoire, ""), max(0.0, sum(shares.values()) + fixed)
        return
    counts = recount.assiette.commune.value_counts()
    here = {commune: counts.get(commune, 0) for commune in shares}
    whole = sum(here.values())
    targets = {
        commune: max(0.0, share + (fixed * here[commune] / whole if whole else 0.0))
        for commune, share in shares.items()
    }
    for commune, target in targets.items():
        yield (holder, "contractuel", f"commune:{commune}", ""), target
    yield (holder, "total", territoire, ""), sum(targets.values())


def within(recount: Recount, cell: Cell, turns: pd.DataFrame) -> pd.DataFrame:
    """Return those of the turns of its réservataire that a cell counts."""
    _, sur, territoire, modalite = cell
    mine = turns
    if territoire:
        return mine[mine.commune.isin(recount.pacts.inside(territoire))]
    if sur == "epci":
        return mine[[recount.pacts.places[commune]["epci"] == modalite for commune in mine.commune]]
    names = ("typologie", "qpv") if sur == "croise" else (sur,)
    for name, value in zip(names, modalite.split("+"), strict=True):
        mine = mine[mine[name] == value]
    return mine
