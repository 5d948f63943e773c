"""The benchmark of the ledger runs, on a journal that is small."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.ledger import main
from benchmarks.ledger_years import EVENTS, WAITING
from tests.pages import ROOT


@pytest.mark.slow
def test_the_benchmark_fills_a_journal_and_measures_it(tmp_path: Path) -> None:
    demo = ["--instance", str(ROOT / "instances" / "demo")]
    size = [*demo, "--bailleurs", "2", "--dwellings", "40", "--batch", "50", "--repeat", "1"]
    done = CliRunner().invoke(main, [*size, "--out", str(tmp_path / "ledger")], catch_exceptions=False)
    assert done.exit_code == 0
    lines = (tmp_path / "ledger.csv").read_text(encoding="utf-8").splitlines()
    # dwellings that wait have one event each
    assert lines[1] == f"events recorded,{2 * ((40 - WAITING) * EVENTS + WAITING)},events"
    assert len(lines) == 26
