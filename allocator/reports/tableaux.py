"""Facts as tables of files: the whole cube, axis by axis, ledger by ledger."""

from collections.abc import Iterator
from typing import Final

from allocator.formats.reports_schema import BILAN, BILAN_AXES, REGISTRES
from allocator.formats.tableau import Tableau, Value
from allocator.reports.faits import AXES, Faits

LEGAUX: Final = ("typologie", "financement", "qpv", "construction", "commune")
"""The axes of R.441-5-1 besides the réservataire, in the order in which they are shown."""


def cube(known: Faits) -> Tableau:
    """Return the sums of all axes crossed."""
    return Tableau(
        BILAN,
        tuple(
            (*(known.mot(axe, number) for axe, number in zip(AXES, key, strict=True)), *counts)
            for key, counts in known.sommes(*AXES)
        ),
    )


def by_axis(scope: Faits, whole: Faits) -> Tableau:
    """Return the sums of a scope on each axis by ledger and réservataire, after the totals of all réservataires."""
    return Tableau(BILAN_AXES, tuple(_by_axis(scope, whole)))


def _by_axis(scope: Faits, whole: Faits) -> Iterator[tuple[Value, ...]]:
    for (registre, holder), counts in whole.sommes("registre", "reservataire"):
        yield whole.mot("registre", registre), whole.mot("reservataire", holder), "ensemble", "", *counts
    for axe in LEGAUX:
        for (registre, holder, number), counts in scope.sommes("registre", "reservataire", axe):
            mots = (
                scope.mot("registre", registre),
                scope.mot("reservataire", holder),
                axe,
                scope.mot(axe, number),
            )
            yield *mots, *counts


def registres(known: Faits) -> Tableau:
    """Return the sums of each ledger by commune."""
    return Tableau(
        REGISTRES,
        tuple(
            (known.mot("registre", registre), known.mot("commune", commune), *counts)
            for (registre, commune), counts in known.sommes("registre", "commune")
        ),
    )
