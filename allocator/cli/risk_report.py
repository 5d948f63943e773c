"""The chances of promises as people read them."""

from collections.abc import Iterator
from typing import Final

from allocator.cli.text_table import figure, text_table
from allocator.domain.french import fixed
from allocator.planning.risque.chances import BANDS
from allocator.planning.risque.report import Risks, least_sure, surely_kept, words

LISTED: Final = 15
"""Promises listed: the least sure ones."""

SURE: Final = 0.9
"""Probability from which a promise is called sure."""

HEADER: Final = (
    "réservataire",
    "sur",
    "territoire",
    "dû",
    "reçu",
    "probabilité",
    "à 95 %",
    "écart",
    "9 fois sur 10",
)


def page(risks: Risks) -> str:
    """Return what is told of each simulated year: how many promises are sure, and the least sure of them."""
    ask = risks.ask
    told = [f"{ask.projet.nom} — règle « {ask.policy} », modèle « {ask.model.nom} »"]
    for annee in range(ask.annees):
        sure, all_ = surely_kept(risks, annee, SURE)
        told.append(
            f"{ask.projet.premiere + annee} : {sure} promesses sur {all_} ont au moins "
            f"{fixed(100 * SURE, 0)} chances sur 100 d'être tenues. Les moins sûres :"
        )
        told.append(text_table([HEADER, *_rows(risks, annee)], 3))
    return "\n".join(told)


def _rows(risks: Risks, annee: int) -> Iterator[tuple[str, ...]]:
    known = risks.chances[annee]
    low, high = (known.bands[BANDS.index(level), -1] for level in (0.05, 0.95))
    for cell in least_sure(risks, annee, LISTED):
        yield (
            *words(risks, annee, cell)[:3],
            figure(float(known.du[cell])),
            figure(float(known.recu[cell])),
            f"{fixed(100 * float(known.probability[cell]), 0)} %",
            f"{fixed(100 * float(known.low[cell]), 0)} – {fixed(100 * float(known.high[cell]), 0)} %",
            fixed(float(known.ecart[-1, cell]), 1),
            f"{fixed(float(low[cell]), 1)} à {fixed(float(high[cell]), 1)}",
        )
