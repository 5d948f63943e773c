"""A claim of optimality put to the test: no single dwelling, given to somebody else, may do better.

A bound cannot be proved by recounting, but a false one can be refuted: this looks for a move of one dwelling
that improves the tiers lexicographically. Cells belong to one réservataire, so what a move changes is what
its loser's cells change by plus what its winner's do, and both are looked up by class of identical dwellings.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.checking.cells import Cells, communes_by_territory, list_cells
from allocator.checking.counts import code_of, codes_of, count_received
from allocator.checking.values import Recount, cells_of, terms_of
from allocator.checking.wording import nombre
from allocator.domain import BAILLEUR, SANS_SOLDE, Ecarts, Instance, Model
from allocator.formats import Fault, SolutionDocument

NOISE: Final = 1e-9
"""Differences below this are those of the arithmetic."""

GAIN: Final = 2e-6
"""A move must gain more than this times ``max(1, |value|)``: twice what a proof may leave."""

TRIED: Final = 1_000_000
"""Pairs (class, réservataire) tried at most, about; beyond, only every second class is, or third…"""

_UNTRIED: Final = -2

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Move:
    """Libération ``row`` goes from ``loser`` to ``winner`` (indices or ``BAILLEUR``); ``tier`` gains."""

    row: int
    loser: int
    winner: int
    tier: int
    gain: float


def check_optimality(
    instance: Instance, model: Model, found: Recount, claimed: SolutionDocument
) -> Iterator[Fault]:
    """Yield a counter-example to the claim of optimality, if one move of one dwelling is one."""
    move = better_move(instance, model, found) if claimed.status == "optimal" else None
    if move is not None:
        value = found.values[move.tier]
        names = (*instance.reservataires.id, "le bailleur")
        message = (
            f"optimal annoncé, mais donner la libération {instance.liberations.id[move.row]} à "
            f"« {names[move.winner]} » plutôt qu'à « {names[move.loser]} » ramènerait la priorité "
            f"{model.tiers[move.tier].name} de {nombre(value)} à "
            f"{nombre(value - move.gain)}"
        )
        yield Fault(claimed.file, None, "status", message)


def better_move(instance: Instance, model: Model, found: Recount) -> Move | None:
    """Return a move of one dwelling that improves the tiers lexicographically, or ``None`` if none was found.

    Under a ``max`` norm a move is credited with no improvement, so that what is returned always is one.
    """
    flux = instance.liberations.en_flux
    if not len(flux):
        return None
    orientation = found.orientation
    cells = list_cells(instance, model)
    more, fewer = _marginals(instance, model, found.ecarts)
    rows, classes = _classes(instance, flux)
    held = _held(classes, orientation[flux].astype(np.int64))
    losses = _best(held, _changes(instance, cells, fewer, rows, held), len(rows))
    offered = _offers(instance, orientation, rows)
    gains = _best(offered, _changes(instance, cells, more, rows, offered), len(rows))
    tried = np.flatnonzero(gains[0] != _UNTRIED)
    changes = losses[1][tried] + gains[1][tried]
    improved = _first_improvement(changes, found.values)
    for at in np.flatnonzero(improved >= 0).tolist():
        number, tier = tried[at], int(improved[at])
        loser, winner = int(losses[0][number]), int(gains[0][number])
        row = flux[(classes == number) & (orientation[flux] == loser)][0]
        return Move(int(row), loser, winner, tier, -float(changes[at, tier]))
    return None


def _marginals(instance: Instance, model: Model, found: Ecarts) -> tuple[Floats, Floats]:
    """Return, by cell and tier, at most what the tier grows by if the cell counts one more, or one fewer."""
    more, fewer = np.zeros((2, len(found), len(model.tiers)))
    for k, tier in enumerate(model.tiers):
        for goal in tier.goals:
            mine = np.flatnonzero(cells_of(instance, goal, found))
            if not len(mine):
                continue
            cible, valeur = found.cible[mine], found.valeur[mine]
            now = terms_of(goal, cible, valeur)
            for change, step in ((more, 1), (fewer, -1)):
                then = terms_of(goal, cible, valeur + step)
                grows = then - now if goal.norme == "somme" else np.maximum(0.0, then - now.max())
                change[mine, k] += goal.poids * grows
    return more, fewer


def _classes(instance: Instance, flux: NDArray[np.intp]) -> tuple[Integers, Integers]:
    """Return a row of ``liberations.csv`` for each class of identical dwellings, and the class of each."""
    traits, _ = codes_of(instance, "commune+typologie+financement+qpv", flux)
    _, first, classes = np.unique(traits, return_index=True, return_inverse=True)
    return flux[first].astype(np.int64), classes


def _held(classes: Integers, holders: Integers) -> Integers:
    """Return the distinct pairs (class, holder)."""
    width = int(holders.max(initial=0)) + 2
    pairs = np.unique(classes * width + holders + 1)
    return np.stack([pairs // width, pairs % width - 1], axis=1)


def _offers(instance: Instance, orientation: NDArray[np.int32], rows: Integers) -> Integers:
    """Return the pairs (class, réservataire or bailleur) that may be tried: covered, and with rights left."""
    conventions, covered = instance.conventions, communes_by_territory(instance)
    places = [place.partition(":") for place in conventions.territoire]
    received = count_received(
        instance, orientation, conventions.reservataire, [p[0] for p in places], [p[2] for p in places]
    )
    full = (conventions.solde != SANS_SOLDE) & (received >= conventions.solde)
    open_to: dict[int, set[int]] = defaultdict(lambda: {BAILLEUR})
    closed_to: dict[int, set[int]] = defaultdict(set)
    for row, holder in enumerate(conventions.reservataire.tolist()):
        for commune in covered.get(conventions.territoire[row], ()):
            (closed_to if full[row] else open_to)[commune].add(holder)
    communes = instance.liberations.commune[rows].tolist()
    choices = {commune: sorted(open_to[commune] - closed_to[commune]) for commune in set(communes)}
    every = -(-sum(len(choices[commune]) for commune in communes) // TRIED)
    pairs = [
        (number, holder)
        for number in range(0, len(communes), max(1, every))
        for holder in choices[communes[number]]
    ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _changes(instance: Instance, cells: Cells, marginals: Floats, rows: Integers, pairs: Integers) -> Floats:
    """Return, by pair (class, réservataire) and tier, the sum of the marginals of the cells that count it."""
    holders = np.array(cells.reservataire, dtype=np.int64)
    total = np.zeros((len(pairs), marginals.shape[1]))
    by_dimension: dict[str, list[int]] = defaultdict(list)
    for cell in np.flatnonzero(np.any(marginals != 0.0, axis=1)).tolist():
        by_dimension[cells.dimension[cell]].append(cell)
    for dimension, members in by_dimension.items():
        codes, indexes = codes_of(instance, dimension, rows)
        size = int(np.prod([len(index) for index in indexes], dtype=np.int64))
        own = np.array([code_of(cells.modalite[cell], indexes) for cell in members], dtype=np.int64)
        asked = np.where(own < 0, -1, holders[members] * size + own)
        distinct, inverse = np.unique(asked, return_inverse=True)
        table = np.zeros((len(distinct), marginals.shape[1]))
        np.add.at(table, inverse, marginals[members])
        keys = np.where(pairs[:, 1] == BAILLEUR, -2, pairs[:, 1] * size + codes[pairs[:, 0]])
        place = np.minimum(np.searchsorted(distinct, keys), len(distinct) - 1)
        counted = distinct[place] == keys
        total[counted] += table[place[counted]]
    return np.round(total, 9)


def _best(pairs: Integers, changes: Floats, classes: int) -> tuple[Integers, Floats]:
    """Return, by class, the réservataire of lexicographically least change, and that change."""
    order = np.lexsort((*changes.T[::-1], pairs[:, 0]))
    numbers, first = np.unique(pairs[order, 0], return_index=True)
    holder = np.full(classes, _UNTRIED, dtype=np.int64)
    change = np.zeros((classes, changes.shape[1]))
    holder[numbers], change[numbers] = pairs[order[first], 1], changes[order[first]]
    return holder, change


def _first_improvement(changes: Floats, values: tuple[float, ...]) -> Integers:
    """Return the first tier that a change lowers, no tier before it being raised; -1 where there is none."""
    improved = np.full(len(changes), -1, dtype=np.int64)
    fair = np.ones(len(changes), dtype=np.bool_)
    for tier, value in enumerate(values):
        lower = changes[:, tier] < -GAIN * max(1.0, abs(value))
        improved[fair & lower & (improved < 0)] = tier
        fair &= changes[:, tier] <= NOISE
    return improved
