r"""Relogements shared so that the burdens, sorted from the heaviest, are lexicographically least, in whole dwellings.

The burden of a bailleur in a département is what it takes divided by ``relocations × coefficient``. The vectors of
what the bailleurs can take together are those of a network, hence the bases of an integer polymatroid; write it as
a matroid whose elements are the pairs (bailleur, k-th dwelling). A greedy that always gives the next dwelling to
the bailleur whose burden would then be least, if the network allows, is a divisor method, and exact:

For a fixed large :math:`M`, sum over the bailleurs :math:`M^{y/b}`, with :math:`y` dwellings on the base :math:`b`.
For :math:`M` large enough a least sum is a leximin. The sum is separable and convex, so it is least at the base that
the matroid's greedy finds with the weights :math:`M^{k/b} - M^{(k-1)/b}`. For :math:`M` large these are ordered by
:math:`k/b`, and where those are equal the larger :math:`(k-1)/b`, that is the larger :math:`b`, comes first. ∎

What the préfet has fixed and what démolisseurs meet first are taken out of the network and stay in the burdens:
contractions and truncations of a matroid are matroids. Source: Th. 1-2 (arbitrage du préfet, non-démolisseurs).
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from allocator.assiette.relogements.besoins import Besoins
from allocator.assiette.relogements.reseau import Node, Reseau


@dataclass(frozen=True, slots=True)
class Part:
    """Whole dwellings that a bailleur gives to a need; positions, and where the part comes from."""

    besoin: int
    bailleur: int
    logements: int
    origine: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Partage:
    """A sharing: the parts, and by need what finds no place."""

    parts: tuple[Part, ...]
    restes: tuple[int, ...]

    def taken(self, bailleurs: int) -> tuple[int, ...]:
        """Return what each of the bailleurs takes in all."""
        found = [0] * bailleurs
        for part in self.parts:
            found[part.bailleur] += part.logements
        return tuple(found)


def share(known: Besoins) -> Partage:
    """Return the sharing: arbitrations, then démolisseurs' own part, then least relative burden.

    With the mode ``en_dernier`` a need leaves its département only for what that cannot take.
    """
    left = [need.logements for need in known.besoins]
    taken = [0] * len(known.bailleurs)
    parts = [
        Part(each.besoin, each.bailleur, each.logements, "arbitrage", each.cite) for each in known.arbitrages
    ]
    _take(parts, left, taken)
    parts += _own(known, left, taken)
    reseau = Reseau("source")
    for need, number in enumerate(left):
        reseau.add("source", _need(need), number)
        for unit in _near(known, need):
            reseau.add(_need(need), _unit(unit), number)
    if known.regles.mode != "ensemble":
        _level(known, reseau, taken)
    if known.regles.mode != "jamais":
        _open_elsewhere(known, reseau, parts)
        _level(known, reseau, taken)
    parts += _flows(known, reseau)
    placed = [0] * len(left)
    for part in parts:
        placed[part.besoin] += part.logements
    restes = (need.logements - number for need, number in zip(known.besoins, placed, strict=True))
    return Partage(tuple(parts), tuple(restes))


def room(known: Besoins, unit: int) -> int:
    """Return how many dwellings a bailleur takes at most, arbitrations apart."""
    bailleur = known.bailleurs[unit]
    if not bailleur.participe or bailleur.base == 0:
        return 0
    return floor(bailleur.relocations * known.regles.plafond / 100)


def elsewhere(known: Besoins, need: int) -> int:
    """Return how many dwellings of a need may be outside its département, arbitrations included."""
    if known.regles.mode == "jamais":
        return 0
    return floor(known.besoins[need].logements * known.regles.ailleurs / 100)


def _need(need: int) -> Node:
    return "besoin", need


def _away(need: int) -> Node:
    return "ailleurs", need


def _unit(unit: int) -> Node:
    return "bailleur", unit


def _near(known: Besoins, need: int) -> list[int]:
    """Return the bailleurs of a need's département whose part is free, the démolisseur first."""
    wanted = known.besoins[need]
    fixed = _fixed(known, need)
    inside = [
        place
        for place, unit in enumerate(known.bailleurs)
        if unit.departement == wanted.departement and place not in fixed
    ]
    return sorted(inside, key=lambda place: known.bailleurs[place].bailleur != wanted.demolisseur)


def _fixed(known: Besoins, need: int) -> frozenset[int]:
    """Return the bailleurs of which the préfet has fixed the part in a need: it is that, no more and no less."""
    return frozenset(each.bailleur for each in known.arbitrages if each.besoin == need)


def _take(parts: Sequence[Part], left: list[int], taken: list[int]) -> None:
    for part in parts:
        left[part.besoin] -= part.logements
        taken[part.bailleur] += part.logements


def _own(known: Besoins, left: list[int], taken: list[int]) -> list[Part]:
    """Return what each démolisseur takes of its own need before any sharing, as far as its room goes."""
    parts = []
    for need, wanted in enumerate(known.besoins):
        own = [unit for unit in _near(known, need) if known.bailleurs[unit].bailleur == wanted.demolisseur]
        for unit in own:
            wished = ceil(wanted.logements * known.regles.propre / 100)
            number = max(0, min(wished, left[need], room(known, unit) - taken[unit]))
            if number:
                parts.append(Part(need, unit, number, "demolisseur"))
                _take(parts[-1:], left, taken)
    return parts


def _open_elsewhere(known: Besoins, reseau: Reseau, parts: Sequence[Part]) -> None:
    """Let needs leave their département, up to the share agreed, what is fixed elsewhere counted in it."""
    for need, wanted in enumerate(known.besoins):
        gone = sum(
            part.logements
            for part in parts
            if part.besoin == need and known.bailleurs[part.bailleur].departement != wanted.departement
        )
        most, fixed = max(0, elsewhere(known, need) - gone), _fixed(known, need)
        reseau.add(_need(need), _away(need), most)
        for unit, bailleur in enumerate(known.bailleurs):
            if bailleur.departement != wanted.departement and unit not in fixed:
                reseau.add(_away(need), _unit(unit), most)


def _level(known: Besoins, reseau: Reseau, taken: list[int]) -> None:
    """Give dwelling after dwelling to the bailleur whose burden it leaves least, as long as any can take one."""
    heap = [_next(known, unit, taken[unit]) for unit in range(len(taken)) if room(known, unit) > taken[unit]]
    heapq.heapify(heap)
    while heap:
        _, _, unit = heapq.heappop(heap)
        # a bailleur that the network cannot serve now is never served later: it stays out
        if reseau.augment(_unit(unit)):
            taken[unit] += 1
            if room(known, unit) > taken[unit]:
                heapq.heappush(heap, _next(known, unit, taken[unit]))


def _next(known: Besoins, unit: int, taken: int) -> tuple[Fraction, Fraction, int]:
    """Return the burden of one dwelling more; of equal ones the largest base comes first, then the first bailleur."""
    base = known.bailleurs[unit].base
    return (taken + 1) / base, -base, unit


def _flows(known: Besoins, reseau: Reseau) -> list[Part]:
    parts = []
    for need, wanted in enumerate(known.besoins):
        for unit, bailleur in enumerate(known.bailleurs):
            here = bailleur.departement == wanted.departement
            number = reseau.flow(_need(need) if here else _away(need), _unit(unit))
            if number:
                parts.append(Part(need, unit, number, "partage"))
    return parts
