"""How well the forecast did so far this year: what it would have said each month, against what came."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from allocator.domain import Liberations
from allocator.domain.french import fixed
from allocator.domain.vocabulary import TYPOLOGIES
from allocator.forecast.arrays import Floats, tally
from allocator.forecast.evidence import Seen, modes, seen
from allocator.forecast.outlook import look
from allocator.forecast.prior import Prior

LEVEL: Final = 0.8
"""Probability that a recorded interval claims to hold what comes."""

MOIS: Final = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


@dataclass(frozen=True, slots=True)
class Check:
    """One forecast of a past morning, of what would come from that day to the end of the record.

    ``expected`` is its mean, ``low`` and ``high`` its interval at :data:`LEVEL`, ``realised`` what came, in
    libérations. The errors are mean absolute differences between expected and realised, over all communes of
    the instance and over all typologies.
    """

    day: date
    expected: float
    low: float
    high: float
    realised: int
    commune_error: float
    typologie_error: float

    @property
    def held(self) -> bool:
        """Whether the interval, to whole libérations, held what came."""
        return round(self.low) <= self.realised <= round(self.high)


@dataclass(frozen=True, slots=True)
class Record:
    """The forecasts of the first day of the period and of each month since, judged on the eve of ``today``.

    ``today`` is at the latest the day after the period's end.
    """

    today: date
    checks: tuple[Check, ...]

    @property
    def coverage(self) -> float:
        """Share of the intervals that held what came (0 without any check); :data:`LEVEL` is expected."""
        return self._mean([float(check.held) for check in self.checks])

    @property
    def commune_error(self) -> float:
        """Mean over the checks of the mean absolute error by commune, in libérations."""
        return self._mean([check.commune_error for check in self.checks])

    @property
    def typologie_error(self) -> float:
        """Mean over the checks of the mean absolute error by typologie, in libérations."""
        return self._mean([check.typologie_error for check in self.checks])

    def _mean(self, values: list[float]) -> float:
        return sum(values) / len(values) if values else 0.0


def record(prior: Prior, past: Liberations, today: np.datetime64) -> Record:
    """Return how well the forecast did before ``today``.

    Each check sees only what had come before its day, as :func:`~allocator.forecast.outlook` did then. Their spans
    overlap, as they all end on the eve of ``today``: twelve checks are not twelve independent ones.
    """
    last = int(np.clip((today - prior.debut).astype(np.int64), 0, prior.jours))
    known = seen(past, prior.debut, 0, last)
    days = prior.debut + np.arange(last)
    starts = np.flatnonzero((days == prior.debut) | (days == days.astype("datetime64[M]")))
    checks = (_check(prior, known, start, last) for start in starts.tolist())
    return Record((prior.debut + last).astype(date), tuple(checks))


def _check(prior: Prior, known: Seen, first: int, last: int) -> Check:
    then = look(prior, known.before(first), first, first, last)
    came = known.day >= first
    communes = tally(known.commune[came], None, len(prior.communes))
    typologies = tally(modes(known.mode[came])[0], None, len(TYPOLOGIES))
    low, high = then.interval(LEVEL)
    return Check(
        (prior.debut + first).astype(date),
        then.volume,
        low,
        high,
        int(came.sum()),
        _error(then.by_commune(), communes),
        _error(then.by_typologie(), typologies),
    )


def _error(expected: Floats, realised: Floats) -> float:
    return float(np.abs(expected - realised).mean()) if len(expected) else 0.0


def describe(record: Record) -> str:
    """Return a record in one paragraph of French."""
    if not record.checks:
        return "Aucune prévision à juger : la période n'a pas commencé."
    first = record.checks[0]
    eve = (np.datetime64(record.today, "D") - 1).astype(date)
    held = sum(check.held for check in record.checks)
    made = (
        f"La prévision du {_jour(first.day)} annonçait, jusqu'au {_jour(eve)}, {_count(first.expected)} "
        f"(huit chances sur dix d'être entre {first.low:.0f} et {first.high:.0f}) ; il y en a eu {first.realised}."
    )
    if len(record.checks) > 1:
        made += (
            f" Des {len(record.checks)} prévisions faites ce jour-là et au début de chaque mois, {held} "
            f"{'encadraient' if held > 1 else 'encadrait'} ce qui est venu depuis (on en attend huit sur dix)."
        )
    return (
        f"{made} L'écart moyen est de {_decimal(record.commune_error)} par commune et de "
        f"{_decimal(record.typologie_error)} par typologie."
    )


def _jour(day: date) -> str:
    return f"{'1er' if day.day == 1 else day.day} {MOIS[day.month - 1]} {day.year}"


def _count(value: float) -> str:
    whole = round(value)
    return f"{whole} libération{'s' if whole > 1 else ''}"


def _decimal(value: float) -> str:
    return fixed(value, 1)
