"""How the due of a small réservataire accumulates over the years, and how far a service may go by each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from allocator.planning.petits.dus import Du, Titulaire
from allocator.planning.petits.reglages import SLACK

Fixes = Mapping[tuple[str, int, str], int]
"""Volumes that the partners already fixed, by réservataire, calendar year and territory."""


@dataclass(frozen=True, slots=True)
class Rythme:
    """The course of one réservataire, year by year from the first; territories in the order of its promises.

    ``cumul`` is what is due by the end of each year, in dwellings, and ``entier`` its whole part, never negative.
    ``plafond`` is the most that it may have received by then, ``plafonds[territory]`` in one territory; ``bornes``
    are the least and the most of each (territory, year).
    """

    cumul: tuple[Fraction, ...]
    entier: tuple[int, ...]
    plafond: tuple[int, ...]
    plafonds: tuple[tuple[int, ...], ...]
    bornes: tuple[tuple[tuple[int, int], ...], ...]


def rythme(titulaire: Titulaire, annees: Sequence[int], avance: Fraction, fixes: Fixes) -> Rythme:
    """Return the course of a réservataire over calendar years.

    The due of a territory grows by its yearly due until the rights there are used up or end; that of the réservataire
    is the sum, as in the file contract (section 3, *petit* cells). It is never served before that sum reaches a
    whole number, unless ``avance`` allows it, nor beyond its whole part at the end, nor in a territory beyond what
    is due there rounded up: what was already fixed (``fixes``) holds all the same.
    """
    by_place = [_cumul(du, annees) for du in titulaire.dus]
    cumul = tuple(sum(dues, start=Fraction(0)) for dues in zip(*by_place, strict=True))
    entier = tuple(max(0, floor(due + SLACK)) for due in cumul)
    fixed = [[fixes.get((titulaire.id, annee, du.territoire)) for annee in annees] for du in titulaire.dus]
    agreed = [_running(volumes) for volumes in fixed]
    plafonds = tuple(
        tuple(
            max(done, _at_most(du, ceil(max(Fraction(0), due + avance) - SLACK)))
            for due, done in zip(dues, done_by, strict=True)
        )
        for du, dues, done_by in zip(titulaire.dus, by_place, agreed, strict=True)
    )
    earliest = [max(0, floor(due + avance + SLACK)) for due in cumul]
    plafond = tuple(
        max(sum(done_by[year] for done_by in agreed), min(earliest[year], entier[-1]))
        for year in range(len(annees))
    )
    bornes = tuple(
        tuple(
            (volume, volume) if volume is not None else (0, _most(du, annee, cap))
            for annee, volume, cap in zip(annees, volumes, caps, strict=True)
        )
        for du, volumes, caps in zip(titulaire.dus, fixed, plafonds, strict=True)
    )
    return Rythme(cumul, entier, plafond, plafonds, bornes)


def _cumul(du: Du, annees: Sequence[int]) -> tuple[Fraction, ...]:
    lasting = [annee for annee in annees if du.fin is None or annee <= du.fin]
    grown = [du.report + du.annuel * min(number, len(lasting)) for number in range(1, len(annees) + 1)]
    return tuple(grown if du.droits is None else [min(due, Fraction(du.droits)) for due in grown])


def _running(volumes: Sequence[int | None]) -> list[int]:
    return [sum(volume or 0 for volume in volumes[: year + 1]) for year in range(len(volumes))]


def _at_most(du: Du, dwellings: int) -> int:
    return dwellings if du.droits is None else min(dwellings, du.droits)


def _most(du: Du, annee: int, cap: int) -> int:
    return 0 if du.fin is not None and annee > du.fin else cap
