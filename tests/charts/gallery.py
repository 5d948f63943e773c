"""One small chart of each kind."""

from datetime import date

import numpy as np

from allocator.charts import (
    Axis,
    Band,
    Calibration,
    Chart,
    Dots,
    Heading,
    Line,
    Matrix,
    Points,
    Shares,
    bars,
    course,
    dots,
    heat_map,
    lorenz,
    reliability,
    scatter,
)

HEADING = Heading("Titre d'essai", "Bailleur d'essai, 2026", "prévision du 12/01/2026", "Un essai <lu> & dit")
MONTHS = [date(2026, month, 1) for month in range(1, 13)]
CUMULATED = np.arange(1.0, 13.0) * 1234.5
AMOUNT = Axis("Cumul", "logements")


def gallery() -> dict[str, Chart]:
    """Return a chart of each kind by name."""
    lines = [Line("prévu", MONTHS, CUMULATED), Line("réalisé", MONTHS, [*CUMULATED[:6] - 99, *[np.nan] * 6])]
    band = Band("prévu", MONTHS, CUMULATED * 0.9, CUMULATED * 1.1)
    panels = [Line("prévu", MONTHS, CUMULATED * k, panel=f"Famille {k}") for k in (3, 1, 2)]
    return {
        "course": course(HEADING, AMOUNT, lines, [band]),
        "panels": course(HEADING, AMOUNT, panels, step=False),
        "bars": bars(HEADING, AMOUNT, ["État", "EPCI"], ["référence", "retard"], [[12.5, -3], [np.nan, 1]]),
        "heat_map": heat_map(
            HEADING, AMOUNT, Matrix(["État", "EPCI"], ["janv.", "févr."], [[1, 2], [3, np.nan]])
        ),
        "diverging": heat_map(HEADING, AMOUNT, Matrix(["État"], ["T1", "T2"], [[-1.5, 3]]), diverging=True),
        "reliability": reliability(HEADING, [Calibration("tirages", [0.1, 0.9], [0.2, 0.85], [40, 60])]),
        "scatter": scatter(
            HEADING,
            Axis("Taille", "logements", log=True),
            Axis("Temps", "s", log=True),
            [Points("front", [10, 1000], [0.5, 200], ["a", "b"], joined=True), Points("autres", [100], [50])],
        ),
        "lorenz": lorenz(HEADING, Axis("Bailleurs"), Axis("Relogements"), [Shares("prorata", [1, 1, 2])]),
        "dots": dots(
            HEADING,
            Axis("Taux", "% par an"),
            [
                Dots("mesuré", ["T1", "T2"], [8.5, 6.25], [7, 6], [10, 6.5]),
                Dots("retenu", ["T1", "T2"], [8, 6.5], [np.nan] * 2, [np.nan] * 2),
            ],
        ),
    }
