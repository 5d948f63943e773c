"""The state after a sequence of events, in columns."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Liberations, Reservataires, Territoires
from allocator.ledger.events.fold import Acte
from allocator.ledger.events.transitions import A_ORIENTER, PHASES

Days = NDArray[np.datetime64]

EN_COURS: Final = -1
"""Issue of a tour that has not ended."""

AUCUN: Final = -1
"""Index where there is nothing to index; of a réservataire, it means the bailleur."""

PHASE: Final = tuple(PHASES)
"""Phases, by index."""


@dataclass(frozen=True, slots=True, eq=False)
class Suivi:
    """What the journal knows of the dwellings beyond their libération, one row each.

    ``rang`` is that of the libération's event; ``phase`` indexes :data:`PHASE`; ``categorie`` indexes
    ``natures.CATEGORIES`` or is :data:`AUCUN`; days are NaT where it did not come to that. ``attribution`` and
    ``bail`` are the standing ones, whoever the dwelling went to. ``preorientation`` is the rang of the advice for
    the tour to come (0: none), ``preoriente`` the réservataire that it names or ``BAILLEUR``.
    """

    rang: NDArray[np.int64]
    phase: NDArray[np.int8]
    categorie: NDArray[np.int8]
    operation: tuple[str, ...]
    public_prioritaire: tuple[str, ...]
    contingent: tuple[str, ...]
    menage: tuple[str, ...]
    corps: tuple[str, ...]
    retire: Days
    motif_retrait: tuple[str, ...]
    attribution: Days
    bail: Days
    preorientation: NDArray[np.int64]
    preoriente: NDArray[np.int32]

    @property
    def a_orienter(self) -> NDArray[np.intp]:
        """Row numbers of the dwellings that wait for an orientation."""
        return np.flatnonzero(np.isin(self.phase, [PHASE.index(phase) for phase in A_ORIENTER]))


@dataclass(frozen=True, slots=True, eq=False)
class Tours:
    """Every tour, one row each, by dwelling and then in order.

    ``liberation`` numbers the rows of the dwellings; ``reservataire`` indexes the réservataires or is
    ``BAILLEUR``; ``issue`` indexes ``dossier.ISSUES`` or is :data:`EN_COURS`; days are NaT where it did not come
    to that. ``echeance`` is the day on which the clock of ``envoye`` lapses; ``recus`` the day on which candidates
    were received. Why, and what was advised, is told by the events.
    """

    liberation: NDArray[np.intp]
    numero: NDArray[np.int32]
    reservataire: NDArray[np.int32]
    oriente: Days
    envoye: Days
    echeance: Days
    recus: Days
    attribution: Days
    bail: Days
    issue: NDArray[np.int8]
    fin: Days
    delegataire: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.liberation)


@dataclass(frozen=True, slots=True, eq=False)
class Registre:
    """The state of one bailleur's journal.

    ``liberations`` and ``suivi`` have one row a dwelling, in the order in which they were announced;
    ``reservataires`` and ``territoires`` are all those that an opening named, the latest words on each.
    ``actes`` holds the dated acts (openings, conventions, signatures, rules, opening balances …) as recorded.
    """

    nom: str
    territoires: Territoires
    reservataires: Reservataires
    liberations: Liberations
    suivi: Suivi
    tours: Tours
    actes: tuple[Acte, ...]

    def actes_de(self, nature: str) -> tuple[Acte, ...]:
        """Return the acts of one nature, in the order in which they were recorded."""
        return tuple(acte for acte in self.actes if acte.nature == nature)
