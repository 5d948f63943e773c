"""From drawn parts to the tables of an instance: codes, order and identifiers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from allocator.domain import (
    SANS_SOLDE,
    Conventions,
    Indicatifs,
    Liberations,
    Reservataires,
    Territoires,
)
from allocator.drawing.figures import Figures
from allocator.drawing.portfolio import Portfolio
from allocator.drawing.releases import Releases
from allocator.drawing.rights import Holder, Promise
from allocator.drawing.wishes import Wish

T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One bailleur of the instance; its codes and identifiers end in ``suffix``."""

    suffix: str
    portfolio: Portfolio
    releases: Releases
    history: Releases | None
    promises: list[Promise]
    wishes: list[Wish]


def territoires(figures: Figures, parts: list[Part]) -> Territoires:
    """Return the communes of every part, part after part."""
    rows = [(row, part.suffix) for part in parts for row in part.portfolio.rows]
    return Territoires(
        commune=tuple(f"{figures.commune[row]}{suffix}" for row, suffix in rows),
        nom=tuple(figures.nom[row] for row, _ in rows),
        epci=tuple(f"{figures.epci[row]}{suffix}" for row, suffix in rows),
        departement=tuple(f"{figures.departement[row]}{suffix}" for row, suffix in rows),
        zone=tuple(figures.zone[row] for row, _ in rows),
        tension=np.array([figures.tension[row] for row, _ in rows]),
    )


def _identifier(holder: Holder, part: Part, tied: bool) -> str:
    return holder.id if tied and holder.famille == "action_logement" else f"{holder.id}{part.suffix}"


def _holders(parts: list[Part], tied: bool) -> dict[str, Holder]:
    """Return the holders by identifier, in the order of their first promise."""
    return {
        _identifier(promise.holder, part, tied): promise.holder for part in parts for promise in part.promises
    }


def _index(parts: list[Part], holders: list[tuple[Holder, Part]], tied: bool) -> NDArray[np.int32]:
    rows = {identifier: row for row, identifier in enumerate(_holders(parts, tied))}
    return np.array([rows[_identifier(holder, part, tied)] for holder, part in holders], dtype=np.int32)


def reservataires(parts: list[Part], *, tied: bool) -> Reservataires:
    """Return every holder once; ``tied`` makes one of the parts' Action Logement."""
    holders = _holders(parts, tied)
    return Reservataires(
        id=tuple(holders),
        nom=tuple(holder.nom for holder in holders.values()),
        famille=tuple(holder.famille for holder in holders.values()),
        petit=tuple(holder.petit for holder in holders.values()),
    )


def conventions(parts: list[Part], *, tied: bool) -> Conventions:
    """Return every promise, part after part."""
    rows = [(promise, part) for part in parts for promise in part.promises]
    return Conventions(
        reservataire=_index(parts, [(promise.holder, part) for promise, part in rows], tied),
        territoire=tuple(f"{promise.territoire}{part.suffix}" for promise, part in rows),
        niveau=tuple(promise.niveau for promise, _ in rows),
        part=np.array([np.nan if promise.part is None else promise.part for promise, _ in rows]),
        volume=np.array([np.nan if promise.volume is None else promise.volume for promise, _ in rows]),
        report=np.array([promise.report for promise, _ in rows]),
        solde=np.array([SANS_SOLDE if promise.solde is None else promise.solde for promise, _ in rows]),
    )


def indicatifs(parts: list[Part], *, tied: bool) -> Indicatifs:
    """Return every wish, part after part; the one Action Logement of tied parts has those of the first."""
    shared = tied and len(parts) > 1
    rows = [(wish, part) for part in parts for wish in part.wishes if not shared or _stands(wish, part)]
    return Indicatifs(
        reservataire=_index(parts, [(wish.holder, part) for wish, part in rows], tied),
        dimension=tuple(wish.dimension for wish, _ in rows),
        modalite=tuple(_modalite(wish, part) for wish, part in rows),
        part=np.array([wish.part for wish, _ in rows]),
    )


def _stands(wish: Wish, part: Part) -> bool:
    """Whether the wish holds for tied parts: by EPCI, Action Logement's would name one part's places only."""
    return wish.holder.famille != "action_logement" or (not part.suffix and wish.dimension != "epci")


def _modalite(wish: Wish, part: Part) -> str:
    return f"{wish.modalite}{part.suffix}" if wish.dimension == "epci" else wish.modalite


def liberations(parts: list[Part], drawn: list[Releases], annee: int) -> Liberations:
    """Return the libérations of every part in the order of their days, numbered from 1."""
    offsets = np.cumsum([0, *(len(part.portfolio.rows) for part in parts[:-1])])
    order = np.argsort(np.concatenate([releases.jour for releases in drawn]), kind="stable")

    def column(values: Iterable[NDArray[T]]) -> NDArray[T]:
        return np.concatenate(list(values))[order]

    commune = column(releases.commune + offset for releases, offset in zip(drawn, offsets, strict=True))
    loyer = column(releases.loyer for releases in drawn)
    return Liberations(
        id=tuple([f"{annee}-{number:06d}" for number in range(1, len(order) + 1)]),
        date=np.datetime64(date(annee, 1, 1), "D") + column(releases.jour for releases in drawn),
        commune=commune.astype(np.int32),
        typologie=column(releases.typologie for releases in drawn).astype(np.int8),
        financement=column(releases.financement for releases in drawn).astype(np.int8),
        qpv=column(releases.qpv for releases in drawn).astype(np.int8),
        statut=column(releases.statut for releases in drawn).astype(np.int8),
        complements={
            "construction": tuple(map(str, column(each.construction for each in drawn).tolist())),
            "surface": tuple(map(str, column(each.surface for each in drawn).tolist())),
            "loyer": tuple([f"{euros:.2f}" for euros in loyer.tolist()]),
        },
    )
