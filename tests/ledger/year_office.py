"""The desk of an office through its year: what it imports, what is due to happen, and what its officer decides."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from allocator.domain import Instance
from allocator.domain.vocabulary import STATUTS
from allocator.formats import read_instance
from allocator.ledger.daily.choix import Choix
from allocator.ledger.events.event import Entree
from tests.ledger import erp
from tests.ledger.year_lives import Step, let, turn
from tests.pages import ROOT

OPH = ROOT / "instances" / "oph-dept"
WINDOW = timedelta(days=9)
"""How far back the extract of a morning goes: most of its rows are known already."""

ISSUES = """\
format = 1
genre = "issues"

[colonnes]
liberation = "liberation"
date = "date"
evenement = "evenement"
nombre = "nombre"
motif = "motif"
"""
"""Mapping of the extract of outcomes."""


EVERYWHERE = ("etat", "etat_agents", "als", "region")
"""Those who have a convention in every commune, and no rights to run out of."""

NPNRU = {
    "statut": "hors_assiette",
    "categorie": "renouvellement_urbain",
    "operation": "NPNRU Sevran",
    "public_prioritaire": "DALO",
    "contingent": "etat",
}
"""What a dwelling becomes that is wanted for a relogement."""


class Due(NamedTuple):
    """Something that is to be recorded of a dwelling on a day, unless its turn ended otherwise meanwhile."""

    day: date
    number: int
    objet: str
    tour: int
    nature: str
    contenu: dict[str, Any]
    undone: bool


class Office:
    """What an office knows beside its journal: the ERP's rows, and what will become of each dwelling.

    ``turns`` has the number of the turn that each dwelling is in, the opposite of it once that turn ended, and nothing
    for a dwelling that is done with. ``designated`` are dwellings kept in stock that await their administration, and
    ``unsent`` the turns whose proposition leaves on the next day. All is drawn from ``seed``.
    """

    def __init__(self, folder: Path, seed: int, base: Path | None = None) -> None:
        self.folder, self.rng = folder, Random(seed)
        self.base = base or folder / "journal.db"
        self.mapping, self.issues = folder / "erp.toml", folder / "issues.toml"
        self.mapping.write_text(erp.MAPPING, encoding="utf-8")
        self.issues.write_text(ISSUES, encoding="utf-8")
        self.instance: Instance = read_instance(OPH)
        self.rows = list(erp.rows(self.instance))
        self.days: list[date] = self.instance.liberations.date.astype(object).tolist()
        self.turns: dict[str, int] = {}
        self.agenda: list[Due] = []
        self.designated: list[str] = []
        self.unsent: list[tuple[str, int]] = []
        self._number = 0
        self._seen = 0

    def extract(self, day: date) -> Path:
        """Write what the ERP exports on a day: the last days' rows, a few of them changed since."""
        first = next(
            row for row, free in enumerate(self.days) if free > day - WINDOW or free == self.days[-1]
        )
        last = sum(free <= day for free in self.days)
        if self.rng.random() < 0.15 and self._seen > first:
            row = self.rng.randrange(first, self._seen)
            self.rows[row] = erp.changed(self.rows[row], self._change(self.rows[row]))
        for row in range(self._seen, last):
            self._announce(row, day)
        self._seen = last
        return erp.write(self.folder / "congés.csv", erp.text(self.rows[first:last]))

    def _change(self, row: tuple[str, ...]) -> dict[str, str]:
        rooms, qpv = row[erp.HEADER.index("NBPIECE")], row[erp.HEADER.index("Code QPV")]
        return self.rng.choice(
            (
                {"NBPIECE": "2" if rooms != "2" else "3"},
                {"Code QPV": "" if qpv else "QN09101M"},
                {"SURFHAB": "51", "CONSTRUCT": "1962"},
            )
        )

    def _announce(self, row: int, day: date) -> None:
        """Take a dwelling in; what is no flux is let without being proposed, as a rule."""
        name, statut = self.instance.liberations.id[row], STATUTS[self.instance.liberations.statut[row]]
        self.turns[name] = 0
        if statut == "stock" and self.rng.random() < 0.5:
            self.designated.append(name)
        elif statut == "hors_assiette" and self.rng.random() < 0.04:
            self.plan(name, day, [Step(4, "statut", {"statut": "flux"})])
        elif statut != "flux":
            self.plan(name, day, let(self.rng, self.rng.randint(10, 40)))

    def plan(self, objet: str, day: date, steps: Iterable[Step]) -> None:
        """Note what is to happen to a dwelling in the turn that it is in, on working days."""
        for step in steps:
            self._number += 1
            when = working(day + timedelta(days=step.after))
            due = Due(when, self._number, objet, self.turns[objet], step.nature, step.contenu, step.undone)
            heapq.heappush(self.agenda, due)

    def is_kept(self, objet: str) -> bool:
        """Tell whether a dwelling that nobody had is to be attributed all the same: it is no flux."""
        to_come = {due.objet for due in self.agenda if due.nature == "attribution" and due.tour == 0}
        return self.turns.get(objet) == 0 and objet in to_come

    def due(self, day: date) -> Iterator[Due]:
        """Yield what is to be recorded by a day, in order, and keep up with it."""
        while self.agenda and self.agenda[0].day <= day:
            due = heapq.heappop(self.agenda)
            if self.turns.get(due.objet) == due.tour:
                self._note(due)
                yield due

    def _note(self, due: Due) -> None:
        if due.undone:
            # it will turn out to have been a mistake: the turn goes on
            self.plan(due.objet, due.day, let(self.rng, self.rng.randint(5, 20)))
        elif due.nature in {"decline", "rendu", "refus"}:
            self.ended(due.objet)
        elif due.nature in {"retrait", "bail"}:
            del self.turns[due.objet]

    def ended(self, objet: str) -> None:
        """Note that a dwelling came back."""
        self.turns[objet] = -abs(self.turns[objet])

    def oriented(self, objet: str, holder: str | None, day: date) -> None:
        """Note that a dwelling was oriented, and draw what becomes of it."""
        self.turns[objet] = abs(self.turns[objet]) + 1
        self.plan(objet, day, let(self.rng, self.rng.randint(5, 20)) if holder is None else turn(self.rng))

    def aside(self, waiting: Iterable[str], day: date) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield what some of the dwellings that wait become instead of being proposed."""
        for name in waiting:
            luck = self.rng.random()
            if luck < 0.006:
                del self.turns[name]
                yield name, "retrait", {"motif": "vente"}
            elif luck < 0.016:
                self.plan(name, day, let(self.rng, 20))
                yield name, "statut", dict(NPNRU)

    def send(self, decided: Iterable[Entree], day: date) -> Iterator[str]:
        """Note what was decided, and yield the dwellings whose proposition leaves today: most, and yesterday's rest."""
        yield from (name for name, tour in self.unsent if self.turns.get(name) == tour)
        self.unsent = []
        for entree in decided:
            self.oriented(entree.objet, entree.contenu["reservataire"], day)
            if entree.contenu["reservataire"] is None:
                continue
            if self.rng.random() < 0.9:
                yield entree.objet
            else:
                self.unsent.append((entree.objet, self.turns[entree.objet]))

    def choose(self, proposed: Iterable[str]) -> Iterator[Choix]:
        """Yield what the officer decides of proposals: most as proposed, some otherwise, some not today."""
        for name in self.designated:
            yield Choix(name, "etat", "contingent de la défense")
        self.designated = []
        for name in proposed:
            luck = self.rng.random()
            if 0.05 < luck < 0.84:
                yield Choix(name, suit=True)
            elif 0.84 < luck < 0.87:
                yield Choix(name, None, "à garder pour une mutation")
            elif luck > 0.87:
                yield Choix(name, self.rng.choice(EVERYWHERE), "relogement urgent")


def working(day: date) -> date:
    """Return the day, or the Monday after it."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def next_year(row: tuple[str, ...]) -> tuple[str, ...]:
    """Return a row of the ERP as one of the year after."""
    after = {
        name: row[erp.HEADER.index(name)].replace("2025", "2026") for name in ("N° congé", "Date de congé")
    }
    return erp.changed(row, after)
