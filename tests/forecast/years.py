"""Years to forecast: told by hand, day by day, or drawn and thinned so that their totals are left to chance."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import numpy as np

from allocator.domain import Instance, Liberations
from allocator.drawing import DrawSettings, draw
from tests.builders import Commune, Release, make_instance

COMMUNES = tuple(Commune(f"9300{i}") for i in range(4)) + tuple(
    Commune(f"9500{i}", departement="95") for i in range(4)
)
DEBUT, FIN = date(2025, 1, 1), date(2025, 12, 31)


def steady(
    days: Iterable[np.datetime64], a_day: int, communes: tuple[Commune, ...] = COMMUNES
) -> list[Release]:
    """Release ``a_day`` dwellings each working day, to the communes and typologies in turn."""
    working = [day for day in days if np.is_busday(day)]
    return [
        Release(communes[i % len(communes)].code, f"T{1 + i % 5}", day=day.astype(date))
        for i, day in enumerate(day for day in working for _ in range(a_day))
    ]


def year(annee: int) -> np.ndarray:
    return np.arange(np.datetime64(f"{annee}-01-01"), np.datetime64(f"{annee + 1}-01-01"))


def told(
    releases: list[Release],
    historique: list[Release] | None,
    communes: tuple[Commune, ...] = COMMUNES,
    debut: date = DEBUT,
    fin: date = FIN,
) -> Instance:
    return make_instance(
        releases=releases,
        historique=historique,
        communes=communes,
        promises=(),
        holders=(),
        debut=debut,
        fin=fin,
    )


def thinned(seed: int, size: int) -> Instance:
    """Draw a year of about ``size`` libérations around a mean that moves by 15 % from the year before's.

    Drawn totals are exact; keeping each dwelling of a year four times as large by the toss of a coin leaves them
    to chance, as the model has it.
    """
    rng = np.random.default_rng(seed)
    pace = rng.gamma(1 / 0.15**2, 0.15**2)
    instance = draw(DrawSettings(seed=seed, size=4 * size))
    assert instance.historique is not None
    now, before = instance.liberations, instance.historique
    return replace(
        instance,
        liberations=rows(now, rng.random(len(now)) < 0.25 * pace),
        historique=rows(before, rng.random(len(before)) < 0.25),
    )


def rows(table: Liberations, kept: np.ndarray) -> Liberations:
    index = np.flatnonzero(kept)
    return Liberations(
        tuple(table.id[i] for i in index),
        table.date[index],
        table.commune[index],
        table.typologie[index],
        table.financement[index],
        table.qpv[index],
        table.statut[index],
        {},
    )
