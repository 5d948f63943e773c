"""A year of the demonstration instance with all that documents tell: periods, publics, delegates, a lost convention."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np

from allocator.domain import Instance
from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.ledger.daily.ouverture import model_of
from allocator.ledger.events.event import Entree, Event
from allocator.policies.situation import frame
from tests.ledger.daily_desk import MODELE, announced, opened, oriented, said
from tests.ledger.played import demo

FIRST: Final = "2025-01-01"
LATE: Final = "com91345/commune:91345"
"""The convention of Longjumeau: to be signed by the end of March, never signed, and served to the préfet since."""

HOSTILE: Final = '3 rue #emph[de] la *Paix* $x^2$ "a" \\ <b> @ref'
"""An address that a typesetter might take for its own words."""

YEARS: Final = (None, 1931, 1948, 1949, 1974, 1975, 1989, 1990, 1999, 2000, 2009, 2010, 2021)
STATUTS: Final = ("flux", "hors_assiette", "stock", "neuf")
CATEGORIES: Final = ("mutation", "renouvellement_urbain", "vente")


def live(where: Path, seed: int = 1) -> None:
    """Record the year in a journal."""
    instance, rng = demo(), random.Random(seed)
    with opened(str(where), instance, list(_acts())) as journal:
        events = journal.append(sorted(_lives(instance, rng), key=lambda each: each.effet))
        journal.append(list(_corrections(events)))


def _acts() -> Iterator[Entree]:
    yield _convention(LATE, 24.3, limite="2025-03-31")
    yield _convention("emp91_01/departement:91", 0.8, gestion="deleguee", delegataire="als", delai=45)


def _convention(objet: str, part: float, **more: Any) -> Entree:
    holder, _, place = objet.partition("/")
    lignes = [{"territoire": place, "part": part}]
    return said("convention", objet, FIRST, reservataire=holder, territoire=place, lignes=lignes, **more)


def _lives(instance: Instance, rng: random.Random) -> Iterator[Entree]:
    known, table = frame(instance, model_of({"modele": MODELE})), instance.liberations
    for row, name in enumerate(table.id):
        day: date = table.date[row].astype(date)
        yield _free(instance, row, day, rng)
        statut, may = STATUTS[table.statut[row]], np.flatnonzero(known.eligible[table.commune[row]]).tolist()
        if statut != "flux":
            yield from _aside(name, day, statut, rng)
        else:
            holders = [instance.reservataires.id[rng.choice(may)] for _ in range(rng.randint(0, 3))]
            yield from _turns(name, day, holders, rng)


def _free(instance: Instance, row: int, day: date, rng: random.Random) -> Entree:
    table = instance.liberations
    told: dict[str, Any] = {"construction": rng.choice(YEARS), "qpv_perimetre": rng.choice((2015, 2024))}
    return announced(
        table.id[row],
        str(day),
        instance.territoires.commune[table.commune[row]],
        typologie=TYPOLOGIES[table.typologie[row]],
        financement=FINANCEMENTS[table.financement[row]],
        qpv=QPV[table.qpv[row]],
        adresse=HOSTILE,
        surface=61.5,
        **told,
    )


def _aside(name: str, day: date, statut: str, rng: random.Random) -> Iterator[Entree]:
    more: dict[str, Any] = {}
    if statut == "hors_assiette":
        more = {"categorie": rng.choice(CATEGORIES), "operation": rng.choice(("Les Tarterêts", "CUS"))}
        more |= rng.choice(({}, {"public_prioritaire": "DALO"}, {"contingent": "etat"}))
    elif statut == "stock":
        more = {"corps": "defense"}
    yield said("statut", name, day, statut=statut, **more)
    luck = rng.random()
    if statut == "stock" and luck < 0.8:
        yield oriented(name, day, "etat")
    if luck < 0.7:
        yield said("attribution", name, day + timedelta(20))
    if luck < 0.6:
        yield said("bail", name, day + timedelta(30))


def _turns(name: str, day: date, holders: list[str], rng: random.Random) -> Iterator[Entree]:
    if not holders:
        yield oriented(name, day, None)
        yield from (said("attribution", name, day + timedelta(20)), said("bail", name, day + timedelta(30)))
        return
    for number, holder in enumerate(holders, 1):
        yield oriented(name, day, holder, number)
        day += timedelta(1)
        yield said("envoi", name, day)
        last = number == len(holders)
        end = rng.choice(("bail", "refus", "retrait", "waits") if last else ("decline", "refus", "rendu"))
        if end in {"bail", "refus"}:
            day += timedelta(rng.randint(5, 40))
            yield said("candidats", name, day, nombre=3)
        day += timedelta(9)
        if end == "bail":
            yield said("attribution", name, day)
            day += timedelta(12)
        if end != "waits":
            yield said(end, name, day, **({"motif": "vente"} if end == "retrait" else {}))
        day += timedelta(1)


def _corrections(events: tuple[Event, ...]) -> Iterator[Entree]:
    """Yield what was found to be wrong: two rooms more, a lease that was none."""
    frees = [event for event in events if event.nature == "liberation"]
    leases = [event for event in events if event.nature == "bail" and event.effet < "2025-12-31"]
    more = frees[3].contenu | {"typologie": "T5"}
    yield said("correction", frees[3].objet, "2026-01-05", de=frees[3].rang, contenu=dict(more))
    yield said("correction", leases[5].objet, "2026-01-05", de=leases[5].rang, annule=True)
