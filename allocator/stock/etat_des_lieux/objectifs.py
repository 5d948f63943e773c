"""Indicative objectives as each réservataire's rights suggest them (Th. 2-1): shares that close at 100."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.formats.schema import INDICATIFS
from allocator.formats.tableau import Tableau, Value
from allocator.stock.conversion.arrondi import largest_remainder
from allocator.stock.dossier import Dossier
from allocator.stock.dossier.ouverts import ouverts

DIXIEMES: Final = 1000
"""Tenths of a percent in a whole."""


def objectifs(dossier: Dossier) -> Tableau:
    """Return the shares of each réservataire's open rights by typologie, financement, QPV and EPCI.

    They are in the format of ``indicatifs.csv``, in tenths of a percent, and close at 100 in each dimension (largest
    remainder, the first modality where remainders tie). What is not known of a right is left out of that dimension, and
    a share that rounds to zero has no row.
    """
    droits, epci = dossier.droits, dossier.territoires.epci
    names = tuple(dict.fromkeys(epci))
    columns: dict[str, tuple[tuple[str, ...], NDArray[np.integer]]] = {
        "typologie": (TYPOLOGIES, droits.typologie),
        "financement": (FINANCEMENTS, droits.financement),
        "qpv": (QPV, droits.qpv),
        "epci": (names, np.array([names.index(code) for code in epci], np.int64)[droits.commune]),
    }
    live = ouverts(dossier)
    rows: list[tuple[Value, ...]] = []
    for holder, name in enumerate(dossier.reservataires.id):
        own = np.flatnonzero(live & (droits.reservataire == holder))
        for dimension, (words, column) in columns.items():
            counts: Counter[int] = Counter()
            for place, count in zip(column[own].tolist(), droits.nombre[own].tolist(), strict=True):
                if place >= 0:
                    counts[place] += count
            parts = _closed([counts[place] for place in range(len(words))])
            rows += [
                (name, dimension, word, part / 10) for word, part in zip(words, parts, strict=True) if part
            ]
    return Tableau(INDICATIFS, tuple(rows))


def _closed(counts: Sequence[int]) -> tuple[int, ...]:
    """Return tenths of a percent in proportion to counts; zeros where all are."""
    total = sum(counts)
    if not total:
        return (0,) * len(counts)
    return largest_remainder([Fraction(count * DIXIEMES, total) for count in counts], DIXIEMES)
