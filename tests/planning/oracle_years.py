"""The oracle over years: what each promise comes to and the best plan of all, by loops in exact fractions.

It takes the cells of one year from :mod:`tests.oracle`, adds years up as the
planner's page on trajectories says, and tries every plan.
"""

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from allocator.domain import SANS_SOLDE, Goal, Instance, Model
from allocator.planning.projet import Counts, Projet
from tests.oracle import BILLIONTH, assignments, bears_on, covered, exact, has_modality, is_small
from tests.planning.years import year_instance

Orientation = tuple[int, ...]


class YearCell:
    """A cell of one year: its target, and the dwellings of each year that it counts."""

    def __init__(self, year: int, reservataire: int, famille: str, sur: str) -> None:
        self.year, self.reservataire, self.famille, self.sur = year, reservataire, famille, sur
        self.cible = Fraction(0)
        self.dwellings: dict[int, frozenset[int]] = {}

    def count(self, plan: list[Orientation]) -> int:
        return sum(
            sum(plan[year][i] == self.reservataire for i in dwellings)
            for year, dwellings in self.dwellings.items()
        )

    def term(self, goal: Goal, valeur: int) -> Fraction:
        manque, exces = max(Fraction(0), self.cible - valeur), max(Fraction(0), valeur - self.cible)
        scale = max(self.cible, Fraction(1)) if goal.unite == "relatif" else Fraction(1)
        return (exact(goal.manque) * manque + exact(goal.exces) * exces) / scale


Key = tuple[object, ...]


class _Running:
    """What is carried from one year to the next, by promise: owed, target, whether it exists, what it counts."""

    def __init__(self, projet: Projet, cumul: bool) -> None:
        self.projet, self.cumul = projet, cumul
        self.found: list[YearCell] = []
        self.before: dict[Key, tuple[Fraction, Fraction, bool, dict[int, frozenset[int]]]] = {}
        self.now: dict[Key, tuple[Fraction, Fraction, bool, dict[int, frozenset[int]]]] = {}

    def earlier(self, key: Key) -> tuple[Fraction, Fraction, bool, dict[int, frozenset[int]]]:
        nothing = (Fraction(0), Fraction(0), False, dict[int, frozenset[int]]())
        return self.before.get(key, nothing) if self.cumul else nothing

    def next_year(self) -> None:
        self.before, self.now = self.now, {}


def year_cells(projet: Projet, supply: Counts, model: Model) -> list[YearCell]:
    """Return the cells of all years."""
    running = _Running(projet, model.report == "cumul")
    due = [Fraction(0)] * len(projet.reservataires)
    for year in range(projet.annees):
        instance = year_instance(projet, supply, year)
        more, own = _of_conventions(instance, year, running)
        due = [old + new if running.cumul else new for old, new in zip(due, more, strict=True)]
        everything = frozenset(range(len(instance.liberations)))
        for r in range(len(projet.reservataires)):
            target = Fraction(math.floor(due[r] + BILLIONTH))
            small = is_small(instance, model, r, own[r])
            _add(running, (year, r, "petit"), (r, "petit"), (due[r], target, small), everything)
        indicatifs = instance.indicatifs
        for row in range(len(indicatifs)):
            r, dimension, modalite = (
                int(indicatifs.reservataire[row]),
                indicatifs.dimension[row],
                indicatifs.modalite[row],
            )
            key = (r, dimension, modalite, "souhait")
            target = exact(float(indicatifs.part[row])) / 100 * more[r] + running.earlier(key)[1]
            matching = frozenset(i for i in everything if has_modality(instance, i, dimension, modalite))
            sur = "croise" if "+" in dimension else dimension
            _add(running, (year, r, sur), key, (Fraction(0), target, True), matching)
        running.next_year()
    return running.found


def _of_conventions(
    instance: Instance, year: int, running: _Running
) -> tuple[list[Fraction], list[Fraction]]:
    """Add the contractuel and total cells of a year; return what each is owed more, and in this year alone."""
    more, own = ([Fraction(0)] * len(instance.reservataires) for _ in range(2))
    conventions = instance.conventions
    for row in range(len(conventions)):
        r, where = int(conventions.reservataire[row]), conventions.territoire[row]
        total = Fraction(0)
        for place, owed, there, dwellings in _contractuels(instance, row):
            key: Key = (r, where, conventions.niveau[row], place)
            before = running.earlier(key)
            target = max(Fraction(0), owed + before[0])
            exists = there or before[2]
            _add(
                running,
                (year, r, "contractuel"),
                key,
                (owed + before[0], target, exists),
                dwellings,
            )
            more[r] += target - before[1]
            own[r] += max(Fraction(0), owed)
            total += target
        if conventions.niveau[row] == "commune":
            key = (r, where, "total")
            _add(
                running,
                (year, r, "total"),
                key,
                (total, total, True),
                covered(instance, where),
            )
    return more, own


def _add(
    running: _Running,
    what: tuple[int, int, str],
    key: Key,
    figures: tuple[Fraction, Fraction, bool],
    dwellings: frozenset[int],
) -> None:
    """Carry a promise to the next year, and add its cell where it exists."""
    year, r, sur = what
    counted = {**running.earlier(key)[3], year: dwellings}
    running.now[key] = (*figures, counted)
    if figures[2]:
        cell = YearCell(year, r, running.projet.reservataires.famille[r], sur)
        cell.cible, cell.dwellings = figures[1], counted
        running.found.append(cell)


def _contractuels(instance: Instance, row: int) -> Iterator[tuple[str, Fraction, bool, frozenset[int]]]:
    """Yield what each contractuel cell of a row is owed in one year: its place, the figure, whether it exists."""
    conventions = instance.conventions
    where = conventions.territoire[row]
    whole = covered(instance, where)
    part, report = float(conventions.part[row]), exact(float(conventions.report[row]))
    fixed = report if not math.isnan(part) else exact(float(conventions.volume[row])) + report
    rate = Fraction(0) if math.isnan(part) else exact(part) / 100
    if conventions.niveau[row] == "territoire":
        yield where, rate * len(whole) + fixed, True, whole
        return
    kind, _, code = where.partition(":")
    column = {"commune": "commune", "epci": "epci", "departement": "departement"}[kind]
    for number, commune in enumerate(instance.territoires.commune):
        if getattr(instance.territoires, column)[number] == code:
            here = covered(instance, f"commune:{commune}")
            share = Fraction(len(here), len(whole)) if here else Fraction(0)
            yield f"commune:{commune}", rate * len(here) + fixed * share, bool(here), here


def optimum_years(projet: Projet, supply: Counts, model: Model) -> tuple[Fraction, ...]:
    """Return the lexicographically least tier values of all plans."""
    cells = year_cells(projet, supply, model)
    instances = [year_instance(projet, supply, year) for year in range(projet.annees)]
    unbounded = [
        replace(one, conventions=replace(one.conventions, solde=np.full(len(one.conventions), SANS_SOLDE)))
        for one in instances
    ]
    bounds = [
        (
            year,
            int(one.conventions.reservataire[row]),
            one.conventions.territoire[row],
            int(one.conventions.solde[row]),
        )
        for year, one in enumerate(instances)
        for row in range(len(one.conventions))
        if one.conventions.solde[row] != SANS_SOLDE
    ]
    inside = {where: [covered(one, where) for one in instances] for _, _, where, _ in bounds}
    best: tuple[Fraction, ...] | None = None

    def extend(plan: list[Orientation]) -> Iterator[list[Orientation]]:
        year = len(plan)
        if any(
            until == year - 1
            and sum(sum(plan[y][i] == r for i in inside[where][y]) for y in range(year)) > most
            for until, r, where, most in bounds
        ):
            return
        if year == projet.annees:
            yield plan
            return
        for orientation in assignments(unbounded[year]):
            yield from extend([*plan, orientation])

    for plan in extend([]):
        counts = [cell.count(plan) for cell in cells]
        values = tuple(_value(tier.goals, cells, counts, projet.annees) for tier in model.tiers)
        if best is None or values < best:
            best = values
    assert best is not None
    return best


def _value(goals: tuple[Goal, ...], cells: list[YearCell], counts: list[int], years: int) -> Fraction:
    value = Fraction(0)
    for goal in goals:
        for year in range(years):
            terms = [
                cell.term(goal, count)
                for cell, count in zip(cells, counts, strict=True)
                if cell.year == year and bears_on(goal, cell)  # type: ignore[arg-type]
            ]
            worst, total = max(terms, default=Fraction(0)), sum(terms, Fraction(0))
            value += exact(goal.poids) * (worst if goal.norme == "max" else total)
    return value
