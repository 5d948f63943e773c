"""Where each promise stands on a morning: assiette so far, dwellings counted, rights left."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Liberations
from allocator.flux.promises import ANY, Scopes
from allocator.policies.situation import Frame, Mouvements, Situation

Floats = NDArray[np.float64]
Rows = NDArray[np.integer]


@dataclass(frozen=True, slots=True, eq=False)
class Accounts:
    """The accounts of a morning, before anything of today is decided.

    ``assiette`` counts the flux libérations of each commune so far, today's included; ``counted`` is what each
    cell of the frame's promises has received, in dwellings; ``used`` what each convention row has, of all that
    its réservataire received in its territory.
    """

    assiette: NDArray[np.int64]
    counted: Floats
    used: Floats


def accounts(frame: Frame, situation: Situation) -> Accounts:
    """Compute the accounts from the past of a situation."""
    communes = len(frame.instance.territoires)
    first = situation.today.commune[~situation.again]
    assiette = np.bincount(np.concatenate([situation.past.commune, first]), minlength=communes)
    counted = received(frame.promises.scopes, frame, situation.past, situation.mouvements)
    used = received(convention_scopes(frame), frame, situation.past, situation.mouvements)
    return Accounts(assiette.astype(np.int64), counted, used)


def received(scopes: Scopes, frame: Frame, liberations: Liberations, moves: Mouvements) -> Floats:
    """Return what each cell has received, in dwellings.

    Cells that look at the same things (a kind of territory, some of the traits) are joined with the movements on
    these alone: a year of a large bailleur takes two milliseconds.
    """
    looked = np.stack([scopes.typologie, scopes.financement, scopes.qpv]) != ANY
    shape = scopes.kind.astype(np.int64) * 8 + (1 << np.arange(3)) @ looked
    commune = liberations.commune[moves.row]
    traits = [
        column[moves.row] for column in (liberations.typologie, liberations.financement, liberations.qpv)
    ]
    total = np.zeros(len(scopes))
    for code in np.unique(shape).tolist():
        cells = np.flatnonzero(shape == code)
        place = frame.places.of_commune[code // 8][commune]
        wanted: list[Rows] = [scopes.reservataire[cells], scopes.scope[cells]]
        given: list[Rows] = [moves.reservataire, place]
        for axis, column in enumerate((scopes.typologie, scopes.financement, scopes.qpv)):
            if code >> axis & 1:
                wanted.append(column[cells])
                given.append(traits[axis])
        total[cells] = _joined(wanted, given, moves.amount)
    return total


def _joined(wanted: Sequence[Rows], given: Sequence[Rows], amount: Floats) -> Floats:
    """Sum the amounts whose columns equal those of each entry wanted (numbers of -2 and more)."""
    names, keys = np.zeros(len(wanted[0]), dtype=np.int64), np.zeros(len(given[0]), dtype=np.int64)
    for one, other in zip(wanted, given, strict=True):
        width = max(int(one.max(initial=0)), int(other.max(initial=0))) + 3
        names, keys = names * width + one + 2, keys * width + other + 2
    known, entry = np.unique(names, return_inverse=True)
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    found = known[at] == keys
    return np.bincount(at[found], amount[found], len(known)).astype(np.float64)[entry]


def covering(
    scopes: Scopes,
    frame: Frame,
    liberations: Liberations,
    rows: NDArray[np.intp],
    holders: NDArray[np.integer],
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the pairs (entry, cell) in which libération ``rows[entry]`` given to ``holders[entry]`` counts."""
    kinds, width = len(frame.places.of_commune), len(frame.instance.territoires) + 3
    names = (scopes.reservataire.astype(np.int64) * kinds + scopes.kind) * width + scopes.scope + 2
    order = np.argsort(names, kind="stable")
    of_name = names[order]
    entries, cells = [], []
    for kind, place in enumerate(frame.places.of_commune):
        wanted = (holders.astype(np.int64) * kinds + kind) * width + place[liberations.commune[rows]] + 2
        start, end = np.searchsorted(of_name, wanted), np.searchsorted(of_name, wanted, side="right")
        entry = np.repeat(np.arange(len(rows)), end - start)
        within = np.arange(len(entry)) - np.repeat(np.cumsum(end - start) - (end - start), end - start)
        cell = order[np.repeat(start, end - start) + within]
        kept = _alike(scopes, cell, liberations, rows[entry])
        entries.append(entry[kept])
        cells.append(cell[kept])
    entry, cell = np.concatenate(entries), np.concatenate(cells)
    sorted_ = np.lexsort((cell, entry))
    return entry[sorted_], cell[sorted_]


def cells_of_pairs(
    scopes: Scopes, frame: Frame, liberations: Liberations
) -> Callable[[int, int], tuple[int, ...]]:
    """Return what gives the cells, ascending, in which a libération given to a réservataire counts (by their rows)."""
    holders = len(frame.instance.reservataires)
    row, holder = np.divmod(np.arange(len(liberations) * holders), max(1, holders))
    entry, cell = covering(scopes, frame, liberations, row, holder)
    first = np.searchsorted(entry, np.arange(len(row) + 1))

    def cells(liberation: int, reservataire: int) -> tuple[int, ...]:
        pair = liberation * holders + reservataire
        return tuple(cell[first[pair] : first[pair + 1]].tolist())

    return cells


def _alike(
    scopes: Scopes, cell: NDArray[np.intp], liberations: Liberations, row: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Tell which libérations have the traits that the cells look at."""
    alike = np.ones(len(cell), dtype=bool)
    for column, wanted in (
        (liberations.typologie, scopes.typologie),
        (liberations.financement, scopes.financement),
        (liberations.qpv, scopes.qpv),
    ):
        alike &= (wanted[cell] == ANY) | (wanted[cell] == column[row])
    return alike


def convention_scopes(frame: Frame) -> Scopes:
    """Return what each convention row covers, in the form of cells that count everything there."""
    conventions = frame.instance.conventions
    where = [frame.places.territory(territoire) for territoire in conventions.territoire]
    any_of = np.full(len(conventions), ANY, dtype=np.int8)
    return Scopes(
        conventions.reservataire.astype(np.int32),
        np.array([kind for kind, _ in where], dtype=np.int8),
        np.array([scope for _, scope in where], dtype=np.int32),
        any_of,
        any_of,
        any_of,
    )
