"""One daily rule replayed on one year, and measured against hindsight."""

from dataclasses import dataclass
from functools import lru_cache
from math import nan
from time import perf_counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.cli.arguments import resolve_model
from allocator.cli.simulate_report import OPTIMUM
from allocator.domain import Ecarts, Instance, Model, Solution
from allocator.engine.solve import Options, solve
from allocator.formats import read_model
from allocator.policies.catalogue import load
from allocator.policies.replaying.comptes import comptes, totals
from allocator.policies.replaying.course import cells_of
from allocator.policies.replaying.prefix import prefix
from allocator.policies.replaying.replay import Replay, conclude, decided_at_once, replay
from allocator.policies.situation import frame
from benchmarks.policies_rows import TIER, Case
from benchmarks.policies_years import Year, year

BUSY: Final = 30
"""Dwellings from which a day is busy."""

MONTH: Final = 30
"""Days before the end by which a promise had to be due for a rule to have the time to keep it."""

LIMIT: Final = 1800.0
"""Seconds allowed to hindsight."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What all rules on a year have in common: the year, the model, the optimum and the seconds that it took."""

    year: Year
    model: Model
    best: Solution
    seconds: float


@lru_cache(maxsize=2)
def ground(variant: str, size: int, seed: int, model: str) -> Ground:
    """Draw a year and solve it; the last ones are kept, for the rules come one after another."""
    rules = read_model(resolve_model(model))
    drawn = year(variant, size, seed)
    start = perf_counter()
    best = solve(drawn.instance, rules, Options(seconds=LIMIT))
    return Ground(drawn, rules, best, perf_counter() - start)


def measure_case(case: Case) -> dict[str, float]:
    """Return the measures of a case by name, those of ``policies_rows.columns`` in their order.

    The optimum is that of a year where all is accepted and nothing is overridden.
    """
    known = ground(case.variant, case.size, case.seed, case.model)
    instance, optimum = known.year.instance, case.policy == OPTIMUM
    if optimum:
        decided = known.best.orientation[instance.liberations.en_flux]
        result, seconds = decided_at_once(frame(instance, known.model), instance, decided), known.seconds
    else:
        start = perf_counter()
        result = _replayed(case, known)
        seconds = perf_counter() - start
    solution = conclude(instance, result, case.policy, {})
    near = prefix(instance, result)
    return {
        **{TIER + tier.name: tier.value for tier in solution.tiers},
        "flux": float(len(result.decided)),
        "days": float(len(result.days)),
        "seconds": seconds,
        **pace(result),
        "prefix_max": near.max,
        "prefix_mean": near.mean,
        **petits(instance, result, solution.ecarts, known.best.ecarts),
        "ecart_comptes": nan if optimum else _ecart(known.year, result),
        "proven": float(known.best.status == "optimal") if optimum else nan,
    }


def _replayed(case: Case, known: Ground) -> Replay:
    drawn = known.year
    return replay(
        drawn.instance,
        known.model,
        load(case.policy),
        case.seed,
        override=drawn.override,
        aleas=drawn.aleas,
    )


def pace(result: Replay) -> dict[str, float]:
    """Return the milliseconds of a day, of a busy day, and of a dwelling (``policies_rows.MEASURES``)."""
    day = result.day_ms
    dwellings = (
        np.unique(result.turns.date, return_counts=True)[1] if len(day) else np.empty(0, dtype=np.int64)
    )
    busy = day[dwellings >= BUSY]
    return {
        "day_median": _percentile(day, 50),
        "day_p99": _percentile(day, 99),
        "busy_days": float(len(busy)),
        "busy_median": _percentile(busy, 50),
        "busy_p99": _percentile(busy, 99),
        "dwelling_mean": float(day.sum() / dwellings.sum()) if len(day) else nan,
        "dwelling_median": _percentile(day / dwellings, 50),
        "dwelling_p99": _percentile(day / dwellings, 99),
    }


def petits(instance: Instance, result: Replay, mine: Ecarts, best: Ecarts) -> dict[str, float]:
    """Count the promises to small réservataires that hindsight keeps, and those of them that the rule keeps.

    A promise is of at least one dwelling. It was due a month before the end if it was already as large by the
    libérations known then: a share of what had come, a volume and a report whole.
    """
    promise = np.array([sur == "petit" for sur in mine.sur], dtype=bool) & (mine.cible >= 1.0)
    held, kept = promise & _kept(best), promise & _kept(mine)
    due = held & (_targets_then(instance, result) >= mine.cible)
    return {
        "petits": float(promise.sum()),
        "petits_held": float(held.sum()),
        "petits_kept": float((held & kept).sum()),
        "due_held": float(due.sum()),
        "due_kept": float((due & kept).sum()),
    }


def _kept(ecarts: Ecarts) -> Mask:
    kept: Mask = ecarts.manque == 0.0
    return kept


def _targets_then(instance: Instance, result: Replay) -> NDArray[np.float64]:
    """Return the target of each cell of ``ecarts.csv`` at what was known a month before the end."""
    liberations, flux = instance.liberations, instance.liberations.en_flux
    known = flux[liberations.date[flux] <= np.datetime64(instance.fin, "D") - MONTH]
    assiette = np.bincount(liberations.commune[known], minlength=len(instance.territoires))
    promises = result.frame.promises
    return promises.cibles(assiette)[0][cells_of(instance, promises)]


def _ecart(drawn: Year, result: Replay) -> float:
    if drawn.aleas is None:
        return nan
    return float(totals(comptes(drawn.instance, result, drawn.aleas))["ecart"])


def _percentile(values: NDArray[np.float64], percent: float) -> float:
    return float(np.percentile(values, percent)) if len(values) else nan
