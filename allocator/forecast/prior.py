"""What earlier years say before the first day of a period, or what is assumed without any."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from allocator.domain import Instance
from allocator.domain.vocabulary import FLUX
from allocator.forecast.arrays import Days, Floats, Ints, tally
from allocator.forecast.evidence import Belief, Seen, seen, tabulate, week_of, weigh
from allocator.forecast.season import YEAR, Profile, Season, flat_profile, learn_profile, season
from allocator.forecast.settings import DEFAULTS, MODES, Settings

MARGIN: Final = 1 / 8
"""Years by which a history may miss a whole number of years and still be taken for it: six weeks."""


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """What is known of a period before its first day.

    ``communes`` is the pace of each in a mean year, ``volume_shape`` the shape of the whole period's multiplier,
    whose mean is 1; ``table`` counts the history by commune and mode, discounted. ``departement`` numbers each
    commune's, in order of mention.
    """

    debut: np.datetime64
    jours: int
    season: Season
    departement: Ints
    communes: Belief
    volume_shape: float
    table: Floats
    settings: Settings


@dataclass(frozen=True, slots=True, eq=False)
class _Past:
    """Earlier years: libérations with their weights, the years they cover day by day, and each day's discount."""

    evidence: Seen
    weight: Floats
    days: Days
    discount: Floats


def learn(instance: Instance, settings: Settings = DEFAULTS) -> Prior:
    """Learn what an instance's history says of its period; its libérations are not looked at.

    A history covers whole years from its first flux libération, up to the eve of the period; it may cover one,
    several, or a part of one: of the months that it has not, the season is flat. Without a flux libération in it,
    nothing is known but the number of communes.
    """
    debut = np.datetime64(instance.debut, "D")
    jours = (instance.fin - instance.debut).days + 1
    codes = {code: i for i, code in enumerate(dict.fromkeys(instance.territoires.departement))}
    departement = np.array([codes[code] for code in instance.territoires.departement], dtype=np.int64)
    communes = len(departement)
    past = _past(instance, debut, settings)
    if past is None:
        return Prior(
            debut,
            jours,
            season(flat_profile(settings), debut, jours),
            departement,
            Belief(np.full(communes, settings.blind_rate), np.full(communes, 1.0 / settings.blind_cv**2)),
            1.0 / settings.blind_cv**2,
            np.zeros((communes, MODES)),
            settings,
        )
    profile = learn_profile(past.days, tally(past.evidence.day, past.weight, len(past.days)), settings)
    discounted = past.weight * past.discount[past.evidence.day]
    table = tabulate(past.evidence, discounted, communes)
    years = _exposure(profile, past)
    belief = _belief(table.sum(axis=1), years, departement, settings)
    # Less than a year says less of a year, beyond what it counts.
    between_years = settings.volume_cv**2 * max(1.0, 1.0 / years)
    return Prior(
        debut,
        jours,
        season(profile, debut, jours),
        departement,
        belief,
        1.0 / (between_years + 1.0 / table.sum()),
        settings.discount * table,
        settings,
    )


def _past(instance: Instance, debut: np.datetime64, settings: Settings) -> _Past | None:
    history = instance.historique
    if history is None or not (history.statut == FLUX).any():
        return None
    dates = history.date[history.statut == FLUX]
    start, stop = _window(dates.min(), dates.max() + 1, debut)
    days = np.arange(start, stop)
    evidence = seen(history, start, 0, len(days))
    communes = len(instance.territoires)
    weeks = tally(week_of(np.arange(len(days)), start), None, len(days) // 7 + 2) / YEAR
    usual = Belief(np.full(communes, len(dates) / weeks.sum() / communes), np.ones(communes))
    weight = weigh(evidence, week_of(evidence.day, start), weeks, usual, settings)
    age = ((stop - 1 - days).astype(np.int64) / YEAR).astype(np.int64)
    return _Past(evidence, weight, days, np.float64(settings.discount) ** age)


def _window(
    first: np.datetime64, after: np.datetime64, debut: np.datetime64
) -> tuple[np.datetime64, np.datetime64]:
    """Return the first day that a history covers and the day after the last, from those of its libérations."""
    years = max(float(np.ceil(_years(first, after) - MARGIN)), 1.0)
    stop = min(max(first + round(years * YEAR), after), debut)
    whole = float(np.ceil(_years(first, stop)))
    start = stop - round(whole * YEAR) if whole - _years(first, stop) < MARGIN else first
    return min(start, first), stop


def _years(first: np.datetime64, after: np.datetime64) -> float:
    return float((after - first).astype(np.int64)) / YEAR


def _exposure(profile: Profile, past: _Past) -> float:
    """Return how many years the history counts for: its days, weighted by season and discounted."""
    first = past.days[0]
    weights = np.diff(season(profile, first, len(past.days)).gone)
    return float(weights @ past.discount)


def _belief(counts: Floats, years: float, departement: Ints, settings: Settings) -> Belief:
    """Return what is thought of each commune's pace in the year to come (empirical Bayes, by moments).

    Rates of a département's communes follow a gamma distribution around its mean; the mean itself leans on the
    whole as if one more commune had it. The spread between communes, beyond what Poisson counts have of their
    own, gives the shape. The mean of the whole stays that of the history.
    """
    mean = counts.sum() / len(counts)
    communes = np.bincount(departement)
    around = ((tally(departement, counts, len(communes)) + mean) / (communes + 1))[departement]
    spread = float(np.mean((counts / around - 1.0) ** 2 - 1.0 / around))
    low, high = settings.shape_range
    shape = float(np.clip(1.0 / max(spread, 1e-9), low, high))
    gathered = shape + counts
    rate = gathered / (shape / around + 1.0)
    rate *= counts.sum() / rate.sum() / years
    return Belief(rate, 1.0 / (1.0 / gathered + settings.drift**2))
