"""Several officers at once: no rang twice, no event lost, no dwelling oriented twice, and who comes second is told."""

import random
import threading
from collections import Counter
from multiprocessing.connection import Connection

from allocator.ledger.events.recording import EntriesRefused
from allocator.ledger.store.journal import Journal, open_journal
from tests.ledger.lives import BAILLEUR, OUVERTURE, liberation, orientation
from tests.ledger.officers import all_said, at_work, named

DWELLINGS = 25
OFFICERS = ("A. Martin", "B. Durand", "C. Petit")


def opened(database: str) -> Journal:
    journal = open_journal(database, BAILLEUR, create=True)
    journal.append([OUVERTURE, *(liberation(f"L{number}") for number in range(DWELLINGS))])
    return journal


def orient_all(journal: Journal, officer: str) -> tuple[list[tuple[int, str]], list[str]]:
    """Try to orient every dwelling, in an order of one's own; return what was recorded and what was refused."""
    done, refused = [], []
    for number in random.Random(officer).sample(range(DWELLINGS), DWELLINGS):
        try:
            (event,) = journal.append(named(officer, [orientation("als", objet=f"L{number}")]))
        except EntriesRefused as refusal:
            refused.append(str(refusal))
        else:
            done.append((event.rang, event.empreinte))
    return done, refused


def orient_in_process(database: str, officer: str, pipe: Connection) -> None:
    with open_journal(database, BAILLEUR) as journal:
        pipe.send(orient_all(journal, officer))


def agree(journal: Journal, told: list[tuple[list[tuple[int, str]], list[str]]]) -> None:
    """Hold what officers were told against what the journal has."""
    done = [event for each, _ in told for event in each]
    assert sorted(rang for rang, _ in done) == list(range(DWELLINGS + 2, 2 * DWELLINGS + 2))
    digests = {event.rang: event.empreinte for event in journal.events()}
    assert all(digests[rang] == digest for rang, digest in done)
    state = journal.registre()
    assert Counter(state.tours.liberation.tolist()) == Counter(range(DWELLINGS))
    assert journal.verify()
    refused = [text for _, each in told for text in each]
    assert len(done) + len(refused) == len(OFFICERS) * DWELLINGS
    for text in refused:
        assert "orientation décidée impossible : le logement est déjà orienté (tour 1, à « als »)" in text
        assert any(f"enregistré par {officer} le " in text for officer in OFFICERS)


def test_threads_that_share_a_journal(database: str) -> None:
    told: list[tuple[list[tuple[int, str]], list[str]]] = []
    with opened(database) as journal:
        threads = [
            threading.Thread(target=lambda name=officer: told.append(orient_all(journal, name)))  # type: ignore[misc]
            for officer in OFFICERS
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        agree(journal, told)


def test_processes_that_open_theirs(database: str) -> None:
    opened(database).close()
    officers = [at_work(orient_in_process, database, officer) for officer in OFFICERS]
    told = [each for _, pipe in officers for each in all_said(pipe)]
    for process, _ in officers:
        process.join()
    with open_journal(database, BAILLEUR) as journal:
        agree(journal, told)


def open_new(database: str, bailleur: str, pipe: Connection) -> None:
    with open_journal(database, bailleur, create=True) as journal:
        pipe.send(journal.append([OUVERTURE])[0].rang)


def test_processes_that_make_the_database_at_the_same_moment(database: str) -> None:
    starting = [at_work(open_new, database, f"bailleur-{number}") for number in range(4)]
    assert [all_said(pipe) for _, pipe in starting] == [[1]] * 4
    for process, _ in starting:
        process.join()
        assert process.exitcode == 0


def test_processes_that_begin_one_journal_at_the_same_moment(database: str) -> None:
    starting = [at_work(open_new, database, BAILLEUR) for _ in range(4)]
    assert sorted(rang for _, pipe in starting for rang in all_said(pipe)) == [1, 2, 3, 4]
    for process, _ in starting:
        process.join()
    with open_journal(database, BAILLEUR) as journal:
        assert journal.verify()


def test_who_reads_sees_one_state_while_others_write(database: str) -> None:
    """A long reading begun before an event was recorded does not see it, nor half of it."""
    with opened(database) as journal:
        events = journal.events()
        first = next(events)
        journal.append([orientation(objet="L0")])
        assert [first, *events][-1].rang == DWELLINGS + 1
        assert journal.tete.rang == DWELLINGS + 2
