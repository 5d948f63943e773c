"""Where each promise stands on a morning: assiette so far, dwellings counted, rights left."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain import SANS_SOLDE, Liberations
from allocator.flux.promises import ANY, Scopes
from allocator.policies.situation import Frame, Situation

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Accounts:
    """The accounts of a morning, before anything of today is decided.

    ``assiette`` counts the flux libérations of each commune so far, today's included; ``counted`` is what each
    cell of the frame's promises has received, in dwellings; ``used`` what each convention row has, of all that
    its réservataire received in its territory.
    """

    assiette: NDArray[np.int64]
    counted: Floats
    used: Floats


def accounts(frame: Frame, situation: Situation) -> Accounts:
    """Compute the accounts from the past of a situation."""
    communes = len(frame.instance.territoires)
    first = situation.today.commune[~situation.again]
    assiette = np.bincount(np.concatenate([situation.past.commune, first]), minlength=communes)
    moves = situation.mouvements
    cells = covering(frame.promises.scopes, frame, situation.past, moves.row, moves.reservataire)
    counted = np.zeros(len(frame.promises))
    np.add.at(counted, cells[1], moves.amount[cells[0]])
    rows = covering(convention_scopes(frame), frame, situation.past, moves.row, moves.reservataire)
    used = np.zeros(len(frame.instance.conventions))
    np.add.at(used, rows[1], moves.amount[rows[0]])
    return Accounts(assiette.astype(np.int64), counted, used)


def covering(
    scopes: Scopes,
    frame: Frame,
    liberations: Liberations,
    rows: NDArray[np.intp],
    holders: NDArray[np.integer],
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the pairs (entry, cell) in which libération ``rows[entry]`` given to ``holders[entry]`` counts."""
    order = np.argsort(scopes.reservataire, kind="stable")
    of_holder = scopes.reservataire[order]
    start, end = np.searchsorted(of_holder, holders), np.searchsorted(of_holder, holders, side="right")
    entry = np.repeat(np.arange(len(rows)), end - start)
    within = np.arange(len(entry)) - np.repeat(np.cumsum(end - start) - (end - start), end - start)
    cell = order[np.repeat(start, end - start) + within]
    row = rows[entry]
    place = np.stack(frame.places.of_commune)[:, liberations.commune]
    matches = place[scopes.kind[cell], row] == scopes.scope[cell]
    for column, wanted in (
        (liberations.typologie, scopes.typologie),
        (liberations.financement, scopes.financement),
        (liberations.qpv, scopes.qpv),
    ):
        matches &= (wanted[cell] == ANY) | (wanted[cell] == column[row])
    return entry[matches], cell[matches]


def convention_scopes(frame: Frame) -> Scopes:
    """Return what each convention row covers, in the form of cells that count everything there."""
    conventions = frame.instance.conventions
    where = [frame.places.territory(territoire) for territoire in conventions.territoire]
    any_of = np.full(len(conventions), ANY, dtype=np.int8)
    return Scopes(
        conventions.reservataire.astype(np.int32),
        np.array([kind for kind, _ in where], dtype=np.int8),
        np.array([scope for _, scope in where], dtype=np.int32),
        any_of,
        any_of,
        any_of,
    )


def open_rows(frame: Frame, account: Accounts) -> NDArray[np.bool_]:
    """Mark the convention rows whose ``solde`` still allows a whole dwelling (those without one always do)."""
    solde = frame.instance.conventions.solde
    opened: NDArray[np.bool_] = (solde == SANS_SOLDE) | (account.used + 1.0 <= solde + 1e-9)
    return opened
