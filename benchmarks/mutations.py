"""Changes made to a drawn instance so that whole numbers get in the way of one priority after another."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import SANS_SOLDE, Conventions, Indicatifs, Instance
from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES

Mutation = Callable[[Instance, np.random.Generator], Instance]


def perturbed(instance: Instance, rng: np.random.Generator) -> Instance:
    """Move every share by a third or so, and give every row a carry-over of either sign."""
    rows = instance.conventions
    part = np.clip(rows.part * np.exp(0.35 * rng.standard_normal(len(rows))), 0.05, 100.0)
    report = rows.report + 0.8 * rng.standard_normal(len(rows))
    return replace(
        instance, conventions=replace(rows, part=np.round(part, 2), report=np.round(report, 2) + 0.0)
    )


def overlapping(instance: Instance, rng: np.random.Generator) -> Instance:
    """Promise each réservataire something in a commune and in an EPCI too, on top of what covers them."""
    rows, places = instance.conventions, instance.territoires
    known = set(zip(rows.reservataire.tolist(), rows.territoire, strict=True))
    added: list[tuple[int, str, float]] = []
    for holder in range(len(instance.reservataires)):
        commune, neighbour = rng.integers(len(places), size=2).tolist()
        for territoire in (f"commune:{places.commune[commune]}", f"epci:{places.epci[neighbour]}"):
            if (holder, territoire) not in known:
                known.add((holder, territoire))
                added.append((holder, territoire, round(float(rng.uniform(2.0, 20.0)), 1)))
    return replace(instance, conventions=_with_parts(rows, added))


def oversold(instance: Instance, rng: np.random.Generator) -> Instance:
    """Turn half of the shares into volumes, and promise half as much again as there is."""
    rows = instance.conventions
    due = rows.part / 100 * _assiette(instance)
    chosen = (rng.random(len(rows)) < 0.5) & np.isfinite(due) & (due > 0)
    volume = np.where(chosen, np.round(1.5 * due, 1), rows.volume)
    return replace(
        instance, conventions=replace(rows, part=np.where(chosen, np.nan, rows.part), volume=volume)
    )


def exhausted(instance: Instance, rng: np.random.Generator) -> Instance:
    """Leave a third of the rows fewer rights than they are promised."""
    rows = instance.conventions
    due = np.nan_to_num(rows.part / 100 * _assiette(instance), nan=1.0)
    left = np.floor(rng.uniform(0.3, 1.0, len(rows)) * due).astype(np.int64)
    chosen = rng.random(len(rows)) < 1 / 3
    return replace(instance, conventions=replace(rows, solde=np.where(chosen, left, rows.solde)))


def crossed(instance: Instance, rng: np.random.Generator) -> Instance:
    """Add crossed wishes that the uncrossed ones do not agree with, a few for each réservataire."""
    wishes = instance.indicatifs
    added: dict[tuple[int, str, str], float] = {}
    for holder in range(len(instance.reservataires)):
        for _ in range(3):
            size = TYPOLOGIES[int(rng.integers(1, 5))]
            if rng.random() < 0.5:
                dimension, other = "typologie+qpv", QPV[int(rng.integers(2))]
            else:
                dimension, other = "typologie+financement", FINANCEMENTS[int(rng.integers(3))]
            added[holder, dimension, f"{size}+{other}"] = round(float(rng.uniform(5.0, 40.0)), 1)
    for key in zip(wishes.reservataire.tolist(), wishes.dimension, wishes.modalite, strict=True):
        added.pop(key, None)
    return replace(
        instance,
        indicatifs=Indicatifs(
            np.concatenate([wishes.reservataire, [key[0] for key in added]]).astype(np.int32),
            (*wishes.dimension, *(key[1] for key in added)),
            (*wishes.modalite, *(key[2] for key in added)),
            np.concatenate([wishes.part, list(added.values())]),
        ),
    )


MUTATIONS: Final[dict[str, tuple[Mutation, ...]]] = {
    "perturbed": (perturbed,),
    "overlapping": (overlapping, perturbed),
    "oversold": (oversold, perturbed),
    "exhausted": (exhausted, crossed),
    "everything": (overlapping, oversold, perturbed, exhausted, crossed),
}
"""Mutations by name, each a list of changes made in order."""


def _assiette(instance: Instance) -> NDArray[np.float64]:
    """Return the flux libérations in the territory of each convention row."""
    places = instance.territoires
    columns = {"commune": places.commune, "epci": places.epci, "departement": places.departement}
    released = np.bincount(
        instance.liberations.commune[instance.liberations.en_flux], minlength=len(places)
    ).tolist()
    total: dict[str, int] = {}
    for kind, codes in columns.items():
        for code, count in zip(codes, released, strict=True):
            total[f"{kind}:{code}"] = total.get(f"{kind}:{code}", 0) + count
    return np.array([total[territoire] for territoire in instance.conventions.territoire], dtype=np.float64)


def _with_parts(rows: Conventions, added: list[tuple[int, str, float]]) -> Conventions:
    """Return the rows with more, each a share of the whole of a territory."""
    count = len(added)
    return Conventions(
        np.concatenate([rows.reservataire, [holder for holder, _, _ in added]]).astype(np.int32),
        (*rows.territoire, *(territoire for _, territoire, _ in added)),
        (*rows.niveau, *("territoire",) * count),
        np.concatenate([rows.part, [part for _, _, part in added]]),
        np.concatenate([rows.volume, np.full(count, np.nan)]),
        np.concatenate([rows.report, np.zeros(count)]),
        np.concatenate([rows.solde, np.full(count, SANS_SOLDE)]).astype(np.int64),
    )
