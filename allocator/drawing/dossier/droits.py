"""The reservation rights: who holds which dwellings, for what, and until when."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import numpy as np

from allocator.drawing.dossier.parc import Parc
from allocator.drawing.dossier.titulaires import Titulaires
from allocator.drawing.dwellings import Ints
from allocator.drawing.figures import usages
from allocator.drawing.portfolio import Floats

PARTAGE: Final = 6.0
"""How alike the shares of the familles are from one résidence to the next (concentration of a Dirichlet)."""

RECENT: Final = 0.95
"""Share of its duration that an old right may have run by now: the others ended, and most were struck off."""

ECHUS: Final = 0.03
"""Share of the conventions that have ended and still stand in the books."""


class Convention(NamedTuple):
    """What one convention gives on the dwellings of a résidence; days are ISO texts."""

    holder: int
    nature: str
    origine: str
    debut: str
    fin: str
    programme: bool


@dataclass(frozen=True, slots=True)
class Droit:
    """One right on ``nombre`` dwellings: a row of the stock, or -1 and the résidence's first row for a programme."""

    convention: Convention
    logement: int
    premier: int
    nombre: int
    utilise: bool


class _Stock(NamedTuple):
    """What every right is drawn from; ``parts`` are the shares of the familles, the last of which is nobody."""

    parc: Parc
    titulaires: Titulaires
    annee: int
    parts: Floats


def draw_droits(parc: Parc, titulaires: Titulaires, annee: int, rng: np.random.Generator) -> list[Droit]:
    """Return the rights, résidence by résidence, famille by famille."""
    law = usages()["droits"]
    parts = np.array([*law["part"].values(), 1.0 - sum(law["part"].values())])
    stock = _Stock(parc, titulaires, annee, parts)
    bounds = np.flatnonzero(np.diff(parc.residence, prepend=-1, append=len(parc)))
    droits: list[Droit] = []
    for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        droits += _of_residence(stock, np.arange(start, stop), rng)
    return droits


def _of_residence(stock: _Stock, rows: Ints, rng: np.random.Generator) -> list[Droit]:
    split = rng.multinomial(len(rows), rng.dirichlet(PARTAGE * stock.parts))
    shuffled = rng.permutation(rows)
    bounds = np.concatenate([[0], np.cumsum(split)])
    droits: list[Droit] = []
    for place, famille in enumerate(usages()["droits"]["part"]):
        mine = np.sort(shuffled[bounds[place] : bounds[place + 1]])
        holder = stock.titulaires.draw(famille, int(stock.parc.commune[rows[0]]), rng)
        if len(mine) and holder is not None:
            convention = _convention(holder, famille, int(stock.parc.construction[rows[0]]), stock.annee, rng)
            droits += _rights(convention, mine, int(rows[0]), rng)
    return droits


def _convention(
    holder: int, famille: str, construction: int, annee: int, rng: np.random.Generator
) -> Convention:
    law = usages()["droits"]
    origine = _drawn(law["origine"][famille], rng)
    low, high = law["duree"][origine]
    duree = int(rng.integers(low, high, endpoint=True))
    kind, ended, on_programme = rng.random(3)
    youngest, oldest = (1.0, 1.1) if ended < ECHUS else (0.0, RECENT)
    age = duree * rng.uniform(youngest, oldest)
    start = max(construction, annee - 1 - int(age))
    debut = date(start, int(rng.integers(1, 13)), 1)
    fin = date(debut.year + duree, debut.month, 1) - timedelta(days=1)
    nature = "simple" if kind < law["simple"][famille] else "suite"
    return Convention(holder, nature, origine, str(debut), str(fin), on_programme < law["programme"])


def _rights(convention: Convention, rows: Ints, premier: int, rng: np.random.Generator) -> list[Droit]:
    """Return one right a dwelling, or one on the programme, whose droits simples have not served."""
    simple = convention.nature == "simple"
    if convention.programme:
        return [Droit(convention, -1, premier, len(rows), utilise=False)]
    spent = rng.random(len(rows)) >= usages()["droits"]["simple_libre"]
    return [
        Droit(convention, row, premier, 1, utilise=simple and used)
        for row, used in zip(rows.tolist(), spent.tolist(), strict=True)
    ]


def _drawn(weights: dict[str, Any], rng: np.random.Generator) -> str:
    names = list(weights)
    return names[int(np.searchsorted(np.cumsum(list(weights.values()))[:-1], rng.random(), side="right"))]
