"""On any morning, what is still to come until the end of the period, class by class, and how sure that is."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from allocator.domain import Liberations
from allocator.domain.vocabulary import TYPOLOGIES
from allocator.forecast.arrays import Floats, Ints, tally
from allocator.forecast.chance import gamma_quantile, normal_quantile, poisson_quantile, strata
from allocator.forecast.evidence import Seen, mixes, mode_of, modes, seen, tabulate, week_of, weigh
from allocator.forecast.prior import Prior
from allocator.forecast.settings import MODES, usual_mix

MOST_DOUBT: Final = 1.0
"""Largest relative variance of a commune's or mode's multiplier: what is rarer is left to Poisson chance."""

_VOLUME, _COMMUNE, _MODE, _CLASS = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """Libérations still to come, one entry a class: commune × typologie × financement × qpv.

    Classes are every commune crossed with every mode that is usual or was seen anywhere, by commune and then by
    mode: the same list every morning, but for a mode never seen before. ``expected`` is the mean number to come
    of each, and sums to ``volume``, the mean of the total; ``spread`` is its standard deviation.

    ``volume_doubt``, ``commune_doubt`` (one entry a commune) and ``mode_doubt`` (one a mode, see
    ``settings.MODES``) are the relative variances of the three multipliers that draws share (:meth:`draw`).
    """

    commune: Ints
    typologie: Ints
    financement: Ints
    qpv: Ints
    expected: Floats
    volume: float
    spread: float
    volume_doubt: float
    commune_doubt: Floats
    mode_doubt: Floats

    def __len__(self) -> int:
        return len(self.commune)

    @property
    def mode(self) -> Ints:
        """Mode of each class (see ``settings.MODES``)."""
        return mode_of(self.typologie, self.financement, self.qpv)

    def by_commune(self) -> Floats:
        """Return the mean number to come in each commune of the instance."""
        return tally(self.commune, self.expected, len(self.commune_doubt))

    def by_typologie(self) -> Floats:
        """Return the mean number to come of each typologie."""
        return tally(self.typologie, self.expected, len(TYPOLOGIES))

    def interval(self, level: float = 0.8) -> tuple[float, float]:
        """Return bounds that hold the total to come with a probability of ``level``, as much on either side.

        Quantiles of the gamma distribution with the total's mean and variance.
        """
        if self.volume <= 0.0:
            return 0.0, 0.0
        z = NormalDist().inv_cdf(0.5 + level / 2.0)
        low, high = self.volume * gamma_quantile((self.spread / self.volume) ** 2, np.array([-z, z]))
        return float(low), float(high)

    def draw(self, scenarios: int, seed: int) -> Ints:
        """Draw what comes, scenarios × classes.

        A scenario is a year: a volume, a pace for each commune and a weight for each mode (gamma multipliers of
        mean 1), and given these a Poisson count for each class. All are quantiles of uniforms that depend on the
        seed, the scenario and what they are for, never on the date: as ``expected`` shrinks from day to day, the
        counts of a scenario shrink with it, and two mornings differ by what was learned, not by luck. For each
        class the uniforms are spread evenly over the scenarios (:func:`~allocator.forecast.chance.strata`).
        """
        volume = _multipliers(np.array([self.volume_doubt]), scenarios, seed, _VOLUME)
        commune = _multipliers(self.commune_doubt, scenarios, seed, _COMMUNE)
        mode = _multipliers(self.mode_doubt, scenarios, seed, _MODE)
        mean = self.expected * volume * commune[:, self.commune] * mode[:, self.mode]
        return poisson_quantile(mean, strata(scenarios, self.commune * MODES + self.mode, seed, _CLASS))


def outlook(
    prior: Prior, past: Liberations, today: np.datetime64, announced: Liberations | None = None
) -> Outlook:
    """Return what is still to come after ``today`` and until the end of the period.

    Parameters
    ----------
    prior
        What earlier years say.
    past
        Libérations of the period; those that are not flux, or not of days before ``today``, are left out.
    today
        Any day; before the period all of it is to come, from its end on nothing is.
    announced
        The libérations of today, which count as evidence; ``None`` if they are not known yet.
    """
    offset = int((today - prior.debut).astype(np.int64))
    before, after = (int(np.clip(day, 0, prior.jours)) for day in (offset, offset + 1))
    known = seen(past, prior.debut, 0, before)
    if announced is None:
        return look(prior, known, before, after, prior.jours)
    also = seen(announced, prior.debut, before, after)
    both = Seen(*(np.concatenate(columns) for columns in zip(known.columns, also.columns, strict=True)))
    return look(prior, both, after, after, prior.jours)


def look(prior: Prior, known: Seen, elapsed: int, first: int, last: int) -> Outlook:
    """Return what comes from day ``first`` (included) to ``last`` (excluded), days counted from the first.

    Volume: the year's multiplier is gamma with mean 1, so after ``n`` libérations against ``m`` that the history
    had for the ``elapsed`` days it has mean ``(shape + n) / (shape + m)``: conjugate. Communes: likewise each,
    given that multiplier, which leaves only their shares to them. Mixes: see :func:`mixes`.
    """
    gone, ahead = prior.season.between(0, elapsed), prior.season.between(first, last)
    believed = prior.communes
    weight = weigh(known, week_of(known.day, prior.debut), _weeks(prior, elapsed), believed, prior.settings)
    table = tabulate(known, weight, len(believed))
    counts = table.sum(axis=1)
    shape = prior.volume_shape + counts.sum()
    usual = float(believed.rate.sum())
    pace = shape / (prior.volume_shape + usual * gone)
    volume = float(pace * usual * ahead)
    doubt = 1.0 / shape + prior.season.variance(first, last)
    doubt += (counts.sum() / shape) ** 2 * prior.season.variance(0, elapsed)
    own = believed.shape + counts
    rate = own / (believed.shape / believed.rate + pace * gone)
    share = rate / rate.sum()
    gathered = prior.table + table
    mix = mixes(gathered, prior.departement, prior.settings)
    whole = share @ mix
    kept = np.flatnonzero(whole > 0.0)
    evidence = gathered.sum(axis=0) + prior.settings.whole_strength * usual_mix()
    by_mode = np.divide(1.0, evidence, out=np.zeros(MODES), where=evidence > 0.0)
    return Outlook(
        np.repeat(np.arange(len(share)), len(kept)),
        *modes(np.tile(kept, len(share))),
        volume * (share[:, None] * mix[:, kept]).ravel(),
        volume,
        float(np.sqrt(volume + volume**2 * doubt)),
        *_split(doubt, share**2, 1.0 / own, whole**2, by_mode),
    )


def _split(
    doubt: float, share: Floats, commune: Floats, whole: Floats, mode: Floats
) -> tuple[float, Floats, Floats]:
    """Split what is doubted of the total, so that draws of it have that relative variance, no more.

    Communes and modes that vary each for itself move the total too: by ``share @ commune`` and ``whole @ mode``,
    the squared shares times the relative variances. The volume's multiplier has what is left; where nothing is,
    communes and modes vary less.
    """
    commune, mode = np.minimum(commune, MOST_DOUBT), np.minimum(mode, MOST_DOUBT)
    inside = float(share @ commune + whole @ mode)
    scale = min(1.0, doubt / inside)
    # What is left is a difference of equal numbers where the scale is below 1.
    return max(0.0, doubt - scale * inside), scale * commune, scale * mode


def _weeks(prior: Prior, elapsed: int) -> Floats:
    """Return the weight of each week gone, the first and the last as far as they go."""
    week = week_of(np.arange(elapsed), prior.debut)
    return tally(week, np.diff(prior.season.gone[: elapsed + 1]), int(week.max(initial=-1)) + 1)


def _multipliers(variance: Floats, scenarios: int, seed: int, purpose: int) -> Floats:
    uniform = strata(scenarios, np.arange(len(variance)), seed, purpose)
    return gamma_quantile(variance, normal_quantile(uniform))
