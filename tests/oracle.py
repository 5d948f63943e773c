"""The oracle: optima of tiny instances by trying everything, in a third, deliberately naive arithmetic.

Loops straight from the file contract, sections 2 to 4, in exact fractions of the decimals that the files
hold. It shares no line with the engine nor with the checker; it is slow and plain on purpose.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from allocator.domain import BAILLEUR, SANS_SOLDE, Goal, Instance, Model
from allocator.domain.vocabulary import FINANCEMENTS, FLUX, QPV, TYPOLOGIES

BILLIONTH = Fraction(1, 10**9)


@dataclass(frozen=True)
class Cell:
    """One target of one réservataire, with the rows of ``liberations.csv`` that count for it."""

    reservataire: int
    famille: str
    sur: str
    cible: Fraction
    dwellings: frozenset[int]

    def count(self, orientation: Sequence[int]) -> int:
        """Return how many of its dwellings go to its réservataire."""
        return sum(orientation[i] == self.reservataire for i in self.dwellings)

    def term(self, goal: Goal, valeur: int) -> Fraction:
        """Return what the cell adds to a goal, before ``poids``, when it counts ``valeur`` dwellings."""
        manque = max(Fraction(0), self.cible - valeur)
        exces = max(Fraction(0), valeur - self.cible)
        scale = max(self.cible, Fraction(1)) if goal.unite == "relatif" else Fraction(1)
        return (exact(goal.manque) * manque + exact(goal.exces) * exces) / scale


def exact(number: float) -> Fraction:
    """Return the decimal that was written, not the float nearest to it."""
    return Fraction(repr(float(number)))


def cells_of(instance: Instance, model: Model) -> list[Cell]:
    """Return every cell of the instance: contract, section 3."""
    people = range(len(instance.reservataires))
    cells = [cell for row in range(len(instance.conventions)) for cell in _cells_of_row(instance, row)]
    due = [
        sum((c.cible for c in cells if c.reservataire == r and c.sur == "contractuel"), Fraction(0))
        for r in people
    ]
    everything = frozenset(i for i in range(len(instance.liberations)) if in_flux(instance, i))
    for r in people:
        if is_small(instance, model, r, due[r]):
            cible = Fraction(math.floor(due[r] + BILLIONTH))
            cells.append(Cell(r, instance.reservataires.famille[r], "petit", cible, everything))
    for k in range(len(instance.indicatifs)):
        r = int(instance.indicatifs.reservataire[k])
        dimension, modalite = instance.indicatifs.dimension[k], instance.indicatifs.modalite[k]
        sur = "croise" if "+" in dimension else dimension
        cible = exact(instance.indicatifs.part[k]) / 100 * due[r]
        dwellings = frozenset(i for i in everything if has_modality(instance, i, dimension, modalite))
        cells.append(Cell(r, instance.reservataires.famille[r], sur, cible, dwellings))
    return cells


def _cells_of_row(instance: Instance, row: int) -> Iterator[Cell]:
    """Yield the contractuel cells of a convention row and, with ``niveau=commune``, its total cell."""
    conventions = instance.conventions
    r = int(conventions.reservataire[row])
    famille = instance.reservataires.famille[r]
    whole = covered(instance, conventions.territoire[row])
    report = exact(conventions.report[row])

    def target(dwellings: frozenset[int], spread: Fraction) -> Fraction:
        if math.isnan(conventions.volume[row]):
            promised = exact(conventions.part[row]) / 100 * len(dwellings)
        else:
            promised = exact(conventions.volume[row]) * spread
        return max(Fraction(0), promised + report * spread)

    if conventions.niveau[row] == "territoire":
        yield Cell(r, famille, "contractuel", target(whole, Fraction(1)), whole)
        return
    total = Fraction(0)
    for commune in sorted(set(instance.liberations.commune.tolist())):
        here = frozenset(i for i in whole if instance.liberations.commune[i] == commune)
        if here:
            cible = target(here, Fraction(len(here), len(whole)))
            total += cible
            yield Cell(r, famille, "contractuel", cible, here)
    yield Cell(r, famille, "total", total, whole)


def is_small(instance: Instance, model: Model, r: int, due: Fraction) -> bool:
    """Say whether a réservataire is small: declared so, or left to the model and due less than ``seuil``."""
    declared = instance.reservataires.petit[r]
    if declared is not None:
        return declared
    return model.seuil is not None and due < exact(model.seuil) - BILLIONTH


def in_flux(instance: Instance, i: int) -> bool:
    """Say whether a libération is allocated and counted."""
    return bool(instance.liberations.statut[i] == FLUX)


def covered(instance: Instance, territoire: str) -> frozenset[int]:
    """Return the flux libérations of a territory such as ``departement:93``."""
    dimension, _, code = territoire.partition(":")
    return frozenset(
        i
        for i in range(len(instance.liberations))
        if in_flux(instance, i) and modality(instance, i, dimension) == code
    )


def has_modality(instance: Instance, i: int, dimension: str, modalite: str) -> bool:
    """Say whether a libération has a modality, all of them where they are crossed."""
    pairs = zip(dimension.split("+"), modalite.split("+"), strict=True)
    return all(modality(instance, i, name) == word for name, word in pairs)


def modality(instance: Instance, i: int, dimension: str) -> str:
    """Return the word of a libération on one dimension or place."""
    liberations, territoires = instance.liberations, instance.territoires
    commune = liberations.commune[i]
    return {
        "typologie": TYPOLOGIES[liberations.typologie[i]],
        "financement": FINANCEMENTS[liberations.financement[i]],
        "qpv": QPV[liberations.qpv[i]],
        "commune": territoires.commune[commune],
        "epci": territoires.epci[commune],
        "departement": territoires.departement[commune],
    }[dimension]


def tier_values(instance: Instance, model: Model, orientation: Sequence[int]) -> tuple[Fraction, ...]:
    """Return the value of each tier of an orientation, one entry a libération: contract, section 4."""
    cells = cells_of(instance, model)
    values = []
    for tier in model.tiers:
        value = Fraction(0)
        for goal in tier.goals:
            terms = [cell.term(goal, cell.count(orientation)) for cell in cells if bears_on(goal, cell)]
            worst, total = max(terms, default=Fraction(0)), sum(terms, Fraction(0))
            value += exact(goal.poids) * (worst if goal.norme == "max" else total)
        values.append(value)
    return tuple(values)


def bears_on(goal: Goal, cell: Cell) -> bool:
    """Say whether a goal weighs a cell."""
    return goal.sur == cell.sur and (goal.familles is None or cell.famille in goal.familles)


def assignments(instance: Instance) -> Iterator[tuple[int, ...]]:
    """Yield the feasible orientations, each once up to exchanging identical dwellings.

    Every cell and every row counts the dwellings of one commune, typologie, financement, QPV and statut
    alike, so among orientations that differ by such exchanges only the one that is non-decreasing along each
    class is tried.
    """
    liberations, conventions = instance.liberations, instance.conventions
    n = len(liberations)
    names = ("commune", "typologie", "financement", "qpv", "statut")
    classes = [tuple(int(getattr(liberations, name)[i]) for name in names) for i in range(n)]
    rows = [
        (int(conventions.reservataire[k]), covered(instance, conventions.territoire[k]))
        for k in range(len(conventions))
    ]
    choices = [[BAILLEUR, *sorted({r for r, places in rows if i in places})] for i in range(n)]
    bounds = [
        (r, places, int(conventions.solde[k]))
        for k, (r, places) in enumerate(rows)
        if conventions.solde[k] >= 0
    ]

    def extend(prefix: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        i = len(prefix)
        if any(sum(prefix[j] == r for j in places if j < i) > most for r, places, most in bounds):
            return
        if i == n:
            yield prefix
            return
        least = max((prefix[j] for j in range(i) if classes[j] == classes[i]), default=BAILLEUR)
        for r in choices[i]:
            if r >= least:
                yield from extend((*prefix, r))

    yield from extend(())


def optimum(instance: Instance, model: Model) -> tuple[Fraction, ...]:
    """Return the lexicographically least tier values over all feasible orientations."""
    return best(instance, model)[0]


def best(instance: Instance, model: Model) -> tuple[tuple[Fraction, ...], tuple[int, ...]]:
    """Return the least tier values and the first orientation that reaches them.

    The terms of every cell at every count are tabulated once, over one common denominator a tier, so that
    trying an orientation only looks up and adds integers; the result is exact all the same.
    """
    cells = cells_of(instance, model)
    tables = [_table(model, k, cells, len(instance.liberations)) for k in range(len(model.tiers))]
    least: tuple[tuple[int, ...], tuple[int, ...]] | None = None
    for orientation in assignments(instance):
        counts = [cell.count(orientation) for cell in cells]
        values = tuple(
            sum(
                (max if norme == "max" else sum)([term[counts[c]] for c, term in terms])
                for norme, terms in goals
            )
            for goals, _ in tables
        )
        if least is None or values < least[0]:
            least = values, orientation
    assert least is not None, "leaving everything with the bailleur is always feasible"
    values, orientation = least
    scales = [scale for _, scale in tables]
    return tuple(Fraction(value, scale) for value, scale in zip(values, scales, strict=True)), orientation


Table = tuple[list[tuple[str, list[tuple[int, list[int]]]]], int]


def _table(model: Model, tier: int, cells: list[Cell], most: int) -> Table:
    """Return the goals of a tier as (norm, terms of each cell by count) in integers, and their scale."""
    goals = [
        (
            goal.norme,
            [
                (c, [exact(goal.poids) * cell.term(goal, y) for y in range(most + 1)])
                for c, cell in enumerate(cells)
                if bears_on(goal, cell)
            ],
        )
        for goal in model.tiers[tier].goals
    ]
    terms = [term for _, of_cells in goals for _, by_count in of_cells for term in by_count]
    scale = math.lcm(*(term.denominator for term in terms))
    return [
        (norme, [(c, [int(term * scale) for term in by_count]) for c, by_count in of_cells])
        for norme, of_cells in goals
        if of_cells
    ], scale


def feasible(instance: Instance, orientation: Sequence[int]) -> bool:
    """Say whether nobody receives out of the flux, without a row there, or beyond the rights left."""
    conventions = instance.conventions
    rows = range(len(conventions))
    places = [covered(instance, conventions.territoire[row]) for row in rows]
    for i, r in enumerate(orientation):
        if r != BAILLEUR and not any(conventions.reservataire[row] == r and i in places[row] for row in rows):
            return False
    return all(
        conventions.solde[row] == SANS_SOLDE
        or sum(orientation[i] == conventions.reservataire[row] for i in places[row]) <= conventions.solde[row]
        for row in rows
    )
