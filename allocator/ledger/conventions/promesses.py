"""What the conventions in force on a day promise, in dwellings of an expected year: what the law looks at."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Instance
from allocator.ledger.conventions.exercice import Exercice
from allocator.ledger.conventions.unicite import communes
from allocator.ledger.conventions.version import Version, in_force

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Promesses:
    """The conventions in force on a day.

    ``due`` is in dwellings (rows of the promises × communes) of an ``assiette`` by commune, ``hors_qpv`` what that has
    outside QPV. ``parts`` is what of ``due`` is promised in percent: the only thing that is sure, since what share a
    volume makes only a forecast says. ``sans_prevision`` are the volumes, in dwellings a year, by the territory in
    which no dwelling is expected: of these not even a forecast says anything, and they are no part of ``due``.
    """

    instance: Instance
    versions: tuple[Version, ...]
    day: date
    due: Floats
    parts: Floats
    sans_prevision: Mapping[str, float]
    assiette: Floats
    hors_qpv: Floats

    def famille(self, version: Version) -> str:
        """Return the famille of a version's réservataire."""
        holders = self.instance.reservataires
        return holders.famille[holders.id.index(version.reservataire)]

    def inside(self, territoire: str) -> NDArray[np.intp]:
        """Return the rows of the communes of a territory."""
        return np.array(sorted(communes(self.instance, territoire)), dtype=np.intp)

    def of_state(self) -> Iterator[tuple[str, NDArray[np.intp], Floats]]:
        """Yield each département, its communes, and what the État's own conventions promise in each of these."""
        holders, rows = self.instance.reservataires, self.instance.conventions.reservataire
        state = np.array([holders.famille[holder] == "etat" for holder in rows], dtype=bool)
        owed = self.due[state].sum(axis=0)
        for code in dict.fromkeys(self.instance.territoires.departement):
            inside = self.inside(f"departement:{code}")
            yield code, inside, owed[inside]


def promesses(
    exercice: Exercice, versions: Sequence[Version], day: date, assiette: Floats, hors_qpv: Floats
) -> Promesses:
    """Return what is promised on a day; in a département where nothing is expected, all communes weigh the same."""
    conventions = exercice.instance.conventions
    now = int(exercice.stretch(np.array([day], dtype="datetime64[D]"))[0])
    departement = np.array(exercice.instance.territoires.departement)
    weights = np.array([assiette[departement == name].sum() > 0 for name in departement])
    expected = np.where(weights, assiette, 1.0)
    parts, volumes = np.zeros((2, len(conventions), len(expected)))
    blind: defaultdict[str, float] = defaultdict(float)
    for row, territoire in enumerate(conventions.territoire):
        inside = sorted(communes(exercice.instance, territoire))
        parts[row, inside] = exercice.part[now, row] / 100 * expected[inside]
        volume, whole = float(exercice.volume[now, row]), assiette[inside].sum()
        if whole > 0:
            volumes[row, inside] = volume * assiette[inside] / whole
        elif volume > 0:
            here = departement[inside[0]]
            blind[territoire if weights[inside[0]] else f"departement:{here}"] += volume
    objets = dict.fromkeys(version.objet for version in versions)
    applied = (in_force([v for v in versions if v.objet == objet], day) for objet in objets)
    return Promesses(
        exercice.instance,
        tuple(version for version in applied if version is not None),
        day,
        parts + volumes,
        parts,
        blind,
        expected,
        np.where(weights, hors_qpv, 0.0),
    )
