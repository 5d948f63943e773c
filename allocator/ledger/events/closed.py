"""Years that are closed, and what may still be said of them (R.441-5, Th. 3-2).

The rule: once ``close-year`` has recorded the ``cloture`` of a year, its balances are what the partners were told, so
nothing that takes effect by its last day, and no dwelling that came free by then, is recorded any more, with three
exceptions.

- What moves no account: a ``rapprochement``, a ``purge``, and another ``cloture`` of that year.
- A ``correction`` of what was recorded, or one that moves something into the year, if it says ``apres_cloture`` and
  why (``motif``): nobody changes a closed year by reading a file again.
- What was forgotten altogether, once a correction has annulled the ``cloture`` (which says ``apres_cloture`` too); the
  year is then closed again.

Balances brought from elsewhere when a journal is opened (a ``cloture`` with ``reprise``) close nothing: the year is
none of the journal's, and what was pending in it goes on.
"""

from collections.abc import Iterable
from typing import Final

from allocator.ledger.events.event import Contenu
from allocator.ledger.events.fold import Acte

CLOTURE: Final = "cloture"
LIBERATION: Final = "liberation"


def closed_through(actes: Iterable[Acte]) -> str:
    """Return the ISO day through which acts, as corrected, have closed a journal; ``""`` where it is all open."""
    return max(
        (acte.effet for acte in actes if acte.nature == CLOTURE and not acte.contenu.get("reprise")),
        default="",
    )


def first_day(nature: str, effet: str, contenu: Contenu) -> str:
    """Return the first ISO day that an event bears on: that of its effect, or that on which its dwelling came free."""
    return min(effet, contenu["date"]) if nature == LIBERATION else effet
