"""The files of the accounts held against a recount, figure for figure."""

import json
import sqlite3
from collections.abc import Callable
from datetime import date
from functools import cache, partial
from pathlib import Path
from random import Random

import pandas as pd

from tests.ledger.played import run
from tests.ledger.year_dues import Line, dues, within
from tests.ledger.year_events import AXES, Record, read_events
from tests.ledger.year_play import DEBUT
from tests.ledger.year_recount import Recount

KEYS = {
    "comptes_reservataires": ["reservataire"],
    "comptes_territoires": ["reservataire", "territoire", "beneficiaire"],
    "comptes_souhaits": ["reservataire", "sur", "territoire", "modalite", "avant"],
    "horloges": ["liberation", "tour"],
    "comparaison": ["regle", "reservataire", "territoire", "beneficiaire"],
}
"""Columns that tell the lines of each file apart."""

TEXTS = {"beneficiaire", "acteur", "envoye", "echeance", "reservataire"}
MODES = ("attributions",)
"""What is counted in place of what was agreed, side by side."""

Tables = dict[str, pd.DataFrame]
"""Files of the accounts by name of table."""

CLOSE = 2e-6
"""Files have six decimals."""


class Year:
    """A year that was played: its database, and its export, with which all recounts begin.

    ``raw`` has the events as exported; ``recount`` and ``accounts`` are those at the end of a day.
    """

    def __init__(self, folder: Path, base: Path, debut: date = DEBUT) -> None:
        self.folder, self.base, self.export = folder, base, folder / "export.jsonl"
        done = run("journal", "export", "--base", self.base, "--out", self.export)
        assert done.exit_code == 0, done.output
        self.raw: list[Record] = [json.loads(line) for line in self.export.read_text("utf-8").splitlines()]
        events = read_events(self.raw)
        self.recount: Callable[..., Recount] = cache(partial(Recount, events, debut))
        self.accounts: Callable[[date], Tables] = cache(
            lambda day: accounts(base, day, folder / f"comptes-{day}")
        )


def accounts(base: Path, day: date, out: Path) -> Tables:
    """Return the files of the accounts at the end of a day, by name of table."""
    compared = [word for mode in MODES for word in ("--comparer", mode)]
    done = run("accounts", "--base", base, "--date", str(day), "--out", out, *compared)
    assert done.exit_code == 0, done.output
    tables = {}
    for name, keys in KEYS.items():
        table = pd.read_csv(out / f"{name}.csv", dtype=str, keep_default_na=False).set_index(keys)
        numbers = [column for column in table if column not in TEXTS]
        tables[name] = table.assign(**{column: pd.to_numeric(table[column]) for column in numbers})
    return tables


def same(found: pd.DataFrame, expected: dict[object, dict[str, object]]) -> None:
    """Check that the lines of a file are those expected, all of them, in the columns expected."""
    wanted = pd.DataFrame.from_dict(expected, orient="index")
    assert set(found.index) == set(expected)
    table = found.loc[list(expected), list(wanted)]
    wanted.index = table.index
    pd.testing.assert_frame_equal(table, wanted, check_dtype=False, rtol=0, atol=CLOSE)


def bilan(turns: pd.DataFrame) -> pd.DataFrame:
    """Return propositions and attributions by réservataire and the axes of R.441-5-1, built by decades."""
    decade = turns.construction.astype(int) // 10 * 10
    named = turns.assign(construction=decade)
    return named.groupby(["reservataire", *AXES])[["propositions", "attributions"]].sum()


def promises(recount: Recount) -> dict[Line, dict[str, object]]:
    """Return the accounts of each réservataire in each territory, for each that was served."""
    owed, expected = dues(recount).promises, {}
    for line, du in owed.items():
        holder, territoire, served = line
        mine = recount.turns[(recount.turns.cle == (holder, territoire)) & (recount.turns.debite == served)]
        sums = recount.sums(mine)
        expected[line] = {
            "assiette": int(recount.assiette.commune.isin(recount.pacts.inside(territoire)).sum()),
            "du": du,
            **sums,
            "solde": du - sums["logements"],
        }
    return expected


def by_promise(found: Tables, recount: Recount) -> None:
    """Check the accounts of each réservataire in each territory."""
    same(found["comptes_territoires"], promises(recount))


def side_by_side(found: Tables, recounts: dict[str, Recount]) -> None:
    """Check the same accounts as counted by several rules, by name of the rule."""
    figures = ("propositions", "attributions", "points", "du", "logements", "solde")
    expected = {
        (name, *key): {figure: account[figure] for figure in figures}
        for name, recount in recounts.items()
        for key, account in promises(recount).items()
    }
    same(found["comparaison"], expected)


def by_holder(found: Tables, recount: Recount) -> None:
    """Check the accounts of each réservataire: all that it is debited."""
    owed, expected = dues(recount).holders, {}
    for holder in recount.pacts.families:
        sums = recount.sums(recount.turns[recount.turns.debite == holder])
        du = owed.get(holder, 0.0)
        expected[holder] = {"du": du, **sums, "solde": du - sums["logements"]}
    same(found["comptes_reservataires"], expected)


def cells(found: Tables, recount: Recount) -> None:
    """Check the promises and wishes one by one; a commune where nothing is owed may have no line."""
    pacts, turns = recount.pacts, recount.turns
    tenants = {key: pacts.tenant(key, recount.jour) for key in pacts.keys}
    before = [
        "" if tenants.get(cle, who) == who else who for cle, who in zip(turns.cle, turns.debite, strict=True)
    ]
    targets = dues(recount).cells
    shown = set(found["comptes_souhaits"].index)
    assert all(target == 0.0 for cell, target in targets.items() if cell not in shown)
    expected = {}
    by_name = dict(iter(turns.groupby(["reservataire", before])))
    for cell in shown:
        mine = within(recount, cell, by_name.get((cell[0], cell[-1]), turns.iloc[:0]))
        sums = {name: float(mine[name].sum()) for name in ("propositions", "attributions", "logements")}
        expected[cell] = {"cible": targets[cell], **sums}
    same(found["comptes_souhaits"], expected)


def clocks(found: Tables, recount: Recount) -> None:
    """Check the clocks that run: one month from the day of sending, or what the convention gave."""
    turns = recount.state.turns
    running = turns[turns.fin.isna() & turns.envoye.notna() & turns.recu.isna() & turns.retire.isna()]
    expected = {}
    for turn in running.itertuples():
        delay = pd.DateOffset(months=1) if pd.isna(turn.delai) else pd.DateOffset(days=int(turn.delai))
        end = (pd.Timestamp(turn.envoye) + delay).date()
        expected[turn.liberation, str(turn.tour)] = {
            "reservataire": turn.reservataire,
            "envoye": str(turn.envoye),
            "echeance": str(end),
            "reste": (end - recount.jour).days,
        }
    same(found["horloges"], expected)


def change_a_byte(connection: sqlite3.Connection, rang: int, rng: Random) -> None:
    """Change one byte of an event where it is stored."""
    name = rng.choice(("nature", "objet", "effet", "inscrit", "auteur", "contenu", "precedent", "empreinte"))
    (before,) = connection.execute(
        f"SELECT CAST({name} AS BLOB) FROM evenements WHERE rang = ?",
        (rang,),
    ).fetchone()
    place = rng.randrange(len(before) or 1)
    after = before[:place] + bytes([(before[place : place + 1] or b"0")[0] ^ 1]) + before[place + 1 :]
    connection.execute(f"UPDATE evenements SET {name} = CAST(? AS TEXT) WHERE rang = ?", (after, rang))
