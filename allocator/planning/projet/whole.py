"""Expected supply made whole: numbers of dwellings that close by territory and by kind, year after year."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain.vocabulary import FINANCEMENTS, QPV
from allocator.planning.projet.projet import Projet
from allocator.planning.projet.rounding import apportion, transport

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """A whole supply: the classes of a projet, each once, and ``nombre`` (int64), years × classes.

    Classes ascend by commune, typologie, financement and qpv (types as in ``Offre``).
    """

    commune: NDArray[np.int32]
    typologie: NDArray[np.int8]
    financement: NDArray[np.int8]
    qpv: NDArray[np.int8]
    nombre: Ints

    def __len__(self) -> int:
        return len(self.commune)


def expected(projet: Projet) -> tuple[Counts, Floats]:
    """Return the classes of a projet (all counts zero) and what is expected of each, years × classes."""
    offre = projet.offre
    columns = (offre.commune, offre.typologie, offre.financement, offre.qpv)
    keys = np.stack([column.astype(np.int64) for column in columns])
    classes, of_row = np.unique(keys, axis=1, return_inverse=True)
    attendu = np.zeros((projet.annees, classes.shape[1]))
    np.add.at(attendu, (offre.annee, of_row.ravel()), offre.attendu)
    commune, typologie, financement, qpv = classes
    counts = Counts(
        commune.astype(np.int32),
        typologie.astype(np.int8),
        financement.astype(np.int8),
        qpv.astype(np.int8),
        np.zeros(attendu.shape, dtype=np.int64),
    )
    return counts, attendu


def whole(projet: Projet) -> Counts:
    """Return whole numbers of each class in each year, from what is expected.

    What has come up by the end of each year is within one of what was expected by then: of all, of each
    département, and as near as these totals allow of each commune and of each mode (typologie × financement ×
    qpv) in the département. Within these margins the classes that are most overdue come up, so that a class
    expected 0.3 times a year comes in one year of three or four. What is whole already stays as it is.
    """
    classes, attendu = expected(projet)
    codes = {code: i for i, code in enumerate(dict.fromkeys(projet.territoires.departement))}
    departement = np.array([codes[code] for code in projet.territoires.departement], dtype=np.int64)
    mode = (classes.typologie.astype(np.int64) * len(FINANCEMENTS) + classes.financement) * len(QPV)
    mode += classes.qpv
    total = np.floor(attendu.sum(axis=1).cumsum() + 0.5 + 1e-9).astype(np.int64)
    of_class = departement[classes.commune]
    places = apportion(_sums(attendu, of_class, len(codes)), np.diff(total, prepend=0))
    nombre = classes.nombre
    for place in np.unique(of_class).tolist():
        mine = np.flatnonzero(of_class == place)
        nombre[:, mine] = _within(attendu[:, mine], classes.commune[mine], mode[mine], places[:, place])
    return classes


def _within(attendu: Floats, commune: NDArray[np.int32], mode: Ints, total: Ints) -> Ints:
    """Return whole numbers of the classes of a département, years × classes, that sum to ``total`` each year."""
    row, column = (np.unique(labels, return_inverse=True)[1] for labels in (commune, mode))
    rows, columns = (
        apportion(_sums(attendu, labels, int(labels.max(initial=-1)) + 1), total) for labels in (row, column)
    )
    nombre = np.zeros(attendu.shape, dtype=np.int64)
    overdue = np.zeros(attendu.shape[1])
    for year, coming in enumerate(attendu):
        overdue += coming
        nombre[year] = transport(overdue, row, column, rows[year], columns[year])
        overdue -= nombre[year]
    return nombre


def _sums(attendu: Floats, labels: Ints, size: int) -> Floats:
    """Return sums over the classes of each label, years × labels."""
    sums = np.zeros((len(attendu), size))
    np.add.at(sums.T, labels, attendu.T)
    return sums
