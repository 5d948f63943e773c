"""Every constant of the forecast, with its reason; those marked [hypothèse] are a practitioner's order of size."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.forecast.arrays import Floats

USUAL_TYPOLOGIES: Final = (0.09, 0.24, 0.36, 0.24, 0.05, 0.02)
"""Île-de-France, share of the stock (RPLS) turned over at the usual pace of each size [hypothèse]."""

USUAL_FINANCEMENTS: Final = (0.10, 0.78, 0.12, 0.0)
"""Île-de-France, loans before 1977 counted as PLUS; PLI never stands in the flux."""

USUAL_QPV: Final = (0.65, 0.35)
"""Île-de-France, share of social housing outside and inside a QPV (RPLS 2024, QPV 2024)."""

MODES: Final = len(TYPOLOGIES) * len(FINANCEMENTS) * len(QPV)
"""Modes of a dwelling: typologie × financement × qpv, numbered in that order."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the forecast assumes; the defaults are for a bailleur of 300 to 70 000 libérations a year.

    Parameters
    ----------
    volume_cv
        Coefficient of variation of a year's total around the mean of earlier years [hypothèse]. It decides how
        soon a wrong history is given up: after ``1 / volume_cv**2`` (44) libérations, half of the error is gone.
    blind_rate, blind_cv
        Without any history: libérations a year in a commune, and how little is known of that. A coefficient of
        variation of 1 is given up after one libération; only the first days of the period see these figures.
    discount
        What a libération of one year counts for beside one of the year after, where several are pooled, and
        beside one of the period in the mix [hypothèse]: stocks change by sales, deliveries and renovation.
    drift
        Spread (coefficient of variation) of a commune's own rate from one year to the next [hypothèse]: however
        large a commune, its history never weighs more than ``1 / drift**2`` (44) libérations of this year.
    shape_range
        Bounds of the shape of the rates' distribution between communes, which moments estimate badly on few.
    week_spread, week_slack
        A commune's week counts for at most ``mean + week_spread * sqrt(mean) + week_slack``: four standard
        deviations, and 3 for the rarest. A building emptied in one week says little of the weeks to come.
    weekend
        A Saturday or Sunday relative to a working day, before the history says better.
    days_strength, season_strength
        Libérations that the flat profile weighs: for the weekday and the last working day of a month, which move
        much (a lease ends on the 31st), and for the months, whose factors spread by about 0.15 around 1, hence
        12 / 0.15² = 530.
    whole_strength, departement_strength, commune_strength
        Libérations that the level above weighs in a mix: usual in whole, whole in département, département in
        commune. A mix has 36 modes, so that a hundred libérations are three a mode; on drawn years, anything
        from 60 to 250 foretells the next year's modes within 1 % of the best.
    qpv_strength
        The same for a commune's share of QPV: two modes only, and what differs most between communes.
    """

    volume_cv: float = 0.15
    blind_rate: float = 12.0
    blind_cv: float = 1.0
    discount: float = 0.8
    drift: float = 0.15
    shape_range: tuple[float, float] = (0.25, 20.0)
    week_spread: float = 4.0
    week_slack: float = 3.0
    weekend: float = 0.1
    days_strength: float = 50.0
    season_strength: float = 530.0
    whole_strength: float = 30.0
    departement_strength: float = 100.0
    commune_strength: float = 100.0
    qpv_strength: float = 2.0


DEFAULTS: Final = Settings()
"""The settings where none are given."""


def usual_mix() -> Floats:
    """Return the region's usual share of each mode, shape (MODES,)."""
    by_axis = np.multiply.outer(np.outer(USUAL_TYPOLOGIES, USUAL_FINANCEMENTS), USUAL_QPV)
    shares: Floats = by_axis.ravel()
    return shares
