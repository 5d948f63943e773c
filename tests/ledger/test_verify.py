"""Verification finds any change of any byte of any event, and of anything that is kept from the events."""

import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.ledger.events.event import FIELDS
from allocator.ledger.store.journal import Journal, open_journal
from tests.ledger.lives import BAILLEUR, random_journal

LENGTH = 60


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Journal]:
    path = tmp_path_factory.mktemp("verify") / "journal.db"
    journal = open_journal(str(path), BAILLEUR, create=True)
    journal.append(random_journal(random.Random(9), LENGTH))
    assert journal.verify()
    return path, journal


def alter(path: Path, statement: str, values: tuple[Any, ...] = ()) -> None:
    connection = sqlite3.connect(path)
    with connection:
        assert connection.execute(statement, values).rowcount == 1
    connection.close()


def stored(path: Path, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path)
    rows = connection.execute(query, values).fetchall()
    connection.close()
    return rows


@given(st.integers(1, LENGTH), st.sampled_from(FIELDS), st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None, derandomize=True)
def test_any_changed_byte_of_any_event_is_found(
    kept: tuple[Path, Journal], rang: int, field: str, rng: random.Random
) -> None:
    """Any byte to any other, also to what is no UTF-8; inserted, removed or replaced."""
    path, journal = kept
    where = "WHERE bailleur = ? AND rang = ?"
    ((before,),) = stored(path, f"SELECT CAST({field} AS BLOB) FROM evenements {where}", (BAILLEUR, rang))
    at = rng.randrange(len(before) + 1)
    byte = bytes([rng.randrange(1, 256)])
    after = rng.choice(
        [
            before[:at] + byte + before[at:],
            before[:at] + byte + before[at + 1 :],
            before[:at] + before[at + 1 :],
        ]
    )
    if after == before:
        return
    kind = "INTEGER" if field == "rang" else "TEXT"
    taken = stored(path, "SELECT CAST(CAST(? AS TEXT) AS INTEGER)", (after,))[0][0]
    if field == "rang" and 1 <= taken <= LENGTH:
        # the database itself refuses two events of one rang
        return
    change = f"UPDATE evenements SET {field} = CAST(CAST(? AS TEXT) AS {kind}) WHERE rowid = ?"
    ((row,),) = stored(path, f"SELECT rowid FROM evenements {where}", (BAILLEUR, rang))
    alter(path, change, (after, row))
    found = journal.verify()
    alter(path, change, (before, row))
    assert found.anomalies
    assert journal.verify()


@given(st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_any_change_of_what_is_kept_is_found(kept: tuple[Path, Journal], rng: random.Random) -> None:
    path, journal = kept
    table, key = rng.choice([("liberations", "id"), ("tours", "rang"), ("actes", "rang")])
    columns = [row[1] for row in stored(path, f"PRAGMA table_info({table})") if row[1] != "bailleur"]
    column = rng.choice([name for name in columns if name not in {key, "numero"}])
    rows = stored(path, f"SELECT * FROM {table}")
    names = ["bailleur", *columns]
    row = dict(zip(names, rng.choice(rows), strict=True))
    keys = [key, "numero"] if table == "tours" else [key]
    where = " AND ".join(f"{name} = ?" for name in keys)
    values = tuple(row[name] for name in keys)
    alter(path, f"UPDATE {table} SET {column} = ? WHERE {where}", (f"{row[column]}x", *values))
    (found,) = journal.verify().anomalies
    alter(path, f"UPDATE {table} SET {column} = ? WHERE {where}", (row[column], *values))
    assert found.startswith(table)
    assert column in found
    assert journal.verify()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("DELETE FROM evenements WHERE rang = 7", "événement 7 : absent"),
        (f"DELETE FROM evenements WHERE rang = {LENGTH}", "tête du journal"),
        ("UPDATE bailleurs SET rang = rang - 1", "tête du journal"),
        ("UPDATE bailleurs SET empreinte = 'x'", "et une autre empreinte"),
        ("UPDATE bailleurs SET nom = 'x'", "nom « x »"),
        ("DELETE FROM bailleurs", "tête du journal"),
        ("DELETE FROM actes WHERE rang = 1", "actes 1 : absent"),
        (
            "UPDATE liberations SET id = 'x' WHERE id = (SELECT max(id) FROM liberations)",
            "liberations x : aucun",
        ),
    ],
)
def test_what_is_missing_or_moved_is_told(tmp_path: Path, change: str, words: str) -> None:
    path = tmp_path / "journal.db"
    with open_journal(str(path), BAILLEUR, create=True) as journal:
        journal.append(random_journal(random.Random(3), LENGTH))
        alter(path, change)
        assert words in journal.verify().anomalies[0] + journal.verify().anomalies[-1]


def test_what_is_kept_is_rebuilt_from_the_events(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with open_journal(str(path), BAILLEUR, create=True) as journal:
        journal.append(random_journal(random.Random(3), LENGTH))
        alter(path, "UPDATE liberations SET phase = 'loue' WHERE id = (SELECT max(id) FROM liberations)")
        alter(path, "DELETE FROM actes WHERE rang = 1")
        assert not journal.verify()
        journal.rebuild()
        assert journal.verify()


def test_an_event_rewritten_with_its_digest_breaks_the_next_one(tmp_path: Path) -> None:
    """Whoever recomputes one digest has to recompute all after it; the head noted elsewhere then tells."""
    path = tmp_path / "journal.db"
    with open_journal(str(path), BAILLEUR, create=True) as journal:
        journal.append(random_journal(random.Random(3), LENGTH))
        noted = journal.verify().tete
        alter(path, "UPDATE evenements SET empreinte = ? WHERE rang = 5", ("f" * 64,))
        anomalies = journal.verify().anomalies
        assert [text.partition(" :")[0] for text in anomalies] == ["événement 5", "événement 6"]
        assert journal.tete == noted
