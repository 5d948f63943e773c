"""Years that do not follow their history: another volume, another territory's mix, a shock in mid-year."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import SANS_SOLDE, Instance, Liberations
from allocator.policies.situation import take

Rows = NDArray[np.intp]

BUILDING: Final = 0.03
"""Share of the year's flux that stands in the building that is emptied."""

LEAST: Final = 10
"""Dwellings of the smallest building."""

SPRING: Final = 90
"""Days from the first of the year to the first that a late delivery holds back."""

QUARTER: Final = 92
"""Days by which a late delivery holds back the libérations that it would have caused."""


def with_volume(instance: Instance, factor: float, rng: np.random.Generator) -> Instance:
    """Give the historique ``factor`` times as many libérations, from 0 to 2 times: some go, or stand twice."""
    before = _historique(instance)
    more = factor > 1
    number = round(abs(factor - 1) * len(before)) if more else round(factor * len(before))
    chosen = np.sort(rng.choice(len(before), number, replace=False))
    part = take(before, chosen)
    if not more:
        return replace(instance, historique=part)
    twice = replace(part, id=tuple(f"{name}-bis" for name in part.id))
    return replace(instance, historique=joined(before, twice))


def with_mix(instance: Instance, other: Instance, rng: np.random.Generator) -> Instance:
    """Give the historique's libérations the traits of another territory's; communes and days stay."""
    before = _historique(instance)
    traits = take(_historique(other), rng.integers(len(_historique(other)), size=len(before)))
    return replace(
        instance, historique=replace(traits, id=before.id, date=before.date, commune=before.commune)
    )


def with_history_of(instance: Instance, other: Instance) -> Instance:
    """Give the year the historique of another territory, its communes taken for ours in the order of the files."""
    theirs = _historique(other)
    communes = len(instance.territoires)
    return replace(instance, historique=replace(theirs, commune=(theirs.commune % communes).astype(np.int32)))


def without_history(instance: Instance) -> Instance:
    """Take the historique away."""
    return replace(instance, historique=None)


def emptied(instance: Instance, rng: np.random.Generator) -> Instance:
    """Empty a building: in the week after mid-year, one commune releases 3 % of the year's flux more.

    All the building has one financement and stands on one side of the QPV; sizes are the commune's own.
    """
    liberations, flux = instance.liberations, instance.liberations.en_flux
    first = flux[rng.integers(len(flux))]
    neighbours = flux[liberations.commune[flux] == liberations.commune[first]]
    number = max(LEAST, round(BUILDING * len(flux)))
    middle = instance.debut + (instance.fin - instance.debut) / 2
    monday = middle + timedelta(days=-middle.weekday() % 7)
    building = replace(
        take(liberations, rng.choice(neighbours, number)),
        id=tuple(f"immeuble-{dwelling:04d}" for dwelling in range(1, number + 1)),
        date=np.datetime64(monday, "D") + np.sort(rng.integers(5, size=number)),
        financement=np.repeat(liberations.financement[first], number),
        qpv=np.repeat(liberations.qpv[first], number),
    )
    return replace(instance, liberations=joined(liberations, building))


def late(instance: Instance) -> Instance:
    """Delay a delivery: where most is released, those who would move from April to September do so a quarter later."""
    liberations, flux = instance.liberations, instance.liberations.en_flux
    most = np.bincount(liberations.commune[flux]).argmax()
    debut, fin = (np.datetime64(day, "D") for day in (instance.debut, instance.fin))
    held = np.zeros(len(liberations), dtype=bool)
    held[flux] = liberations.commune[flux] == most
    held &= (liberations.date >= debut + SPRING) & (liberations.date <= fin - QUARTER)
    return replace(
        instance, liberations=_by_date(replace(liberations, date=liberations.date + QUARTER * held))
    )


def thinned(instance: Instance, size: int, rng: np.random.Generator) -> Instance:
    """Return a smaller year of the same bailleur: ``size`` of the libérations, and promises to match.

    Shares and wishes stay; volumes, reports and soldes shrink with the year, so that its length alone changes.
    """
    share = size / len(instance.liberations)
    rows = instance.conventions
    less = replace(
        rows,
        volume=rows.volume * share,
        report=rows.report * share,
        solde=np.where(rows.solde == SANS_SOLDE, SANS_SOLDE, np.ceil(rows.solde * share)).astype(np.int64),
    )
    before = _historique(instance)
    return replace(
        instance,
        conventions=less,
        liberations=_sample(instance.liberations, size, rng),
        historique=_sample(before, round(len(before) * share), rng),
    )


def joined(one: Liberations, other: Liberations) -> Liberations:
    """Return two lists of libérations with the same complements as one, by date."""

    def both(name: str) -> NDArray[np.int8]:
        return np.concatenate([getattr(one, name), getattr(other, name)])

    return _by_date(
        Liberations(
            (*one.id, *other.id),
            np.concatenate([one.date, other.date]),
            np.concatenate([one.commune, other.commune]),
            both("typologie"),
            both("financement"),
            both("qpv"),
            both("statut"),
            {name: (*texts, *other.complements[name]) for name, texts in one.complements.items()},
        )
    )


def _sample(liberations: Liberations, size: int, rng: np.random.Generator) -> Liberations:
    return take(liberations, np.sort(rng.choice(len(liberations), size, replace=False)))


def _by_date(liberations: Liberations) -> Liberations:
    return take(liberations, np.argsort(liberations.date, kind="stable"))


def _historique(instance: Instance) -> Liberations:
    if instance.historique is None:
        raise ValueError("the instance has no historique")
    return instance.historique
