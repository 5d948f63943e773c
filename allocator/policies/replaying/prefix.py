"""How far from pro-rata along the year: the ``prefix`` of the file contract, section 5."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Instance
from allocator.flux.geography import Geography
from allocator.policies.replaying.course import assiette_by_day, cells_of, counted_by_day
from allocator.policies.replaying.replay import Replay


@dataclass(frozen=True, slots=True)
class Prefix:
    """Largest and mean deviation from pro-rata at the end of a day, in dwellings, over cells and days."""

    max: float
    mean: float


def prefix(instance: Instance, result: Replay) -> Prefix:
    """Measure the deviation from pro-rata of each contractuel cell given by a part without report.

    It is ``|y(t) − part/100 × assiette(t)|`` at the end of each day on which something was released, 0 where
    there is no such cell or no such day. A dwelling counts from the day it was given, until it comes back.
    """
    promises, conventions = result.frame.promises, instance.conventions
    simple = np.isfinite(conventions.part) & (conventions.report == 0.0)
    kept = cells_of(instance, promises)
    contractuels = kept[kept < promises.starts[0]]
    chosen = np.zeros(len(kept), dtype=bool)
    chosen[: len(contractuels)] = simple[promises.row[contractuels]]
    if not chosen.any() or not len(result.days):
        return Prefix(0.0, 0.0)
    cells = kept[chosen]
    within = _within(
        result.frame.places,
        assiette_by_day(instance, result.days),
        promises.scopes.kind[cells],
        promises.scopes.scope[cells],
    )
    had = counted_by_day(instance, result, result.days, chosen)[:, chosen]
    gap = np.abs(had - promises.rate[cells] * within)
    return Prefix(float(gap.max()), float(gap.mean()))


def _within(
    places: Geography, assiette: NDArray[np.int64], kind: NDArray[np.int8], scope: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Return the assiette of each cell's territory, days × cells, from that of communes, days × communes."""
    within = np.zeros((len(assiette), len(kind)), dtype=np.int64)
    for number, of_commune in enumerate(places.of_commune):
        cells = np.flatnonzero(kind == number)
        territories = np.zeros((int(of_commune.max(initial=0)) + 1, len(assiette)), dtype=np.int64)
        np.add.at(territories, of_commune, assiette.T)
        within[:, cells] = territories[scope[cells]].T
    return within
