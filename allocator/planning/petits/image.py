"""The picture of named years: who is served in which year."""

from allocator.charts import Axis, Heading, Matrix, heat_map, svg
from allocator.planning.petits.nommer import AnneesNommees
from allocator.planning.petits.tableaux import grid


def image(named: AnneesNommees, source: str) -> bytes:
    """Return an SVG: réservataires by years, the colour telling how many dwellings.

    Raises
    ------
    BadInput
        If the extra ``charts`` is not installed.
    """
    heading = Heading(
        "Années nommées des petits réservataires", f"{named.annees[0]}–{named.annees[-1]}", source
    )
    years = Matrix(
        [titulaire.id for titulaire in named.titulaires],
        list(map(str, named.annees)),
        grid(named).astype(float),
    )
    return svg(heat_map(heading, Axis("Logements nommés", "logements"), years))
