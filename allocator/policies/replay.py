"""A period replayed one day at a time: the rule sees the past, the day and the historique, never the future."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, SANS_SOLDE, Ecarts, Instance, Liberations, Model, Solution, TierValue
from allocator.engine.incidence import count
from allocator.engine.problem import build_problem
from allocator.formats import BadInput, Fault
from allocator.policies.accounts import convention_scopes
from allocator.policies.situation import (
    Frame,
    Ints,
    Mouvements,
    Policy,
    Situation,
    by_day,
    frame,
    take,
)

Rows = NDArray[np.intp]

UNCHANGED: Final = -2
"""Decision of a libération that nobody overrides: the proposal stands."""


class PolicyError(RuntimeError):
    """A daily rule answered what it may not: an ineligible réservataire, or one whose rights are spent."""


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """What a daily rule made of a period.

    ``proposed`` and ``decided`` have one entry a flux libération, in the order of ``liberations.csv``: an index
    of its réservataire or ``BAILLEUR``; they differ where a proposal was overridden. ``days`` are those on which
    something was released, ascending, and ``day_ms`` the milliseconds that the rule took for each.
    """

    frame: Frame
    proposed: Ints
    decided: Ints
    days: NDArray[np.datetime64]
    day_ms: NDArray[np.float64]


def replay(  # noqa: PLR0913 - the period, the rule, and what may accompany them
    instance: Instance,
    model: Model,
    policy: Policy,
    seed: int = 0,
    *,
    tell: Callable[[str], None] = lambda _text: None,
    overrides: Mapping[str, int] | None = None,
) -> Replay:
    """Replay a period with a daily rule.

    Parameters
    ----------
    instance, model
        The period and what "well allocated" means.
    policy
        The daily rule.
    seed
        Seeds all that the rule draws.
    tell
        Hears of each day done, in French.
    overrides
        What is decided in place of a proposal, once that is made: the index of a réservataire or ``BAILLEUR``,
        by libération.

    Raises
    ------
    BadInput
        If an override names an unknown libération, or one that its réservataire cannot receive.
    PolicyError
        If the rule proposes what it may not.
    """
    known = frame(instance, model, seed)
    choose = policy(known)
    order = by_day(instance.liberations)
    liberations = take(instance.liberations, order)
    instead = _overrides(liberations, overrides or {})
    rights = _Rights(known)
    moves = Mouvements.orientations(np.empty(0, dtype=np.int32))
    proposed = np.full(len(order), BAILLEUR, dtype=np.int32)
    decided = proposed.copy()
    days, milliseconds = [], []
    for day, turns in _agenda(liberations):
        released = int(np.searchsorted(liberations.date, day))
        situation = Situation(
            day, _first(liberations, released), moves, take(liberations, turns), again=turns < released
        )
        start = perf_counter()
        answer = choose(situation)
        milliseconds.append(1000 * (perf_counter() - start))
        days.append(day)
        if fault := _fault(known, rights, situation, answer):
            raise PolicyError(fault)
        final = np.where(instead[turns] == UNCHANGED, answer, instead[turns]).astype(np.int32)
        if fault := _fault(known, rights, situation, final):
            raise BadInput([Fault("décisions", None, None, fault)])
        proposed[turns], decided[turns] = answer, final
        rights.spend(situation.today.commune, final)
        moves = _with(moves, turns, final)
        tell(f"{day.astype(object):%d/%m/%Y} : {turns[-1] + 1} libérations sur {len(order)}")
    in_file = np.argsort(order, kind="stable")
    return Replay(
        known,
        proposed[in_file],
        decided[in_file],
        np.array(days, dtype="datetime64[D]"),
        np.array(milliseconds),
    )


def _agenda(liberations: Liberations) -> Iterator[tuple[np.datetime64, Rows]]:
    """Yield each day with the turns that it holds: rows of libérations, which are by date."""
    days, start = np.unique(liberations.date, return_index=True)
    for day, first, end in zip(days, start, np.append(start[1:], len(liberations)), strict=False):
        yield day, np.arange(first, end)


def _first(liberations: Liberations, number: int) -> Liberations:
    """Return the first libérations."""
    return Liberations(
        liberations.id[:number],
        liberations.date[:number],
        liberations.commune[:number],
        liberations.typologie[:number],
        liberations.financement[:number],
        liberations.qpv[:number],
        liberations.statut[:number],
        {name: column[:number] for name, column in liberations.complements.items()},
    )


def _with(moves: Mouvements, turns: Rows, decided: Ints) -> Mouvements:
    """Return the movements with those of a day, each whole."""
    given = decided != BAILLEUR
    return Mouvements(
        np.concatenate([moves.row, turns[given]]),
        np.concatenate([moves.reservataire, decided[given]]),
        np.concatenate([moves.amount, np.ones(int(given.sum()))]),
    )


def _overrides(liberations: Liberations, overrides: Mapping[str, int]) -> Ints:
    """Return what is decided in place of each proposal, or :data:`UNCHANGED`.

    Raises
    ------
    BadInput
        If a libération is unknown.
    """
    rows = {name: row for row, name in enumerate(liberations.id)}
    unknown = [name for name in overrides if name not in rows]
    if unknown:
        message = "n'est pas une libération en flux de l'instance"
        raise BadInput([Fault("décisions", None, None, f"{name} {message}") for name in unknown])
    instead = np.full(len(liberations), UNCHANGED, dtype=np.int32)
    for name, holder in overrides.items():
        instead[rows[name]] = holder
    return instead


class _Rights:
    """The rights left of each convention row that has a ``solde``, in dwellings."""

    def __init__(self, known: Frame) -> None:
        conventions = known.instance.conventions
        bounded = np.flatnonzero(conventions.solde != SANS_SOLDE)
        scopes = convention_scopes(known)
        places = np.stack(known.places.of_commune)
        self._holder = conventions.reservataire[bounded]
        self._covers = places[scopes.kind[bounded]] == scopes.scope[bounded, None]
        self._left = conventions.solde[bounded].astype(np.float64)

    def after(self, communes: Ints, holders: Ints) -> NDArray[np.float64]:
        """Return what would be left after these dwellings went to these réservataires."""
        spent = (self._holder[:, None] == holders) & self._covers[:, communes]
        left: NDArray[np.float64] = self._left - spent.sum(axis=1)
        return left

    def spend(self, communes: Ints, holders: Ints) -> None:
        """Take off what these dwellings use."""
        self._left = self.after(communes, holders)


def _fault(known: Frame, rights: _Rights, situation: Situation, answer: Ints) -> str:
    """Say what is wrong with the answers of a day, or nothing."""
    today, holders = situation.today, known.instance.reservataires.id
    given = np.flatnonzero(answer != BAILLEUR)
    for entry in given.tolist():
        holder, dwelling = int(answer[entry]), today.id[entry]
        if not 0 <= holder < len(holders) or not known.eligible[today.commune[entry], holder]:
            name = holders[holder] if 0 <= holder < len(holders) else str(holder)
            return f"la libération {dwelling} ne peut pas aller à {name}"
        if situation.barred is not None and situation.barred[entry, holder]:
            return f"la libération {dwelling} ne peut plus aller à {holders[holder]}"
    if (rights.after(today.commune, answer) < 0).any():
        return f"un solde serait dépassé le {situation.date}"
    return ""


def conclude(instance: Instance, result: Replay, name: str, seconds: Mapping[str, float]) -> Solution:
    """Recount everything from what was decided; feasible, and without bounds (file contract, section 5)."""
    problem, cells = build_problem(instance, result.frame.model)
    counts = count(problem, result.decided)[: problem.cells]
    tiers = tuple(TierValue(cost.name, cost.value(problem.floor, counts), None) for cost in problem.costs)
    orientation = np.full(len(instance.liberations), BAILLEUR, dtype=np.int32)
    orientation[problem.dwellings.row] = result.decided
    ecarts = Ecarts(
        cells.reservataire,
        cells.sur,
        cells.territoire,
        cells.modalite,
        cells.cible,
        counts.astype(np.float64),
    )
    return Solution(orientation, ecarts, tiers, "feasible", f"simulate {name}", seconds)
