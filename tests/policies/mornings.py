"""Random mornings: a past that was decided somehow, dwellings to decide today, and what a year would then be."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from allocator.domain import BAILLEUR, SANS_SOLDE, Instance, Liberations, Model
from allocator.domain.vocabulary import FLUX
from allocator.policies.situation import Frame, Mouvements, Situation, by_day, frame, take
from tests.policies.test_pratique import busier
from tests.tiny import random_model, random_tiny_instance


@dataclass(frozen=True)
class Morning:
    """A morning of an instance; ``held`` is who has each libération of its past (a dwelling that came back: nobody)."""

    instance: Instance
    known: Frame
    situation: Situation
    held: list[int]

    @property
    def model(self) -> Model:
        return self.known.model


def random_morning(
    rng: random.Random, model: Model | None = None, instance: Instance | None = None
) -> Morning:
    """Draw a morning of a tiny instance: part of its past decided at random, some dwellings back for another turn."""
    instance = instance or busier(rng, random_tiny_instance(rng))
    model = model or random_model(rng)
    known = frame(instance, model, seed=rng.randrange(3))
    libs = take(instance.liberations, by_day(instance.liberations))
    if not len(libs):
        return random_morning(rng, model)
    day = libs.date[rng.randrange(len(libs))]
    past, first = (take(libs, np.flatnonzero(rows)) for rows in (libs.date < day, libs.date == day))
    held = decided_at_random(rng, known, past, [])
    back = [row for row in range(len(past)) if rng.random() < 0.15]
    amounts = [(row, to, 1.0) for row, to in enumerate(held) if to != BAILLEUR]
    amounts += [(row, held[row], -1.0) for row in back if held[row] != BAILLEUR]
    barred = np.zeros((len(back) + len(first), len(instance.reservataires)), dtype=bool)
    for entry, row in enumerate(back):
        barred[entry, [held[row]] if held[row] != BAILLEUR else []] = True
        held[row] = BAILLEUR
    situation = Situation(
        day,
        past,
        Mouvements(
            np.array([row for row, _, _ in amounts], dtype=np.intp),
            np.array([to for _, to, _ in amounts], dtype=np.int32),
            np.array([amount for _, _, amount in amounts], dtype=np.float64),
        ),
        side_by_side(take(past, np.array(back, dtype=np.intp)), first),
        np.arange(len(barred)) < len(back),
        barred if back else None,
    )
    return Morning(instance, known, situation, held)


def decided_at_random(
    rng: random.Random, known: Frame, dwellings: Liberations, held: Sequence[tuple[int, int]]
) -> list[int]:
    """Return a réservataire (or the bailleur) for each dwelling, eligible and within every solde.

    ``held`` lists what uses up soldes already, as (commune, réservataire).
    """
    so_far, chosen = list(held), []
    for commune in dwellings.commune.tolist():
        allowed = [
            holder
            for holder in np.flatnonzero(known.eligible[commune]).tolist()
            if rights_left(known, so_far, commune, holder) >= 1
        ]
        chosen.append(rng.choice([BAILLEUR, *allowed, *allowed]))
        so_far.append((commune, chosen[-1]))
    return chosen


def rights_left(known: Frame, so_far: Sequence[tuple[int, int]], commune: int, holder: int) -> float:
    """Return the least rights left of a réservataire's rows that cover a commune, in plain loops."""
    conventions, left = known.instance.conventions, float("inf")
    for row in range(len(conventions)):
        inside = communes_of(known.instance, conventions.territoire[row])
        if conventions.reservataire[row] != holder or commune not in inside:
            continue
        if conventions.solde[row] != SANS_SOLDE:
            used = sum(place in inside and to == holder for place, to in so_far)
            left = min(left, float(conventions.solde[row] - used))
    return left


def communes_of(instance: Instance, territoire: str) -> set[int]:
    kind, code = territoire.split(":")
    columns = instance.territoires
    column = {"commune": columns.commune, "epci": columns.epci, "departement": columns.departement}[kind]
    return {row for row, value in enumerate(column) if value == code}


def side_by_side(*parts: Liberations) -> Liberations:
    """Return libérations one after another, without their complements."""

    def column(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in parts])

    return Liberations(
        tuple(name for part in parts for name in part.id),
        column("date"),
        column("commune"),
        column("typologie"),
        column("financement"),
        column("qpv"),
        column("statut"),
        {},
    )


def as_year(
    morning: Morning, today: Sequence[int], coming: Liberations, later: Sequence[int]
) -> tuple[Instance, list[int]]:
    """Return the instance of a morning's year if ``coming`` were the rest of it, and who has what in the end.

    ``today`` decides the morning's dwellings; those that are back stand where they were released.
    """
    situation = morning.situation
    held = list(morning.held)
    back = [name for name, again in zip(situation.today.id, situation.again, strict=True) if again]
    for name, holder in zip(back, today, strict=False):
        held[situation.past.id.index(name)] = holder
    new = take(situation.today, np.flatnonzero(~situation.again))
    libs = side_by_side(situation.past, new, coming)
    year = replace(
        morning.instance, liberations=replace(libs, statut=np.full(len(libs), FLUX, dtype=np.int8))
    )
    return year, [*held, *list(today)[len(back) :], *later]


def so_far(morning: Morning, decided: Sequence[int]) -> tuple[Instance, list[int]]:
    """Return the instance of a morning cut short after the dwellings of today that are decided."""
    today, rows = morning.situation.today, np.arange(len(decided))
    cut = replace(morning.situation, today=take(today, rows), again=morning.situation.again[rows])
    return as_year(replace(morning, situation=cut), decided, take(today, rows[:0]), [])


def may_receive(morning: Morning, entry: int, decided: Sequence[int]) -> list[int]:
    """Return who may receive a dwelling of today, those before it being decided: eligible, not barred, with rights."""
    situation, known = morning.situation, morning.known
    commune = int(situation.today.commune[entry])
    given = [*zip(situation.past.commune.tolist(), morning.held, strict=True)]
    given += zip(situation.today.commune.tolist(), decided, strict=False)
    barred = situation.barred
    return [
        holder
        for holder in np.flatnonzero(known.eligible[commune]).tolist()
        if (barred is None or not barred[entry, holder]) and rights_left(known, given, commune, holder) >= 1
    ]


def pro_rata(morning: Morning, year: Instance) -> Instance:
    """Return an instance whose volumes and reports are what is due of them on the day of a morning."""
    gone, conventions = morning.known.elapsed(morning.situation.date), year.conventions
    due = replace(conventions, volume=gone * conventions.volume, report=gone * conventions.report)
    return replace(year, conventions=due)
