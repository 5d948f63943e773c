"""What is released in the flux, by place: the measure of every promise and every wish."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allocator.domain.vocabulary import FINANCEMENTS, FLUX, QPV, TYPOLOGIES
from allocator.drawing.figures import Figures
from allocator.drawing.portfolio import Floats, Portfolio
from allocator.drawing.releases import Releases


@dataclass(frozen=True, eq=False)
class Supply:
    """The flux by commune of the portfolio: ``counts`` has shape (communes, typologies, financements, 2)."""

    commune: tuple[str, ...]
    nom: tuple[str, ...]
    departement: NDArray[np.str_]
    epci: NDArray[np.str_]
    nom_epci: Mapping[str, str]
    counts: Floats

    @cached_property
    def assiette(self) -> Floats:
        """Flux libérations by commune."""
        total: Floats = self.counts.sum(axis=(1, 2, 3))
        return total

    @cached_property
    def departements(self) -> list[str]:
        """The départements, in the order of their codes."""
        return [str(code) for code in np.unique(self.departement)]

    @cached_property
    def _members(self) -> dict[str, NDArray[np.intp]]:
        members = {f"commune:{code}": np.array([row]) for row, code in enumerate(self.commune)}
        for echelle, codes in (("epci", self.epci), ("departement", self.departement)):
            members |= {f"{echelle}:{code}": np.flatnonzero(codes == code) for code in np.unique(codes)}
        return members

    def members(self, territoire: str) -> NDArray[np.intp]:
        """Return the communes of a territory written as in ``conventions.csv``."""
        return self._members[territoire]

    def released(self, territoire: str) -> float:
        """Return the assiette of a territory."""
        return float(self.assiette[self.members(territoire)].sum())


def measure(figures: Figures, portfolio: Portfolio, releases: Releases) -> Supply:
    """Count the flux of ``releases``."""
    rows = portfolio.rows
    shape = (len(rows), len(TYPOLOGIES), len(FINANCEMENTS), len(QPV))
    flux = releases.statut == FLUX
    axes = releases.commune, releases.typologie, releases.financement, releases.qpv
    cells = np.ravel_multi_index(tuple(axis[flux] for axis in axes), shape)
    return Supply(
        commune=tuple(figures.commune[row] for row in rows),
        nom=tuple(figures.nom[row] for row in rows),
        departement=figures.departement[rows],
        epci=figures.epci[rows],
        nom_epci=figures.nom_epci,
        counts=np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape).astype(np.float64),
    )
