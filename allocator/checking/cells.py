"""The cells of an instance and their targets, written straight from the file contract, section 3.

This is the checker's own arithmetic: it shares nothing with the engine beyond the values of the domain.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Instance, Model
from allocator.domain.vocabulary import CONTRACTUEL, CROISE, ECHELLES, PETIT, TOTAL

FLOOR_SLACK = 1e-9
"""What the contract adds before taking a floor, and subtracts from the ``seuil``."""


@dataclass(slots=True)
class Cells:
    """Cells in a stable order, one entry a cell in every list.

    ``dimension`` and ``modalite`` say what a cell counts, for every kind of cell: a contractuel or total cell
    of ``departement:93`` counts modality ``93`` of dimension ``departement``; a petit cell counts all, which
    is dimension ``""``; a crossed one counts ``T4+non`` of ``typologie+qpv``. ``cible`` is in dwellings.
    """

    reservataire: list[int] = field(default_factory=list)
    sur: list[str] = field(default_factory=list)
    dimension: list[str] = field(default_factory=list)
    modalite: list[str] = field(default_factory=list)
    cible: list[float] = field(default_factory=list)

    def add(self, reservataire: int, sur: str, dimension: str, modalite: str, cible: float) -> None:
        """Append one cell; a target below zero counts as zero."""
        self.reservataire.append(reservataire)
        self.sur.append(sur)
        self.dimension.append(dimension)
        self.modalite.append(modalite)
        self.cible.append(max(0.0, cible))


def list_cells(instance: Instance, model: Model) -> Cells:
    """Return every cell of the instance: contractuel and total by row, then petit, then indicative.

    All of them are listed whether or not the model weighs them; the model only says who is small.
    """
    cells = Cells()
    dues = _add_promises(cells, instance)
    _add_petits(cells, instance, model.seuil, dues)
    _add_wishes(cells, instance, dues)
    return cells


def communes_by_territory(instance: Instance) -> dict[str, list[int]]:
    """Return the rows of ``territoires.csv`` of each territory, keyed as in ``departement:93``."""
    territoires = instance.territoires
    columns = {
        "commune": territoires.commune,
        "epci": territoires.epci,
        "departement": territoires.departement,
    }
    covered: dict[str, list[int]] = defaultdict(list)
    for echelle in ECHELLES:
        for row, code in enumerate(columns[echelle]):
            covered[f"{echelle}:{code}"].append(row)
    return dict(covered)


def assiette_by_commune(instance: Instance) -> NDArray[np.int64]:
    """Return the number of flux libérations of each commune, in the order of ``territoires.csv``."""
    communes = instance.liberations.commune[instance.liberations.en_flux]
    return np.bincount(communes, minlength=len(instance.territoires))


def _add_promises(cells: Cells, instance: Instance) -> list[float]:
    """Add the contractuel and total cells; return the sum of contractuel targets of each réservataire."""
    conventions = instance.conventions
    covered = communes_by_territory(instance)
    assiettes = assiette_by_commune(instance).tolist()
    targets: list[list[float]] = [[] for _ in range(len(instance.reservataires))]
    for row in range(len(conventions)):
        holder = int(conventions.reservataire[row])
        echelle, _, code = conventions.territoire[row].partition(":")
        communes = covered.get(conventions.territoire[row], [])
        assiette = sum(assiettes[commune] for commune in communes)
        due = _due_of_row(instance, row, assiette)
        if conventions.niveau[row] == "territoire":
            cells.add(holder, CONTRACTUEL, echelle, code, due)
            targets[holder].append(cells.cible[-1])
            continue
        shares = []
        for commune in communes:
            if assiettes[commune]:
                name = instance.territoires.commune[commune]
                cells.add(holder, CONTRACTUEL, "commune", name, due * assiettes[commune] / assiette)
                shares.append(cells.cible[-1])
        cells.add(holder, TOTAL, echelle, code, math.fsum(shares))
        targets[holder].extend(shares)
    return [math.fsum(of_one) for of_one in targets]


def _due_of_row(instance: Instance, row: int, assiette: int) -> float:
    """Return what a convention row promises over its whole territory, in dwellings; it may be negative.

    With ``niveau=commune`` every term of it is in proportion to a commune's assiette: ``part`` by definition,
    ``volume`` and ``report`` because the contract spreads them so.
    """
    conventions = instance.conventions
    volume = float(conventions.volume[row])
    promised = float(conventions.part[row]) * assiette / 100 if math.isnan(volume) else volume
    return promised + float(conventions.report[row])


def _add_petits(cells: Cells, instance: Instance, seuil: float | None, dues: list[float]) -> None:
    for holder, due in enumerate(dues):
        declared = instance.reservataires.petit[holder]
        by_rule = declared is None and seuil is not None and due < seuil - FLOOR_SLACK
        if declared or by_rule:
            cells.add(holder, PETIT, "", "", float(math.floor(due + FLOOR_SLACK)))


def _add_wishes(cells: Cells, instance: Instance, dues: list[float]) -> None:
    indicatifs = instance.indicatifs
    for row in range(len(indicatifs)):
        holder = int(indicatifs.reservataire[row])
        dimension = indicatifs.dimension[row]
        sur = CROISE if "+" in dimension else dimension
        cible = float(indicatifs.part[row]) * dues[holder] / 100
        cells.add(holder, sur, dimension, indicatifs.modalite[row], cible)
