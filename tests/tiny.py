"""Random tiny instances and models, small enough to try every orientation of."""

import random
from datetime import date

import numpy as np

from allocator.domain import (
    SANS_SOLDE,
    Conventions,
    Goal,
    Indicatifs,
    Instance,
    Liberations,
    Model,
    Reservataires,
    Territoires,
    Tier,
)
from allocator.domain.vocabulary import FAMILLES, FINANCEMENTS, QPV, STATUTS, SUR, TYPOLOGIES

EPCI = ("200054781", "200057867")
DEPARTEMENTS = ("92", "93")
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)


def random_tiny_instance(rng: random.Random) -> Instance:
    """Draw an instance of at most seven libérations, four réservataires, three communes.

    The draw covers both levels, parts and volumes, reports of both signs, soldes, overlapping rows, crossed
    objectives, réservataires declared small, not small or left to the model, and libérations out of the flux.
    """
    territoires = _territoires(rng)
    holders = rng.randint(2, 4)
    return Instance(
        nom="minuscule",
        description="",
        debut=FIRST,
        fin=LAST,
        source="tirage",
        territoires=territoires,
        reservataires=Reservataires(
            id=tuple(f"r{k}" for k in range(holders)),
            nom=tuple(f"Réservataire {k}" for k in range(holders)),
            famille=tuple(rng.choice(FAMILLES) for _ in range(holders)),
            petit=tuple(rng.choice((None, None, True, False)) for _ in range(holders)),
        ),
        conventions=_conventions(rng, territoires, holders),
        indicatifs=_indicatifs(rng, territoires, holders),
        liberations=_liberations(rng, len(territoires), rng.randint(1, 7 if holders < 4 else 6)),
    )


def _territoires(rng: random.Random) -> Territoires:
    communes = rng.randint(1, 3)
    departements = tuple(rng.choice(DEPARTEMENTS) for _ in range(communes))
    return Territoires(
        commune=tuple(f"{departement}00{k}" for k, departement in enumerate(departements)),
        nom=tuple(f"Commune {k}" for k in range(communes)),
        epci=tuple(rng.choice(EPCI) for _ in range(communes)),
        departement=departements,
        zone=("",) * communes,
        tension=np.full(communes, np.nan),
    )


def _conventions(rng: random.Random, territoires: Territoires, holders: int) -> Conventions:
    places = sorted(
        {f"commune:{code}" for code in territoires.commune}
        | {f"epci:{code}" for code in territoires.epci}
        | {f"departement:{code}" for code in territoires.departement}
    )
    pairs = [(r, place) for r in range(holders) for place in places]
    kept = sorted(rng.sample(pairs, min(len(pairs), holders + rng.randint(0, 3))))
    rng.shuffle(kept)
    by_volume = [rng.random() < 0.3 for _ in kept]
    return Conventions(
        reservataire=np.array([r for r, _ in kept], dtype=np.int32),
        territoire=tuple(place for _, place in kept),
        niveau=tuple(rng.choice(("territoire", "commune")) for _ in kept),
        part=np.array([np.nan if given else rng.randint(0, 1000) / 10 for given in by_volume]),
        volume=np.array([rng.randint(0, 35) / 10 if given else np.nan for given in by_volume]),
        report=np.array([rng.choice((0.0, 0.0, rng.randint(-15, 15) / 10)) for _ in kept]),
        solde=np.array(
            [rng.choice((SANS_SOLDE, SANS_SOLDE, rng.randint(0, 3))) for _ in kept], dtype=np.int64
        ),
    )


def _indicatifs(rng: random.Random, territoires: Territoires, holders: int) -> Indicatifs:
    modalities = {
        "typologie": ("T2", "T3", "T4"),
        "financement": ("PLAI", "PLUS"),
        "qpv": QPV,
        "epci": tuple(sorted(set(territoires.epci))),
        "commune": territoires.commune,
    }
    rows: dict[tuple[int, str, str], float] = {}
    left: dict[tuple[int, str], int] = {}
    for _ in range(rng.randint(0, 5)):
        r = rng.randrange(holders)
        names = rng.sample(sorted(modalities), rng.choice((1, 1, 1, 2, 3)))
        dimension = "+".join(names)
        modalite = "+".join(rng.choice(modalities[name]) for name in names)
        if (r, dimension, modalite) not in rows:
            part = rng.randint(0, left.get((r, dimension), 1000))
            left[r, dimension] = left.get((r, dimension), 1000) - part
            rows[r, dimension, modalite] = part / 10
    return Indicatifs(
        reservataire=np.array([r for r, _, _ in rows], dtype=np.int32),
        dimension=tuple(dimension for _, dimension, _ in rows),
        modalite=tuple(modalite for _, _, modalite in rows),
        part=np.array(list(rows.values()), dtype=np.float64),
    )


def _liberations(rng: random.Random, communes: int, count: int) -> Liberations:
    days = sorted(rng.randrange(365) for _ in range(count))
    return Liberations(
        id=tuple(f"l{k}" for k in range(count)),
        date=np.array([np.datetime64(FIRST) + day for day in days], dtype="datetime64[D]"),
        commune=np.array([rng.randrange(communes) for _ in range(count)], dtype=np.int32),
        typologie=np.array([TYPOLOGIES.index(rng.choice(("T2", "T3", "T4"))) for _ in range(count)], np.int8),
        financement=np.array(
            [FINANCEMENTS.index(rng.choice(("PLAI", "PLUS"))) for _ in range(count)], np.int8
        ),
        qpv=np.array([rng.randrange(2) for _ in range(count)], dtype=np.int8),
        statut=np.array([rng.choice((0,) * 8 + tuple(range(len(STATUTS)))) for _ in range(count)], np.int8),
        complements={},
    )


def random_model(rng: random.Random) -> Model:
    """Draw a model of one to three tiers that mix norms, units, weights (0 among them) and families."""
    tiers = tuple(
        Tier(f"p{k}", tuple(_goal(rng) for _ in range(rng.randint(1, 3)))) for k in range(rng.randint(1, 3))
    )
    return Model("tirage", "Tirage", "", tiers, seuil=rng.choice((None, 1.0, 2.0, 3.0)))


def _goal(rng: random.Random) -> Goal:
    weights = (0.0, 0.5, 1.0, 1.0, 1.0, 2.0, 3.5)
    return Goal(
        sur=rng.choice((*SUR, "contractuel", "contractuel", "total", "petit")),
        manque=rng.choice(weights),
        exces=rng.choice(weights),
        norme=rng.choice(("somme", "somme", "max")),
        unite=rng.choice(("logements", "relatif")),
        poids=rng.choice(weights),
        familles=rng.choice((None, None, None, tuple(rng.sample(FAMILLES, 4)))),
    )
