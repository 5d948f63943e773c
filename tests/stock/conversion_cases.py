"""Dossiers of a few hundred rights, built from what a test says of them."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from allocator.domain import Reservataires, Territoires
from allocator.stock.dossier import Dossier, Droits, Parc

DAY = date(2026, 1, 1)


class Right(NamedTuple):
    """``nombre`` rights alike, each on a dwelling of its own; ``fin`` empty is not known."""

    reservataire: str = "ville"
    nombre: int = 1
    fin: str = "2037-12-31"
    commune: str = "69259"
    nature: str = "suite"
    utilise: bool = False
    typologie: int = 2
    debut: str = "2000-01-01"
    origine: str = "garantie"


HOLDERS = (("etat", "etat"), ("ville", "commune"), ("als", "action_logement"), ("emp", "employeur"))
COMMUNES = ("69259", "69266", "01004")


def make_dossier(
    rights: Sequence[Right], parc: Sequence[tuple[str, int]] = (("69259", 1000),), *, out_of_letting: int = 0
) -> Dossier:
    """Build a dossier; ``parc`` gives dwellings by commune, of which the first ``out_of_letting`` are not let."""
    communes = [COMMUNES.index(name) for name, count in parc for _ in range(count)]
    ids = [name for name, _ in HOLDERS]
    size = len(communes)
    rows = [right for right in rights for _ in range(right.nombre)]
    count = len(rows)
    place = {name: communes.index(number) for number, name in enumerate(COMMUNES) if number in communes}
    taken: dict[str, int] = {}
    logement = []
    for right in rows:
        logement.append(place[right.commune] + taken.get(right.commune, 0))
        taken[right.commune] = taken.get(right.commune, 0) + 1
    return Dossier(
        nom="Essai",
        bailleur="OPH d'essai",
        date=DAY,
        source="",
        territoires=Territoires(
            COMMUNES,
            COMMUNES,
            ("200046977", "200046977", "200029999"),
            ("69", "69", "01"),
            ("", "", ""),
            np.full(3, np.nan),
        ),
        reservataires=Reservataires(
            tuple(ids), tuple(ids), tuple(famille for _, famille in HOLDERS), (None,) * len(ids)
        ),
        parc=Parc(
            logement=tuple(f"L{row}" for row in range(size)),
            commune=np.array(communes, np.int32),
            residence=("",) * size,
            typologie=np.full(size, 2, np.int8),
            financement=np.ones(size, np.int8),
            qpv=np.zeros(size, np.int8),
            surface=np.full(size, np.nan),
            loyer=np.full(size, np.nan),
            construction=np.zeros(size, np.int16),
            en_location=np.arange(size) >= out_of_letting,
        ),
        droits=Droits(
            droit=tuple(f"D{row}" for row in range(count)),
            reservataire=np.array([ids.index(right.reservataire) for right in rows], np.int32),
            nature=tuple(right.nature for right in rows),
            logement=np.array(logement, np.int32),
            residence=("",) * count,
            nombre=np.ones(count, np.int64),
            origine=tuple(right.origine for right in rows),
            debut=np.array([right.debut for right in rows], "datetime64[D]"),
            fin=np.array([right.fin or "NaT" for right in rows], "datetime64[D]"),
            utilise=np.array([right.utilise for right in rows], bool),
            commune=np.array([COMMUNES.index(right.commune) for right in rows], np.int32),
            typologie=np.array([right.typologie for right in rows], np.int8),
            financement=np.ones(count, np.int8),
            qpv=np.zeros(count, np.int8),
            surface=np.full(count, np.nan),
            loyer=np.full(count, np.nan),
        ),
    )
