"""Officers at once through the real commands: each dwelling goes once, and who comes second is told by whom."""

import contextlib
import io
import os
from multiprocessing.connection import Connection

from allocator.cli import main
from allocator.ledger.daily.avis import preorientations
from allocator.ledger.daily.matinee import matinee, propose
from allocator.ledger.daily.releve import read_releve
from allocator.ledger.store.journal import open_journal
from tests.ledger.daily_desk import BAILLEUR, OFFICER, announced, opened, small
from tests.ledger.officers import all_said, at_work
from tests.ledger.test_daily_decisions import DAY

NAMES = tuple(f"L{number}" for number in range(6))
OFFICERS = ("B. Durand", "C. Petit")


def morning(database: str) -> None:
    with opened(database, small(), [announced(name, "2025-03-01") for name in NAMES]) as journal:
        found = matinee(read_releve(journal, DAY), "pratique")
        journal.append(preorientations(found, propose(found), OFFICER))


def run(database: str, *arguments: str) -> tuple[int, str]:
    """Run a command; return its exit code and what it said."""
    os.environ["ALLOCATOR_BASE"] = database
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        try:
            main([*arguments, "--date", str(DAY)])
        except SystemExit as ended:
            return int(ended.code or 0), told.getvalue()
    raise AssertionError


def decide_all(database: str, officer: str, names: tuple[str, ...], pipe: Connection) -> None:
    for name in names:
        pipe.send((name, *run(database, "decide", name, "--auteur", officer)))


def test_two_officers_decide_the_same_dwellings_at_once(database: str) -> None:
    morning(database)
    started = [
        at_work(decide_all, database, OFFICERS[0], NAMES),
        at_work(decide_all, database, OFFICERS[1], tuple(reversed(NAMES))),
    ]
    told = [all_said(pipe) for _, pipe in started]
    for process, _ in started:
        process.join()
    ended = [(name, code, text) for officer in told for name, code, text in officer]
    assert len(ended) == 2 * len(NAMES)
    assert sorted(name for name, code, _ in ended if code == 0) == sorted(NAMES)
    for name, code, text in ended:
        if code:
            assert code == 2
            assert text.startswith(f"{name} : orientation décidée impossible : le logement est déjà orienté")
            assert any(f"enregistré par {officer} le " in text for officer in OFFICERS)
    with open_journal(database, BAILLEUR) as journal:
        assert journal.verify()
        assert len(journal.registre().tours) == len(NAMES)


def ask(database: str, officer: str, pipe: Connection) -> None:
    pipe.send(run(database, "today", "--policy", "pratique", "--auteur", officer))


def test_two_officers_ask_for_the_morning_at_once(database: str) -> None:
    with opened(database, small(), [announced(name, "2025-03-01") for name in NAMES]):
        pass
    started = [at_work(ask, database, officer) for officer in OFFICERS]
    told = [all_said(pipe)[0] for _, pipe in started]
    for process, _ in started:
        process.join()
    assert [code for code, _ in told] == [0, 0]
    assert told[0][1] == told[1][1]
    with open_journal(database, BAILLEUR) as journal:
        assert journal.verify()
