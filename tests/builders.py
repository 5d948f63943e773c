"""Small instances built in memory, for tests that need one and care about a few of its rows only."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from allocator.domain import (
    SANS_SOLDE,
    Conventions,
    Indicatifs,
    Instance,
    Liberations,
    Reservataires,
    Territoires,
)
from allocator.domain.vocabulary import FINANCEMENTS, QPV, STATUTS, TYPOLOGIES


class Commune(NamedTuple):
    code: str
    epci: str = "200057875"
    departement: str = "93"
    zone: str = "A"
    tension: float = float("nan")
    nom: str = "Une commune"


class Holder(NamedTuple):
    id: str
    famille: str = "autre"
    petit: bool | None = None
    nom: str = "Un réservataire"


class Promise(NamedTuple):
    """One of ``part`` and ``volume`` is given; an empty ``niveau`` is resolved by the holder's famille."""

    reservataire: str
    territoire: str = "departement:93"
    part: float = float("nan")
    volume: float = float("nan")
    niveau: str = ""
    report: float = 0.0
    solde: int = SANS_SOLDE


class Wish(NamedTuple):
    reservataire: str
    dimension: str
    modalite: str
    part: float


class Release(NamedTuple):
    """Without an id, ``L`` and the row's number; without a day, the first day of the period."""

    commune: str = "93048"
    typologie: str = "T3"
    financement: str = "PLUS"
    qpv: str = "non"
    statut: str = "flux"
    day: date | None = None
    id: str = ""


COMMUNES = (Commune("93048"), Commune("93001", epci="200057867"))
HOLDERS = (Holder("etat", "etat"), Holder("als", "action_logement"), Holder("emp", "employeur", petit=True))
PROMISES = (Promise("etat", part=30), Promise("als", part=40), Promise("emp", volume=1))
RELEASES = tuple(
    Release(commune, typologie) for commune in ("93048", "93001") for typologie in ("T2", "T3", "T4")
)


def make_instance(
    *,
    releases: Sequence[Release] = RELEASES,
    promises: Sequence[Promise] = PROMISES,
    holders: Sequence[Holder] = HOLDERS,
    communes: Sequence[Commune] = COMMUNES,
    wishes: Sequence[Wish] = (),
    historique: Sequence[Release] | None = None,
    debut: date = date(2025, 1, 1),
    fin: date = date(2025, 12, 31),
    complements: Mapping[str, Sequence[str]] | None = None,
) -> Instance:
    """Build an instance; rows of ``historique`` without a day stand a year before the period."""
    rows = {holder.id: row for row, holder in enumerate(holders)}
    places = {commune.code: row for row, commune in enumerate(communes)}
    return Instance(
        nom="instance d'essai",
        description="",
        debut=debut,
        fin=fin,
        source="",
        territoires=Territoires(
            commune=tuple(commune.code for commune in communes),
            nom=tuple(commune.nom for commune in communes),
            epci=tuple(commune.epci for commune in communes),
            departement=tuple(commune.departement for commune in communes),
            zone=tuple(commune.zone for commune in communes),
            tension=np.array([commune.tension for commune in communes], np.float64),
        ),
        reservataires=Reservataires(
            id=tuple(holder.id for holder in holders),
            nom=tuple(holder.nom for holder in holders),
            famille=tuple(holder.famille for holder in holders),
            petit=tuple(holder.petit for holder in holders),
        ),
        conventions=Conventions(
            reservataire=np.array([rows[promise.reservataire] for promise in promises], np.int32),
            territoire=tuple(promise.territoire for promise in promises),
            niveau=tuple(_niveau(promise, holders[rows[promise.reservataire]]) for promise in promises),
            part=np.array([promise.part for promise in promises], np.float64),
            volume=np.array([promise.volume for promise in promises], np.float64),
            report=np.array([promise.report for promise in promises], np.float64),
            solde=np.array([promise.solde for promise in promises], np.int64),
        ),
        indicatifs=Indicatifs(
            reservataire=np.array([rows[wish.reservataire] for wish in wishes], np.int32),
            dimension=tuple(wish.dimension for wish in wishes),
            modalite=tuple(wish.modalite for wish in wishes),
            part=np.array([wish.part for wish in wishes], np.float64),
        ),
        liberations=_liberations(releases, places, debut, complements or {}),
        historique=None
        if historique is None
        else _liberations(historique, places, debut - timedelta(days=365), {}),
    )


def _niveau(promise: Promise, holder: Holder) -> str:
    return promise.niveau or ("commune" if holder.famille == "etat" else "territoire")


def _liberations(
    releases: Sequence[Release],
    places: Mapping[str, int],
    day: date,
    complements: Mapping[str, Sequence[str]],
) -> Liberations:
    return Liberations(
        id=tuple(release.id or f"L{row}" for row, release in enumerate(releases)),
        date=np.array([release.day or day for release in releases], "datetime64[D]"),
        commune=np.array([places[release.commune] for release in releases], np.int32),
        typologie=np.array([TYPOLOGIES.index(release.typologie) for release in releases], np.int8),
        financement=np.array([FINANCEMENTS.index(release.financement) for release in releases], np.int8),
        qpv=np.array([QPV.index(release.qpv) for release in releases], np.int8),
        statut=np.array([STATUTS.index(release.statut) for release in releases], np.int8),
        complements={name: tuple(texts) for name, texts in complements.items()},
    )


def same(left: object, right: object) -> bool:
    """Tell whether two values of the domain are equal, arrays and NaN included; digests are not looked at."""
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        equal_nan = left.dtype.kind in "fM"
        return left.dtype == right.dtype and np.array_equal(left, right, equal_nan=equal_nan)
    names = getattr(left, "__dataclass_fields__", None)
    if names is None or type(left) is not type(right):
        return bool(left == right)
    return all(same(getattr(left, name), getattr(right, name)) for name in names if name != "sha256")
