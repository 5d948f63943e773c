"""A projet and a model made ready for the engine: one problem over all years."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain import SANS_SOLDE, Model, Tier
from allocator.engine.costs import Slopes, TierCost, bears_on, floors, goal_slopes
from allocator.engine.problem import Counted, Dwellings, Eligibility, Problem, eligibility, receivers
from allocator.engine.solve import Task
from allocator.flux.geography import Geography, geography
from allocator.flux.promises import ANY
from allocator.planning.projet import Counts, Projet
from allocator.planning.trajectoire.cibles import Cases, cases
from allocator.planning.trajectoire.places import kind_sizes, over_years, year_of

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """What the engine solves (``task``), with the cells of all years and the supply behind it.

    Dwelling ``i`` of the task is one of class ``classe[i]`` of the supply in year ``annee[i]``; those of a class and
    year stand together.
    """

    task: Task
    cases: Cases
    offre: Counts
    annee: NDArray[np.intp]
    classe: NDArray[np.intp]


def prepare(projet: Projet, supply: Counts, model: Model) -> Prepared:
    """Translate a projet with its whole supply and a model."""
    known = cases(projet, supply, model)
    costs = tuple(_cost(tier, known, projet) for tier in model.tiers)
    once = geography(year_of(projet, 0))
    places = over_years(year_of(projet, 0), projet.annees)
    year, classe = (
        np.repeat(numbers.ravel(), supply.nombre.ravel()) for numbers in np.indices(supply.nombre.shape)
    )
    dwellings = Dwellings(
        np.arange(len(year)),
        (year * len(projet.territoires) + supply.commune[classe]).astype(np.int32),
        supply.typologie[classe],
        supply.financement[classe],
        supply.qpv[classe],
    )
    problem = Problem(
        places,
        dwellings,
        _counted(projet, known, once, len(year)),
        _eligible(projet, known, costs, once),
        floors(known.cells),
        costs,
    )
    date = np.full(len(year), np.datetime64("1970-01-01"))
    return Prepared(Task(problem, known.cells, date, len(year)), known, supply, year, classe)


def _cost(tier: Tier, known: Cases, projet: Projet) -> TierCost:
    """Translate a tier: sums over all years, and one largest term a year for each goal of norm ``max``."""
    cells = known.cells
    sur = np.array(cells.sur, dtype=object)
    familles = np.array(projet.reservataires.famille, dtype=object)[cells.reservataire]
    additive = Slopes.zero(len(known))
    maxima = []
    for goal in tier.goals:
        chosen = bears_on(goal, sur, familles) & known.exists
        if goal.norme == "max":
            years = (chosen & (known.annee == year) for year in range(projet.annees))
            maxima += [goal_slopes(goal, cells.cible, mask) for mask in years if mask.any()]
        else:
            additive = additive.plus(goal_slopes(goal, cells.cible, chosen))
    return TierCost(tier.name, additive, tuple(maxima))


def _eligible(projet: Projet, known: Cases, costs: tuple[TierCost, ...], once: Geography) -> Eligibility:
    """Return who may receive in which commune in which year: whoever has a row there in force that year."""
    wanted = np.zeros(len(projet.reservataires), dtype=bool)
    for cost in costs:
        wanted[known.cells.reservataire[cost.used()]] = True
    size = len(projet.territoires)
    pairs = [receivers(year_of(projet, year), once, wanted) for year in range(projet.annees)]
    place = np.concatenate([year * size + commune for year, (commune, _) in enumerate(pairs)])
    return eligibility(place, np.concatenate([holder for _, holder in pairs]), projet.annees * size)


def _counted(projet: Projet, known: Cases, once: Geography, beyond: int) -> Counted:
    """List the cells, then the rights left: each bounds what is received from the first day to the end of a year."""
    holder, kind, scope, limit, after = _soldes(projet, once, beyond)
    cells = known.cells
    free = np.full(len(holder), ANY, dtype=np.int32)
    return Counted(
        np.concatenate([cells.reservataire, holder]),
        np.concatenate([cells.kind.astype(np.int32), kind]),
        np.concatenate([cells.scope, scope]),
        np.concatenate([cells.typologie, free]),
        np.concatenate([cells.financement, free]),
        np.concatenate([cells.qpv, free]),
        np.concatenate([np.full(len(known), beyond, dtype=np.int64), limit]),
        np.concatenate([known.after, np.where(after < 0, -1, len(known) + after)]).astype(np.int32),
    )


def _soldes(projet: Projet, once: Geography, beyond: int) -> tuple[Ints, Ints, Ints, NDArray[np.int64], Ints]:
    """Return the columns of the rights left: holder, kind, scope, limit and link, a chain of years each.

    A chain begins with the first year, whatever the year of the first bound, and ends with that of the last.
    """
    sizes = kind_sizes(once)
    bounds: dict[tuple[int, str], dict[int, int]] = {}
    for year, conventions in enumerate(projet.conventions):
        for row in np.flatnonzero(conventions.solde != SANS_SOLDE).tolist():
            key = int(conventions.reservataire[row]), conventions.territoire[row]
            bounds.setdefault(key, {})[year] = int(conventions.solde[row])
    rows: list[tuple[int, int, int, int, int]] = []
    for (holder, territoire), limits in bounds.items():
        kind, number = once.territory(territoire)
        for year in range(max(limits) + 1):
            link = len(rows) - 1 if year else -1
            rows.append((holder, kind, year * sizes[kind] + number, limits.get(year, beyond), link))
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    narrow = columns.astype(np.int32)
    return narrow[0], narrow[1], narrow[2], columns[3], narrow[4]
