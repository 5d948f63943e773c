"""One journal for all the tests of documents: recorded once, never written to again."""

import json
from pathlib import Path

import pytest

from tests.ledger.played import run
from tests.ledger.year_events import Record
from tests.reports.lived import live


@pytest.fixture(scope="package")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("reports") / "flux.db"
    live(where)
    return where


@pytest.fixture(scope="package")
def raw(base: Path) -> list[Record]:
    """Return the events of the journal, as its export has them."""
    lines = run("journal", "export", "--base", base).stdout.splitlines()
    return [json.loads(line) for line in lines]
