"""What tours add, summed: by row of the promises, and by who is debited."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from allocator.ledger.accounts.bareme import choose
from allocator.ledger.accounts.livre import Livre, Pointage
from allocator.ledger.accounts.points import Apports

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Mesures:
    """What was proposed and attributed, and what that counts: one entry an account.

    ``propositions``, ``attributions``, ``compensations`` (due in the period) and ``en_cours`` (on the day looked at)
    are numbers of tours. ``points`` are ``points_propositions`` less the ``rendus`` in compensation and the
    ``retenus`` by ``cumul``, plus ``points_attributions`` (and the points brought by those who began in mid-year).
    ``logements`` are the dwellings that they stand for, what is pending counting for one each.
    """

    propositions: Floats
    attributions: Floats
    compensations: Floats
    en_cours: Floats
    points_propositions: Floats
    rendus: Floats
    points_attributions: Floats
    retenus: Floats
    points: Floats
    logements: Floats


def by_row(livre: Livre, found: Pointage) -> Mesures:
    """Return the accounts of the rows of the promises, each of all tours that it covers."""
    opened = opening(livre, found)
    sums = RowSums(livre, found)
    retenus = np.zeros(len(livre.exercice.objets))
    for regle in np.flatnonzero(found.bareme.cumul):
        inside = found.regle == regle
        retenus += np.maximum(0.0, sums.of(np.where(inside, _beyond(found.apports), 0.0)))
    return _mesures({name: sums.of(column) for name, column in _columns(found.apports)}, retenus, opened)


def by_debited(livre: Livre, found: Pointage) -> Mesures:
    """Return the accounts of the réservataires: all that each is debited, in and outside its conventions."""
    holders, rows = len(livre.exercice.instance.reservataires), len(livre.exercice.objets)
    given = found.debite >= 0
    who = found.debite[given]
    group = (who * (rows + 1) + found.ligne[given] + 1) * len(found.bareme.cumul) + found.regle[given]
    groups, entry = np.unique(group, return_inverse=True)
    beyond = _sums(entry, _beyond(found.apports)[given], len(groups))
    held = np.where(found.bareme.cumul[groups % len(found.bareme.cumul)], np.maximum(0.0, beyond), 0.0)
    retenus = _sums(groups // len(found.bareme.cumul) // (rows + 1), held, holders)
    owner = livre.exercice.instance.conventions.reservataire
    opened = opening(livre, found)
    return _mesures(
        {name: _sums(who, column[given], holders) for name, column in _columns(found.apports)},
        retenus,
        {name: _sums(owner, column, holders) for name, column in opened.items()},
    )


def opening(livre: Livre, found: Pointage) -> dict[str, Floats]:
    """Return what the balances of a start in mid-year add to each row, by name of :class:`Mesures`.

    Their points are turned into dwellings by the points expected on the first day, on average over the communes
    of the row's territory.
    """
    brought, exercice = livre.ouverture, livre.exercice
    if brought is None:
        return {}
    objets = tuple(dict.fromkeys(exercice.objets))
    days = np.full(len(exercice.objets), livre.frame.debut)
    objet = np.array([objets.index(name) for name in exercice.objets], dtype=np.intp)
    regle = choose(livre.regles, livre.defaut, objets, objet, days)[1]
    places = livre.frame.places
    communes = [places.communes(*places.territory(name)) for name in exercice.instance.conventions.territoire]
    attendu = np.array(
        [found.bareme.attendu[rule, inside].mean() for rule, inside in zip(regle, communes, strict=True)]
    )
    own = found.tenant == exercice.instance.conventions.reservataire
    logements = np.divide(brought.points, attendu, out=np.zeros(len(attendu)), where=attendu > 0)
    columns = {
        "propositions": brought.propositions,
        "attributions": brought.attributions,
        "points": brought.points,
        "logements": logements,
    }
    return {name: np.where(own, column, 0.0) for name, column in columns.items()}


def _beyond(found: Apports) -> Floats:
    """Return by how much the points of a tour's proposition exceed those of its attribution."""
    beyond: Floats = found.points_propositions - found.rendus - found.points_attributions
    return beyond


def _sums(entry: NDArray[np.integer], column: Floats, size: int) -> Floats:
    return np.bincount(entry, column, size).astype(np.float64)


def _columns(found: Apports) -> list[tuple[str, Floats]]:
    return [(field.name, getattr(found, field.name)) for field in fields(Apports)]


def _mesures(sums: dict[str, Floats], retenus: Floats, opened: dict[str, Floats]) -> Mesures:
    points = sums["points_propositions"] - sums["rendus"] - retenus + sums["points_attributions"]
    columns = {**sums, "retenus": retenus, "points": points}
    return Mesures(**{name: column + opened.get(name, 0.0) for name, column in columns.items()})


class RowSums:
    """Sums a column of the tours over what each row of the promises covers, for who it serves."""

    def __init__(self, livre: Livre, found: Pointage) -> None:
        conventions, places = livre.exercice.instance.conventions, livre.frame.places
        tours = found.tours
        counted = np.flatnonzero(found.tenu & (found.ligne >= 0))
        commune, holder = livre.liberations.commune[tours.liberation[counted]], tours.reservataire[counted]
        where = [places.territory(name) for name in conventions.territoire]
        kinds = np.array([kind for kind, _ in where], dtype=np.intp)
        scope = np.array([number for _, number in where], dtype=np.intp)
        self._counted, self._rows = counted, len(conventions)
        self._joins = []
        for kind in np.unique(kinds).tolist():
            size = len(places.names[kind])
            rows = np.flatnonzero(kinds == kind)
            key = holder * size + places.of_commune[kind][commune]
            self._joins.append((rows, conventions.reservataire[rows] * size + scope[rows], key))

    def of(self, column: Floats) -> Floats:
        """Return the sum over each row."""
        total = np.zeros(self._rows)
        values = column[self._counted]
        for rows, wanted, key in self._joins:
            widest = int(max(wanted.max(initial=0), key.max(initial=0))) + 1
            total[rows] = np.bincount(key, values, widest)[wanted]
        return total
