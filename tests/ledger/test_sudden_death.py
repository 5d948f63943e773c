"""``kill -9`` at any moment: the journal verifies, and nothing that was acknowledged is missing."""

import random
import time
from multiprocessing.connection import wait

import pytest

from allocator.ledger.store.journal import open_journal
from tests.ledger.lives import OUVERTURE
from tests.ledger.officers import all_said, append_until_killed, at_work, life

SIZES = (1, 3, 60)
"""Lives recorded in one batch."""

EVENTS = len(life("L"))
"""Events of one life."""


FRESH = 10
"""Rounds after which another journal of the same database is begun: each is verified whole every time."""


def killed_again_and_again(database: str, times: int) -> None:
    rng = random.Random(times)
    open_journal(database, "bailleur-0", create=True).close()
    acknowledged = 0
    for number in range(times):
        bailleur = f"bailleur-{number // FRESH}"
        if number % FRESH == 0:
            with open_journal(database, bailleur) as journal:
                journal.append([OUVERTURE])
        said = killed_once(database, bailleur, f"A{number}", rng)
        with open_journal(database, bailleur) as journal:
            assert journal.verify().anomalies == ()
            digests = {event.rang: event.empreinte for event in journal.events()}
        assert all(digests[rang] == digest for rang, digest in said)
        # what was not acknowledged may be there, but never in part
        assert (len(digests) - 1) % EVENTS == 0
        acknowledged += len(said)
    assert acknowledged > times / 2


def killed_once(database: str, bailleur: str, officer: str, rng: random.Random) -> list[tuple[int, str]]:
    """Kill an officer at a random moment; return all heads that were acknowledged."""
    process, pipe = at_work(append_until_killed, database, bailleur, rng.choice(SIZES), officer)
    if rng.random() < 0.75:
        # most are killed at work, some as they come in
        wait([pipe])
    time.sleep(rng.uniform(0.0, 0.1))
    process.kill()
    process.join()
    return all_said(pipe)


def test_killed_some_tens_of_times(database: str) -> None:
    killed_again_and_again(database, 15)


@pytest.mark.slow
def test_killed_a_hundred_times(database: str) -> None:
    killed_again_and_again(database, 100)
