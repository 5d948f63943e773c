"""Replays the runs of a day: what was known then, the same rule, the same seed, and so the same proposals."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from allocator.ledger.daily.avis import preorientations
from allocator.ledger.daily.matinee import Matinee, matinee, propose
from allocator.ledger.daily.releve import past_releve
from allocator.ledger.events.event import Event, canonical
from allocator.ledger.store.journal import Journal
from allocator.policies.proposing.choice import Proposal

Key = tuple[int, str, int]
"""What makes a run: the rang of the last event that it knew, the rule, the seed."""


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """One run of a day made again: its morning and proposals, and in French where they differ from those recorded.

    ``enregistrees`` counts the proposals that the journal has of it.
    """

    vu: int
    policy: str
    morning: Matinee
    proposals: tuple[Proposal, ...]
    enregistrees: int
    ecarts: tuple[str, ...]


def rejeu(journal: Journal, jour: date) -> Iterator[Passage]:
    """Yield the runs of a day, the first one first, each made again from the events that it knew."""
    runs: dict[Key, list[Event]] = {}
    for event in journal.events():
        if event.nature == "preorientation" and event.effet == str(jour):
            said = event.contenu
            key = (said["vu"], said["policy"], said.get("graine", 0))
            runs.setdefault(key, []).append(event)
    for (vu, policy, graine), recorded in runs.items():
        morning = matinee(past_releve(journal, jour, vu), policy, graine)
        proposals = propose(morning)
        ecarts = tuple(_differences(recorded, morning, proposals))
        yield Passage(vu, policy, morning, proposals, len(recorded), ecarts)


def _differences(recorded: list[Event], morning: Matinee, proposals: tuple[Proposal, ...]) -> Iterator[str]:
    again = {entree.objet: entree.contenu for entree in preorientations(morning, proposals, "")}
    for event in recorded:
        made = again.get(event.objet)
        if made is None:
            yield f"événement {event.rang} : {event.objet} ne serait plus à orienter ce jour"
        elif canonical(made) != canonical(event.contenu):
            wrong = [name for name in made if made[name] != event.contenu.get(name)]
            told = ", ".join(f"{name} {event.contenu.get(name)} → {made[name]}" for name in wrong)
            yield f"événement {event.rang} : {event.objet} : {told}"
