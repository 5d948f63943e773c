"""What was seen: for each dwelling in letting, the time it was let and how often it was let again, year by year.

A year has twelve months and ends on the day of the dossier or an anniversary. The register tells what is in letting on
that day and when it was built, nothing of earlier days: a dwelling is taken to be in letting from 1 January after the
year of its construction, and what is out of letting today is left out whole, its past re-lettings too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.formats import BadInput, Fault
from allocator.stock.dossier import Dossier, Relocations
from allocator.stock.rotation.etiquettes import Texts, etiquettes
from allocator.stock.rotation.familles import Parts, parts_of_familles
from allocator.stock.rotation.tranches import Tranche, banded

Floats = NDArray[np.float64]

BORNES: Final = ("surface", "loyer")
"""Dimensions whose modalities are bands."""


@dataclass(frozen=True, slots=True)
class Annee:
    """Twelve months, both days included."""

    debut: date
    fin: date

    @property
    def jours(self) -> int:
        """Days that it has."""
        return (self.fin - self.debut).days + 1


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """Dwellings in letting, one row each; columns of years are in the order of ``annees``, the latest first.

    ``mots`` has one text a dimension, empty where not known; ``parc`` tells whether the dwelling was in letting at the
    end of each year, ``temps`` how long in it (years), ``relocations`` how often it was let again. ``familles`` says
    which part of which dwelling has a right of which family. ``ecartees`` counts the re-lettings left out.
    """

    annees: tuple[Annee, ...]
    mots: Mapping[str, Texts]
    parc: Floats
    temps: Floats
    relocations: Floats
    familles: Parts
    ecartees: int

    def __len__(self) -> int:
        return len(self.parc)


def annees_before(jour: date, count: int) -> tuple[Annee, ...]:
    """Return the years that end on a day and on its anniversaries, the latest first."""
    ends = [np.datetime64(_anniversary(jour, back), "D") for back in range(count + 1)]
    return tuple(Annee((start + 1).astype(date), end.astype(date)) for end, start in pairwise(ends))


def observe(dossier: Dossier, count: int, tranches: Mapping[str, Sequence[Tranche]]) -> Observations:
    """Return what was seen in the ``count`` years before the day of a dossier.

    ``tranches`` has the bands of ``surface`` and ``loyer``.

    Raises
    ------
    BadInput
        Where the dossier has no re-lettings, or not those of so many years.
    """
    annees = annees_before(dossier.date, count)
    past = _past(dossier, annees)
    let = np.flatnonzero(dossier.parc.en_location)
    place = np.full(len(dossier.parc), -1)
    place[let] = np.arange(len(let))
    entry = _entry(dossier.parc.construction[let])
    starts = np.array([annee.debut for annee in annees], "datetime64[D]")
    ends = np.array([annee.fin for annee in annees], "datetime64[D]")
    days = np.array([annee.jours for annee in annees])
    inside = (ends - np.maximum(entry[:, None], starts)).astype(np.int64) + 1
    row = place[past.logement]
    kept = (row >= 0) & (past.date >= starts[-1])
    kept[kept] = past.date[kept] >= entry[row[kept]]
    year = len(annees) - np.searchsorted(starts[::-1], past.date[kept], side="right")
    relocations = np.zeros((len(let), len(annees)))
    np.add.at(relocations, (row[kept], year), 1.0)
    words = {name: column[let] for name, column in etiquettes(dossier, dossier.parc).items()}
    words |= {name: banded(getattr(dossier.parc, name)[let], tranches[name]) for name in BORNES}
    return Observations(
        annees,
        words,
        (entry[:, None] <= ends).astype(np.float64),
        np.clip(inside, 0, days) / days,
        relocations,
        parts_of_familles(dossier, place),
        int((past.date >= starts[-1]).sum() - kept.sum()),
    )


def pooled(observations: Sequence[Observations]) -> Observations:
    """Return what was seen at one bailleur, or at several whose years are the same, as one.

    Raises
    ------
    BadInput
        Where their years differ, or nothing was in letting in them.
    """
    if any(seen.annees != observations[0].annees for seen in observations):
        ends = ", ".join(sorted({str(seen.annees[0].fin) for seen in observations}))
        raise BadInput([Fault("dossier.toml", None, "date", f"les dossiers n'ont pas la même date : {ends}")])
    if not any(seen.temps.any() for seen in observations):
        raise BadInput([Fault("parc.csv", None, "en_location", "aucun logement en location dans ces années")])
    sizes = np.cumsum([0, *map(len, observations)])
    return Observations(
        observations[0].annees,
        {name: np.concatenate([seen.mots[name] for seen in observations]) for name in observations[0].mots},
        np.concatenate([seen.parc for seen in observations]),
        np.concatenate([seen.temps for seen in observations]),
        np.concatenate([seen.relocations for seen in observations]),
        Parts(
            np.concatenate(
                [seen.familles.logement + start for seen, start in zip(observations, sizes, strict=False)]
            ),
            np.concatenate([seen.familles.famille for seen in observations]),
            np.concatenate([seen.familles.part for seen in observations]),
        ),
        sum(seen.ecartees for seen in observations),
    )


def _past(dossier: Dossier, annees: Sequence[Annee]) -> Relocations:
    past = dossier.relocations
    if past is None:
        raise BadInput([Fault("relocations.csv", None, None, f"absent du dossier « {dossier.nom} »")])
    if past.depuis > annees[-1].debut:
        message = (
            f"relocations connues depuis le {past.depuis}, or {len(annees)} ans avant le {dossier.date} commencent le "
            f"{annees[-1].debut} : demandez moins d'années"
        )
        raise BadInput([Fault("dossier.toml", None, "relocations_depuis", message)])
    return past


def _entry(construction: NDArray[np.int16]) -> NDArray[np.datetime64]:
    """Return the first day in letting: 1 January after the year of construction, always where it is not known."""
    years = np.where(construction > 0, construction.astype(np.int64) + 1 - 1970, -1970)
    return years.astype("datetime64[Y]").astype("datetime64[D]")


def _anniversary(jour: date, back: int) -> date:
    try:
        return jour.replace(year=jour.year - back)
    except ValueError:  # 29 February
        return jour.replace(year=jour.year - back, day=28)
