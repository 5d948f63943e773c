"""Simulated years of a projet played by a daily rule, shared out between processes."""

from collections.abc import Callable
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, replace

import numpy as np

from allocator.domain import Conventions, Instance, Liberations, Model
from allocator.planning.projet.projet import Projet
from allocator.planning.risque.course import Played, measure, opening
from allocator.planning.risque.years import SEEDS, blank, draw_counts, drawn_year
from allocator.policies.catalogue import load
from allocator.policies.replaying.replay import replay


@dataclass(frozen=True, slots=True, eq=False)
class Ask:
    """What is simulated: ``draws`` futures of the first ``annees`` years of a projet, each played by a rule.

    A future is a pure function of this and of its number.
    """

    projet: Projet
    model: Model
    policy: str
    draws: int
    annees: int
    seed: int


def play(ask: Ask, number: int) -> tuple[Played, ...]:
    """Play one future, and return how each of its years went.

    What a year leaves is carried over to the next: reports, soldes, and what the rule may look at.
    """
    policy, known = load(ask.policy), ask.projet.historique
    gone: list[tuple[Conventions, Played]] = []
    for annee in range(ask.annees):
        year = simulated(ask, number, annee, opening(ask.projet.conventions[annee], gone), known)
        own = ask.seed * SEEDS + number
        gone.append((year.conventions, measure(year, replay(year, ask.model, policy, own))))
        known = _after(known, year.liberations)
    return tuple(played for _, played in gone)


def simulated(
    ask: Ask, number: int, annee: int, conventions: Conventions, historique: Liberations | None
) -> Instance:
    """Return a year of a future, given the promises and the history that it starts with."""
    projet = ask.projet
    eve = replace(blank(projet, annee), conventions=conventions, historique=historique)
    return drawn_year(eve, projet.saison, draw_counts(projet, annee, ask.draws, ask.seed), number)


def play_all(ask: Ask, executor: Executor, tell: Callable[[str], None]) -> list[tuple[Played, ...]]:
    """Play every future with the processes of an executor; what they are and how many changes nothing.

    ``tell`` hears of each one done, in French.
    """
    futures = {executor.submit(play, ask, number): number for number in range(ask.draws)}
    played: dict[int, tuple[Played, ...]] = {}
    try:
        for future in as_completed(futures):
            played[futures[future]] = future.result()
            tell(f"{len(played)} années simulées sur {ask.draws}")
    finally:
        for future in futures:
            future.cancel()
    return [played[number] for number in range(ask.draws)]


def _after(known: Liberations | None, year: Liberations) -> Liberations:
    """Return a history with one more year."""
    if known is None:
        return year
    return Liberations(
        known.id + year.id,
        np.concatenate([known.date, year.date]),
        np.concatenate([known.commune, year.commune]),
        np.concatenate([known.typologie, year.typologie]),
        np.concatenate([known.financement, year.financement]),
        np.concatenate([known.qpv, year.qpv]),
        np.concatenate([known.statut, year.statut]),
        {},
    )
