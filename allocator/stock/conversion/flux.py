"""What is due each year: shares of the stock, on the expected assiette, in whole dwellings that close (Th. 3-2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np

from allocator.stock.conversion.arrondi import close
from allocator.stock.conversion.lots import ETAT, Lots, places_of
from allocator.stock.conversion.reglages import ReglagesConversion
from allocator.stock.dossier import Dossier

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True, eq=False)
class Flux:
    """A year's due, one entry a line of the lots.

    ``part`` is the share (0–1) of the territory's assiette, ``contractuel`` where it is not that of the rights;
    ``exact`` the due in dwellings and ``entier`` the same in whole dwellings, which close with ``bailleur``, what
    nobody is owed, on the whole ``assiette``. ``agents`` is the most that may be for agents civils et militaires.
    """

    part: tuple[Fraction, ...]
    contractuel: tuple[bool, ...]
    exact: tuple[Fraction, ...]
    entier: tuple[int, ...]
    assiette: Fraction
    bailleur: int
    agents: int


def expected_assiette(dossier: Dossier, rate: Fraction, hors_assiette: Fraction) -> tuple[Fraction, ...]:
    """Return the assiette of each commune: the dwellings in letting at a rate, less their part of what is taken out."""
    let = np.bincount(
        dossier.parc.commune[dossier.parc.en_location], minlength=len(dossier.territoires)
    ).tolist()
    total = sum(let)
    left = max(ZERO, rate * total - hors_assiette)
    return tuple(left * Fraction(count, total) if total else ZERO for count in let)


def yearly_flux(
    dossier: Dossier, lots: Lots, assiette: Sequence[Fraction], reglages: ReglagesConversion
) -> Flux:
    """Return what is due in a year on an assiette by commune (R.441-5, R.441-5-2)."""
    famille = dossier.reservataires.famille
    contractuel = tuple(
        famille[ligne.reservataire] == ETAT and reglages.etat is not None for ligne in lots.lignes
    )
    etat = Fraction(repr(reglages.etat or 0.0)) / 100
    part = tuple(
        etat if agreed else Fraction(reserved, stock) if stock else ZERO
        for agreed, reserved, stock in zip(
            contractuel, lots.reserves.tolist(), lots.stock.tolist(), strict=True
        )
    )
    within = _by_place(dossier, lots, assiette)
    exact = tuple(share * within[ligne.territoire] for share, ligne in zip(part, lots.lignes, strict=True))
    total = sum(assiette, start=ZERO)
    entier, bailleur = _closed(lots, exact, total)
    agents = floor(total * Fraction(repr(reglages.agents)) / 100)
    return Flux(part, contractuel, exact, entier, total, bailleur, agents)


def by_holder(lots: Lots, values: Sequence[Fraction], holders: int) -> tuple[Fraction, ...]:
    """Return sums by réservataire of values by line."""
    sums = [ZERO] * holders
    for ligne, value in zip(lots.lignes, values, strict=True):
        sums[ligne.reservataire] += value
    return tuple(sums)


def grouped(lots: Lots, values: Sequence[Fraction]) -> tuple[tuple[Fraction, ...], ...]:
    """Return values by line, one group a réservataire that has lines; lines follow each other by réservataire."""
    groups: dict[int, list[Fraction]] = {}
    for ligne, value in zip(lots.lignes, values, strict=True):
        groups.setdefault(ligne.reservataire, []).append(value)
    return tuple(map(tuple, groups.values()))


def _by_place(dossier: Dossier, lots: Lots, assiette: Sequence[Fraction]) -> dict[str, Fraction]:
    within: dict[str, Fraction] = {}
    for scale in sorted({ligne.territoire.partition(":")[0] for ligne in lots.lignes}):
        for place, due in zip(places_of(dossier.territoires, scale), assiette, strict=True):
            within[place] = within.get(place, ZERO) + due
    return within


def _closed(lots: Lots, exact: Sequence[Fraction], total: Fraction) -> tuple[tuple[int, ...], int]:
    """Return whole dwellings by line, and what is left; where more is promised than there is, nothing is left."""
    groups = grouped(lots, exact)
    left = total - sum(exact, start=ZERO)
    if left < 0:
        return tuple(number for group in close(groups) for number in group), 0
    *entier, bailleur = close([*groups, (left,)])
    return tuple(number for group in entier for number in group), bailleur[0]
