"""From settings to an instance: one bailleur, or several side by side."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from allocator.domain import Instance, Liberations
from allocator.drawing.assemble import (
    Part,
    conventions,
    indicatifs,
    liberations,
    reservataires,
    territoires,
)
from allocator.drawing.figures import Figures, figures, usages
from allocator.drawing.portfolio import Portfolio, draw_portfolio
from allocator.drawing.promises import draw_promises
from allocator.drawing.releases import Releases, draw_releases
from allocator.drawing.settings import DrawSettings
from allocator.drawing.supply import measure
from allocator.drawing.wishes import draw_wishes

DERIVE: Final = 0.05
"""Spread (log) of what a commune releases between the year before and the year drawn."""


@dataclass(frozen=True, slots=True)
class _Streams:
    """One random stream a concern, so that a setting of one leaves the others alone."""

    portfolio: np.random.Generator
    releases: np.random.Generator
    history: np.random.Generator
    promises: np.random.Generator
    wishes: np.random.Generator


def draw(settings: DrawSettings) -> Instance:
    """Draw an instance.

    Parameters
    ----------
    settings
        What to draw; the same settings give the same instance.

    Returns
    -------
    Instance
        With the communes of the table of figures, and ``historique`` where it is asked for. Copies beyond the
        first have the same territory under codes that end in ``-2``, ``-3`` …
    """
    table = figures()
    parts = [_draw_part(settings, table, copy) for copy in range(settings.copies)]
    return Instance(
        nom=settings.nom or _name(settings),
        description=settings.description or _describe(settings),
        debut=date(settings.annee, 1, 1),
        fin=date(settings.annee, 12, 31),
        source=str(usages()["source"]),
        territoires=territoires(table, parts),
        reservataires=reservataires(parts, tied=settings.tied),
        conventions=conventions(parts, tied=settings.tied),
        indicatifs=indicatifs(parts, tied=settings.tied),
        liberations=liberations(parts, [part.releases for part in parts], settings.annee),
        historique=_history(settings, parts),
    )


def _streams(settings: DrawSettings, copy: int) -> _Streams:
    # The territory is the same in all copies: it does not depend on the copy's number.
    portfolio = np.random.SeedSequence(settings.seed)
    others = np.random.SeedSequence([settings.seed, copy + 1]).spawn(4)
    return _Streams(*(np.random.Generator(np.random.PCG64(seed)) for seed in (portfolio, *others)))


def _draw_part(settings: DrawSettings, table: Figures, copy: int) -> Part:
    streams = _streams(settings, copy)
    portfolio = draw_portfolio(settings, table, streams.portfolio)
    releases = draw_releases(settings, table, portfolio, settings.annee, streams.releases)
    supply = measure(table, portfolio, releases)
    promises = draw_promises(settings, supply, streams.promises)
    return Part(
        suffix="" if copy == 0 else f"-{copy + 1}",
        portfolio=portfolio,
        releases=releases,
        history=_year_before(settings, table, portfolio, streams.history) if settings.historique else None,
        promises=promises,
        wishes=draw_wishes(settings, supply, promises, streams.wishes),
    )


def _year_before(
    settings: DrawSettings, table: Figures, portfolio: Portfolio, rng: np.random.Generator
) -> Releases:
    """Draw the year before: the same communes, a little more here and less there."""
    drift = np.exp(DERIVE * rng.standard_normal(len(portfolio.rows)))
    size = max(1, round(portfolio.size * float(np.exp(DERIVE * rng.standard_normal()))))
    before = Portfolio(portfolio.rows, portfolio.stock * drift, portfolio.rotation, size)
    return draw_releases(settings, table, before, settings.annee - 1, rng)


def _history(settings: DrawSettings, parts: list[Part]) -> Liberations | None:
    histories = [part.history for part in parts if part.history is not None]
    return liberations(parts, histories, settings.annee - 1) if histories else None


def _name(settings: DrawSettings) -> str:
    return f"Tirage {settings.seed}, {settings.annee}"


def _describe(settings: DrawSettings) -> str:
    return (
        f"Instance tirée au sort sur des chiffres publics d'Île-de-France, graine {settings.seed}, "
        f"tension {settings.tension:g}, conflit {settings.conflict:g}."
    )
