"""``python -m benchmarks.ledger``: a journal of a million events, appended to, read, counted and verified."""

import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

import click

from allocator.formats.tableau import Tableau
from allocator.ledger.accounts.comptes import comptes
from allocator.ledger.accounts.prevision import prevision
from allocator.ledger.accounts.tableaux import comptes_tableaux
from allocator.ledger.daily.releve import read_releve
from allocator.ledger.events.event import Entree
from allocator.ledger.store.journal import Journal, open_journal
from benchmarks.ledger_years import EVENTS, WAITING, Year, batches, read_year
from benchmarks.measure import ROOT, measure
from benchmarks.ours import ALLOCATOR
from benchmarks.report import Table, write_csv, write_markdown

FIRST: Final = "bailleur-00"

NOTES: Final = (
    "Each bailleur has a year of its own; all are in one database, with what is kept from the events "
    "(dwellings, tours, acts) written in the same transactions. The first bailleur is the one that is read.",
    "append: wall-clock seconds of all batches, commits forced to the disk included.",
    "whole command: from the start of the interpreter to its end, the median of several; of it, about half a second is "
    "Python, numpy and SQLAlchemy being imported.",
    "processor: what of it the processor was at work, which a machine that others share stretches less.",
    f"today: {WAITING} dwellings wait in the middle of the year; the journal has all of it.",
    "accounts, whole command: with --date, so that what took effect later would be folded away; here nothing did.",
    "other rows: the median of several, in a process that has the database open.",
)


@click.command()
@click.option("--database", help="Where to make it: a file, or a URL; a file that is thrown away by default.")
@click.option(
    "--instance",
    default=ROOT / "instances" / "esh-idf",
    type=click.Path(path_type=Path),
    help="Conventions and libérations of each bailleur.  [default: esh-idf]",
)
@click.option("--bailleurs", default=16, show_default=True, help="Bailleurs in the database.")
@click.option(
    "--dwellings", default=8_000, show_default=True, help="Dwellings of a bailleur's year, at most."
)
@click.option("--batch", default=5_000, show_default=True, help="Events recorded at a time.")
@click.option(
    "--repeat", default=5, show_default=True, help="Times that each reading and command is measured."
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Report to write, without suffix."
)
def main(
    database: str | None,
    instance: Path,
    bailleurs: int,
    dwellings: int,
    batch: int,
    repeat: int,
    out: Path,
) -> None:
    """Fill a journal, time what is done with it, and write OUT.md and .csv."""
    year = read_year(instance, dwellings)
    with tempfile.TemporaryDirectory() as folder:
        where = database or str(Path(folder) / "journal.db")
        rows = [*_fill(where, year, bailleurs, batch), *_read(where, year, repeat)]
        rows += _commands(where, year, repeat)
    shown = tuple((what, f"{value:,.1f}".replace(",", " "), unit) for what, value, unit in rows)
    table = Table("One journal", ("what", "measure", "unit"), shown)
    title = f"The ledger, {bailleurs} bailleurs with the year of {instance.name}, {EVENTS} events a dwelling"
    write_markdown(out, title, [table], NOTES)
    write_csv(out, [{"what": what, "measure": round(value, 3), "unit": unit} for what, value, unit in rows])
    for line in shown:
        click.echo("  ".join(line))


Row = tuple[str, float, str]


class Taken(NamedTuple):
    """Seconds on the wall, and of processor."""

    seconds: float
    processor: float


def _fill(where: str, year: Year, bailleurs: int, batch: int) -> Iterator[Row]:
    seconds, slowest = 0.0, float("inf")
    for number in range(bailleurs):
        with open_journal(where, f"bailleur-{number:02}", create=True) as journal:
            journal.append(year.ouverture)
            taken = sum(_seconds(partial(journal.append, some)).seconds for some in batches(year, batch))
        seconds, slowest = seconds + taken, min(slowest, len(year.lives) / taken)
    events = bailleurs * len(year.lives)
    yield "events recorded", events, "events"
    yield f"append, in batches of {batch}", events / seconds, "events/s"
    yield f"append, in batches of {batch}, slowest bailleur", slowest, "events/s"


def _read(where: str, year: Year, repeat: int) -> Iterator[Row]:
    first = date(year.fin.year, 1, 1)
    with open_journal(where, FIRST) as journal:
        dwellings = len(journal.period(first, year.fin).liberations)
        reads: dict[str, Callable[[], object]] = {
            "open": lambda: open_journal(where, FIRST).close(),
            f"read the year from what is kept, {dwellings} dwellings": lambda: journal.period(
                first, year.fin
            ),
            "the same with addresses, surfaces …": lambda: journal.period(first, year.fin, complements=True),
            "read the dwellings that wait": journal.waiting,
            "fold the year from its events": journal.registre,
            "fold it as of the morning": lambda: journal.registre(au=year.matin),
            "accounts": lambda: _accounts(journal, year.fin),
            "record one event": lambda: journal.append([_one(journal, year)]),
            "verify one bailleur": journal.verify,
        }
        for what, read in reads.items():
            yield from _medians(what, [_seconds(read) for _ in range(repeat)])


def _commands(where: str, year: Year, repeat: int) -> Iterator[Row]:
    asked = {
        "accounts, whole command": ("accounts", str(year.fin)),
        f"today, {WAITING} dwellings, whole command": ("today", str(year.matin)),
    }
    for what, (name, day) in asked.items():
        command = (*ALLOCATOR, name, "--base", where, "--bailleur", FIRST, "--date", day, "--json")
        yield from _medians(what, [_command(command) for _ in range(repeat)])


def _medians(what: str, taken: list[Taken]) -> Iterator[Row]:
    yield what, 1000 * median(each.seconds for each in taken), "ms"
    yield f"{what}, processor", 1000 * median(each.processor for each in taken), "ms"


def _command(command: tuple[str, ...]) -> Taken:
    with tempfile.TemporaryDirectory() as folder:
        done = measure(command, float("inf"), Path(folder))
    if done.code:
        raise click.ClickException(done.errors)
    return Taken(done.seconds, done.processor)


def _accounts(journal: Journal, jour: date) -> tuple[Tableau, ...]:
    releve = read_releve(journal, jour)
    known = comptes(releve.livre, releve.day, prevision(releve.livre, releve.day))
    return tuple(comptes_tableaux(releve.livre, known))


def _one(journal: Journal, year: Year) -> Entree:
    return Entree("rapprochement", "", str(year.fin), "init", {"vu": journal.tete.rang})


def _seconds(work: Callable[[], object]) -> Taken:
    gc.collect()
    start, worked = time.perf_counter(), time.process_time()
    work()
    return Taken(time.perf_counter() - start, time.process_time() - worked)


if __name__ == "__main__":
    main()
