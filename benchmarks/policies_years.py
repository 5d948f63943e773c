"""The years on which daily rules are compared, by the name of what sets them apart."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from allocator.domain import Instance
from allocator.drawing import DrawSettings, draw
from allocator.formats import read_instance
from allocator.policies.replaying.aleas import SHIPPED, Aleas, read_aleas
from allocator.policies.replaying.overrides import Override, as_proposed, random_overrides
from benchmarks import histories
from benchmarks.measure import ROOT

HOME: Final = ("93", "95")
"""Where the bailleur works: the départements of the shipped ``oph-dept``."""

AWAY: Final = ("75", "92")
"""The other territory, whose mix or whole history is mistaken for ours."""

REGION: Final = ("91", "92", "93", "94", "95")
"""Where bailleurs of growing size work."""

COMMUNES: Final = {300: 12}
"""Communes by size, where there are not one for each :data:`EACH` libérations."""

EACH: Final = 50
"""Libérations a commune."""

LARGEST: Final = 16_000
"""Libérations of the largest year, which smaller ones of the same bailleur are samples of."""

FIXED: Final = 80
"""Communes of that bailleur."""

OVERRIDDEN: Final = 0.1
"""Share of proposals that are changed at random."""

FOREIGN: Final = 1000
"""What is added to a seed to draw the other territory."""


@dataclass(frozen=True, slots=True, eq=False)
class Year:
    """An instance, with what is decided in place of the proposals, and how pre-orientations end."""

    instance: Instance
    override: Override = as_proposed
    aleas: Aleas | None = None


def plain(size: int, seed: int, departements: tuple[str, ...] = HOME) -> Instance:
    """Draw an instance of ``size`` libérations, all statuts."""
    communes = COMMUNES.get(size, max(len(departements), size // EACH))
    return draw(DrawSettings(seed=seed, size=size, departements=departements, communes=communes))


def same_bailleur(size: int, seed: int) -> Instance:
    """Sample a year of ``size`` libérations, all statuts, of the bailleur of the largest year."""
    largest = draw(DrawSettings(seed=seed, size=LARGEST, departements=REGION[1:4], communes=FIXED))
    return histories.thinned(largest, size, _rng(size, seed))


def _away(size: int, seed: int) -> Instance:
    return plain(size, seed + FOREIGN, AWAY)


def _rng(size: int, seed: int) -> np.random.Generator:
    return np.random.default_rng([seed, size])


def _refused(size: int, seed: int) -> Year:
    instance = plain(size, seed)
    return Year(instance, aleas=read_aleas(SHIPPED, instance.reservataires.id))


def _overridden(size: int, seed: int) -> Year:
    instance = plain(size, seed)
    return Year(instance, override=random_overrides(instance, OVERRIDDEN, seed))


def _both(size: int, seed: int) -> Year:
    overridden = _overridden(size, seed)
    return Year(overridden.instance, overridden.override, _refused(size, seed).aleas)


PLAIN: Final = "plain"

WRONG: Final[Mapping[str, Callable[[int, int], Instance]]] = {
    "volume-30": lambda size, seed: histories.with_volume(plain(size, seed), 0.7, _rng(size, seed)),
    "volume+30": lambda size, seed: histories.with_volume(plain(size, seed), 1.3, _rng(size, seed)),
    "mix": lambda size, seed: histories.with_mix(plain(size, seed), _away(size, seed), _rng(size, seed)),
    "elsewhere": lambda size, seed: histories.with_history_of(plain(size, seed), _away(size, seed)),
    "none": lambda size, seed: histories.without_history(plain(size, seed)),
    "emptied": lambda size, seed: histories.emptied(plain(size, seed), _rng(size, seed)),
    "late": lambda size, seed: histories.late(plain(size, seed)),
}
"""Years whose history misleads (see :mod:`benchmarks.histories`)."""

DISTURBED: Final[Mapping[str, Callable[[int, int], Year]]] = {
    "overrides": _overridden,
    "refusals": _refused,
    "both": _both,
}
"""Years in which what is proposed is not what comes to be."""

GROWTH: Final[Mapping[str, Callable[[int, int], Instance]]] = {
    "wider": lambda size, seed: plain(size, seed, REGION),
    "longer": same_bailleur,
}
"""Years of growing size: more communes, réservataires and promises, or more of the same."""

ESH: Final = "esh-idf"
"""The shipped instance, whatever the size and the seed."""

ESH_SIZE: Final = 8000
"""Its libérations, all statuts."""

VARIANTS: Final = (PLAIN, *WRONG, *DISTURBED, *GROWTH, ESH)


def year(variant: str, size: int, seed: int) -> Year:
    """Return a year by its variant; the same arguments give the same year."""
    if variant in DISTURBED:
        return DISTURBED[variant](size, seed)
    if variant == ESH:
        return Year(read_instance(ROOT / "instances" / ESH))
    drawn: dict[str, Callable[[int, int], Instance]] = {PLAIN: plain, **WRONG, **GROWTH}
    return Year(drawn[variant](size, seed))
