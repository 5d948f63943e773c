"""Whether ``preorientations.csv`` is an answer at all: complete, in order, eligible, within the soldes."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from allocator.checking.counts import count_received, simple_codes
from allocator.checking.wording import accord
from allocator.domain import BAILLEUR, SANS_SOLDE, Instance
from allocator.domain.vocabulary import ECHELLES, FLUX, STATUTS
from allocator.formats import INCONNU, Fault, Preorientations


def orientation_of(instance: Instance, claimed: Preorientations) -> NDArray[np.int32]:
    """Return the orientation that the file gives, one entry a libération; the bailleur's if silent."""
    orientation = np.full(len(instance.liberations), BAILLEUR, dtype=np.int32)
    said = (claimed.row >= 0) & (claimed.holder >= 0)
    said[said] = instance.liberations.statut[claimed.row[said]] == FLUX
    orientation[claimed.row[said]] = claimed.holder[said]
    return orientation


def check_rows(instance: Instance, claimed: Preorientations) -> Iterator[Fault]:
    """Yield what is wrong with the rows: unknown, out of the flux, missing, out of order."""
    liberations = instance.liberations
    for at in np.flatnonzero(claimed.row == INCONNU).tolist():
        yield _fault(claimed, at, f"la libération {claimed.liberation[at]} n'est pas dans liberations.csv")
    for at in np.flatnonzero(claimed.holder == INCONNU).tolist():
        yield _fault(
            claimed, at, f"le réservataire {claimed.reservataire[at]} n'est pas dans reservataires.csv"
        )
    known = np.flatnonzero(claimed.row >= 0)
    in_flux = liberations.statut[claimed.row[known]] == FLUX
    for at in known[~in_flux].tolist():
        statut = STATUTS[liberations.statut[claimed.row[at]]]
        yield _fault(
            claimed,
            at,
            f"la libération {claimed.liberation[at]} ne se répartit pas : son statut est {statut}",
        )
    unlisted = liberations.statut == FLUX
    unlisted[claimed.row[known]] = False
    for row in np.flatnonzero(unlisted).tolist():
        yield Fault(claimed.file, None, None, f"la libération {liberations.id[row]} n'a pas de ligne")
    listed = known[in_flux]
    for step in np.flatnonzero(np.diff(claimed.row[listed]) < 0).tolist():
        before, after = (claimed.liberation[at] for at in listed[step : step + 2].tolist())
        yield _fault(
            claimed,
            int(listed[step + 1]),
            f"la libération {after} vient après {before}, qui la suit dans liberations.csv",
        )


def check_rights(instance: Instance, claimed: Preorientations) -> Iterator[Fault]:
    """Yield the libérations given where no convention covers them, and the rights beyond the ``solde``."""
    given = np.flatnonzero((claimed.row >= 0) & (claimed.holder >= 0))
    allowed = eligible(instance, claimed.row[given], claimed.holder[given].astype(np.int64))
    for at in given[~allowed].tolist():
        commune = instance.territoires.commune[instance.liberations.commune[claimed.row[at]]]
        yield _fault(
            claimed,
            at,
            f"la libération {claimed.liberation[at]} va à {claimed.reservataire[at]}, dont aucune convention "
            f"ne couvre la commune {commune}",
        )
    yield from _check_soldes(instance, claimed)


def eligible(instance: Instance, rows: NDArray[np.integer], holders: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say for each pair (row of ``liberations.csv``, réservataire) whether a convention row covers it."""
    conventions = instance.conventions
    covered = np.zeros(len(rows), dtype=np.bool_)
    for echelle in ECHELLES:
        codes, index = simple_codes(instance, echelle, rows)
        pairs = [
            holder * len(index) + index[code]
            for holder, place in zip(conventions.reservataire.tolist(), conventions.territoire, strict=True)
            for kind, _, code in [place.partition(":")]
            if kind == echelle and code in index
        ]
        covered |= np.isin(holders * len(index) + codes, pairs)
    return covered


def _check_soldes(instance: Instance, claimed: Preorientations) -> Iterator[Fault]:
    conventions = instance.conventions
    bounded = np.flatnonzero(conventions.solde != SANS_SOLDE)
    holders = conventions.reservataire[bounded]
    places = [conventions.territoire[row].partition(":") for row in bounded.tolist()]
    received = count_received(
        instance,
        orientation_of(instance, claimed),
        holders,
        [echelle for echelle, _, _ in places],
        [code for _, _, code in places],
    )
    for k in np.flatnonzero(received > conventions.solde[bounded]).tolist():
        row = int(bounded[k])
        yield Fault(
            claimed.file,
            None,
            None,
            f"{instance.reservataires.id[holders[k]]} reçoit {accord(int(received[k]), 'logement')} dans "
            f"{conventions.territoire[row]}, son solde est de {conventions.solde[row]}",
        )


def _fault(claimed: Preorientations, at: int, message: str) -> Fault:
    return Fault(claimed.file, int(claimed.line[at]), None, message)
