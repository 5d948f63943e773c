"""The picture of a year: axes that read well whatever they span, and lines that stand where they should."""

import io
from datetime import date, timedelta
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import Model
from allocator.policies.pratique import pratique
from allocator.policies.replaying.course import course
from allocator.policies.replaying.picture import write_picture
from allocator.policies.replaying.replay import replay
from allocator.policies.replaying.svg import Panel
from tests.builders import Holder, Promise, Release, make_instance

MODEL = Model("vide", "", "", ())
DEBUT = date(2025, 1, 1)


def labels(panel: Panel) -> tuple[list[str], list[str]]:
    """Return the words of the amounts and of the days."""
    texts = [ElementTree.fromstring(line) for line in panel.axes() if line.startswith("<text")]
    words = [(found.attrib["text-anchor"], found.text or "") for found in texts]
    return [text for anchor, text in words if anchor == "end"], [
        text for anchor, text in words if anchor == "middle"
    ]


@given(st.floats(0, 1e5), st.integers(1, 1500))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_the_axes_name_few_amounts_and_few_days_and_hold_everything(high: float, length: int) -> None:
    panel = Panel(10, 20, 300, 100, DEBUT, DEBUT + timedelta(length - 1), high)
    amounts, days = labels(panel)
    numbers = [float(text.replace("\u202f", "")) for text in amounts]
    assert 2 <= len(numbers) <= 7
    assert numbers[0] == 0
    assert numbers[-1] >= high - 1e-6
    assert len(set(np.diff(numbers))) == 1
    assert 1 <= len(days) <= 6
    assert panel.y(0) == pytest.approx(120)
    assert panel.y(numbers[-1]) == pytest.approx(20)


def test_a_line_keeps_an_amount_until_the_next_day_and_the_last_one_to_the_end() -> None:
    panel = Panel(0, 0, 100, 50, DEBUT, DEBUT + timedelta(9), 5.0)
    days = np.array([DEBUT, DEBUT + timedelta(4)], dtype="datetime64[D]")
    corners = panel.steps(days, np.array([1.0, 5.0]))
    assert corners == [(0, pytest.approx(40)), (40, pytest.approx(40)), (40, 0), (100, 0)]
    assert panel.steps(days[:0], np.empty(0)) == []


def test_names_are_written_as_they_are_and_the_famille_says_what_it_had() -> None:
    instance = make_instance(
        holders=[Holder("a", "employeur")],
        promises=[Promise("a", part=50)],
        releases=[Release(), Release(), Release()],
    )
    result = replay(instance, MODEL, pratique)
    file = io.StringIO()
    write_picture(file, instance, result, course(instance, result), "règle <&> « essai »")
    words = list(ElementTree.fromstring(file.getvalue()).itertext())
    assert any("règle <&> « essai »" in text for text in words)
    assert "Employeurs (1 réservataire)" in words
    assert "dû 1,5, reçu 2" in words
