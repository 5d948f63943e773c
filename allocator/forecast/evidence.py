"""What libérations say of those to come: crowded weeks set to their measure, and mixes that borrow strength."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from allocator.domain import Liberations
from allocator.domain.vocabulary import FINANCEMENTS, FLUX, QPV
from allocator.forecast.arrays import Floats, Ints, tally
from allocator.forecast.settings import MODES, Settings, usual_mix

PASSES: Final = 4
"""Estimates of a commune's pace in :func:`weigh`; each may triple it, so a pace 30 times the history's is found."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Flux libérations, one entry each: days since a first day, commune, and mode (see ``settings.MODES``)."""

    day: Ints
    commune: Ints
    mode: Ints

    @property
    def columns(self) -> tuple[Ints, Ints, Ints]:
        """The three columns."""
        return self.day, self.commune, self.mode

    def before(self, day: int) -> "Seen":
        """Return those of the days before one."""
        rows = self.day < day
        return Seen(self.day[rows], self.commune[rows], self.mode[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """What is thought of each commune's pace: a gamma distribution.

    ``rate`` is its mean, in libérations a year, and ``shape`` what libérations it is worth (1 / relative variance).
    """

    rate: Floats
    shape: Floats

    def __len__(self) -> int:
        return len(self.rate)


def seen(liberations: Liberations, origin: np.datetime64, first: int, last: int) -> Seen:
    """Return the flux libérations from day ``first`` (included) to ``last`` (excluded), counted from ``origin``."""
    day = (liberations.date - origin).astype("timedelta64[D]").astype(np.int64)
    rows = (liberations.statut == FLUX) & (day >= first) & (day < last)
    columns = (liberations.commune, liberations.typologie, liberations.financement, liberations.qpv)
    commune, typologie, financement, qpv = (column[rows].astype(np.int64) for column in columns)
    return Seen(day[rows], commune, mode_of(typologie, financement, qpv))


def mode_of(typologie: Ints, financement: Ints, qpv: Ints) -> Ints:
    """Return the mode of each typologie, financement and qpv."""
    mode: Ints = (typologie * len(FINANCEMENTS) + financement) * len(QPV) + qpv
    return mode


def modes(identity: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the typologie, financement and qpv of modes."""
    rest, qpv = np.divmod(identity, len(QPV))
    typologie, financement = np.divmod(rest, len(FINANCEMENTS))
    return typologie, financement, qpv


def week_of(day: Ints, origin: np.datetime64) -> Ints:
    """Return the week, Monday to Sunday, of days counted from ``origin``; that of ``origin`` is 0."""
    # 1 January 1970 was a Thursday.
    week: Ints = (day + (int(origin.astype(np.int64)) + 3) % 7) // 7
    return week


def weigh(evidence: Seen, week: Ints, weeks: Floats, belief: Belief, settings: Settings) -> Floats:
    """Return what each libération counts for, from 0 to 1: less where its commune's week is crowded.

    A building emptied for works frees thirty dwellings in a week and none after. Taken as a pace it would make
    the forecast explode, so a week counts for no more than chance can explain at the commune's pace. That pace is
    estimated again from the weeks so moderated: where crowded weeks repeat, they are the pace, and count.

    Parameters
    ----------
    evidence
        Libérations of some weeks.
    week, weeks
        Week of each libération, and the weight of each week, in years, until what is known.
    belief
        What is thought of each commune before.
    settings
        What chance can explain.
    """
    rate, shape = belief.rate, belief.shape
    size = len(rate), len(weeks)
    counts = tally(evidence.commune * size[1] + week, None, size[0] * size[1]).reshape(size)
    pace = rate
    for _ in range(PASSES):
        mean = pace[:, None] * weeks
        limit = mean + settings.week_spread * np.sqrt(mean) + settings.week_slack
        moderated = np.minimum(counts, limit)
        pace = (shape + moderated.sum(axis=1)) / (shape / rate + weeks.sum())
    weight: Floats = moderated[evidence.commune, week] / counts[evidence.commune, week]
    return weight


def tabulate(evidence: Seen, weight: Floats, communes: int) -> Floats:
    """Return weighted counts, communes × modes."""
    cell = evidence.commune * MODES + evidence.mode
    return tally(cell, weight, communes * MODES).reshape(communes, MODES)


def mixes(table: Floats, departement: Ints, settings: Settings) -> Floats:
    """Return the share of each mode in each commune, communes × modes; rows sum to 1.

    Dirichlet means, each level leaning on the one above: the usual mix of the region, the mix of the whole, of
    the département, of the commune. What differs most between communes is how much of them stands in a QPV, so a
    commune leans on its département's mix once that is set to the commune's own share of QPV.
    """
    by_departement = np.zeros((int(departement.max(initial=0)) + 1, MODES))
    np.add.at(by_departement, departement, table)
    whole = _lean(table.sum(axis=0), usual_mix(), settings.whole_strength)
    above = _lean(by_departement, whole, settings.departement_strength)[departement]
    inside = above.reshape(len(table), -1, len(QPV)).sum(axis=1)
    own = table.reshape(len(table), -1, len(QPV)).sum(axis=1)
    ratio = _lean(own, inside, settings.qpv_strength) / inside
    above = above * np.tile(ratio, MODES // len(QPV))
    return _lean(table, above, settings.commune_strength)


def _lean(counts: Floats, above: Floats, strength: float) -> Floats:
    """Return shares along the last axis, as if ``strength`` more libérations had followed those above."""
    shares: Floats = (counts + strength * above) / (counts.sum(axis=-1, keepdims=True) + strength)
    return shares
