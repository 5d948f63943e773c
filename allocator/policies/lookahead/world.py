"""What a plan counts, once for a whole period: cells, soldes, where each can count, and alike communes."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import SANS_SOLDE
from allocator.engine.costs import Slopes, bears_on, goal_slopes
from allocator.flux.geography import PARTOUT
from allocator.flux.promises import Scopes
from allocator.policies.accounts import convention_scopes
from allocator.policies.situation import Frame

Rows = NDArray[np.intp]
Floats = NDArray[np.float64]

SPREAD: Final = -1
"""Commune of a row that counts in several."""

NONE: Final = -2
"""Commune of a row that can count nowhere."""


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One goal of a tier: the cells that it bears on, and whether only the largest of them costs."""

    tier: int
    goal: int
    chosen: NDArray[np.bool_]
    largest: bool


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """The rows of every plan of a period: the cells of the promises, then the soldes of the conventions.

    ``footprint`` (rows × communes) marks where a row can count; ``alone`` is its commune where that is a single
    one, else :data:`SPREAD` or :data:`NONE`. ``group`` gives each commune the number of its group: communes of
    one EPCI and département where the same réservataires of several communes may receive. ``slot`` numbers
    who receives in the far world, communes × réservataires: the réservataire itself, or one stand-in for the
    réservataires of a single commune of a group that are of one family. ``key`` numbers the rows that are added
    up when their commune is far away (-1 for those that count in several): at most one of each commune.
    """

    frame: Frame
    scopes: Scopes
    solde: NDArray[np.int64]
    solde_row: Rows
    footprint: NDArray[np.bool_]
    alone: Rows
    group: Rows
    slot: Rows
    key: Rows
    keys: int
    terms: tuple[Term, ...]

    @property
    def cells(self) -> int:
        """Number of cells; the rows after them are soldes."""
        return len(self.frame.promises)

    def slopes(self, term: Term, cibles: Floats, exists: NDArray[np.bool_]) -> Slopes:
        """Return the cost of the cells under one goal at some targets, 0 where they do not exist."""
        goal = self.frame.model.tiers[term.tier].goals[term.goal]
        return goal_slopes(goal, cibles, term.chosen & exists)


def build_world(frame: Frame) -> World:
    """Give the rows of a frame their numbers and find where each can count."""
    conventions = frame.instance.conventions
    bounded = np.flatnonzero(conventions.solde != SANS_SOLDE)
    scopes = _stacked(frame.promises.scopes, convention_scopes(frame), bounded)
    footprint = _footprint(frame, scopes)
    several = footprint.sum(axis=1)
    alone = np.where(several == 1, footprint.argmax(axis=1), np.where(several == 0, NONE, SPREAD))
    local = frame.eligible.sum(axis=0) <= 1
    group = _groups(frame, local)
    slot = _slots(frame, local, group)
    key, keys = _keys(frame, scopes, alone, group, slot)
    return World(
        frame,
        scopes,
        conventions.solde[bounded],
        bounded,
        footprint,
        alone,
        group,
        slot,
        key,
        keys,
        _terms(frame),
    )


def _stacked(cells: Scopes, rows: Scopes, kept: Rows) -> Scopes:
    return Scopes(
        np.concatenate([cells.reservataire, rows.reservataire[kept]]),
        np.concatenate([cells.kind, rows.kind[kept]]),
        np.concatenate([cells.scope, rows.scope[kept]]),
        np.concatenate([cells.typologie, rows.typologie[kept]]),
        np.concatenate([cells.financement, rows.financement[kept]]),
        np.concatenate([cells.qpv, rows.qpv[kept]]),
    )


def _footprint(frame: Frame, scopes: Scopes) -> NDArray[np.bool_]:
    covers = np.ones((len(scopes), len(frame.instance.territoires)), dtype=bool)
    for kind in range(PARTOUT):
        of_kind = scopes.kind == kind
        covers[of_kind] = frame.places.of_commune[kind][None, :] == scopes.scope[of_kind][:, None]
    footprint: NDArray[np.bool_] = covers & frame.eligible.T[scopes.reservataire]
    return footprint


def _groups(frame: Frame, local: NDArray[np.bool_]) -> Rows:
    """Group the communes that nothing but their own réservataires tells apart."""
    places = np.stack(frame.places.of_commune[1:PARTOUT], axis=1)
    signature = np.concatenate([places, frame.eligible & ~local[None, :]], axis=1)
    return np.unique(signature, axis=0, return_inverse=True)[1].ravel()


def _slots(frame: Frame, local: NDArray[np.bool_], group: Rows) -> Rows:
    """Tell who receives in the far world; réservataires of one commune share a stand-in by group and family."""
    communes, holders = frame.eligible.shape
    slot = np.tile(np.arange(holders), (communes, 1))
    names: dict[tuple[int, str, int], int] = {}
    for commune in range(communes):
        seen: dict[str, int] = {}
        for holder in np.flatnonzero(frame.eligible[commune] & local):
            famille = frame.instance.reservataires.famille[holder]
            rank = seen[famille] = seen.get(famille, -1) + 1
            name = (int(group[commune]), famille, rank)
            slot[commune, holder] = holders + names.setdefault(name, len(names))
    return slot


def _keys(frame: Frame, scopes: Scopes, alone: Rows, group: Rows, slot: Rows) -> tuple[Rows, int]:
    kinds = {text: number for number, text in enumerate(dict.fromkeys(frame.promises.sur))}
    sur = np.full(len(scopes), len(kinds))
    sur[: len(frame.promises)] = [kinds[text] for text in frame.promises.sur]
    own = np.flatnonzero(alone >= 0)
    names = np.stack(
        [
            slot[alone[own], scopes.reservataire[own]],
            group[alone[own]],
            sur[own],
            scopes.typologie[own],
            scopes.financement[own],
            scopes.qpv[own],
        ],
        axis=1,
    )
    # Rows of one name in one commune (overlapping conventions) count the same dwellings: each has its own key.
    names = np.column_stack([names, _ranks(np.column_stack([names, alone[own]]))])
    key = np.full(len(scopes), -1)
    unique, key[own] = np.unique(names, axis=0, return_inverse=True)
    return key, len(unique)


def _ranks(names: Rows) -> Rows:
    """Return the place of each row among those of its name, from 0."""
    name = np.unique(names, axis=0, return_inverse=True)[1].ravel()
    order = np.argsort(name, kind="stable")
    rank = np.empty(len(name), dtype=np.intp)
    rank[order] = np.arange(len(name)) - np.searchsorted(name[order], name[order])
    return rank


def _terms(frame: Frame) -> tuple[Term, ...]:
    sur = np.array(frame.promises.sur, dtype=object)
    famille = np.array(frame.instance.reservataires.famille, dtype=object)
    familles = famille[frame.promises.scopes.reservataire]
    return tuple(
        Term(number, place, bears_on(goal, sur, familles), goal.norme == "max")
        for number, tier in enumerate(frame.model.tiers)
        for place, goal in enumerate(tier.goals)
    )
