"""Who and where: the réservataires and territories that the openings of a journal name, the latest words on each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from allocator.domain import BAILLEUR, Reservataires, Territoires
from allocator.ledger.events.event import Contenu


@dataclass(frozen=True, slots=True, eq=False)
class Referentiel:
    """What openings add up to; ``commune`` and ``reservataire`` give row numbers, the bailleur being ``None``."""

    nom: str
    territoires: Territoires
    reservataires: Reservataires
    commune: Mapping[str | None, int]
    reservataire: Mapping[str | None, int]


def referentiel(ouvertures: Iterable[Contenu]) -> Referentiel:
    """Return what the openings of a journal, in order, say.

    A later opening adds to the earlier ones and replaces what they say of the same commune or réservataire:
    nothing that a dwelling or a tour refers to is ever lost.
    """
    nom = ""
    places: dict[str, Mapping[str, Any]] = {}
    holders: dict[str, Mapping[str, Any]] = {}
    for contenu in ouvertures:
        nom = contenu["nom"]
        places.update((row["commune"], row) for row in contenu["territoires"])
        holders.update((row["id"], row) for row in contenu["reservataires"])
    return Referentiel(
        nom,
        _territoires(list(places.values())),
        _reservataires(list(holders.values())),
        {commune: row for row, commune in enumerate(places)},
        {None: BAILLEUR, **{holder: row for row, holder in enumerate(holders)}},
    )


def _territoires(rows: list[Mapping[str, Any]]) -> Territoires:
    return Territoires(
        tuple(row["commune"] for row in rows),
        tuple(row["nom"] for row in rows),
        tuple(row["epci"] for row in rows),
        tuple(row["departement"] for row in rows),
        tuple(row.get("zone") or "" for row in rows),
        np.array([row.get("tension") for row in rows], dtype=np.float64),
    )


def _reservataires(rows: list[Mapping[str, Any]]) -> Reservataires:
    return Reservataires(
        tuple(row["id"] for row in rows),
        tuple(row["nom"] for row in rows),
        tuple(row["famille"] for row in rows),
        tuple(row.get("petit") for row in rows),
    )
