"""Pure quotas on one territory are the largest-remainder apportionment, on published figures.

Claim. Let one territory have n flux dwellings and réservataires with quotas q_i = part_i/100·n that sum to n,
each with one row ``niveau=territoire``, no report, no solde; let the model be one goal over ``contractuel``,
norm ``somme``, ``exces = 0``. Then the optimal count vectors y are exactly the apportionments of Hamilton
(Hare, Niemeyer), under all ways of breaking ties of remainders.

Proof. Write r_i = q_i − floor(q_i). The j-th dwelling given to i lowers the value by max(0, q_i − j + 1) −
max(0, q_i − j), which is 1 for j ≤ floor(q_i), r_i < 1 for j = floor(q_i) + 1, and 0 beyond. These gains
decrease with j, so the counts that gain most take the n largest of all gains, and only those counts do if the
n-th largest is positive. There are Σ floor(q_i) = n − k gains of 1, hence k = Σ r_i remainders are taken.
Either k = 0 and y = q, or, each r_i being below 1, more than k of them are positive, so the k-th largest is.
Every optimum therefore gives floor(q_i) to each, one more to k réservataires of largest remainders, and
leaves nothing to the bailleur; two optima differ only in which of equal remainders, at the cut, go up. ∎

With ``exces = 1`` the claim is false: a dwelling that would meet a remainder below ½ stays with the bailleur.
"""

import math
import random
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from allocator.domain import (
    Conventions,
    Goal,
    Indicatifs,
    Instance,
    Liberations,
    Model,
    Reservataires,
    Territoires,
    Tier,
)
from allocator.engine import solve

SHORTAGES = Model("hamilton", "", "", (Tier("manque", (Goal("contractuel", manque=1.0, exces=0.0),)),))

BUNDESTAG_2005 = {
    "SPD": (16_194_665, 213),
    "CDU": (13_136_740, 173),
    "CSU": (3_494_309, 46),
    "GRÜNE": (3_838_326, 51),
    "FDP": (4_648_144, 61),
    "Die Linke.": (4_118_194, 54),
}
"""Second votes and seats by Hare-Niemeyer (§ 6 BWahlG of the time), before the 9 and 7 Überhangmandate of SPD
and CDU. Source: Bundeswahlleiter, final result of the election of the 16th Bundestag, 7 October 2005."""

ZUERICH_1_2 = {
    "SVP": (5_662, 1),
    "SP": (10_910, 1),
    "FDP": (7_360, 1),
    "GLP": (5_902, 1),
    "Grüne": (7_844, 1),
    "CVP": (1_733, 0),
    "AL": (2_416, 0),
    "EVP": (595, 0),
    "EDU": (234, 0),
    "PdA": (204, 0),
}
ZUERICH_4_5 = {
    "SVP": (2_806, 0),
    "SP": (13_484, 2),
    "FDP": (3_544, 0),
    "GLP": (6_298, 1),
    "Grüne": (7_648, 1),
    "CVP": (605, 0),
    "AL": (6_716, 1),
    "EVP": (332, 0),
    "EDU": (132, 0),
    "PdA": (560, 0),
}
"""List votes of two districts, Kanton Zürich, Kantonsratswahl of 24 March 2019 (official results), and the
district's seats as the largest remainders would deal them (the canton itself seats biproportionally)."""

TEXTBOOK = {
    "Yellows": (47_000, 5),
    "Whites": (16_000, 2),
    "Reds": (15_900, 1),
    "Greens": (12_000, 1),
    "Blues": (6_000, 1),
    "Pinks": (3_100, 0),
}
"""The usual textbook case (Wikipedia, "Largest remainders method"): remainders .7, .6 and .6 win over .59."""


def one_territory(parts: list[float], dwellings: int) -> Instance:
    """Return one commune where réservataires hold ``parts`` percent of ``dwellings`` identical dwellings."""
    n = len(parts)
    return Instance(
        nom="un territoire",
        description="",
        debut=date(2025, 1, 1),
        fin=date(2025, 12, 31),
        source="",
        territoires=Territoires(("93001",), ("",), ("200054781",), ("93",), ("",), np.array([np.nan])),
        reservataires=Reservataires(
            tuple(f"r{k}" for k in range(n)), ("",) * n, ("employeur",) * n, (False,) * n
        ),
        conventions=Conventions(
            reservataire=np.arange(n, dtype=np.int32),
            territoire=("departement:93",) * n,
            niveau=("territoire",) * n,
            part=np.array(parts),
            volume=np.full(n, np.nan),
            report=np.zeros(n),
            solde=np.full(n, -1, dtype=np.int64),
        ),
        indicatifs=Indicatifs(np.zeros(0, dtype=np.int32), (), (), np.zeros(0)),
        liberations=Liberations(
            id=tuple(f"l{k}" for k in range(dwellings)),
            date=np.full(dwellings, np.datetime64("2025-06-01"), dtype="datetime64[D]"),
            commune=np.zeros(dwellings, dtype=np.int32),
            typologie=np.zeros(dwellings, dtype=np.int8),
            financement=np.zeros(dwellings, dtype=np.int8),
            qpv=np.zeros(dwellings, dtype=np.int8),
            statut=np.zeros(dwellings, dtype=np.int8),
            complements={},
        ),
    )


def counts(parts: list[float], dwellings: int) -> list[int]:
    """Return what each réservataire receives in an optimum of the engine."""
    orientation = solve(one_territory(parts, dwellings), SHORTAGES).orientation
    return np.bincount(orientation[orientation >= 0], minlength=len(parts)).tolist()


@pytest.mark.parametrize(
    "published",
    [BUNDESTAG_2005, ZUERICH_1_2, ZUERICH_4_5, TEXTBOOK],
    ids=["bundestag-2005", "zuerich-1-2", "zuerich-4-5", "textbook"],
)
def test_the_counts_are_the_published_largest_remainder_seats(published: dict[str, tuple[int, int]]) -> None:
    votes = [votes for votes, _ in published.values()]
    seats = [seats for _, seats in published.values()]
    assert counts([100 * vote / sum(votes) for vote in votes], sum(seats)) == seats


@pytest.mark.parametrize("seed", range(30))
def test_the_counts_are_a_largest_remainder_apportionment_ties_included(seed: int) -> None:
    """Parts are multiples of 2.5, so remainders tie often; any way of breaking a tie is Hamilton's."""
    rng = random.Random(seed)
    cuts = sorted(rng.sample(range(1, 40), rng.randint(1, 6)))
    parts = [Fraction(5 * (b - a), 2) for a, b in zip([0, *cuts], [*cuts, 40], strict=True)]
    dwellings = rng.randint(1, 40)
    found = counts([float(part) for part in parts], dwellings)
    quotas = [part * dwellings / 100 for part in parts]
    up = [q % 1 for q, y in zip(quotas, found, strict=True) if y == math.floor(q) + 1]
    down = [q % 1 for q, y in zip(quotas, found, strict=True) if y == math.floor(q)]
    assert sum(found) == dwellings
    assert len(up) + len(down) == len(parts)
    assert min(up, default=Fraction(1)) >= max(down, default=Fraction(0))
