"""The contractual quotas as a rule reads them, brought forward dwelling by dwelling through a morning.

What the hand rule does and what its relatives do differ only in the choice for one dwelling (:func:`one_by_one`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, SANS_SOLDE
from allocator.flux.promises import SLACK, Scopes
from allocator.policies.accounts import convention_scopes
from allocator.policies.situation import Chooser, Frame, Ints, Situation

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Quotas:
    """The contractuel cells of a frame, as a daily rule reads them: one entry a cell.

    What a cell is owed at a moment is ``rate`` × the assiette of its territory so far, plus ``fixed`` × the share
    of the period gone (dwellings). ``cells[c]`` numbers those that cover commune ``c``, by réservataire;
    ``bounded[c]`` the convention rows with a ``solde`` that do. ``rows`` is what each convention row covers.
    """

    frame: Frame
    rows: Scopes
    reservataire: Ints
    kind: NDArray[np.int8]
    scope: Ints
    rate: Floats
    fixed: Floats
    cells: tuple[Rows, ...]
    bounded: tuple[Rows, ...]


def quotas(frame: Frame) -> Quotas:
    """Return the contractuel cells of a frame, volumes and reports spread by the historique."""
    promises, conventions = frame.promises, frame.instance.conventions
    scopes, chosen = promises.scopes, promises.contractuels
    holder, kind, scope = scopes.reservataire[chosen], scopes.kind[chosen], scopes.scope[chosen]
    order = np.argsort(holder, kind="stable")
    bounded = np.flatnonzero(conventions.solde != SANS_SOLDE)
    rows = convention_scopes(frame)
    cells, closing = [], []
    for commune in range(len(frame.instance.territoires)):
        place = np.array([numbers[commune] for numbers in frame.places.of_commune])
        cells.append(order[place[kind[order]] == scope[order]])
        closing.append(bounded[place[rows.kind[bounded]] == rows.scope[bounded]])
    fixed = promises.fixed[chosen] * _spread(frame)
    return Quotas(
        frame, rows, holder, kind, scope, promises.rate[chosen], fixed, tuple(cells), tuple(closing)
    )


def _spread(frame: Frame) -> Floats:
    """Return the share of its row's volume and report that each contractuel cell has.

    By the historique's assiette of the row's territory; evenly where that has none.
    """
    promises, places, past = frame.promises, frame.places, frame.instance.historique
    chosen = promises.contractuels
    communes = len(frame.instance.territoires)
    seen = np.zeros(communes) if past is None else np.bincount(past.commune[past.en_flux], minlength=communes)
    share = np.ones(promises.starts[0])
    kinds, spreads, scopes = promises.spread_kind[chosen], promises.spread[chosen], promises.scopes.scope
    for cell in np.flatnonzero(spreads >= 0).tolist():
        inside = places.communes(int(kinds[cell]), int(spreads[cell]))
        whole = seen[inside].sum()
        share[cell] = seen[scopes[cell]] / whole if whole > 0 else 1.0 / len(inside)
    return share


class Morning:
    """The accounts of contractual quotas through one day, brought forward dwelling by dwelling.

    ``released`` has one entry a commune, ``assiette`` and ``counted`` one a cell of ``quotas``, ``used`` one a
    convention row; ``elapsed`` is the share of the period gone, today included.
    """

    def __init__(self, quotas: Quotas, situation: Situation) -> None:
        frame, moves, past = quotas.frame, situation.mouvements, situation.past.commune
        rows = quotas.rows
        self.quotas = quotas
        self.elapsed = frame.elapsed(situation.date)
        self.released = np.bincount(past, minlength=len(frame.instance.territoires)).astype(np.float64)
        self.assiette = np.zeros(len(quotas.rate))
        self.counted = np.zeros(len(quotas.rate))
        self.used = np.zeros(len(rows))
        for kind, of_commune in enumerate(frame.places.of_commune):
            size = int(of_commune.max(initial=0)) + 1
            cells, bounds = np.flatnonzero(quotas.kind == kind), np.flatnonzero(rows.kind == kind)
            released = np.bincount(of_commune, self.released, size)
            self.assiette[cells] = released[quotas.scope[cells]]
            key = moves.reservataire * size + of_commune[past[moves.row]]
            received = np.bincount(key, moves.amount, size * len(frame.instance.reservataires))
            self.counted[cells] = received[quotas.reservataire[cells] * size + quotas.scope[cells]]
            self.used[bounds] = received[rows.reservataire[bounds] * size + rows.scope[bounds]]

    def release(self, commune: int) -> None:
        """Count one more libération."""
        self.released[commune] += 1
        self.assiette[self.quotas.cells[commune]] += 1

    def due(self, cells: Rows) -> Floats:
        """Return what cells are owed so far, in dwellings."""
        quotas = self.quotas
        return quotas.rate[cells] * self.assiette[cells] + quotas.fixed[cells] * self.elapsed

    def lags(self, cells: Rows) -> Floats:
        """Return what cells are owed beyond what they count, in dwellings."""
        return self.due(cells) - self.counted[cells]

    def closed(self, commune: int) -> Ints:
        """Return the réservataires that a ``solde`` keeps from one more dwelling of a commune."""
        conventions, rows = self.quotas.frame.instance.conventions, self.quotas.bounded[commune]
        return conventions.reservataire[rows[self.used[rows] + 1.0 > conventions.solde[rows] + SLACK]]

    def give(self, commune: int, reservataire: int) -> None:
        """Count one dwelling received."""
        quotas, rows = self.quotas, self.quotas.bounded[commune]
        cells = quotas.cells[commune]
        self.counted[cells[quotas.reservataire[cells] == reservataire]] += 1
        self.used[rows[quotas.frame.instance.conventions.reservataire[rows] == reservataire]] += 1


Pick = Callable[[Morning, int, Rows], int]
"""Chooses for one dwelling, given the accounts, its commune, and the cells that cover it of who may receive it."""


def one_by_one(known: Quotas, pick: Pick) -> Chooser:
    """Return the rule that takes the dwellings of a day in turn, each with the accounts that the last one left."""

    def choose(situation: Situation) -> Ints:
        morning = Morning(known, situation)
        chosen = np.full(len(situation.today), BAILLEUR, dtype=np.int32)
        for entry, commune in enumerate(situation.today.commune.tolist()):
            if not situation.again[entry]:
                morning.release(commune)
            cells = known.cells[commune]
            shut = np.isin(known.reservataire[cells], morning.closed(commune))
            if situation.barred is not None:
                shut |= situation.barred[entry, known.reservataire[cells]]
            chosen[entry] = pick(morning, commune, cells[~shut])
            if chosen[entry] != BAILLEUR:
                morning.give(commune, int(chosen[entry]))
        return chosen

    return choose
