"""What simulated years say, as tables, a document and charts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from allocator.charts import Axis, Band, Chart, Dots, Heading, Line, course, dots
from allocator.domain.vocabulary import CONTRACTUEL, PETIT, TOTAL
from allocator.flux.promises import Promises
from allocator.formats.projet_schema import RISQUES, RISQUES_MOIS
from allocator.formats.tableau import Tableau, Value
from allocator.planning.risque.chances import BANDS, Chances, chances
from allocator.planning.risque.course import Played, months
from allocator.planning.risque.simulated import Ask
from allocator.planning.risque.years import blank
from allocator.policies.situation import frame

PROMISED: Final = (CONTRACTUEL, TOTAL, PETIT)
"""Cells that are promises; the others are wishes on what is received."""

SHOWN: Final = 30
"""Promises of the charts' longest list: those least sure to be kept."""

PANELS: Final = 9
"""Promises whose gap is drawn month by month."""


@dataclass(frozen=True, slots=True, eq=False)
class Risks:
    """The chances of each promise in each simulated year; ``promises`` and ``chances`` have one entry a year."""

    ask: Ask
    promises: tuple[Promises, ...]
    chances: tuple[Chances, ...]

    def promised(self, annee: int) -> list[int]:
        """Return the cells of a year that are promises and of which a whole dwelling is due at times."""
        known, told = self.promises[annee], self.chances[annee]
        return [cell for cell in range(len(known)) if known.sur[cell] in PROMISED and told.stake[cell] > 0]


def sum_up(ask: Ask, played: Sequence[tuple[Played, ...]]) -> Risks:
    """Sum up the years of every future."""
    known = tuple(frame(blank(ask.projet, annee), ask.model).promises for annee in range(ask.annees))
    years = zip(*played, strict=True)
    return Risks(ask, known, tuple(chances(year) for year in years))


def risques(risks: Risks) -> Tableau:
    """Return a row a year and promise; percents are numbers from 0 to 100."""
    return Tableau(
        RISQUES, tuple(row for annee in range(risks.ask.annees) for row in _year_rows(risks, annee))
    )


def risques_mois(risks: Risks) -> Tableau:
    """Return a row a promise and month, all simulated years one after the other."""
    return Tableau(
        RISQUES_MOIS, tuple(row for annee in range(risks.ask.annees) for row in _month_rows(risks, annee))
    )


def _year_rows(risks: Risks, annee: int) -> Iterator[tuple[Value, ...]]:
    told = risks.chances[annee]
    for cell in range(len(risks.promises[annee])):
        yield (
            risks.ask.projet.premiere + annee,
            *words(risks, annee, cell),
            float(told.du[cell]),
            float(told.recu[cell]),
            100.0 * float(told.stake[cell]) / told.years,
            100.0 * float(told.probability[cell]),
            100.0 * float(told.low[cell]),
            100.0 * float(told.high[cell]),
            float(told.ecart[-1, cell]),
            *told.bands[:, -1, cell].tolist(),
        )


def _month_rows(risks: Risks, annee: int) -> Iterator[tuple[Value, ...]]:
    known, told = risks.promises[annee], risks.chances[annee]
    days = [str(day) for day in months(blank(risks.ask.projet, annee))]
    for cell in range(len(known)):
        if known.sur[cell] in PROMISED:
            for month, day in enumerate(days):
                bands = told.bands[:, month, cell].tolist()
                yield *words(risks, annee, cell), day, float(told.ecart[month, cell]), *bands


def words(risks: Risks, annee: int, cell: int) -> tuple[str, str, str, str]:
    """Return a promise in the words of ``ecarts.csv``: réservataire, sur, territoire, modalité."""
    known = risks.promises[annee]
    holder = risks.ask.projet.reservataires.id[known.scopes.reservataire[cell]]
    return holder, known.sur[cell], known.territoire[cell], known.modalite[cell]


def document(risks: Risks) -> dict[str, Any]:
    """Return what ``risque.json`` holds."""
    ask = risks.ask
    return {
        "projet": ask.projet.nom,
        "projet_sha256": ask.projet.sha256,
        "model": ask.model.nom,
        "model_sha256": ask.model.sha256,
        "policy": ask.policy,
        "draws": ask.draws,
        "years": [ask.projet.premiere + annee for annee in range(ask.annees)],
        "seed": ask.seed,
        "doubt": "historique" if ask.projet.historique is not None else "hypotheses",
        "promises": risques(risks).document(),
    }


def least_sure(risks: Risks, annee: int, number: int) -> list[int]:
    """Return the promises of a year that are least sure to be kept, the least sure first."""
    told = risks.chances[annee]
    return sorted(risks.promised(annee), key=lambda cell: (told.kept[cell], told.ecart[-1, cell]))[:number]


def label(risks: Risks, annee: int, cell: int) -> str:
    """Return a promise in one line."""
    holder, sur, territoire, _ = words(risks, annee, cell)
    return " · ".join(filter(None, (holder, territoire or sur, "total" if sur == TOTAL else "")))


def probabilities_chart(risks: Risks, annee: int) -> Chart:
    """Return the probability of the promises of a year that are least sure, with intervals at 95 %."""
    told, cells = risks.chances[annee], least_sure(risks, annee, SHOWN)
    heading = Heading(
        f"Promesses les moins sûres, {risks.ask.projet.premiere + annee}",
        "Probabilité que le nombre entier de logements dus soit reçu, et son intervalle à 95 %",
        _source(risks),
    )
    series = Dots(
        "probabilité",
        [label(risks, annee, cell) for cell in cells],
        100.0 * told.probability[cells],
        100.0 * told.low[cells],
        100.0 * told.high[cells],
    )
    return dots(heading, Axis("probabilité", "%"), [series])


def gaps_chart(risks: Risks, annee: int) -> Chart:
    """Return the gap of the promises that are least sure, month by month, with bands at 80 and 90 %."""
    told, cells = risks.chances[annee], least_sure(risks, annee, PANELS)
    days: list[date] = months(blank(risks.ask.projet, annee)).astype(object).tolist()
    at = {level: told.bands[BANDS.index(level)] for level in BANDS}
    lines, bands = [], []
    for cell in cells:
        panel = label(risks, annee, cell)
        lines.append(Line("moyenne", days, told.ecart[:, cell], panel))
        for name, low, high in (("90 %", 0.05, 0.95), ("80 %", 0.10, 0.90)):
            bands.append(Band(name, days, at[low][:, cell], at[high][:, cell], panel))
    heading = Heading(
        f"Écart des promesses les moins sûres, {risks.ask.projet.premiere + annee}",
        "Reçu moins dû à la fin de chaque mois : moyenne, et ce qui arrive 8 et 9 fois sur 10",
        _source(risks),
    )
    return course(heading, Axis("écart", "logements"), lines, bands, step=False)


def _source(risks: Risks) -> str:
    ask = risks.ask
    return (
        f"{ask.projet.nom}, {ask.draws} années simulées, règle « {ask.policy} », "
        f"modèle « {ask.model.nom} », graine {ask.seed}"
    )


def surely_kept(risks: Risks, annee: int, at_least: float) -> tuple[int, int]:
    """Return how many promises of a year are kept with that probability at least, and how many there are."""
    cells = risks.promised(annee)
    return int((risks.chances[annee].probability[np.array(cells, dtype=np.intp)] >= at_least).sum()), len(
        cells
    )
