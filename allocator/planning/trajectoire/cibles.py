"""What every promise comes to in every year, alone or with what the years before left."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Model
from allocator.flux.cells import Cells
from allocator.flux.geography import geography
from allocator.flux.promises import NOWHERE, SLACK, Promises, build_promises
from allocator.planning.projet import Counts, Projet
from allocator.planning.trajectoire.places import kind_sizes, year_of

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Links = NDArray[np.int32]

DIGITS = 9
"""Decimals of a target summed over years: ten times 0.3 is 3."""


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """The cells of all years, one entry each, year by year in the order of ``ecarts.csv``.

    ``cells.scope`` is the territory's number in its year. ``after`` is the entry of the year before that each
    continues (−1: none): its target and its count then include those of that one. What does not ``exist`` is only
    counted because a later entry continues it. ``row`` is that of the year's conventions or indicatifs (−1: none).
    """

    cells: Cells
    annee: NDArray[np.int16]
    row: NDArray[np.int32]
    after: Links
    exists: Mask

    def __len__(self) -> int:
        return len(self.annee)


@dataclass(frozen=True, slots=True, eq=False)
class _Year:
    """One year under construction: every promise, its target, and its link to the promises of the year before."""

    promises: Promises
    link: Links
    owed: Floats
    cible: Floats
    whole: Floats
    exists: Mask


def cases(projet: Projet, supply: Counts, model: Model) -> Cases:
    """Return the cells of every year with their targets in dwellings, as ``model.report`` says.

    With ``annuel`` each year stands alone. With ``cumul`` a target is the sum of what was owed year after year since
    the promise is in force, the report of the first year included; where a report is negative, what is owed first
    makes up for it.
    """
    cumul = model.report == "cumul"
    years: list[_Year] = []
    assiette = np.zeros((projet.annees, len(projet.territoires)), dtype=np.int64)
    np.add.at(assiette.T, supply.commune, supply.nombre.T)
    places = geography(year_of(projet, 0))
    for year in range(projet.annees):
        promises = build_promises(year_of(projet, year), places, model.seuil)
        before = years[-1] if years else None
        if before is not None and cumul:
            link = _links(projet, year, promises, before.promises)
        else:
            link = np.full(len(promises), -1, dtype=np.int32)
        years.append(_year(promises, assiette[year], before, link))
    return _joined(years, kind_sizes(places))


def _year(promises: Promises, assiette: NDArray[np.int64], before: _Year | None, link: Links) -> _Year:
    cible, exists = promises.cibles(assiette)
    own, _ = promises.owed(assiette)
    if before is None or not (link >= 0).any():
        return _Year(promises, link, own, promises.following(np.maximum(0.0, own)), cible, exists)
    contractuels, linked = promises.contractuels, link >= 0

    def carried(figures: Floats, links: Links) -> Floats:
        return np.where(links >= 0, np.append(figures, 0.0)[links], 0.0)

    owed = own + carried(before.owed, link[contractuels])
    more = np.maximum(0.0, owed) - carried(before.cible, link[contractuels])
    total = np.round(promises.following(more) + carried(before.cible, link), DIGITS)
    whole = total.copy()
    whole[promises.petits] = np.floor(total[promises.petits] + SLACK)
    lasting = linked & np.append(before.exists, False)[link]
    lasting[promises.petits] = False
    return _Year(promises, link, owed, total, whole, exists | lasting)


def _links(projet: Projet, year: int, promises: Promises, before: Promises) -> Links:
    """Return the promise of the year before that each continues: the same words in the same row's territory."""
    known = {key: number for number, key in enumerate(_keys(projet, year - 1, before))}
    return np.array([known.get(key, -1) for key in _keys(projet, year, promises)], dtype=np.int32)


def _keys(projet: Projet, year: int, promises: Promises) -> list[tuple[int, str, str, str, str]]:
    """Return what names each promise: whose, on what, in which row's territory, where, of which kind."""
    territoire = projet.conventions[year].territoire
    indicatif = promises.starts[2]
    return [
        (
            int(promises.scopes.reservataire[number]),
            promises.sur[number],
            territoire[row] if row >= 0 and number < indicatif else "",
            promises.territoire[number],
            promises.modalite[number],
        )
        for number, row in enumerate(promises.row.tolist())
    ]


def _joined(years: list[_Year], sizes: tuple[int, ...]) -> Cases:
    """Put the years one after another, without the entries that nothing needs."""
    needed = [year.exists.copy() for year in years]
    for later, earlier, year in zip(needed[:0:-1], needed[-2::-1], years[:0:-1], strict=True):
        earlier[year.link[later & (year.link >= 0)]] = True
    kept = [np.flatnonzero(mask) for mask in needed]
    after, first = [], 0
    for number, (year, rows) in enumerate(zip(years, kept, strict=True)):
        link = year.link[rows]
        if number:
            place = np.searchsorted(kept[number - 1], link).astype(np.int32)
            link = np.where(link >= 0, first + place, -1)
            first += len(kept[number - 1])
        after.append(link.astype(np.int32))
    return Cases(
        _cells(years, kept, sizes),
        np.repeat(np.arange(len(years), dtype=np.int16), [len(rows) for rows in kept]),
        np.concatenate([year.promises.row[rows] for year, rows in zip(years, kept, strict=True)]),
        np.concatenate(after),
        np.concatenate([year.exists[rows] for year, rows in zip(years, kept, strict=True)]),
    )


def _cells(years: list[_Year], kept: list[NDArray[np.intp]], sizes: tuple[int, ...]) -> Cells:
    size = np.array(sizes)
    pairs = list(zip(years, kept, strict=True))
    scopes = []
    for number, (year, rows) in enumerate(pairs):
        kind, scope = year.promises.scopes.kind[rows], year.promises.scopes.scope[rows]
        scopes.append(np.where(scope == NOWHERE, NOWHERE, number * size[kind] + scope).astype(np.int32))
    texts = tuple(
        tuple(getattr(year.promises, name)[row] for year, rows in pairs for row in rows.tolist())
        for name in ("sur", "territoire", "modalite")
    )
    columns = {
        name: np.concatenate([getattr(year.promises.scopes, name)[rows] for year, rows in pairs])
        for name in ("reservataire", "kind", "typologie", "financement", "qpv")
    }
    return Cells(
        columns["reservataire"],
        texts[0],
        texts[1],
        texts[2],
        np.concatenate([year.whole[rows] for year, rows in pairs]),
        columns["kind"],
        np.concatenate(scopes),
        columns["typologie"],
        columns["financement"],
        columns["qpv"],
    )
