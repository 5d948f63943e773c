"""Cells and their targets: what each promise comes to in dwellings (file contract, section 3).

A cell counts what one réservataire receives in a scope (everywhere, a département, an EPCI or a commune) with
given attributes (or any). The independent checker has its own arithmetic of the same sentences and must not
import this module.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Instance
from allocator.flux.geography import Geography
from allocator.flux.promises import build_promises


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """One entry a cell, in the order of ``ecarts.csv``: contractuel, total, petit, then indicative.

    ``kind``, ``scope``, ``typologie``, ``financement`` and ``qpv`` are those of
    :class:`~allocator.flux.promises.Scopes`. ``cible`` is in dwellings, at least 0.
    """

    reservataire: NDArray[np.int32]
    sur: tuple[str, ...]
    territoire: tuple[str, ...]
    modalite: tuple[str, ...]
    cible: NDArray[np.float64]
    kind: NDArray[np.int8]
    scope: NDArray[np.int32]
    typologie: NDArray[np.int8]
    financement: NDArray[np.int8]
    qpv: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.sur)


def assiette_by_commune(instance: Instance) -> NDArray[np.int64]:
    """Count the flux libérations of each commune, in the order of ``territoires.csv``."""
    liberations = instance.liberations
    return np.bincount(liberations.commune[liberations.en_flux], minlength=len(instance.territoires)).astype(
        np.int64
    )


def build_cells(instance: Instance, places: Geography, seuil: float | None) -> Cells:
    """Return every cell of an instance with its target, once all libérations are known.

    ``seuil`` is the model's definition of a small réservataire, in dwellings over the period (``None``: only
    those that ``reservataires.csv`` names).
    """
    promises = build_promises(instance, places, seuil)
    cible, exists = promises.cibles(assiette_by_commune(instance))
    kept = np.flatnonzero(exists)
    scopes = promises.scopes
    return Cells(
        scopes.reservataire[kept],
        tuple(promises.sur[cell] for cell in kept),
        tuple(promises.territoire[cell] for cell in kept),
        tuple(promises.modalite[cell] for cell in kept),
        cible[kept],
        scopes.kind[kept],
        scopes.scope[kept],
        scopes.typologie[kept],
        scopes.financement[kept],
        scopes.qpv[kept],
    )
