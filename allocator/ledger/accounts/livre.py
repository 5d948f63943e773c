"""The book that accounts are made of: a year's promises, the dwellings, the tours, and the rules they count by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, Liberations
from allocator.domain.vocabulary import FLUX
from allocator.ledger.accounts.bareme import Bareme, build_bareme, choose
from allocator.ledger.accounts.dus import Moment, Promis
from allocator.ledger.accounts.points import Apports, apports
from allocator.ledger.accounts.regles import Regle, RegleDatee
from allocator.ledger.accounts.taux import Hypotheses, learn
from allocator.ledger.accounts.tours import Days, Tours
from allocator.ledger.conventions.exercice import Exercice
from allocator.policies.situation import Frame

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
ONE_DAY = np.timedelta64(1, "D")

PERSONNE: Final = -2
"""Tenant of a row that is not looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class Ouverture:
    """What a bailleur that begins in mid-year brings: one entry a row of the promises, 0 where nothing.

    ``assiette`` counts the flux libérations of the row's territory before the journal was opened; ``points`` are
    those counted by then.
    """

    propositions: Floats
    attributions: Floats
    points: Floats
    assiette: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Livre:
    """All that the accounts of one bailleur for one year look at.

    ``exercice`` holds the year's promises and ``frame`` the same, as policies read them
    (:func:`allocator.policies.situation.frame` of its instance). ``liberations`` and ``tours`` may be of any year:
    what was pending when the year began ends in it. ``defaut`` is the rule before the first of ``regles``.
    ``retire`` is the day on which a libération was withdrawn (works, sale), NaT where it was not: it leaves the
    assiette then.
    """

    exercice: Exercice
    frame: Frame
    liberations: Liberations
    tours: Tours
    regles: Sequence[RegleDatee]
    defaut: Regle
    hypotheses: Hypotheses
    retire: Days | None = None
    ouverture: Ouverture | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Pointage:
    """The tours of a book as they count at the end of a day.

    ``tours`` are those of the book, with nobody debited for a dwelling out of the flux (hors assiette, stock, first
    lettings have ledgers of their own). By tour: ``apports``; ``regle``, the number of its rule in ``bareme``;
    ``ligne``, the row of the promises that it counts in, or -1 outside every convention; ``debite``, who is
    debited, the préfet where it was served in the row's stead (``BAILLEUR``: nobody); and ``tenu``, whether that is
    who the row serves on this day. By row, ``tenant`` is who that is. ``parts`` are the learned shares of the
    outcomes.
    """

    jour: np.datetime64
    tours: Tours
    parts: Floats
    bareme: Bareme
    regle: Rows
    ligne: Rows
    debite: Rows
    tenu: NDArray[np.bool_]
    tenant: Rows
    apports: Apports


def pointage(livre: Livre, jour: np.datetime64) -> Pointage:
    """Return the tours as they count at the end of a day of the year."""
    exercice, tours = livre.exercice, _in_flux(livre)
    commune = livre.liberations.commune[tours.liberation]
    parts = learn(tours, jour, livre.hypotheses)
    ligne = np.where(
        tours.reservataire == BAILLEUR, -1, lignes(livre.frame, exercice)[tours.reservataire, commune]
    )
    regle, bareme = _rules(livre, ligne, tours.oriente, parts)
    tenant = tenants(exercice, jour)
    served = _served(exercice)[exercice.stretch(tours.oriente), ligne]
    debite = np.where(served == BAILLEUR, tours.reservataire, served).astype(np.intp)
    compte = (debite + 1) * (len(exercice.objets) + 1) + ligne + 1
    found = apports(tours, commune, regle, compte, bareme, livre.frame.debut - ONE_DAY, jour)
    tenu = (ligne < 0) | (debite == np.append(tenant, BAILLEUR)[ligne])
    return Pointage(jour, tours, parts, bareme, regle, ligne, debite, tenu, tenant, found)


def _in_flux(livre: Livre) -> Tours:
    tours = livre.tours
    counted = livre.liberations.statut[tours.liberation] == FLUX
    return replace(tours, reservataire=np.where(counted, tours.reservataire, BAILLEUR).astype(np.int32))


def lignes(frame: Frame, exercice: Exercice) -> Rows:
    """Return the row of the promises that covers each réservataire and commune (-1: none; of several, the last)."""
    conventions = exercice.instance.conventions
    found = np.full(frame.eligible.T.shape, -1, dtype=np.intp)
    for row in range(len(conventions)):
        covered = frame.places.communes(*frame.places.territory(conventions.territoire[row]))
        found[conventions.reservataire[row], covered] = row
    return found


def tenants(exercice: Exercice, jour: np.datetime64) -> Rows:
    """Return who each row serves on a day, or served last, or its réservataire where it served nobody yet."""
    tenant = exercice.instance.conventions.reservataire.astype(np.intp)
    for served in exercice.beneficiaire[: int(exercice.stretch(np.array([jour]))[0]) + 1]:
        tenant = np.where(served == BAILLEUR, tenant, served)
    return tenant


def earlier_tenants(livre: Livre, found: Pointage) -> dict[int, Rows]:
    """Return the rows that served, or were debited to, another by a day than they serve on it, by who that was."""
    exercice, rows = livre.exercice, len(found.tenant)
    served = exercice.beneficiaire[: int(exercice.stretch(np.array([found.jour]))[0]) + 1]
    made = (found.ligne >= 0) & (found.debite >= 0) & (found.tours.oriente <= found.jour)
    pairs = np.concatenate(
        [
            served.ravel() * rows + np.tile(np.arange(rows), len(served)),
            found.debite[made] * rows + found.ligne[made],
        ]
    )
    tenant, row = np.divmod(np.unique(pairs[pairs >= 0]), max(1, rows))
    other = tenant != found.tenant[row]
    return {each: row[other & (tenant == each)] for each in np.unique(tenant[other]).tolist()}


def _served(exercice: Exercice) -> Rows:
    """Return who each row serves by stretch, and ``BAILLEUR`` outside every row (the last column)."""
    nobody = np.full((len(exercice.debuts), 1), BAILLEUR)
    return np.hstack([exercice.beneficiaire, nobody]).astype(np.intp)


def _rules(livre: Livre, ligne: Rows, oriente: Days, parts: Floats) -> tuple[Rows, Bareme]:
    """Return the number of each tour's rule, and the rules as arrays."""
    exercice = livre.exercice
    objets = tuple(dict.fromkeys(exercice.objets))
    number = {objet: row for row, objet in enumerate(objets)}
    objet = np.array([*(number[name] for name in exercice.objets), -1], dtype=np.intp)
    regles, regle = choose(livre.regles, livre.defaut, objets, objet[ligne], oriente)
    return regle, build_bareme(regles, exercice.instance.territoires, parts)


def promis(livre: Livre, tenant: Rows) -> Promis:
    """Return what the rows of the year's promises are worth, to who they serve."""
    exercice, conventions = livre.exercice, livre.exercice.instance.conventions
    own = tenant == conventions.reservataire
    part = exercice.part / 100
    before = 0.0 if livre.ouverture is None else livre.ouverture.assiette * part[0]
    return Promis(
        part,
        exercice.volume,
        (exercice.beneficiaire == tenant) | (exercice.beneficiaire == BAILLEUR),
        np.where(own, conventions.report, 0.0),
        np.where(own, before, 0.0),
    )


def so_far(livre: Livre, jour: np.datetime64) -> Moment:
    """Return what came free and how much of the year is gone at the end of a day."""
    exercice, liberations = livre.exercice, livre.liberations
    counted = (liberations.statut == FLUX) & (liberations.date <= jour)
    counted &= liberations.date >= livre.frame.debut
    if livre.retire is not None:
        counted &= ~(livre.retire <= jour)
    communes, stretches = len(exercice.instance.territoires), len(exercice.debuts)
    key = exercice.stretch(liberations.date[counted]) * communes + liberations.commune[counted]
    assiette = np.bincount(key, minlength=stretches * communes).reshape(stretches, communes)
    ends = np.append(exercice.debuts[1:], livre.frame.debut + livre.frame.jours)
    gone = np.clip((np.minimum(ends, jour + ONE_DAY) - exercice.debuts).astype(np.int64), 0, None)
    return Moment(assiette.astype(np.float64), gone / livre.frame.jours)


def whole_year(livre: Livre, jour: np.datetime64, prevision: Floats) -> Moment:
    """Return what a year's forecast assiette (by commune, dwellings) makes of its last day.

    What came free by ``jour`` stays where it is; what the forecast has beyond that is spread over the days to come.
    """
    known = so_far(livre, jour)
    last = livre.frame.debut + livre.frame.jours - ONE_DAY
    ecoule = so_far(livre, last).ecoule
    coming = ecoule - known.ecoule
    left = np.maximum(0.0, prevision - known.assiette.sum(axis=0))
    shares = coming / coming.sum() if coming.sum() > 0 else coming
    return Moment(known.assiette + shares[:, None] * left, ecoule)
