"""Rates under which much comes back, and who has what on a day, in plain loops over the journal of a replay."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date

from allocator.domain import BAILLEUR, Instance
from allocator.domain.vocabulary import FAMILLES, FINANCEMENTS, QPV, TYPOLOGIES
from allocator.policies.replaying.aleas import BAIL, EN_COURS, Aleas, Cas
from allocator.policies.replaying.replay import Replay

ACCEPTED = Aleas(2, (30, 45, 7, 60), (0.0, 0.0, 0.0))


def random_aleas(rng: random.Random) -> Aleas:
    """Draw rates under which much comes back, and soon."""
    words = (FAMILLES, TYPOLOGIES, FINANCEMENTS, QPV)
    return Aleas(
        rng.randint(1, 3),
        tuple(rng.randint(1, 40) for _ in range(4)),  # type: ignore[arg-type]
        tuple(rng.random() / 3 for _ in range(3)),  # type: ignore[arg-type]
        tuple(
            Cas(
                (rng.random() * 2, rng.random() * 3, 1.0),
                rng.choice(("", "r0", "r1")),
                *(rng.choice(("", "", rng.choice(some))) for some in words),
            )
            for _ in range(rng.randint(0, 3))
        ),
    )


def refuses(*names: str, tours: int = 2) -> Aleas:
    """Return rates under which these réservataires refuse everything after ten days, and the others nothing."""
    return Aleas(
        tours, (30, 10, 7, 20), (0.0, 0.5, 0.0), tuple(Cas((1, 2, 1), name, "", "", "", "") for name in names)
    )


def only_by_name(aleas: Aleas, instance: Instance) -> Aleas:
    """Make those that are not named accept everything."""
    named = {cas.reservataire for cas in aleas.cas}
    others = [Cas((0, 0, 0), name, "", "", "", "") for name in instance.reservataires.id if name not in named]
    return replace(aleas, cas=(*aleas.cas, *others))


def history(result: Replay) -> dict[int, list[tuple[int, int, date, int, date | None]]]:
    """Return the turns of each flux libération: tour, réservataire, day, outcome and its day."""
    turns = result.turns
    found = defaultdict(list)
    for row, *rest in zip(
        turns.row.tolist(),
        turns.tour.tolist(),
        turns.reservataire.tolist(),
        turns.date.tolist(),
        turns.issue.tolist(),
        turns.until.tolist(),
        strict=True,
    ):
        found[row].append(tuple(rest))
    return found  # type: ignore[return-value]


def with_whom(result: Replay, day: date) -> list[int]:
    """Return who has each flux libération at the end of a day, in plain loops over the journal."""
    held = [BAILLEUR] * len(result.decided)
    for row, entries in history(result).items():
        for _, holder, start, issue, until in entries:
            if start <= day:
                back = issue not in (BAIL, EN_COURS) and until is not None and until <= day
                held[row] = BAILLEUR if back else holder
    return held
