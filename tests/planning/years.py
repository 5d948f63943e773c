"""Small projets of several years drawn at random, and the years of a projet as instances."""

import random
from dataclasses import replace
from datetime import date

import numpy as np

from allocator.domain import SANS_SOLDE, Conventions, Instance, Liberations
from allocator.planning.projet import Counts, Offre, Projet
from tests.tiny import random_tiny_instance


def random_tiny_projet(rng: random.Random, years: int = 3) -> Projet:
    """Draw a projet of at most six dwellings over some years.

    The draw covers reports in the first year, rights left that grow, rows and wishes that begin or end, and shares
    that change.
    """
    drawn = random_tiny_instance(rng)
    drawn = replace(drawn, historique=None)
    rows = np.flatnonzero(drawn.liberations.statut == 0)[:6]
    year = np.array(sorted(rng.randrange(years) for _ in rows), dtype=np.int16)
    liberations = drawn.liberations
    keys = np.array(
        [
            year,
            *(
                column[rows]
                for column in (
                    liberations.commune,
                    liberations.typologie,
                    liberations.financement,
                    liberations.qpv,
                )
            ),
        ],
        dtype=np.int64,
    ).reshape(5, -1)
    classes, number = np.unique(keys, axis=1, return_counts=True)
    annee, commune, typologie, financement, qpv = classes
    return Projet(
        nom="projet d'essai",
        description="",
        source="tirage",
        premiere=2026,
        annees=years,
        territoires=drawn.territoires,
        reservataires=drawn.reservataires,
        conventions=tuple(_promised(rng, drawn.conventions, y) for y in range(years)),
        indicatifs=tuple(
            drawn.indicatifs
            if rng.random() < 0.8
            else replace(
                drawn.indicatifs,
                reservataire=drawn.indicatifs.reservataire[:1],
                dimension=drawn.indicatifs.dimension[:1],
                modalite=drawn.indicatifs.modalite[:1],
                part=drawn.indicatifs.part[:1],
            )
            for _ in range(years)
        ),
        offre=Offre(
            commune.astype(np.int32),
            typologie.astype(np.int8),
            financement.astype(np.int8),
            qpv.astype(np.int8),
            annee.astype(np.int16),
            number.astype(np.float64),
        ),
        saison=np.full(12, 1 / 12),
        historique=None,
    )


def _promised(rng: random.Random, drawn: Conventions, year: int) -> Conventions:
    kept = [row for row in range(len(drawn)) if rng.random() < 0.85] or [0]
    changed = rng.random() < 0.3
    solde = drawn.solde[kept]
    return Conventions(
        drawn.reservataire[kept],
        tuple(drawn.territoire[row] for row in kept),
        tuple(drawn.niveau[row] for row in kept),
        np.round(drawn.part[kept] * (0.7 if changed else 1.0), 1),
        drawn.volume[kept],
        drawn.report[kept] if year == 0 else np.zeros(len(kept)),
        np.where(solde == SANS_SOLDE, SANS_SOLDE, solde + year // 2),
    )


def year_instance(projet: Projet, supply: Counts, year: int) -> Instance:
    """Return one year of a projet as an instance, its dwellings in the order of the classes."""
    classe = np.repeat(np.arange(len(supply)), supply.nombre[year])
    calendar = projet.premiere + year
    return Instance(
        nom=projet.nom,
        description="",
        debut=date(calendar, 1, 1),
        fin=date(calendar, 12, 31),
        source="",
        territoires=projet.territoires,
        reservataires=projet.reservataires,
        conventions=projet.conventions[year],
        indicatifs=projet.indicatifs[year],
        liberations=Liberations(
            id=tuple(f"L{number}" for number in range(len(classe))),
            date=np.full(len(classe), np.datetime64(date(calendar, 1, 1))),
            commune=supply.commune[classe],
            typologie=supply.typologie[classe],
            financement=supply.financement[classe],
            qpv=supply.qpv[classe],
            statut=np.zeros(len(classe), dtype=np.int8),
            complements={},
        ),
    )
