"""Communes over years: the places of a trajectory."""

from datetime import date

import numpy as np

from allocator.domain import Instance, Liberations
from allocator.flux.geography import PARTOUT, Geography, geography
from allocator.planning.projet import Projet


def year_of(projet: Projet, year: int) -> Instance:
    """Return one year of a projet, counted from 0, as an instance in which nothing is released."""
    calendar = projet.premiere + year
    return Instance(
        nom=projet.nom,
        description=projet.description,
        debut=date(calendar, 1, 1),
        fin=date(calendar, 12, 31),
        source=projet.source,
        territoires=projet.territoires,
        reservataires=projet.reservataires,
        conventions=projet.conventions[year],
        indicatifs=projet.indicatifs[year],
        liberations=_nothing(),
    )


def over_years(instance: Instance, years: int) -> Geography:
    """Return the geography in which each commune stands once a year.

    The place of commune ``c`` in year ``y`` is ``y · communes + c``; a territory of kind ``k`` has in year ``y``
    the number that ``scope_in`` gives it. ``names`` are those of the communes, EPCI and départements themselves.
    """
    once = geography(instance)
    sizes = kind_sizes(once)
    of_place = tuple(
        (np.arange(years)[:, None] * size + numbers).ravel().astype(np.int32)
        for size, numbers in zip(sizes, once.of_commune, strict=True)
    )
    return Geography(of_place, once.names)


def kind_sizes(once: Geography) -> tuple[int, ...]:
    """Return the number of territories of each kind in one year; everywhere is one."""
    sizes = tuple(len(names) for names in once.names)
    return (*sizes[:PARTOUT], 1)


def _nothing() -> Liberations:
    none = np.empty(0, dtype=np.int8)
    return Liberations(
        (), np.empty(0, "datetime64[D]"), np.empty(0, np.int32), none, none, none, none, complements={}
    )
