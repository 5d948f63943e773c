"""What each dwelling kept out of the assiette became, by operation, and who it housed (R.441-5, Th. 1-4)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from allocator.domain.vocabulary import STATUTS
from allocator.formats.reports_schema import PUBLICS_HORS_ASSIETTE, REALISE_HORS_ASSIETTE
from allocator.formats.tableau import Tableau, Value
from allocator.ledger.events.natures import CATEGORIES
from allocator.reports.fonds import Fonds
from allocator.reports.reglages import Reglages

HORS_ASSIETTE: Final = STATUTS.index("hors_assiette")

ENSEMBLE: Final = "ensemble"

NON: Final = ("", "non")
"""What a dwelling says of its household where it is of no priority public, or where nobody said."""


@dataclass(frozen=True, slots=True)
class Sortie:
    """A dwelling kept out of the assiette, and what happened to it in the period."""

    categorie: str
    operation: str
    libere: bool
    attribue: bool
    loue: bool
    prioritaire: bool
    eligible: bool


def sorties(fonds: Fonds) -> Iterator[Sortie]:
    """Yield what came free, was attributed or let in the period."""
    free, suivi = fonds.registre.liberations, fonds.registre.suivi
    released = fonds.within(free.date) & np.isnat(suivi.retire)
    given, let = fonds.within(suivi.attribution), fonds.within(suivi.bail)
    inside = (free.statut == HORS_ASSIETTE) & (released | given | let)
    for row in np.flatnonzero(inside).tolist():
        number = int(suivi.categorie[row])
        yield Sortie(
            CATEGORIES[number] if number >= 0 else "",
            suivi.operation[row],
            bool(released[row]),
            bool(given[row]),
            bool(let[row]),
            bool(given[row]) and suivi.public_prioritaire[row] not in NON,
            bool(given[row]) and suivi.contingent[row] not in NON,
        )


def realise(known: Iterable[Sortie]) -> Tableau:
    """Return how many dwellings came free, were attributed and let, by category and operation."""
    return Tableau(REALISE_HORS_ASSIETTE, tuple(_by_operation(known)))


def publics(known: Iterable[Sortie], reglages: Reglages) -> Tableau:
    """Return the households of each category, few ones masked."""
    return Tableau(PUBLICS_HORS_ASSIETTE, tuple(_publics(known, reglages)))


def _by_operation(known: Iterable[Sortie]) -> Iterator[tuple[Value, ...]]:
    groups: dict[tuple[str, str], list[Sortie]] = {}
    for each in known:
        groups.setdefault((each.categorie, each.operation), []).append(each)
    for key in sorted(groups, key=lambda key: ((*CATEGORIES, "").index(key[0]), key[1])):
        some = groups[key]
        yield *key, sum(x.libere for x in some), sum(x.attribue for x in some), sum(x.loue for x in some)


def _publics(known: Iterable[Sortie], reglages: Reglages) -> Iterator[tuple[Value, ...]]:
    """Yield the households of each category: masked where few, and their totals with them, or these would tell."""
    given, priority, eligible = Counter[str](), Counter[str](), Counter[str]()
    for each in known:
        given[each.categorie] += each.attribue
        priority[each.categorie] += each.prioritaire
        eligible[each.categorie] += each.eligible
    shown = [categorie for categorie in (*CATEGORIES, "") if given[categorie]]
    for categorie in shown:
        counts = (reglages.publie(priority[categorie]), reglages.publie(eligible[categorie]))
        yield categorie or "non précisée", given[categorie], *counts
    totals = (_total([reglages.publie(count[each]) for each in shown]) for count in (priority, eligible))
    yield ENSEMBLE, given.total(), *totals


def _total(parts: list[int | None]) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None
