"""A trajectory as tables: by month, by class, by year."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from allocator.domain.vocabulary import CONTRACTUEL, FINANCEMENTS, QPV, TOTAL, TYPOLOGIES
from allocator.flux.geography import geography
from allocator.formats.tableau import Tableau, Value
from allocator.formats.trajectory_schema import ECARTS_ANNUELS, FLUX, PLAN
from allocator.planning.projet import Counts, Projet
from allocator.planning.projet.projet import MONTHS
from allocator.planning.trajectoire.mois import Mensuel, released
from allocator.planning.trajectoire.places import year_of
from allocator.planning.trajectoire.trajectoire import Trajectoire

Floats = NDArray[np.float64]


def month_name(projet: Projet, year: int, month: int) -> str:
    """Return a month as ``2027-03``; both are counted from 0."""
    return f"{projet.premiere + year}-{month + 1:02d}"


def class_words(projet: Projet, offre: Counts, classe: int) -> tuple[str, str, str, str]:
    """Return what a class is, in the words of the files."""
    return (
        projet.territoires.commune[offre.commune[classe]],
        TYPOLOGIES[offre.typologie[classe]],
        FINANCEMENTS[offre.financement[classe]],
        QPV[offre.qpv[classe]],
    )


def plan_table(projet: Projet, plan: Trajectoire, monthly: Mensuel) -> Tableau:
    """Return what is due and planned for each promise in each month."""
    return Tableau(PLAN, tuple(_plan_rows(projet, plan, monthly)))


def flux_table(projet: Projet, plan: Trajectoire, monthly: Mensuel) -> Tableau:
    """Return who receives how many dwellings of each class in each month."""
    ids = projet.reservataires.id
    return Tableau(
        FLUX,
        tuple(
            (
                month_name(projet, year, month),
                *class_words(projet, plan.offre, classe),
                _id(ids, holder),
                number,
            )
            for year, month, classe, holder, number in zip(
                monthly.annee.tolist(),
                monthly.mois.tolist(),
                monthly.classe.tolist(),
                monthly.reservataire.tolist(),
                monthly.nombre.tolist(),
                strict=True,
            )
        ),
    )


def ecarts_table(projet: Projet, plan: Trajectoire) -> Tableau:
    """Return the cells of every year: target, count and gap."""
    ecarts, ids = plan.ecarts, projet.reservataires.id
    figures = (ecarts.cible, ecarts.valeur, ecarts.manque, ecarts.exces)
    return Tableau(
        ECARTS_ANNUELS,
        tuple(
            (
                projet.premiere + int(plan.annee[row]),
                ids[ecarts.reservataire[row]],
                ecarts.sur[row],
                ecarts.territoire[row],
                ecarts.modalite[row],
                *(float(column[row]) for column in figures),
            )
            for row in range(len(ecarts))
        ),
    )


def due_of_year(plan: Trajectoire) -> Floats:
    """Return what each cell is owed for its own year alone: its target less what it continues."""
    before = plan.cases.after[plan.cellules]
    target = plan.cases.cells.cible
    own: Floats = plan.ecarts.cible - np.where(before >= 0, target[before], 0.0)
    return own


def received(projet: Projet, plan: Trajectoire, monthly: Mensuel) -> NDArray[np.int32]:
    """Return what each réservataire receives, réservataires × communes × months of the projet."""
    shape = (len(projet.reservataires), len(projet.territoires), projet.annees * MONTHS)
    found = np.zeros(shape, dtype=np.int32)
    given = monthly.reservataire >= 0
    month = monthly.annee.astype(np.int64) * MONTHS + monthly.mois
    place = plan.offre.commune[monthly.classe]
    np.add.at(found, (monthly.reservataire[given], place[given], month[given]), monthly.nombre[given])
    return found


def _plan_rows(projet: Projet, plan: Trajectoire, monthly: Mensuel) -> Iterator[tuple[Value, ...]]:
    places = geography(year_of(projet, 0))
    months = released(plan.offre, projet.saison)
    by_commune = np.zeros((len(projet.territoires), projet.annees, MONTHS), dtype=np.int64)
    np.add.at(by_commune, plan.offre.commune, months.transpose(1, 0, 2))
    given = received(projet, plan, monthly)
    due = due_of_year(plan)
    running: dict[int, tuple[float, int]] = {}
    for row in range(len(plan.annee)):
        if plan.ecarts.sur[row] not in (CONTRACTUEL, TOTAL):
            continue
        year, holder = int(plan.annee[row]), int(plan.ecarts.reservataire[row])
        kind, scope = places.territory(plan.ecarts.territoire[row])
        inside = places.of_commune[kind] == scope
        free = by_commune[inside, year].sum(axis=0)
        share = free / free.sum() if free.any() else np.full(MONTHS, 1 / MONTHS)
        entry = int(plan.cellules[row])
        owed, got = running.get(int(plan.cases.after[entry]), (0.0, 0))
        there = given[holder, inside, year * MONTHS : (year + 1) * MONTHS].sum(axis=0)
        for month in range(MONTHS):
            owed, got = owed + float(due[row] * share[month]), got + int(there[month])
            yield (
                projet.reservataires.id[holder],
                plan.ecarts.sur[row],
                plan.ecarts.territoire[row],
                month_name(projet, year, month),
                int(free[month]),
                float(due[row] * share[month]),
                int(there[month]),
                owed,
                got,
            )
        running[entry] = owed, got


def _id(ids: tuple[str, ...], holder: int) -> str:
    return ids[holder] if holder >= 0 else ""
