"""The benchmark of the years ahead, on years small enough to be looked at."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.trajectory import main


@pytest.mark.slow
def test_three_runs_stand_side_by_side_and_all_are_proven(tmp_path: Path) -> None:
    ended = CliRunner().invoke(main, ["--years", "2", "--size", "400", "--out", str(tmp_path / "years")])
    assert ended.exit_code == 0, ended.output
    lines = (tmp_path / "years.md").read_text("utf-8").splitlines()
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in lines
        if re.match(r"\| (all|each|one) ", line)
    ]
    assert [row[0] for row in rows] == ["all years together", "each year for itself", "one year"]
    assert [row[1] for row in rows] == ["2", "2", "1"]
    flux = [int(row[2]) for row in rows]
    assert flux[0] == flux[1] > flux[2] > 200
    assert all(float(row[8]) <= 0.001 and float(row[9]) <= 0.001 for row in rows)
