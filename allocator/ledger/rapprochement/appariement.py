"""Who goes with whom: pairs of leases and radiations near enough, matched so that the least is told as wrong."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from allocator.solvers import load
from allocator.solvers.builder import ProgramBuilder
from allocator.solvers.program import Limits

HALF: Final = 0.5


class Voisins(NamedTuple):
    """A lease and a radiation that may be of one dwelling.

    ``wrong`` tells that the contingent does not agree, ``days`` how far their dates are apart, ``missed`` that the
    lease is to have a radiation.
    """

    wrong: bool
    days: int
    radiation: int
    bail: int
    missed: bool


def match(pairs: Iterable[Voisins]) -> dict[int, int]:
    """Return a lease for each radiation that has one, each lease once.

    Of all matchings, one by which the least is told as wrong (a lease without a radiation, a radiation without a
    lease, another contingent), then one that matches most, then one whose dates are nearest. The nearest pairs
    first is such a one but where leases crowd; there an assignment problem is solved, whose vertices are whole.
    """
    found: dict[int, int] = {}
    for crowd in _crowds(sorted(pairs)):
        nearest = _nearest(crowd)
        found |= nearest if _nothing_to_gain(crowd, nearest) else _assigned(crowd)
    return found


def _nearest(pairs: Sequence[Voisins]) -> dict[int, int]:
    found: dict[int, int] = {}
    held: set[int] = set()
    for pair in pairs:
        if pair.radiation not in found and pair.bail not in held:
            found[pair.radiation] = pair.bail
            held.add(pair.bail)
    return found


def _nothing_to_gain(pairs: Sequence[Voisins], found: dict[int, int]) -> bool:
    """Tell whether all of one side is matched and nothing is wrong with it: no matching says less."""
    leases = {pair.bail for pair in pairs if pair.missed}
    whole = len(found) == len({pair.radiation for pair in pairs}) or (
        len(leases) == len({pair.bail for pair in pairs}) == len(found)
    )
    agreed = {(pair.radiation, pair.bail) for pair in pairs if not pair.wrong}
    return whole and leases <= set(found.values()) and found.items() <= agreed


def _assigned(pairs: Sequence[Voisins]) -> dict[int, int]:
    radiations = {number: row for row, number in enumerate(dict.fromkeys(pair.radiation for pair in pairs))}
    baux = {bail: row for row, bail in enumerate(dict.fromkeys(pair.bail for pair in pairs))}
    most = min(len(radiations), len(baux))
    # weights such that no sum of what comes later outweighs one of what comes before
    one_more = 1 + most * max(pair.days for pair in pairs)
    told = 1 + most * one_more
    cost = [told * (pair.wrong - 1 - pair.missed) - one_more + pair.days for pair in pairs]
    program = ProgramBuilder()
    columns = np.arange(program.add_columns(len(pairs), 0.0, 1.0, cost, integer=False), len(pairs))
    first = program.add_rows(len(radiations) + len(baux), 0.0, 1.0)
    program.add_entries([first + radiations[pair.radiation] for pair in pairs], columns, 1.0)
    program.add_entries([first + len(radiations) + baux[pair.bail] for pair in pairs], columns, 1.0)
    x = load("auto").solve(program.build(), Limits()).x
    return {pair.radiation: pair.bail for pair, part in zip(pairs, x.tolist(), strict=True) if part > HALF}


def _crowds(pairs: Sequence[Voisins]) -> Iterator[list[Voisins]]:
    """Yield the pairs that have to do with each other, in their order."""
    parent: dict[tuple[str, int], tuple[str, int]] = {}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for pair in pairs:
        parent[root(("bail", pair.bail))] = root(("radiation", pair.radiation))
    crowds: defaultdict[tuple[str, int], list[Voisins]] = defaultdict(list)
    for pair in pairs:
        crowds[root(("bail", pair.bail))].append(pair)
    yield from crowds.values()
