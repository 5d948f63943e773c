"""The bilan of an exported journal counted again in plain pandas, without a word of the program."""

from datetime import date
from typing import Any

import pandas as pd

from tests.ledger.year_events import Record, read_events
from tests.ledger.year_recount import Recount

AXES = ["reservataire", "registre", "commune", "qpv", "typologie", "financement", "construction"]
COUNTS = ["liberes", "proposes", "attribues"]
DEBUT = date(2025, 1, 1)


def bilan(raw: list[Record], jour: date) -> pd.DataFrame:
    """Return one row for each libération, proposition and lease of the year so far, with 1 in its column."""
    events = read_events(raw)
    counted = Recount(events, DEBUT, jour)
    dwellings, turns = counted.state.dwellings, counted.state.turns.copy()
    turns["who"] = turns.reservataire.where(turns.reservataire.notna(), "")
    turns.loc[counted.turns.index, "who"] = counted.turns.debite
    held = turns[turns.issue.isna() | (turns.issue == "bail")].set_index("liberation").who
    free = dwellings[dwellings.retire.isna() & (dwellings.date >= DEBUT) & (dwellings.date <= jour)]
    leases = {e["objet"]: date.fromisoformat(e["effet"]) for e in events if e["nature"] == "bail"}
    rows: list[dict[str, Any]] = [
        {"id": name, "who": held.get(name, ""), "liberes": 1} for name in free.index
    ]
    rows += [
        {"id": turn.liberation, "who": turn.who, "proposes": 1}
        for turn in turns.itertuples()
        if turn.who and DEBUT <= turn.oriente <= jour
    ]
    rows += [
        {"id": name, "who": held.get(name, ""), "attribues": 1}
        for name, day in leases.items()
        if DEBUT <= day <= jour
    ]
    table = pd.DataFrame(rows, columns=["id", "who", *COUNTS]).fillna(0).join(dwellings, on="id")
    table = table.rename(columns={"who": "reservataire", "statut": "registre"})
    table["construction"] = [period(year) for year in table.construction]
    return table[AXES + COUNTS].astype(dict.fromkeys(COUNTS, int))


def period(year: float | None) -> str:
    """Return the period of a year, as the shipped settings name it."""
    if year is None or pd.isna(year):
        return "non renseignée"
    for end, name in ((1949, "avant 1949"), (1975, "1949-1974"), (1990, "1975-1989"), (2000, "1990-1999")):
        if year < end:
            return name
    return "2000-2009" if year < 2010 else "2010 et après"
