"""What is owed by a day of the year, promise by promise, day by day, and the cells of promises and wishes."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pandas as pd

from tests.ledger.year_pacts import Key, days
from tests.ledger.year_recount import Recount

Line = tuple[str, str, str]
"""A line of the accounts: réservataire, territory, who was served."""

Cell = tuple[str, str, str, str, str]
"""A line of the table of promises and wishes.

Réservataire, what it looks at, territory, modality, and who was served before (nobody: the line of the day).
"""


class Dues(NamedTuple):
    """What is owed: by promise and who was served, by réservataire, and the target of each cell."""

    promises: dict[Line, float]
    holders: dict[str, float]
    cells: dict[Cell, float]


@cache
def dues(recount: Recount) -> Dues:
    """Return what is owed by the day of a recount.

    A share is owed of what came free while it held, a volume and a report as days go by.
    """
    promises: dict[Line, float] = {}
    holders: defaultdict[str, float] = defaultdict(float)
    cells: dict[Cell, float] = {}
    for key in recount.pacts.keys:
        now, *others = tenants(recount, key)
        for served in (now, *others):
            shares, fixed = _owed(recount, key, served)
            promises[*key, served] = sum(shares.values()) + fixed
            holders[served] += promises[*key, served]
            cells |= dict(_cells(recount, key, shares, fixed, "" if served == now else served))
    owed = Counter[tuple[str, str]]()
    for (holder, sur, _, _, before), target in cells.items():
        owed[holder, before] += target if sur == "contractuel" else 0.0  # type: ignore[assignment]
    for (holder, before), whole in owed.items():
        for wish in recount.pacts.wishes:
            if wish["reservataire"] == holder:
                sur = "croise" if "+" in wish["dimension"] else wish["dimension"]
                cells[holder, sur, "", wish["modalite"], before] = wish["part"] / 100 * whole
    return Dues(promises, dict(holders), cells)


def tenants(recount: Recount, key: Key) -> list[str]:
    """Return who a promise serves on the day, then who else it served earlier in the year."""
    now = recount.pacts.tenant(key, recount.jour)
    served = [recount.pacts.serves(key, day) for day in days(recount.debut, recount.jour)]
    return list(dict.fromkeys((now, *filter(None, served))))


def _owed(recount: Recount, key: Key, whom: str) -> tuple[dict[str, float], float]:
    """Return what a promise owes to whom it served, by commune for its share, and beside it.

    What it brings from earlier years is its réservataire's, for as long as that is served.
    """
    pacts, free = recount.pacts, recount.assiette
    shares = dict.fromkeys(pacts.inside(key[1]), 0.0)
    came = Counter(zip(free.date, free.commune, strict=True))
    fixed = 0.0
    for day in days(recount.debut, recount.jour):
        if pacts.serves(key, day) == whom:
            promise = pacts.promise(key, day)
            fixed += promise.get("volume", 0.0) / recount.days
            for commune in shares:
                shares[commune] += promise.get("part", 0.0) / 100 * came[day, commune]
        if whom == key[0] == pacts.tenant(key, recount.jour):
            fixed += pacts.reports.get(key, 0.0) / recount.days
    return shares, fixed


def _cells(
    recount: Recount, key: Key, shares: dict[str, float], fixed: float, before: str
) -> Iterator[tuple[Cell, float]]:
    holder, territoire = key
    if recount.pacts.level(key) == "territoire":
        yield (holder, "contractuel", territoire, "", before), max(0.0, sum(shares.values()) + fixed)
        return
    counts = recount.assiette.commune.value_counts()
    here = {commune: counts.get(commune, 0) for commune in shares}
    whole = sum(here.values())
    targets = {
        commune: max(0.0, share + (fixed * here[commune] / whole if whole else 0.0))
        for commune, share in shares.items()
    }
    for commune, target in targets.items():
        yield (holder, "contractuel", f"commune:{commune}", "", before), target
    yield (holder, "total", territoire, "", before), sum(targets.values())


def within(recount: Recount, cell: Cell, turns: pd.DataFrame) -> pd.DataFrame:
    """Return those of the turns of its réservataire that a cell counts."""
    _, sur, territoire, modalite, _ = cell
    mine = turns
    if territoire:
        return mine[mine.commune.isin(recount.pacts.inside(territoire))]
    if sur == "epci":
        return mine[[recount.pacts.places[commune]["epci"] == modalite for commune in mine.commune]]
    names = ("typologie", "qpv") if sur == "croise" else (sur,)
    for name, value in zip(names, modalite.split("+"), strict=True):
        mine = mine[mine[name] == value]
    return mine
