"""A whole year of ``oph-dept`` played into a journal: mornings in process, and one week by the commands."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from allocator.ledger.accounts.actes import ATTEND_CANDIDATS
from allocator.ledger.daily.avis import preorientations, unrecorded
from allocator.ledger.daily.decisions import decisions
from allocator.ledger.daily.delais import with_delays
from allocator.ledger.daily.imports import read_extract, take_in
from allocator.ledger.daily.matinee import Matinee, matinee
from allocator.ledger.daily.releve import Releve, read_releve
from allocator.ledger.daily.saisie import correction
from allocator.ledger.echeances.delais import delais, lapses
from allocator.ledger.events.event import Entree
from allocator.ledger.importing import read_mapping
from allocator.ledger.store.journal import Journal, open_journal
from allocator.policies.catalogue import load
from allocator.policies.proposing.choice import Choice, Proposal
from tests.ledger.daily_desk import BAILLEUR as NAME
from tests.ledger.daily_desk import OFFICER
from tests.ledger.year_acts import ACTS
from tests.ledger.year_office import OPH, Office
from tests.ledger.year_week import done, play_day

DAY = timedelta(days=1)
DEBUT, FIN = date(2025, 1, 1), date(2025, 12, 31)

FAST = "prix"
"""The daily rule of the mornings in process."""

SITTINGS = (1, 3)
"""Days of the week on which dwellings are oriented, and clocks looked at."""

WEEK = (date(2025, 3, 3), date(2025, 3, 7))
"""The week that is played by the commands."""


def play(folder: Path, seed: int) -> Office:
    """Play the year into ``journal.db`` in a folder."""
    office = Office(folder, seed)
    done(office, "init", OPH, "--model", "reference", "--bailleur", NAME)
    for first, last in ((DEBUT, WEEK[0] - DAY), (WEEK[1] + DAY, FIN)):
        with open_journal(str(office.base), NAME) as journal:
            clerk = Clerk(office, journal)
            for day in days(first, last):
                clerk.day(day)
        if last < WEEK[1]:
            for day in days(*WEEK):
                play_day(office, day)
    return office


def days(first: date, last: date) -> Iterator[date]:
    """Yield the working days of a period."""
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if day.weekday() < 5:
            yield day


class Clerk:
    """Works an office's days in process, as the commands do, into an open journal."""

    def __init__(self, office: Office, journal: Journal) -> None:
        self.office, self.journal = office, journal
        self.mapping = read_mapping(office.mapping)

    def day(self, day: date) -> None:
        """Play a working day: extract, acts, what comes back, proposals, clocks, decisions."""
        lecture = read_extract(self.journal, self.office.extract(day), self.mapping)
        take_in(self.journal, lecture, OFFICER, day)
        self.append(ACTS.get(day, ()))
        self.outcomes(day)
        if day.weekday() in SITTINGS:
            releve = read_releve(self.journal, day)
            proposed = self.propose(releve)
            self.lapses(releve)
            self.decide(day, proposed)

    def append(self, entrees: Any) -> None:
        self.journal.append(tuple(entrees))

    def outcomes(self, day: date) -> None:
        """Record what comes back on a day, and take back what was a mistake."""
        due = list(self.office.due(day))
        events = self.journal.append([_entry(each.nature, each.objet, day, each.contenu) for each in due])
        for each, event in zip(due, events, strict=True):
            if each.undone:
                entree, _ = correction(self.journal, event.rang, None, None, OFFICER, "autre logement")
                self.append([entree])

    def lapses(self, releve: Releve) -> None:
        """Record the clocks that are over, as ``deadlines --enregistrer`` does."""
        running = delais(self.journal.waiting(ATTEND_CANDIDATS), releve)
        for event in self.journal.append(lapses(running, OFFICER)):
            self.office.ended(event.objet)

    def propose(self, releve: Releve) -> list[str]:
        """Record the proposals of a morning; return the dwellings proposed."""
        morning = matinee(releve, FAST)
        advice = preorientations(morning, quick(morning), OFFICER)
        self.append(unrecorded(self.journal, morning, advice))
        return [each.objet for each in advice]

    def decide(self, day: date, proposed: list[str]) -> None:
        """Record what is decided of a morning, and send most of it at once."""
        office = self.office
        aside = list(office.aside(proposed, day))
        self.append(_entry(nature, name, day, contenu) for name, nature, contenu in aside)
        releve = read_releve(self.journal, day)
        left = [name for name in proposed if name not in {name for name, *_ in aside}]
        decided = decisions(releve, list(office.choose(left)), OFFICER).entrees
        sent = list(office.send(decided, day))
        self.append(with_delays(releve, [*decided, *(_entry("envoi", name, day, {}) for name in sent)]))


def quick(morning: Matinee) -> list[Proposal]:
    """Return the proposals of a rule without what explains them, which takes the plan of the whole year."""
    if not len(morning.rows):
        return []
    answer = load(morning.policy)(morning.frame)(morning.situation)
    return [
        Proposal(name, row, Choice(int(holder), (), None, 0.0), (), ())
        for row, (name, holder) in enumerate(zip(morning.situation.today.id, answer, strict=True))
    ]


def _entry(nature: str, objet: str, day: date, contenu: dict[str, Any]) -> Entree:
    return Entree(nature, objet, str(day), OFFICER, contenu)
