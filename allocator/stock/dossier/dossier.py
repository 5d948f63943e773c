"""A dossier: a bailleur's dwellings and the rights on them, in columns, at the day of the état des lieux.

Source: article 5 of the décret n° 2020-145 (minimum contents of the état des lieux), Th. 3-1. Tables hold columns,
as those of :mod:`allocator.domain`; rows keep the order of their files. No household is named anywhere.
"""

import datetime
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Reservataires, Territoires

INCONNU: Final = -1
"""What ``typologie``, ``financement`` and ``qpv`` hold where they are not known."""


@dataclass(frozen=True, slots=True, eq=False)
class Parc:
    """The register, one row a dwelling.

    ``commune`` indexes :class:`Territoires`; ``typologie``, ``financement`` and ``qpv`` index the lists of the
    vocabulary, or are :data:`INCONNU`; ``surface`` is in m² and ``loyer`` in euros a m² and month, NaN where not
    known; ``construction`` is a year, 0 where not known. ``en_location``: let or offered (works, associations,
    sales and demolitions are not).
    """

    logement: tuple[str, ...]
    commune: NDArray[np.int32]
    residence: tuple[str, ...]
    typologie: NDArray[np.int8]
    financement: NDArray[np.int8]
    qpv: NDArray[np.int8]
    surface: NDArray[np.float64]
    loyer: NDArray[np.float64]
    construction: NDArray[np.int16]
    en_location: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.logement)


@dataclass(frozen=True, slots=True, eq=False)
class Droits:
    """The reservation rights, one row a right.

    ``nature`` is ``simple`` or ``suite``; ``logement`` is a row of :class:`Parc`, -1 where the right is on a
    programme (``residence`` in ``commune``); ``nombre`` counts dwellings: 1 on a dwelling, 0 where a programme's
    count is not known; ``origine`` is empty where not known. ``debut`` and ``fin`` (``datetime64[D]``) are both
    included, NaT where not known; ``utilise``: a droit simple that was used, and is spent. What the right bears on
    (``commune``, always known, to ``loyer``) is as in :class:`Parc`: that of the dwelling, or what the row tells, or
    else what all the dwellings of the programme have in common.
    """

    droit: tuple[str, ...]
    reservataire: NDArray[np.int32]
    nature: tuple[str, ...]
    logement: NDArray[np.int32]
    residence: tuple[str, ...]
    nombre: NDArray[np.int64]
    origine: tuple[str, ...]
    debut: NDArray[np.datetime64]
    fin: NDArray[np.datetime64]
    utilise: NDArray[np.bool_]
    commune: NDArray[np.int32]
    typologie: NDArray[np.int8]
    financement: NDArray[np.int8]
    qpv: NDArray[np.int8]
    surface: NDArray[np.float64]
    loyer: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.droit)


@dataclass(frozen=True, slots=True, eq=False)
class Relocations:
    """The past re-lettings, one row a vacated dwelling: a row of :class:`Parc` and a day (``datetime64[D]``).

    All those from the day ``depuis`` to the dossier's are there: without it, a year with few could be a year half told.
    """

    logement: NDArray[np.int32]
    date: NDArray[np.datetime64]
    depuis: datetime.date

    def __len__(self) -> int:
        return len(self.logement)


@dataclass(frozen=True, slots=True, eq=False)
class Dossier:
    """What a bailleur and its réservataires look at together; ``date`` is the day of the état des lieux.

    ``sha256`` is the digest of the files read, empty for a dossier built in memory.
    """

    nom: str
    bailleur: str
    date: datetime.date
    source: str
    territoires: Territoires
    reservataires: Reservataires
    parc: Parc
    droits: Droits
    relocations: Relocations | None = None
    sha256: str = ""
