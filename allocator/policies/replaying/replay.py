"""A period replayed one day at a time: the rule sees the past, the day and the historique, never the future."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, Ecarts, Instance, Model, Solution, TierValue
from allocator.engine.incidence import count
from allocator.engine.problem import build_problem
from allocator.formats import BadInput, Fault
from allocator.policies.replaying.aleas import Aleas
from allocator.policies.replaying.books import Books
from allocator.policies.replaying.overrides import Override, as_proposed
from allocator.policies.replaying.rights import refusal
from allocator.policies.replaying.turns import Turns, at_release, turns
from allocator.policies.situation import Frame, Ints, Policy, by_day, frame, take


class PolicyError(RuntimeError):
    """A daily rule answered what it may not: an ineligible réservataire, or one whose rights are spent."""


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """What a daily rule made of a period.

    ``turns`` is the journal. ``proposed`` and ``decided`` have one entry a flux libération, in the order of
    ``liberations.csv``: an index of its réservataire or ``BAILLEUR``. The first is what the rule said in its last
    turn; the second is who has it on the last day of the period: whom it was last given to, or the bailleur where
    that failed and no turn was left. ``counted`` is what each réservataire counts in the end, in dwellings
    (:mod:`~allocator.policies.replaying.counting`).

    ``days`` are those on which something was released, ascending, and ``day_ms`` the milliseconds that the rule
    took each time it was asked.
    """

    frame: Frame
    turns: Turns
    proposed: Ints
    decided: Ints
    counted: NDArray[np.float64]
    days: NDArray[np.datetime64]
    day_ms: NDArray[np.float64]


def replay(  # noqa: PLR0913 - the period, the rule, and what may accompany them
    instance: Instance,
    model: Model,
    policy: Policy,
    seed: int = 0,
    *,
    tell: Callable[[str], None] = lambda _text: None,
    override: Override = as_proposed,
    aleas: Aleas | None = None,
) -> Replay:
    """Replay a period with a daily rule.

    Parameters
    ----------
    instance, model
        The period and what "well allocated" means.
    policy
        The daily rule.
    seed
        Seeds all that the rule draws, and the outcomes.
    tell
        Hears of each day done, in French.
    override
        What is decided in place of the proposals of a day, once these are made.
    aleas
        How pre-orientations end. Without, each is final and counts for one dwelling; with, those that fail come
        back, to be decided again the day they do, and outcomes count as the model's ``[comptage]`` says.

    Raises
    ------
    BadInput
        If what is decided cannot be: an ineligible réservataire, or one whose rights are spent.
    PolicyError
        If the rule proposes what cannot be.
    """
    known = frame(instance, model, seed)
    choose = policy(known)
    order = by_day(instance.liberations)
    liberations = take(instance.liberations, order)
    books = Books(known, liberations, aleas)
    proposed = np.full(len(order), BAILLEUR, dtype=np.int32)
    milliseconds = []
    for day, rows in books.mornings():
        situation = books.situation(day, rows)
        start = perf_counter()
        answer = choose(situation)
        milliseconds.append(1000 * (perf_counter() - start))
        if fault := refusal(known, books.rights, situation, answer):
            raise PolicyError(fault)
        decided = override(situation, answer)
        if fault := refusal(known, books.rights, situation, decided):
            raise BadInput([Fault("décisions", None, None, fault)])
        books.record(day, rows, answer, decided)
        proposed[rows] = answer
        released = len(situation.past) + int((~situation.again).sum())
        tell(f"{day.astype(object):%d/%m/%Y} : {released} libérations sur {len(order)}")
    in_file = np.argsort(order, kind="stable")
    place = np.argsort(in_file, kind="stable")
    holders = len(instance.reservataires)
    return Replay(
        known,
        turns([turn._replace(row=int(place[turn.row])) for turn in books.turns]),
        proposed[in_file],
        books.decided[in_file],
        np.bincount(books.moves.reservataire, books.moves.amount, holders).astype(np.float64),
        np.unique(liberations.date),
        np.array(milliseconds),
    )


def decided_at_once(known: Frame, instance: Instance, decided: Ints) -> Replay:
    """Return the replay of a period in which no rule was asked, and all that was decided is final."""
    liberations = instance.liberations
    return Replay(
        known,
        at_release(liberations, decided),
        decided,
        decided,
        np.bincount(decided[decided != BAILLEUR], minlength=len(instance.reservataires)).astype(np.float64),
        np.unique(liberations.date[liberations.en_flux]),
        np.empty(0),
    )


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
