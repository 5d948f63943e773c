"""How well the forecast did so far, at the foot of a page: whoever reads a cost may judge what it rests on."""

from collections.abc import Iterator

import numpy as np

from allocator.forecast import Check, Record, describe


def track(record: Record) -> Iterator[str]:
    """Yield the blocks that show a record; none before the period's second day."""
    if not record.checks:
        return
    eve = (np.datetime64(record.today, "D") - 1).astype(object)
    yield "## La prévision jusqu'ici"
    yield describe(record)
    yield "\n".join(
        [
            f"| Prévision du | Annoncé jusqu'au {eve:%d/%m} | Huit chances sur dix entre | Venu |",
            "|---|---|---|---|",
            *map(_row, record.checks),
        ]
    )


def _row(check: Check) -> str:
    missed = "" if check.held else ", hors de l'intervalle"
    return (
        f"| {check.day:%d/%m} | {check.expected:.0f} | {check.low:.0f} et {check.high:.0f} "
        f"| {check.realised}{missed} |"
    )
