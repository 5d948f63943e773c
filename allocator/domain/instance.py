"""An instance: a period of a bailleur's life, in columns.

Tables hold columns (tuples and arrays of one length), because 750 000 small objects would sink the
program; :class:`Liberation` is a view of one row. Rows keep the order of their files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain.vocabulary import FINANCEMENTS, FLUX, QPV, STATUTS, TYPOLOGIES

SANS_SOLDE: Final = -1
"""Value of ``Conventions.solde`` where the row bounds nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Territoires:
    """The communes of the instance, one row each.

    ``commune`` is the INSEE code, ``epci`` the SIREN of its EPCI or EPT, ``zone`` an ABC zone or ``""``,
    ``tension`` the demands per attribution (float64, NaN where unknown).
    """

    commune: tuple[str, ...]
    nom: tuple[str, ...]
    epci: tuple[str, ...]
    departement: tuple[str, ...]
    zone: tuple[str, ...]
    tension: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.commune)


@dataclass(frozen=True, slots=True, eq=False)
class Reservataires:
    """The holders of reservation rights; ``petit`` is ``None`` where the model decides."""

    id: tuple[str, ...]
    nom: tuple[str, ...]
    famille: tuple[str, ...]
    petit: tuple[bool | None, ...]

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True, slots=True, eq=False)
class Conventions:
    """The contractual promises, one row each.

    ``reservataire`` indexes :class:`Reservataires`; ``territoire`` reads ``departement:93``,
    ``epci:200057867`` or ``commune:93048``; ``niveau`` is resolved (never empty). ``part`` (percent of the
    assiette) and ``volume`` (dwellings) are NaN where the other is given; ``report`` is in dwellings;
    ``solde`` is the number of rights left or :data:`SANS_SOLDE`.
    """

    reservataire: NDArray[np.int32]
    territoire: tuple[str, ...]
    niveau: tuple[str, ...]
    part: NDArray[np.float64]
    volume: NDArray[np.float64]
    report: NDArray[np.float64]
    solde: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.territoire)


@dataclass(frozen=True, slots=True, eq=False)
class Indicatifs:
    """The indicative objectives, one row each; ``part`` is the percent of what the réservataire is owed.

    ``dimension`` may cross several with ``+`` (``typologie+qpv``), and ``modalite`` then too (``T4+non``).
    """

    reservataire: NDArray[np.int32]
    dimension: tuple[str, ...]
    modalite: tuple[str, ...]
    part: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.dimension)


@dataclass(frozen=True, slots=True)
class Liberation:
    """One vacated dwelling, in words."""

    id: str
    date: date
    commune: str
    typologie: str
    financement: str
    qpv: str
    statut: str


@dataclass(frozen=True, slots=True, eq=False)
class Liberations:
    """The vacated dwellings, one row each.

    ``date`` is ``datetime64[D]``; ``commune`` indexes :class:`Territoires`; ``typologie``, ``financement``,
    ``qpv`` and ``statut`` index the lists of the vocabulary. ``complements`` holds the optional columns that
    the file had (``adresse``, ``surface`` …) as text, one entry a row, empty where not known.
    """

    id: tuple[str, ...]
    date: NDArray[np.datetime64]
    commune: NDArray[np.int32]
    typologie: NDArray[np.int8]
    financement: NDArray[np.int8]
    qpv: NDArray[np.int8]
    statut: NDArray[np.int8]
    complements: Mapping[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.id)

    @property
    def en_flux(self) -> NDArray[np.intp]:
        """Row numbers of the libérations that are allocated and counted, in file order."""
        return np.flatnonzero(self.statut == FLUX)

    def row(self, index: int, territoires: Territoires) -> Liberation:
        """Return row ``index`` in words."""
        return Liberation(
            id=self.id[index],
            date=self.date[index].astype(date),
            commune=territoires.commune[self.commune[index]],
            typologie=TYPOLOGIES[self.typologie[index]],
            financement=FINANCEMENTS[self.financement[index]],
            qpv=QPV[self.qpv[index]],
            statut=STATUTS[self.statut[index]],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """A period, what was released in it, who holds rights on it and what was promised.

    ``debut`` and ``fin`` are both included. ``sha256`` is the digest of the files read, empty for an instance
    built in memory.
    """

    nom: str
    description: str
    debut: date
    fin: date
    source: str
    territoires: Territoires
    reservataires: Reservataires
    conventions: Conventions
    indicatifs: Indicatifs
    liberations: Liberations
    historique: Liberations | None = None
    sha256: str = ""
