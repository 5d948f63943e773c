"""Pictures of a trajectory: the course of the largest réservataires, and where promises stay short."""

from typing import Final

import numpy as np

from allocator.charts import Axis, Chart, Heading, Line, Matrix, course, heat_map
from allocator.domain.vocabulary import CONTRACTUEL
from allocator.planning.projet import Projet
from allocator.planning.projet.projet import MONTHS
from allocator.planning.trajectoire.mois import Mensuel
from allocator.planning.trajectoire.tableaux import due_of_year, received
from allocator.planning.trajectoire.trajectoire import Trajectoire

PANELS: Final = 9
ROWS: Final = 25


def course_chart(projet: Projet, plan: Trajectoire, monthly: Mensuel) -> Chart:
    """Return due and planned dwellings since the first day, month by month, for those who are owed most.

    A year's due comes up with the season; what was promised twice for the same dwellings counts twice.
    """
    owed = _owed(projet, plan)
    months = np.datetime64(f"{projet.premiere}-01", "M") + np.arange(projet.annees * MONTHS)
    days = (months + 1).astype("datetime64[D]") - 1
    got = received(projet, plan, monthly).sum(axis=1).cumsum(axis=1)
    lines = []
    for holder in np.argsort(-owed.sum(axis=1), kind="stable")[:PANELS].tolist():
        due = (owed[holder][:, None] * projet.saison).ravel().cumsum()
        panel = projet.reservataires.nom[holder]
        lines += [Line("dû", days, due, panel), Line("prévu", days, got[holder].astype(float), panel)]
    heading = Heading("Ce qui est dû et ce que le plan donne", projet.nom, projet.source)
    return course(heading, Axis("Depuis le premier jour", "logements"), lines, step=False)


def short_chart(projet: Projet, plan: Trajectoire) -> Chart:
    """Return what each réservataire lacks of its contractual promises at the end of each year."""
    short = np.zeros((len(projet.reservataires), projet.annees))
    chosen = np.array([sur == CONTRACTUEL for sur in plan.ecarts.sur], dtype=bool)
    np.add.at(short, (plan.ecarts.reservataire[chosen], plan.annee[chosen]), plan.ecarts.manque[chosen])
    order = np.argsort(-short.sum(axis=1), kind="stable")[:ROWS].tolist()
    table = Matrix(
        [_name(projet, holder) for holder in order],
        [str(projet.premiere + year) for year in range(projet.annees)],
        short[order],
    )
    heading = Heading("Ce qui manque aux promesses au 31 décembre", projet.nom, projet.source)
    return heat_map(heading, Axis("Manque", "logements"), table)


def _name(projet: Projet, holder: int) -> str:
    """Return a réservataire's name, with its identifier where another bears the same."""
    names = projet.reservataires.nom
    name = names[holder]
    return name if names.count(name) == 1 else f"{name} ({projet.reservataires.id[holder]})"


def _owed(projet: Projet, plan: Trajectoire) -> np.ndarray:
    """Return what each réservataire is owed for each year, réservataires × years."""
    owed = np.zeros((len(projet.reservataires), projet.annees))
    chosen = np.array([sur == CONTRACTUEL for sur in plan.ecarts.sur], dtype=bool)
    np.add.at(owed, (plan.ecarts.reservataire[chosen], plan.annee[chosen]), due_of_year(plan)[chosen])
    return owed
