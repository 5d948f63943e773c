"""The columns of a plan: who may receive today's dwellings, those foreseen nearby, and the rest by groups."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.policies.lookahead.pairs import Pairs, ranges
from allocator.policies.lookahead.rows import ABSENT, Layout
from allocator.policies.lookahead.world import World

Rows = NDArray[np.intp]
Floats = NDArray[np.float64]

SLOTS: Final = 1 << 20
"""Above the number of any slot: a lot's identity and a slot make one number."""

TRAITS: Final = 1 << 10
"""Above the number of any typologie, financement and side of a QPV together."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Columns of a plan and their lots.

    A lot is a supply of like dwellings, ``supply`` of them; column ``c`` gives from lot ``lot[c]`` to
    ``slot[c]``, at most ``upper[c]``. Its entries are ``value[start[c]:start[c + 1]]`` in the rows ``row`` of
    the plan. ``kin`` is the same for columns that give like dwellings of like communes to like réservataires
    (:attr:`World.slot`): what serves one of them well often serves the others.
    """

    supply: Floats
    lot: Rows
    slot: Rows
    upper: Floats
    start: Rows
    row: Rows
    value: Floats
    kin: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.lot)


def joined(parts: list[Columns]) -> Columns:
    """Put columns side by side, with the lots of each part after those of the one before."""
    lots = np.cumsum([0, *(len(part.supply) for part in parts)])
    entries = np.cumsum([0, *(len(part.row) for part in parts)])
    return Columns(
        np.concatenate([part.supply for part in parts]),
        np.concatenate([part.lot + first for part, first in zip(parts, lots, strict=False)]),
        np.concatenate([part.slot for part in parts]),
        np.concatenate([part.upper for part in parts]),
        np.concatenate(
            [*(part.start[:-1] + first for part, first in zip(parts, entries, strict=False)), entries[-1:]]
        ),
        np.concatenate([part.row for part in parts]),
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.kin for part in parts]),
    )


def today_columns(world: World, layout: Layout, pairs: Pairs, supply: Floats) -> Columns:
    """Return the columns of today's dwellings: each counts in every scenario."""
    place = layout.once[pairs.row]
    inside = layout.near[pairs.row]
    of_pair = np.repeat(np.arange(len(pairs.holder)), np.diff(pairs.start))
    copies = np.flatnonzero(inside != ABSENT)
    column = np.concatenate([of_pair[place != ABSENT], np.repeat(of_pair[copies], layout.scenarios)])
    offsets = np.tile(np.arange(layout.scenarios), len(copies))
    row = np.concatenate([place[place != ABSENT], np.repeat(inside[copies], layout.scenarios) + offsets])
    order = np.argsort(column, kind="stable")
    return Columns(
        supply,
        pairs.of_class,
        pairs.holder,
        supply[pairs.of_class],
        np.searchsorted(column[order], np.arange(len(pairs.holder) + 1)),
        row[order],
        np.ones(len(row)),
        _kin(world, pairs, np.arange(len(pairs.holder))),
    )


def near_columns(
    world: World, layout: Layout, pairs: Pairs, drawn: Floats, near: NDArray[np.bool_]
) -> Columns:
    """Return the columns of the dwellings that each scenario has in the near communes, planned for it alone.

    ``drawn`` counts dwellings: scenarios × classes of ``pairs``.
    """
    scenario, of_class = np.nonzero(drawn * near[pairs.classes.commune][None, :])
    supply = drawn[scenario, of_class]
    pair, lot = ranges(pairs.first[of_class], pairs.first[of_class + 1])
    entry, column = ranges(pairs.start[pair], pairs.start[pair + 1])
    row, of_entry = pairs.row[entry], scenario[lot[column]]
    once, inside = layout.once[row], layout.near[row]
    place = np.where(once != ABSENT, once, inside + of_entry)
    value = np.where(once != ABSENT, 1.0 / layout.scenarios, 1.0)
    kept = (once != ABSENT) | (inside != ABSENT)
    start = np.searchsorted(column[kept], np.arange(len(pair) + 1))
    return Columns(
        supply,
        lot,
        pairs.holder[pair],
        supply[lot],
        start,
        place[kept],
        value[kept],
        _kin(world, pairs, pair),
    )


def far_columns(
    world: World, layout: Layout, pairs: Pairs, expected: Floats, near: NDArray[np.bool_]
) -> Columns:
    """Return the columns of what is expected elsewhere, group by group: fluid, counted in the mean."""
    classes = pairs.classes
    away = np.flatnonzero((expected > 0) & ~near[classes.commune])
    group = world.group[classes.commune[away]]
    named, lot_of = np.unique(group * TRAITS + classes.attributes()[away], return_inverse=True)
    lot_of = lot_of.ravel()
    supply = np.bincount(lot_of, weights=expected[away], minlength=len(named)).astype(float)
    pair, which = ranges(pairs.first[away], pairs.first[away + 1])
    slot = world.slot[classes.commune[pairs.of_class[pair]], pairs.holder[pair]]
    names, column = np.unique(lot_of[which] * SLOTS + slot, return_inverse=True)
    column = column.ravel()
    weight = expected[pairs.of_class[pair]]
    upper = np.bincount(column, weights=weight, minlength=len(names)).astype(float)
    entry, of_pair = ranges(pairs.start[pair], pairs.start[pair + 1])
    row = pairs.row[entry]
    # A row without a key (-1) stands once; there may be no key at all.
    summed = np.append(layout.far, ABSENT)[world.key[row]]
    place = np.where(layout.once[row] != ABSENT, layout.once[row], summed)
    codes, merged = np.unique(column[of_pair] * layout.rows + place, return_inverse=True)
    total = np.bincount(merged.ravel(), weights=weight[of_pair], minlength=len(codes)).astype(float)
    of_column, at = np.divmod(codes, max(1, layout.rows))
    lot, slots = np.divmod(names, SLOTS)
    return Columns(
        supply,
        lot,
        slots,
        upper,
        np.searchsorted(of_column, np.arange(len(names) + 1)),
        at,
        np.minimum(1.0, total / upper[of_column]),
        named[lot] * SLOTS + slots,
    )


def _kin(world: World, pairs: Pairs, pair: Rows) -> NDArray[np.int64]:
    """Return the kin of some pairs: their group of communes, their traits and who receives in that group."""
    of_class = pairs.of_class[pair]
    commune = pairs.classes.commune[of_class]
    named = world.group[commune] * TRAITS + pairs.classes.attributes()[of_class]
    kin: NDArray[np.int64] = named * SLOTS + world.slot[commune, pairs.holder[pair]]
    return kin
