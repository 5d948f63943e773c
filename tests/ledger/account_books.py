"""Random small books: a year of promises that change, dwellings, tours that end in every way, dated rules."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from allocator.domain import BAILLEUR, Comptage, Goal, Instance, Model, PointsDeTension, Tier
from allocator.domain.vocabulary import FINANCEMENTS, MODES_DE_COMPTAGE, STATUTS, TYPOLOGIES
from allocator.ledger.accounts.issues import COMPTES, EN_COURS, ISSUES, Effet
from allocator.ledger.accounts.livre import Livre, Ouverture
from allocator.ledger.accounts.regles import Regle, RegleDatee
from allocator.ledger.accounts.taux import Hypotheses
from allocator.ledger.accounts.tours import Tours
from allocator.ledger.conventions.exercice import Solde, Soldes, exercice
from allocator.ledger.conventions.version import ARRETE, CONVENTION, Ligne, Version
from allocator.policies.situation import frame
from tests.builders import Commune, Holder, Release, Wish, make_instance

DEBUT, FIN = date(2025, 1, 1), date(2025, 12, 31)
NAT = np.datetime64("NaT", "D")
COMMUNES = (
    Commune("93048", epci="e1", departement="93", zone="A", tension=12.0),
    Commune("93001", epci="e1", departement="93", zone="Abis", tension=30.0),
    Commune("92050", epci="e2", departement="92", zone="A", tension=20.0),
)
HOLDERS = (
    Holder("etat", "etat"),
    Holder("als", "action_logement"),
    Holder("ville", "commune"),
    Holder("ept", "epci"),
)
TERRITOIRES = {
    "etat": ("departement:93", "departement:92"),
    "als": ("departement:93", "departement:92"),
    "ville": ("commune:93048",),
    "ept": ("epci:e1",),
}
MODEL = Model("essai", "", "", (Tier("p", (Goal("contractuel", 1.0, 1.0),)),))
ENTIER = (Effet(),) * len(ISSUES)


class Tour(NamedTuple):
    """One tour in words; ``liberation`` is a row."""

    liberation: int
    reservataire: str
    oriente: date
    issue: str = ""
    fin: date | None = None
    echeance: date | None = None


def tours_of(entries: Sequence[Tour], instance: Instance) -> Tours:
    ids = instance.reservataires.id
    return Tours(
        np.array([tour.liberation for tour in entries], dtype=np.intp),
        np.array(
            [ids.index(t.reservataire) if t.reservataire else BAILLEUR for t in entries], dtype=np.int32
        ),
        np.array([tour.oriente for tour in entries], dtype="datetime64[D]"),
        np.array([ISSUES.index(tour.issue) if tour.issue else EN_COURS for tour in entries], dtype=np.int8),
        np.array([tour.fin or NAT for tour in entries], dtype="datetime64[D]"),
        np.array([tour.echeance or NAT for tour in entries], dtype="datetime64[D]"),
    )


def random_day(rng: random.Random, first: date = DEBUT, last: date = FIN) -> date:
    return first + timedelta(rng.randint(0, (last - first).days))


def random_regle(rng: random.Random) -> Regle:
    p = rng.choice((0.25, 0.5, 1.0))
    tension = (PointsDeTension(None, 15.0, p / 2, 1.5), PointsDeTension("Abis", None, 0.0, 1.0))
    comptage = Comptage(
        rng.choice(MODES_DE_COMPTAGE),
        p,
        rng.choice((1.0, 2.0)),
        rng.random() < 0.5,
        rng.choice(((), tension)),
    )
    effets = [Effet(rng.choice(tuple(COMPTES.values())), rng.random() < 0.3) for _ in ISSUES]
    return Regle(comptage, (Effet(), *effets[1:]))


def random_version(rng: random.Random, holder: str, territoire: str, effet: date) -> Version:
    by_volume = rng.random() < 0.3
    ligne = Ligne(
        territoire,
        rng.choice(("", "territoire", "commune")),
        None if by_volume else rng.randint(0, 400) / 10,
        rng.randint(0, 60) / 10 if by_volume else None,
    )
    return Version(
        holder,
        territoire,
        effet,
        (ligne,),
        acte=rng.choice((CONVENTION, ARRETE)) if holder == "etat" else CONVENTION,
        signature=rng.choice((None, effet, random_day(rng))),
        limite=rng.choice((None, random_day(rng, date(2024, 6, 1)))),
        fin=rng.choice((None, None, None, random_day(rng, effet))) if effet <= FIN else None,
        regle=rng.choice((None, None, random_regle(rng))),
        ecart=rng.choice(("rebase", "reporte")),
    )


def random_versions(rng: random.Random) -> tuple[Version, ...]:
    found = []
    for holder, territoires in TERRITOIRES.items():
        for territoire in territoires:
            days = {
                rng.choice((date(2024, 1, 1), random_day(rng))) for _ in range(rng.choice((0, 1, 1, 2, 3)))
            }
            found += [random_version(rng, holder, territoire, day) for day in sorted(days)]
    return tuple(found)


def random_soldes(rng: random.Random) -> Soldes:
    keys = [(holder, place) for holder, places in TERRITOIRES.items() for place in places]
    return {
        key: Solde(rng.randint(-20, 20) / 10, rng.choice((None, 5))) for key in keys if rng.random() < 0.5
    }


def random_releases(rng: random.Random) -> list[Release]:
    return [
        Release(
            rng.choice(COMMUNES).code,
            rng.choice(TYPOLOGIES[1:4]),
            rng.choice(FINANCEMENTS[:2]),
            rng.choice(("oui", "non")),
            rng.choice(("flux",) * 6 + STATUTS),
            random_day(rng, date(2024, 11, 1)),
        )
        for _ in range(rng.randint(0, 25))
    ]


def random_tours(rng: random.Random, instance: Instance) -> list[Tour]:
    found = []
    for row, day in enumerate(instance.liberations.date.astype(object).tolist()):
        oriente = day
        for _ in range(rng.randint(0, 3)):
            oriente += timedelta(rng.randint(0, 10))
            issue = rng.choice((*ISSUES, "bail", "bail", ""))
            fin = oriente + timedelta(rng.randint(0, 60)) if issue else None
            holder = rng.choice(("", *instance.reservataires.id, *instance.reservataires.id))
            found.append(Tour(row, holder, oriente, issue, fin, oriente + timedelta(30)))
            if fin is None or issue == "bail":
                break
            oriente = fin
    rng.shuffle(found)
    return found


def random_wishes(rng: random.Random) -> list[Wish]:
    known = (
        ("typologie", "T2"),
        ("typologie", "T3"),
        ("financement", "PLAI"),
        ("qpv", "non"),
        ("epci", "e1"),
        ("typologie+qpv", "T3+non"),
    )
    return [
        Wish(rng.choice(HOLDERS).id, dimension, modalite, rng.randint(0, 50))
        for dimension, modalite in rng.sample(known, rng.randint(0, 4))
    ]


def random_book(rng: random.Random) -> tuple[Livre, tuple[Version, ...]]:
    """Draw a book of the year 2025, with the versions that its promises come from."""
    instance = make_instance(
        communes=COMMUNES,
        holders=HOLDERS,
        promises=(),
        wishes=random_wishes(rng),
        releases=random_releases(rng),
    )
    versions = random_versions(rng)
    known = exercice(instance, versions, random_soldes(rng))
    objets = ("", "", *known.objets)
    regles = tuple(
        {
            (objet, effet): RegleDatee(effet, objet, random_regle(rng))
            for objet, effet in ((rng.choice(objets), random_day(rng, date(2024, 10, 1))) for _ in range(3))
        }.values()
    )
    rows = len(known.objets)
    opened = Ouverture(*(np.array([float(rng.randint(0, 4)) for _ in range(rows)]) for _ in range(4)))
    shares = np.array([rng.random() for _ in ISSUES])
    retire = np.array(
        [rng.choice((NAT, NAT, day + np.timedelta64(20, "D"))) for day in instance.liberations.date],
        dtype="datetime64[D]",
    )
    livre = Livre(
        known,
        frame(known.instance, MODEL),
        instance.liberations,
        tours_of(random_tours(rng, instance), instance),
        regles,
        random_regle(rng),
        Hypotheses(tuple((shares / shares.sum()).tolist()), rng.choice((0.0, 20.0)), rng.choice((0.0, 90.0))),
        retire,
        rng.choice((None, opened)),
    )
    return livre, versions
