"""A picture of planned against realised: what each famille was owed and had along the year."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, TextIO
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Instance
from allocator.domain.french import fixed
from allocator.domain.vocabulary import CONTRACTUEL, FAMILLES, TOTAL
from allocator.policies.replaying.course import Course, assiette_by_day, cells_of
from allocator.policies.replaying.replay import Replay
from allocator.policies.replaying.svg import INK, LABEL, Panel, text

Floats = NDArray[np.float64]

IMAGE: Final = "cours.svg"
"""Name of the picture's file."""

TITRES: Final = {
    "etat": "État",
    "action_logement": "Action Logement",
    "commune": "Communes",
    "epci": "EPCI",
    "departement": "Départements",
    "region": "Région",
    "employeur": "Employeurs",
    "bailleur": "Bailleur",
    "autre": "Autres",
}

COLUMNS: Final = 3
WIDTH, HEIGHT, HEADER = 360, 250, 70
"""Pixels of a panel with its margins, and of the title above them all."""

LEFT, RIGHT, TOP, BOTTOM = 46, 24, 44, 34
"""Margins around the plot of a panel."""

DUE: Final = 'stroke="#6b7280" stroke-width="1.5" stroke-dasharray="5 3"'
HAD: Final = 'stroke="#1d4ed8" stroke-width="1.8"'
BETWEEN: Final = 'fill="#1d4ed8" fill-opacity="0.12"'
GAP: Final = 'stroke="#b45309" stroke-width="1.8"'


def write_picture(file: TextIO, instance: Instance, result: Replay, known: Course, title: str) -> None:
    """Write the picture of a replay as SVG: a panel a famille, and the contractual deviation.

    What is owed is pro-rata: a share of what came up so far, and of a volume or a report as much as of the period
    is gone. The same replay gives the same bytes.
    """
    due, gap = _prorata(instance, result, known)
    had = _had(instance, result, known)
    famille = np.array([FAMILLES.index(word) for word in instance.reservataires.famille], dtype=np.intp)
    owed = np.bincount(famille, weights=due[-1:].sum(axis=0), minlength=len(FAMILLES))
    shown = [int(number) for number in np.argsort(-owed, kind="stable") if owed[number] > 0]
    height = HEADER + HEIGHT * -(-(len(shown) + 1) // COLUMNS)
    lines = [*_header(instance, title, height, legend=bool(shown))]
    for place, number in enumerate(shown):
        members = famille == number
        heading = f"{TITRES[FAMILLES[number]]} ({_count(int(members.sum()), 'réservataire')})"
        accounts = due[:, members].sum(axis=1), had[:, members].sum(axis=1)
        lines += _account(place, instance, heading, known, accounts)
    lines += [*_deviation(len(shown), instance, known, gap), "</svg>"]
    file.write("\n".join(lines) + "\n")


def _prorata(instance: Instance, result: Replay, known: Course) -> tuple[Floats, Floats]:
    """Return what each réservataire is owed at the end of each day, and how far the contractual cells are from it.

    Days × réservataires, and the sum of the deviations of contractuel and total cells a day, in dwellings.
    """
    promises = result.frame.promises
    kept = cells_of(instance, promises)
    contractual = np.array([sur in (CONTRACTUEL, TOTAL) for sur in known.cells.sur], dtype=bool)
    due = np.zeros((len(known.days), len(instance.reservataires)))
    gap = np.zeros(len(known.days))
    for day, assiette in enumerate(assiette_by_day(instance, known.days)):
        elapsed = result.frame.elapsed(known.days[day])
        so_far = replace(promises, fixed=promises.fixed * elapsed)
        due[day] = so_far.due(assiette)
        cible = so_far.cibles(assiette)[0][kept]
        gap[day] = np.abs(known.valeur[day] - cible)[contractual].sum()
    return due, gap


def _had(instance: Instance, result: Replay, known: Course) -> Floats:
    """Count what each réservataire had at the end of each day, days × réservataires."""
    moves = result.turns.moves()
    had = np.zeros((len(known.days), len(instance.reservataires)))
    np.add.at(had, (np.searchsorted(known.days, moves.date), moves.reservataire), moves.amount)
    return np.cumsum(had, axis=0)


def _header(instance: Instance, title: str, height: int, *, legend: bool) -> Iterator[str]:
    """Yield the opening of the file, the title, and the legend of the accounts where there is one."""
    width = COLUMNS * WIDTH
    heading = f"{instance.nom} — {title}, du {instance.debut:%d/%m/%Y} au {instance.fin:%d/%m/%Y}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" fill="{INK}" role="img">'
    )
    yield f"<title>{escape(heading)}</title>"
    yield f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    yield text(14, 28, heading, 'font-size="16" font-weight="bold"')
    if legend:
        yield f'<line x1="14" y1="49" x2="44" y2="49" {DUE}/>'
        yield text(50, 53, "dû au prorata")
        yield f'<line x1="150" y1="49" x2="180" y2="49" {HAD}/>'
        yield text(186, 53, "reçu")
        yield text(236, 53, "en logements", LABEL)


def _account(
    place: int, instance: Instance, heading: str, known: Course, accounts: tuple[Floats, Floats]
) -> Iterator[str]:
    """Yield the panel of what a famille was owed and had."""
    due, had = accounts
    panel = _panel(place, instance, max(due.max(), had.max()))
    yield from _titled(panel, heading, f"dû {fixed(due[-1], 1)}, reçu {fixed(had[-1], 0)}")
    yield panel.band(known.days, due, had, BETWEEN)
    yield panel.line(known.days, due, DUE)
    yield panel.line(known.days, had, HAD)


def _deviation(place: int, instance: Instance, known: Course, gap: Floats) -> Iterator[str]:
    """Yield the panel of the sum of the contractual deviations."""
    panel = _panel(place, instance, float(gap.max(initial=0.0)))
    end = fixed(gap[-1] if len(gap) else 0.0, 1)
    yield from _titled(
        panel, "Écarts contractuels au prorata", f"quotas et totaux, en somme : {end} logements"
    )
    yield panel.line(known.days, gap, GAP)


def _panel(place: int, instance: Instance, high: float) -> Panel:
    row, column = divmod(place, COLUMNS)
    return Panel(
        column * WIDTH + LEFT,
        HEADER + row * HEIGHT + TOP,
        WIDTH - LEFT - RIGHT,
        HEIGHT - TOP - BOTTOM,
        instance.debut,
        instance.fin,
        high,
    )


def _titled(panel: Panel, heading: str, under: str) -> Iterator[str]:
    yield text(panel.left, panel.top - 24, heading, 'font-size="13" font-weight="bold"')
    yield text(panel.left, panel.top - 8, under)
    yield from panel.axes()


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("s" if number > 1 else "")
