"""Charts say what they were given, in French, to those who see colours and to those who do not."""

import io
import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.charts import Axis, Band, Chart, Heading, Line, Points, course, png, scatter, svg
from allocator.charts.lorenz import cumulated, gini
from allocator.charts.style import COLOURS
from allocator.formats import BadInput
from tests.charts.gallery import AMOUNT, HEADING, MONTHS, gallery

CHARTS = gallery()
MOIS = ["févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]

KINDS = pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)


def texts(chart: Chart) -> list[str]:
    """Return what is written in a chart."""
    tree = ElementTree.parse(io.BytesIO(svg(chart)))
    return [element.text or "" for element in tree.iter() if element.tag.endswith(("}text", "}tspan"))]


@KINDS
def test_a_chart_has_its_title_its_source_and_what_is_read_aloud(chart: Chart) -> None:
    assert {"Titre d'essai", "Bailleur d'essai, 2026", "Source : prévision du 12/01/2026"} <= set(
        texts(chart)
    )
    root = ElementTree.fromstring(svg(chart))
    assert root.get("role") == "img"
    assert root.get("aria-label") == root[0].text == "Un essai <lu> & dit"
    assert root[0].tag.endswith("}title")


@KINDS
def test_the_same_chart_gives_the_same_bytes(chart: Chart) -> None:
    assert svg(chart) == svg(chart)
    assert png(chart, 1) == png(chart, 1)


@pytest.mark.slow
def test_another_process_gives_the_same_bytes_whatever_its_clock_says() -> None:
    code = (
        "import sys; from allocator.charts import svg; from tests.charts.gallery import gallery; "
        "sys.stdout.buffer.write(b''.join(svg(chart) for chart in gallery().values()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env={"TZ": "America/Cayenne"}, check=True
    )
    assert done.stdout == b"".join(svg(chart) for chart in CHARTS.values())


def test_a_picture_has_as_many_pixels_as_it_is_asked_for() -> None:
    small, large = (png(CHARTS["lorenz"], scale) for scale in (1, 2))
    assert small.startswith(b"\x89PNG")
    widths = [int.from_bytes(picture[16:20], "big") for picture in (small, large)]
    assert widths[1] == 2 * widths[0]


def test_two_charts_of_a_page_share_no_name() -> None:
    names = [set(re.findall(rb' id="([^"]+)"', svg(CHARTS[kind]))) for kind in ("heat_map", "diverging")]
    assert all(names)
    assert not names[0] & names[1]


def test_dates_and_numbers_are_french() -> None:
    found = texts(CHARTS["course"])
    assert found[: 1 + len(MOIS)] == ["2026", *MOIS]
    assert "14\u202f000" in found
    assert {"12,5", "−3,0"} <= set(texts(CHARTS["bars"]))
    assert {"0,1", "1\u202f000"} <= set(texts(CHARTS["scatter"]))
    assert "100\u202f%" in texts(CHARTS["reliability"])


def test_axes_have_units() -> None:
    for kind, title in (
        ("course", "Cumul (logements)"),
        ("scatter", "Temps (s)"),
        ("dots", "Taux (% par an)"),
    ):
        assert title in texts(CHARTS[kind])
    assert "Axe vertical : Cumul (logements)" in texts(CHARTS["panels"])


def test_panels_bars_and_cells_keep_the_order_that_they_were_given_in() -> None:
    assert [text for text in texts(CHARTS["panels"]) if text.startswith("Famille")] == [
        *("Famille 3", "Famille 1", "Famille 2")
    ]
    assert texts(CHARTS["bars"])[:6] == ["référence", "retard", "État", "référence", "retard", "EPCI"]
    assert "–" in texts(CHARTS["heat_map"])


def test_colour_is_never_alone() -> None:
    lines = [Line(f"scénario {number}", MONTHS, np.arange(12.0) + number) for number in range(9)]
    drawn = svg(course(HEADING, AMOUNT, lines)).decode()
    strokes = re.findall(r'<path aria-label="[^"]*scénario \d"[^>]*?(stroke="#\w+"[^>]*)/>', drawn)
    told = {re.sub(r' (?:stroke-width|d)="[^"]*"', "", stroke) for stroke in strokes}
    assert len(lines) > len(COLOURS)
    assert len(told) == len(lines)


@pytest.mark.parametrize("colour", COLOURS)
def test_the_first_colours_stand_out_from_white(colour: str) -> None:
    channels = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    contrast = 1.05 / (float(linear @ [0.2126, 0.7152, 0.0722]) + 0.05)
    assert contrast >= (3.0 if colour in COLOURS[:4] else 2.2)


def test_an_amount_holds_until_the_next_date_and_the_last_one_as_long() -> None:
    dates = np.array(["2026-01-01", "2026-02-01", "2026-03-01"], "datetime64[D]")
    chart = course(HEADING, AMOUNT, [Line("a", dates, [1, 2, 3])], [Band("a", dates, [0, 1, 2], [2, 3, 4])])
    rows = next(iter(values for values in chart["datasets"].values() if len(values) > 1))
    ends = [np.datetime64(row["date"], "ms").astype("datetime64[D]").item().isoformat() for row in rows]
    assert ends == [*("2026-01-01", "2026-02-01", "2026-03-01", "2026-03-29")] * 2
    assert [row["value"] for row in rows[:4]] == [1, 2, 3, 3]
    assert [row["high"] for row in rows[4:]] == [2, 3, 4, 4]


def test_a_chart_of_nothing_is_drawn() -> None:
    assert "Cumul (logements)" in texts(course(HEADING, AMOUNT, []))


def test_a_logarithmic_axis_refuses_what_it_cannot_show() -> None:
    with pytest.raises(ValueError, match="no place for zero: Temps"):
        scatter(HEADING, Axis("Taille"), Axis("Temps", "s", log=True), [Points("a", [1, 2], [0, 1])])


def test_long_words_go_on_several_lines() -> None:
    heading = Heading("un deux trois " * 10, "quatre cinq " * 20, "six sept " * 30)
    found = texts(course(heading, AMOUNT, [Line("a", MONTHS, np.arange(12.0))]))
    assert " ".join(found).count("deux") == 10
    assert max(len(text) for text in found) <= 108


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
def test_a_lorenz_curve_is_below_the_diagonal_and_convex(values: list[float]) -> None:
    curve = cumulated(values)
    if sum(values) == 0:
        assert np.isnan(gini(values))
        return
    assert curve[0] == 0
    assert curve[-1] == pytest.approx(1)
    assert (curve <= np.linspace(0, 1, len(curve)) + 1e-9).all()
    assert (np.diff(curve, 2) >= -1e-9).all()


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=20))
def test_the_index_of_gini_is_the_mean_difference_over_twice_the_mean(values: list[float]) -> None:
    amounts = np.array(values)
    pairs = np.abs(amounts[:, None] - amounts[None, :]).mean()
    assert gini(values) == pytest.approx(pairs / (2 * amounts.mean()), abs=1e-9)


@pytest.mark.parametrize("absent", ["altair", "vl_convert"])
def test_without_the_extra_one_line_says_what_to_install(
    absent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, absent, None)
    with pytest.raises(BadInput) as caught:
        svg(course(HEADING, AMOUNT, []))
    told = f"graphiques: {absent} n'est pas installé : pip install 'allocator[charts]'"
    assert caught.value.render() == told
