"""The file of one dwelling: what its events add up to, as one row and the rows of its tours.

A tour is one orientation to one réservataire with its end; it counts once, however many candidates.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Final, Protocol

from allocator.ledger.events.event import Contenu

ISSUES: Final = ("bail", "sans_candidat", "decline", "refus", "rendu", "retrait", "caleol", "description")
"""How a tour ends; a tour that has not ended has no issue."""

ATTRIBUTS: Final = (
    "date",
    "commune",
    "typologie",
    "financement",
    "qpv",
    "qpv_perimetre",
    "construction",
    "surface",
    "loyer",
    "residence",
    "adresse",
    "etage",
    "accessible",
    "disponible",
)
"""What a libération says of the dwelling."""

STATUT: Final = (
    "statut",
    "categorie",
    "operation",
    "public_prioritaire",
    "contingent",
    "menage",
    "corps",
)
"""What a statut says of the dwelling."""

EN_FLUX: Final[Contenu] = {"statut": "flux"}
"""The statut of a dwelling of which nothing else was said."""


class Row(Protocol):
    """A row of a table, by name of column."""

    def __getitem__(self, name: Any, /) -> Any:
        """Return the value in a column."""
        ...


@dataclass(slots=True)
class Tour:
    """One tour; days are ISO texts, ``None`` where it did not come to that.

    ``reservataire`` is ``None`` where the bailleur keeps the dwelling; ``preorientation`` is the rang of the
    advice that was followed or not, ``preoriente`` what it said; ``candidats`` how many were received.
    """

    numero: int
    reservataire: str | None
    oriente: str
    motif: str | None = None
    delegataire: str | None = None
    preorientation: int | None = None
    preoriente: str | None = None
    envoye: str | None = None
    echeance: str | None = None
    recus: str | None = None
    candidats: int | None = None
    caleol: str | None = None
    decision: str | None = None
    attribution: str | None = None
    bail: str | None = None
    issue: str | None = None
    fin: str | None = None
    motif_fin: str | None = None


@dataclass(slots=True)
class Dossier:
    """One dwelling; ``phase`` is where it stands (see :mod:`~allocator.ledger.events.transitions`).

    ``rang`` is that of its libération; ``effet`` is the day of the last event about it; ``dernier``, ``derniere``,
    ``par`` and ``le`` are the rang, nature, author and moment of recording of the last one that moved it.
    ``preorientation`` and ``preoriente`` are the advice for the tour to come.
    """

    id: str
    rang: int = 0
    attributs: Contenu = field(default_factory=dict)
    situation: Contenu = field(default_factory=lambda: EN_FLUX)
    phase: str = ""
    effet: str = ""
    dernier: int = 0
    derniere: str = ""
    par: str = ""
    le: str = ""
    preorientation: int | None = None
    preoriente: str | None = None
    retire: str | None = None
    motif_retrait: str | None = None
    attribution: str | None = None
    bail: str | None = None
    tours: list[Tour] = field(default_factory=list)

    @property
    def en_cours(self) -> Tour | None:
        """The tour that has not ended."""
        return self.tours[-1] if self.tours and self.tours[-1].issue is None else None

    def row(self) -> dict[str, Any]:
        """Return the dwelling's row, without its tours."""
        row = {name: getattr(self, name) for name in SUIVI}
        for name in ATTRIBUTS:
            row[name] = self.attributs.get(name)
        for name in STATUT:
            row[name] = self.situation.get(name)
        return row

    def tour_rows(self) -> list[dict[str, Any]]:
        """Return the rows of its tours."""
        return [{"rang": self.rang, **{name: getattr(tour, name) for name in TOUR}} for tour in self.tours]


def dossier_of(row: Row, tours: Iterable[Row]) -> Dossier:
    """Return the dwelling that rows hold, its tours in order."""
    return Dossier(
        **{name: row[name] for name in SUIVI},
        attributs={name: row[name] for name in ATTRIBUTS if row[name] is not None},
        situation={name: row[name] for name in STATUT if row[name] is not None},
        tours=[Tour(**{name: tour[name] for name in TOUR}) for tour in tours],
    )


TOUR: Final = tuple(each.name for each in fields(Tour))
"""Columns of a tour, beside its dwelling's ``rang``."""

SUIVI: Final = tuple(
    each.name for each in fields(Dossier) if each.name not in {"attributs", "situation", "tours"}
)
"""Columns of a dwelling, beside :data:`ATTRIBUTS` and :data:`STATUT`."""
