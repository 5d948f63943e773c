"""What the bilan counts, fact by fact: a dwelling released, a proposition, a lease, each on the axes of R.441-5-1.

A fact has one place on every axis, so that sums over any of them add up to the same totals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR
from allocator.domain.vocabulary import FINANCEMENTS, QPV, STATUTS, TYPOLOGIES
from allocator.ledger.events.dossier import ISSUES
from allocator.ledger.state.registre import EN_COURS
from allocator.reports.fonds import Fonds
from allocator.reports.reglages import Reglages

Marks = NDArray[np.bool_]

AXES: Final = ("reservataire", "registre", "commune", "qpv", "typologie", "financement", "construction")
"""Axes by column of the facts: those of the article, after who and in which ledger."""

LIBERES, PROPOSES, ATTRIBUES = range(3)
"""What a fact counts: columns of the sums."""

Somme = tuple[tuple[int, ...], tuple[int, int, int]]
"""Numbers on the axes asked for, and how many dwellings were released, proposed, attributed there."""

BAIL: Final = ISSUES.index("bail")


@dataclass(frozen=True, slots=True, eq=False)
class Faits:
    """Facts: where each stands (one column for each of :data:`AXES`), what it counts, its month from January 1970 on.

    ``mots`` has the words of each axis by number; those of the réservataires end with ``""``, the bailleur (-1).
    """

    places: NDArray[np.int64]
    nature: NDArray[np.int8]
    mois: NDArray[np.int64]
    mots: Mapping[str, Sequence[str]]

    def axe(self, axe: str) -> NDArray[np.int64]:
        """Return where each fact stands on an axis."""
        column: NDArray[np.int64] = self.places[:, AXES.index(axe)]
        return column

    def only(self, kept: Marks) -> "Faits":
        """Return some of the facts."""
        return replace(self, places=self.places[kept], nature=self.nature[kept], mois=self.mois[kept])

    def of(self, axe: str, *mots: str) -> "Faits":
        """Return the facts that have one of some words on an axis."""
        words = self.mots[axe]
        # the bailleur is numbered -1, and its word is the last one
        return self.only(np.isin(self.axe(axe) % len(words), [words.index(mot) for mot in mots]))

    def sommes(self, *axes: str) -> list[Somme]:
        """Return the sums over all other axes, in the order of the numbers of these."""
        return sums(self.places[:, [AXES.index(axe) for axe in axes]], self.nature)

    def total(self) -> tuple[int, int, int]:
        """Return the sum over all axes."""
        return next((counts for _, counts in self.sommes()), (0, 0, 0))

    def mot(self, axe: str, number: int) -> str:
        """Return the word of a number."""
        return self.mots[axe][number]


def sums(keys: NDArray[np.int64], nature: NDArray[np.int8]) -> list[Somme]:
    """Return how many facts of each nature have each key, a row of numbers."""
    known, entry = np.unique(keys, axis=0, return_inverse=True)
    counts = np.zeros((len(known), 3), dtype=np.int64)
    np.add.at(counts, (entry.reshape(-1), nature), 1)
    return [
        (tuple(key), (released, proposed, let))
        for key, (released, proposed, let) in zip(known.tolist(), counts.tolist(), strict=True)
    ]


def faits(fonds: Fonds, reglages: Reglages) -> Faits:
    """Return the facts of a period so far.

    A dwelling is released to who has it at the end, by a tour that is open or led to a lease; a withdrawn one is not
    released at all. A proposition is a tour, whatever became of it. An attribution is a lease, of whose tour it ended.
    """
    registre = fonds.registre
    free, tours, suivi = registre.liberations, registre.tours, registre.suivi
    debites = fonds.debites()
    tenant = np.full(len(free), BAILLEUR, dtype=np.int64)
    held = np.isin(tours.issue, (EN_COURS, BAIL))
    tenant[tours.liberation[held]] = debites[held]
    released = np.flatnonzero(fonds.within(free.date) & np.isnat(suivi.retire))
    proposed = np.flatnonzero(fonds.within(tours.oriente) & (debites != BAILLEUR))
    let = np.flatnonzero(fonds.within(suivi.bail))
    rows = np.concatenate([released, tours.liberation[proposed], let])
    who = np.concatenate([tenant[released], debites[proposed], tenant[let]])
    days = np.concatenate([free.date[released], tours.oriente[proposed], suivi.bail[let]])
    unknown = ("",) * len(free)
    periods = reglages.periode(free.complements.get("construction", unknown))
    columns = (free.statut, free.commune, free.qpv, free.typologie, free.financement, periods)
    return Faits(
        np.stack([who, *(column[rows] for column in columns)], axis=1).astype(np.int64),
        np.repeat((LIBERES, PROPOSES, ATTRIBUES), (len(released), len(proposed), len(let))).astype(np.int8),
        days.astype("datetime64[M]").astype(np.int64),
        _words(fonds, reglages),
    )


def _words(fonds: Fonds, reglages: Reglages) -> dict[str, Sequence[str]]:
    known: dict[str, Any] = {
        "reservataire": (*fonds.registre.reservataires.id, ""),
        "registre": STATUTS,
        "commune": fonds.registre.territoires.commune,
        "qpv": QPV,
        "typologie": TYPOLOGIES,
        "financement": FINANCEMENTS,
        "construction": reglages.titres,
    }
    return {axe: known[axe] for axe in AXES}
