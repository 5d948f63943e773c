"""The picture of a conversion: what each choice gives to each réservataire, and how far the steps move it."""

from collections.abc import Mapping, Sequence
from math import nan
from typing import Any, Final

from allocator.charts import Axis, Dots, Heading, dots, svg
from allocator.formats.conversion_schema import CONVERSION, SENSIBILITE
from allocator.formats.tableau import Tableau
from allocator.stock.conversion.etude import Etude

SHOWN: Final = 20
"""Réservataires that a picture has room for: those with the most rights."""

Rows = Sequence[Mapping[str, Any]]


def image(etude: Etude, tables: Sequence[Tableau]) -> bytes:
    """Return an SVG: droits uniques by réservataire, the first choice being 100, one dot a choice.

    The interval around a dot is that of the steps of sensitivity.

    Raises
    ------
    BadInput
        If the extra ``charts`` is not installed.
    """
    rows = {table.schema.name: table.document() for table in tables}
    names = [conversion.choix.nom for conversion in etude.conversions]
    first = {
        row["reservataire"]: row["exact"]
        for row in rows[CONVERSION.name]
        if row["choix"] == names[0] and row["exact"]
    }
    shown = sorted(first, key=lambda holder: -first[holder])[:SHOWN]
    base = {holder: first[holder] / 100 for holder in shown}
    series = [_dots(name, base, rows[CONVERSION.name], rows[SENSIBILITE.name]) for name in names]
    steps = f"{_steps(etude.reglages.pas_taux, 'point')} ; {_steps(etude.reglages.pas_duree, 'an')} de durée restante"
    who = f"Les {SHOWN} réservataires qui ont le plus de droits. " if len(first) > SHOWN else ""
    heading = Heading(
        "Droits uniques selon le taux de rotation",
        f"{who}« {names[0]} » = 100 %. Traits : {steps}",
        f"{etude.dossier.nom}, droits au {etude.lots.jour:%d/%m/%Y}",
    )
    return svg(dots(heading, Axis(f"Droits uniques, par rapport à « {names[0]} »", "%"), series))


def _dots(name: str, base: Mapping[str, float], rows: Rows, steps: Rows) -> Dots:
    exact = {row["reservataire"]: row["exact"] for row in rows if row["choix"] == name}
    around: dict[str, list[float]] = {holder: [] for holder in base}
    for row in steps:
        if row["choix"] == name and row["reservataire"] in base:
            around[row["reservataire"]].append(row["exact"] / base[row["reservataire"]])
    return Dots(
        name,
        list(base),
        [exact[holder] / unit for holder, unit in base.items()],
        [min(reach, default=nan) for reach in around.values()],
        [max(reach, default=nan) for reach in around.values()],
    )


def _steps(steps: Sequence[float], unit: str) -> str:
    shown = ", ".join(f"{step:+g}".replace(".", ",").replace("-", "−") for step in steps)
    return f"{shown} {unit}{'s' if len(steps) > 1 else ''}"
