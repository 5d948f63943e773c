"""What becomes of a dwelling once it is with somebody, drawn at random: days from then, natures, contents."""

from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple


class Step(NamedTuple):
    """One thing that is to happen, so many days after the orientation; ``undone`` tells that it was a mistake."""

    after: int
    nature: str
    contenu: dict[str, Any]
    undone: bool = False


def turn(rng: Random) -> Iterator[Step]:
    """Yield the life of a turn with a réservataire; of some nothing comes, and their clock lapses."""
    luck = rng.random()
    if luck < 0.05:
        contenu = {"motif": "trop petit"} if rng.random() < 0.7 else {"issue": "description"}
        yield Step(rng.randint(3, 15), "decline", contenu, undone=rng.random() < 0.2)
    elif luck < 0.08:
        yield Step(rng.randint(5, 12), "rendu", {"motif": "sans demandeur adapté"})
    elif luck < 0.095:
        yield Step(rng.randint(2, 20), "retrait", {"motif": rng.choice(("travaux", "vente", "autre"))})
    elif luck < 0.85:
        yield from _candidates(rng, rng.randint(8, 29))


def _candidates(rng: Random, day: int) -> Iterator[Step]:
    yield Step(day, "candidats", {"nombre": rng.randint(1, 5)})
    if rng.random() < 0.06:
        day += rng.randint(4, 9)
        yield Step(day, "caleol", {"decision": "ajourne"})
    day += rng.randint(5, 12)
    luck = rng.random()
    if luck < 0.1:
        yield Step(day, "caleol", {"decision": "rejete"})
        yield Step(day, "refus", {"issue": "caleol"})
        return
    yield Step(day, "caleol", {"decision": "attribue"})
    if luck < 0.2:
        contenu = {"issue": "description"} if luck < 0.11 else {"motif": "loyer"}
        yield Step(day + rng.randint(1, 6), "refus", contenu)
        return
    yield from let(rng, day + rng.randint(0, 3))


def let(rng: Random, day: int) -> Iterator[Step]:
    """Yield the attribution of a dwelling and what follows it: a lease, as a rule."""
    yield Step(day, "attribution", {})
    if rng.random() < 0.04:
        yield Step(day + rng.randint(1, 9), rng.choice(("refus", "rendu")), {})
    else:
        yield Step(day + rng.randint(7, 40), "bail", {})
