"""The documentation is true: its examples run, and it holds no table that the program could contradict."""

from pathlib import Path

import pytest

from allocator.formats.table_schema import schema_texts
from tests.pages import ROOT, play

PAGES = sorted(
    page
    for page in (ROOT / "docs").rglob("*.md")
    if "_build" not in page.parts
    and ("```console" in (text := page.read_text("utf-8")) or "```python" in text)
)

SLOW = {"cas-pratique.md"}
"""Pages that play a whole case: the steps before the first morning, one after the other."""


@pytest.mark.parametrize(
    "page",
    [pytest.param(page, marks=pytest.mark.slow if page.name in SLOW else ()) for page in PAGES],
    ids=lambda page: str(page.relative_to(ROOT / "docs")),
)
def test_the_examples_of_a_page_run_and_print_what_it_shows(page: Path, tmp_path: Path) -> None:
    assert play(page, tmp_path) > 0


def test_the_published_schemas_are_those_that_validate() -> None:
    published = {
        path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "schemas").iterdir()
    }
    assert published == schema_texts()
