"""Made-up years of several bailleurs, as entries: what a journal of a million events is filled with.

Each bailleur has the conventions and the libérations of one instance. A dwelling is first declined as not what was
described, which counts for nobody, and then let to whom the hand rule gives it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from allocator.domain import BAILLEUR, Instance
from allocator.domain.vocabulary import FINANCEMENTS, FLUX, QPV, TYPOLOGIES
from allocator.formats import read_instance, read_model
from allocator.ledger.accounts.regle_reader import read_regle
from allocator.ledger.conventions.seuils import read_seuils
from allocator.ledger.daily.opening import Reprise, opening
from allocator.ledger.events.event import Entree
from allocator.policies.pratique import pratique
from allocator.policies.replaying.replay import replay
from allocator.policies.situation import take
from benchmarks.measure import ROOT

EVENTS: Final = 8
"""Events of one dwelling: announced, advised, oriented, sent, declined, oriented again, attributed, let."""

WAITING: Final = 30
"""Dwellings that still wait on the morning that is looked at."""

_MODEL: Final = ROOT / "models" / "reference.toml"
_DIGEST: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Year:
    """A year to record: the opening of its journal, the lives of its dwellings by day, and the morning to look at."""

    ouverture: tuple[Entree, ...]
    lives: tuple[Entree, ...]
    matin: date
    fin: date


def read_year(path: Path, dwellings: int) -> Year:
    """Return the year of an instance with the first of its dwellings, all in the flux, by day.

    Those that wait are the last ones released by its middle: most of the year is still to come, and the journal has
    all of it.
    """
    whole = read_instance(path)
    order = np.argsort(whole.liberations.date, kind="stable")[:dwellings]
    liberations = replace(take(whole.liberations, order), statut=np.full(len(order), FLUX, dtype=np.int8))
    instance = replace(whole, liberations=liberations)
    model = read_model(_MODEL)
    decided = replay(instance, model, pratique).decided
    middle = max(len(order) // 2, WAITING)
    lives: list[Entree] = []
    for row, holder in enumerate(decided.tolist()):
        life = _life(instance, row, None if holder == BAILLEUR else instance.reservataires.id[holder])
        lives += life[:1] if middle - WAITING <= row < middle else life
    entrees, _ = opening(
        Reprise(instance, _MODEL.read_text(encoding="utf-8"), read_regle(), read_seuils(), None, "made up"),
        "init",
    )
    return Year(
        entrees,
        tuple(sorted(lives, key=lambda entree: entree.effet)),
        liberations.date[middle - 1].astype(date),
        instance.fin,
    )


def batches(year: Year, size: int) -> Iterator[tuple[Entree, ...]]:
    """Yield the lives of a year, some entries at a time."""
    for first in range(0, len(year.lives), size):
        yield year.lives[first : first + size]


def _life(instance: Instance, row: int, holder: str | None) -> list[Entree]:
    table = instance.liberations
    start: date = table.date[row].astype(date)

    def after(days: int, nature: str, **said: object) -> Entree:
        return Entree(nature, table.id[row], (start + timedelta(days=days)).isoformat(), "A. Martin", said)

    return [
        after(
            0,
            "liberation",
            date=start.isoformat(),
            commune=instance.territoires.commune[table.commune[row]],
            typologie=TYPOLOGIES[table.typologie[row]],
            financement=FINANCEMENTS[table.financement[row]],
            qpv=QPV[table.qpv[row]],
            surface=65.2,
            adresse="1, rue de la Paix",
            construction=1974,
        ),
        after(
            0,
            "preorientation",
            reservataire=holder,
            policy="anticipation",
            model_sha256=_DIGEST,
            entree_sha256=_DIGEST,
            vu=1,
            tour=1,
        ),
        after(0, "orientation", reservataire=holder, tour=1),
        after(1, "envoi"),
        after(12, "decline", issue="description"),
        after(13, "orientation", reservataire=holder, tour=2),
        after(40, "attribution"),
        after(55, "bail"),
    ]
