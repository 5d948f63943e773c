"""A diagnosis as tables: rates with what is behind them, year by year, and the proposal of rates to agree on."""

from collections.abc import Iterator
from math import nan
from typing import Final

from allocator.formats.rotation_schema import DIMENSIONS, ROTATION, ROTATION_ANNEES, TAUX
from allocator.formats.tableau import Tableau, Value
from allocator.stock.rotation.diagnostic import INCONNU, Diagnostic, Niveau
from allocator.stock.rotation.familles import AUCUNE

DECIMALS: Final = 2
"""Decimals of a rate in percent that is proposed: finer than anyone measures, and easily said."""

TOUT: Final = "tout le parc"
"""The segment of level 0, in words."""


def rotation_tableau(diagnostic: Diagnostic) -> Tableau:
    """Return the rates of every segment, all years together, in percent a year."""
    rows: list[tuple[Value, ...]] = []
    for depth, niveau in enumerate(diagnostic.niveaux):
        rates = niveau.rates
        for row in range(len(niveau)):
            relocations, temps = _behind(niveau, row)
            weight = float(rates.poids[row])
            rows.append(
                (
                    depth,
                    *_words(niveau, row),
                    float(niveau.parc[row, 0]),
                    relocations,
                    temps,
                    _percent(relocations, temps),
                    weight,
                    temps * (1.0 - weight) / weight if weight > 0 else nan,
                    100.0 * float(rates.taux[row]),
                    100.0 * float(rates.bas[row]),
                    100.0 * float(rates.haut[row]),
                )
            )
    return Tableau(ROTATION, tuple(rows))


def annees_tableau(diagnostic: Diagnostic) -> Tableau:
    """Return the raw rates of every segment, year by year, the latest first."""
    return Tableau(
        ROTATION_ANNEES,
        tuple(
            (
                depth,
                *_words(niveau, row),
                str(annee.debut),
                str(annee.fin),
                float(niveau.parc[row, place]),
                float(niveau.relocations[row, place]),
                float(niveau.temps[row, place]),
                _percent(float(niveau.relocations[row, place]), float(niveau.temps[row, place])),
            )
            for depth, niveau in enumerate(diagnostic.niveaux)
            for row in range(len(niveau))
            for place, annee in enumerate(diagnostic.annees)
        ),
    )


def taux_tableau(diagnostic: Diagnostic) -> Tableau:
    """Return the rates as a proposal: those of every level, so that what is not known has the rate around it."""
    return Tableau(TAUX, tuple(row for niveau in diagnostic.niveaux for row in _proposed(niveau)))


def segment_text(niveau: Niveau, row: int) -> str:
    """Return a segment in words, as ``departement=93+typologie=T3``; :data:`TOUT` where it is all."""
    pairs = zip(niveau.dimensions, niveau.modalites[row], strict=True)
    return "+".join(f"{name}={word}" for name, word in pairs) or TOUT


def _proposed(niveau: Niveau) -> Iterator[tuple[Value, ...]]:
    for row, words in enumerate(niveau.modalites):
        # an empty cell means any: what is not known has no segment of its own, nor has a dwelling without right
        if INCONNU not in words and AUCUNE not in words:
            taux = round(100.0 * float(niveau.rates.taux[row]), DECIMALS)
            yield (*_words(niveau, row), taux, float(niveau.parc[row, 0]), *_behind(niveau, row), "oui")


def _words(niveau: Niveau, row: int) -> tuple[str, ...]:
    named = dict(zip(niveau.dimensions, niveau.modalites[row], strict=True))
    return tuple(named.get(name, "") for name in DIMENSIONS)


def _behind(niveau: Niveau, row: int) -> tuple[float, float]:
    return float(niveau.relocations[row].sum()), float(niveau.temps[row].sum())


def _percent(relocations: float, temps: float) -> float:
    return 100.0 * relocations / temps if temps > 0 else nan
