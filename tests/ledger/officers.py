"""Officers at work in processes of their own, as the tests of concurrency and of sudden death need them."""

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any

from allocator.ledger.events.event import Entree, Event
from allocator.ledger.store.journal import open_journal
from tests.ledger.lives import entry, liberation, orientation

# forked from a process that has imported all there is: each starts at once
FORK = multiprocessing.get_context("fork")


def at_work(work: Callable[..., None], *arguments: Any) -> tuple[multiprocessing.Process, Connection]:
    """Start a process that does some work, the last argument of which is where it tells of it."""
    here, there = FORK.Pipe(duplex=False)
    process = FORK.Process(target=work, args=(*arguments, there), daemon=True)
    process.start()
    there.close()
    return process, here  # type: ignore[return-value]


def all_said(pipe: Connection) -> list[Any]:
    """Return all that a process told before it ended."""
    said = []
    while wait([pipe]):
        try:
            said.append(pipe.recv())
        except EOFError:
            return said
    return said


def named(officer: str, entrees: Sequence[Entree]) -> list[Entree]:
    """Return entries as that officer's."""
    return [Entree(each.nature, each.objet, each.effet, officer, each.contenu) for each in entrees]


def append_until_killed(where: str, bailleur: str, lives: int, officer: str, pipe: Connection) -> None:
    """Record lives of dwellings, batch by batch, telling the head after each; never ends by itself."""
    journal = open_journal(where, bailleur)
    number = 0
    while True:
        batch: list[Entree] = []
        for _ in range(lives):
            number += 1
            batch += life(f"{officer}-{number}")
        last: Event = journal.append(named(officer, batch))[-1]
        pipe.send((last.rang, last.empreinte))


def life(objet: str) -> list[Entree]:
    """Return a dwelling's life from its announcement to its lease."""
    return [
        liberation(objet),
        orientation("als", objet=objet),
        entry("envoi", objet),
        entry("decline", objet, "2025-03-09"),
        orientation(None, tour=2, objet=objet, effet="2025-03-10"),
        entry("attribution", objet, "2025-03-20"),
        entry("bail", objet, "2025-04-01"),
    ]
