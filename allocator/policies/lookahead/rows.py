"""The rows of a plan: each cell once, once a scenario where all it counts is near, added up where far."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.engine.costs import Slopes
from allocator.flux.promises import SLACK
from allocator.policies.accounts import Accounts
from allocator.policies.lookahead.world import SPREAD, Term, World

Rows = NDArray[np.intp]
Floats = NDArray[np.float64]

ABSENT: Final = -1


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where each row of the world stands in a plan whose near communes are seen in ``scenarios`` ways.

    ``once`` is the place of a row that counts in near and far communes alike, ``far`` the place of a key's sum,
    ``near`` the first of the ``scenarios`` places of a row that counts in near communes only, or nowhere
    (``ABSENT`` where it does not stand so). ``rows`` is the number of places; those from
    ``first_near`` on are the scenarios'.
    """

    scenarios: int
    once: Rows
    far: Rows
    near: Rows
    first_near: int
    rows: int


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The rows of a plan with their counts so far: ``y = floor − under + step + over`` costs by the slopes.

    ``start`` is ``floor`` less what is counted already, ``width`` the length of the step (the number of cells
    added up), ``limit`` the rights left where the row is a solde (infinite elsewhere). ``slopes`` has one entry
    a term of the model's tiers; each is what a whole dwelling costs, times the ``weight`` of its scenario.
    """

    start: Floats
    width: Floats
    limit: Floats
    slopes: tuple[Slopes, ...]


def lay_out(world: World, near: NDArray[np.bool_], scenarios: int) -> Layout:
    """Give every row its places, given which communes are near."""
    inside = ~(world.footprint & ~near[None, :]).any(axis=1)
    away = (world.alone >= 0) & ~inside
    once = np.full(len(world.scopes), ABSENT)
    spread = np.flatnonzero((world.alone == SPREAD) & ~inside)
    once[spread] = np.arange(len(spread))
    far = np.full(world.keys, ABSENT)
    keys = np.unique(world.key[away])
    far[keys] = len(spread) + np.arange(len(keys))
    first = len(spread) + len(keys)
    close = np.flatnonzero(inside)
    places = np.full(len(world.scopes), ABSENT)
    places[close] = first + scenarios * np.arange(len(close))
    return Layout(scenarios, once, far, places, first, first + scenarios * len(close))


def stand(world: World, layout: Layout, account: Accounts, mean: Floats, drawn: Floats) -> Standing:
    """Fill the rows with what is counted and the costs at the assiettes foreseen.

    Parameters
    ----------
    mean
        Expected assiette of each commune at the end of the period.
    drawn
        The same in each scenario: scenarios × communes (far communes at their mean).
    """
    counted = np.concatenate([account.counted, np.zeros(len(world.solde))])
    # Counted in points, what is used may be a fraction; only whole dwellings can be given.
    rights = np.floor(world.solde - account.used[world.solde_row] + SLACK)
    left = np.concatenate([np.full(world.cells, np.inf), rights])
    table = [world.frame.promises.cibles(assiette) for assiette in (mean, *drawn)]
    spots = _Spots(world, layout)
    floors = [np.floor(cibles) for cibles, _ in table]
    exists = [mask for _, mask in table]
    soldes = np.zeros(len(world.solde))
    padded = [np.concatenate([floor, soldes]) for floor in floors]
    start = spots.total([floor - counted for floor in padded])
    width = np.maximum(
        1.0, spots.total([np.concatenate([mask, soldes]) for mask in exists], summed_only=True)
    )
    limit = spots.total([left for _ in table])
    slopes = tuple(_slopes(world, spots, term, table) for term in world.terms)
    return Standing(start, width, np.maximum(0.0, limit), slopes)


class _Spots:
    """Moves values of the world's rows to their places in a plan."""

    def __init__(self, world: World, layout: Layout) -> None:
        self.layout = layout
        self.once = np.flatnonzero(layout.once != ABSENT)
        self.near = np.flatnonzero(layout.near != ABSENT)
        taken = (layout.once == ABSENT) & (layout.near == ABSENT) & (world.key >= 0)
        self.away = np.flatnonzero(taken)
        self.place = layout.far[world.key[self.away]]

    def total(self, values: list[Floats], *, summed_only: bool = False) -> Floats:
        """Place values of the mean (first) and of each scenario; those of a key are added up."""
        placed = np.bincount(self.place, weights=values[0][self.away], minlength=self.layout.rows).astype(
            float
        )
        if summed_only:
            return placed
        placed[self.layout.once[self.once]] = values[0][self.once]
        for scenario, value in enumerate(values[1:]):
            placed[self.layout.near[self.near] + scenario] = value[self.near]
        return placed

    def average(self, values: list[Floats], weights: list[Floats]) -> Floats:
        """Place values as :meth:`total` does, but those of a key by their weighted mean, scenarios by their share."""
        share = 1.0 / max(1, self.layout.scenarios)
        products = [value * weight for value, weight in zip(values, weights, strict=True)]
        placed = self.total([products[0], *(share * product for product in products[1:])])
        summed = self.total([weights[0]], summed_only=True)
        places = np.unique(self.place)
        placed[places] /= np.maximum(1.0, summed[places])
        return placed


def _slopes(world: World, spots: _Spots, term: Term, table: list[tuple[Floats, NDArray[np.bool_]]]) -> Slopes:
    none = np.zeros(len(world.solde))
    each = [world.slopes(term, cibles, exists) for cibles, exists in table]
    masks = [np.concatenate([exists, none]).astype(float) for _, exists in table]

    def place(name: str) -> Floats:
        return spots.average([np.concatenate([getattr(one, name), none]) for one in each], masks)

    base = [np.concatenate([one.base, none]) for one in each]
    share = 1.0 / max(1, spots.layout.scenarios)
    return Slopes(
        spots.total([base[0], *(share * value for value in base[1:])]),
        place("under"),
        place("step"),
        place("over"),
    )
