"""The réservataires of a stock: one an institution, and small employers by département."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from allocator.drawing.figures import Figures, usages
from allocator.drawing.portfolio import Floats, Portfolio
from allocator.drawing.rights import Holder

PARIS: Final = "75"
"""Commune and département at once: its city holds the rights of both."""

TAILLES: Final = 0.8
"""Spread (log) of the weights between the employers of a département."""


@dataclass(frozen=True, slots=True, eq=False)
class Titulaires:
    """All who may hold rights; by famille and commune of the portfolio, who does there and with which weight."""

    holders: tuple[Holder, ...]
    of_place: Mapping[tuple[str, int], tuple[Sequence[int], Floats]]

    def draw(self, famille: str, commune: int, rng: np.random.Generator) -> int | None:
        """Return who holds a famille's rights in a commune, ``None`` where nobody does."""
        rows, weights = self.of_place.get((famille, commune), ((), np.empty(0)))
        return None if not rows else int(rng.choice(np.array(rows), p=weights))


def titulaires(figures: Figures, portfolio: Portfolio, rng: np.random.Generator) -> Titulaires:
    """Return who may hold rights on the stock of a portfolio; employers are as many as its size lets expect."""
    holders: dict[str, Holder] = {}
    of_place: dict[tuple[str, int], tuple[Sequence[int], Floats]] = {}
    number = {identifier: row for row, identifier in enumerate(holders)}
    employers = {
        code: _employers(code, _stock(figures, portfolio, code), rng)
        for code in np.unique(figures.departement[portfolio.rows]).tolist()
    }
    for place, row in enumerate(portfolio.rows.tolist()):
        code = str(figures.departement[row])
        for holder in (*_institutions(figures, row, code), *employers[code][0]):
            number.setdefault(holder.id, len(holders))
            holders.setdefault(holder.id, holder)
            if holder.famille != "employeur":
                of_place[holder.famille, place] = ((number[holder.id],), np.ones(1))
        members = [number[holder.id] for holder in employers[code][0]]
        of_place["employeur", place] = (members, employers[code][1])
    return Titulaires(tuple(holders.values()), of_place)


def _stock(figures: Figures, portfolio: Portfolio, code: str) -> float:
    return float(portfolio.stock[figures.departement[portfolio.rows] == code].sum())


def _institutions(figures: Figures, row: int, code: str) -> list[Holder]:
    nom = usages()["departements"][code]
    wide = [
        Holder("etat", "État (préfets)", "etat"),
        Holder("als", "Action Logement Services", "action_logement"),
        Holder("region", "Région Île-de-France", "region"),
        Holder(f"hop{code}", f"Groupe hospitalier ({nom})", "autre"),
    ]
    if code == PARIS:
        return [*wide, Holder("com75056", "Ville de Paris", "commune")]
    siren, commune = str(figures.epci[row]), figures.commune[row]
    return [
        *wide,
        Holder(f"dep{code}", f"Département ({nom})", "departement"),
        Holder(f"epci{siren}", figures.nom_epci[siren], "epci"),
        Holder(f"com{commune}", figures.nom[row], "commune"),
    ]


def _employers(code: str, stock: float, rng: np.random.Generator) -> tuple[list[Holder], Floats]:
    """Return the employers of a département: more with a bailleur's size, less than in proportion."""
    number = max(1, round(0.1 * stock**0.5))
    nom = usages()["departements"][code]
    weights = np.exp(TAILLES * rng.standard_normal(number))
    holders = [
        Holder(f"emp{code}_{each:02d}", f"Employeur n° {each} ({nom})", "employeur")
        for each in range(1, number + 1)
    ]
    return holders, weights / weights.sum()
