"""The clock of a proposition: one month unless the convention says otherwise (Th. 2-3)."""

from calendar import monthrange
from datetime import date, timedelta


def echeance(envoye: str, delai: int | None) -> str:
    """Return the ISO day on which the clock lapses.

    Parameters
    ----------
    envoye
        ISO day on which the proposition was sent.
    delai
        Days that the convention gives, or ``None`` for one month: the same day of the next month, or its last.
    """
    start = date.fromisoformat(envoye)
    if delai is not None:
        return (start + timedelta(days=delai)).isoformat()
    year, month = (start.year + 1, 1) if start.month == 12 else (start.year, start.month + 1)
    return date(year, month, min(start.day, monthrange(year, month)[1])).isoformat()
