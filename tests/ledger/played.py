"""The year of the demonstration instance played at random into a journal, and what its raw events say."""

import json
import random
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from click.testing import CliRunner, Result

from allocator.cli import main
from allocator.domain import Instance
from allocator.formats import read_instance
from allocator.ledger.daily.ouverture import model_of
from allocator.ledger.events.event import Entree
from allocator.policies.situation import frame
from tests.ledger.daily_desk import BAILLEUR, MODELE, announcements, opened, oriented, said
from tests.pages import ROOT

DAY = timedelta(days=1)


def demo() -> Instance:
    return read_instance(ROOT / "instances" / "demo")


def play(where: Path, seed: int = 1) -> Instance:
    """Open a journal on the demonstration instance and record its whole year."""
    instance = demo()
    with opened(str(where), instance) as journal:
        journal.append(sorted(_lives(instance, random.Random(seed)), key=lambda entree: entree.effet))
    return instance


def _lives(instance: Instance, rng: random.Random) -> Iterator[Entree]:
    known, table = frame(instance, model_of({"modele": MODELE})), instance.liberations
    for row, name in enumerate(table.id):
        day: date = table.date[row].astype(date)
        yield from announcements(instance, [row])
        if table.statut[row] == 0:
            may = [-1, *np.flatnonzero(known.eligible[table.commune[row]]).tolist()]
            holder = rng.choice(may)
            yield oriented(name, day, None if holder < 0 else instance.reservataires.id[holder])
            if holder >= 0:
                yield from _turn(name, day, rng)
        elif rng.random() < 0.5:
            yield from (said("attribution", name, day + 20 * DAY), said("bail", name, day + 30 * DAY))


def _turn(name: str, day: date, rng: random.Random) -> Iterator[Entree]:
    yield said("envoi", name, day + DAY)
    luck = rng.random()
    if luck < 0.7:
        yield said("candidats", name, day + 10 * DAY, nombre=3)
        if luck < 0.65:
            yield from (said("attribution", name, day + 30 * DAY), said("bail", name, day + 45 * DAY))
    elif luck < 0.8:
        yield said("decline", name, day + 5 * DAY)
    elif luck < 0.85:
        yield said("retrait", name, day + 8 * DAY, motif="vente")


def run(*arguments: str | Path) -> Result:
    """Run a command of the ledger."""
    return CliRunner().invoke(main, [str(each) for each in arguments])


def told(result: Result) -> Any:
    """Return what a command that did well printed as JSON."""
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def events(where: Path) -> list[dict[str, Any]]:
    """Return the raw events of a journal, as its export has them."""
    lines = run("journal", "export", "--base", where).stdout.splitlines()
    assert all(json.loads(line)["bailleur"] == BAILLEUR for line in lines)
    return [json.loads(line) for line in lines]


def refuse_events(where: Path) -> None:
    """Have the database of a journal refuse whatever would be recorded from now on."""
    with sqlite3.connect(where) as connection:
        connection.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON evenements BEGIN SELECT RAISE(ABORT, 'refuse'); END"
        )
    connection.close()
