"""What the benchmark says of a run: seconds, memory, an end to what overruns, and answers that differ."""

import sys
from pathlib import Path

import pytest

from benchmarks.measure import measure
from benchmarks.outcome import Outcome, TierOutcome
from benchmarks.peers.tables import answer, ratio, report
from benchmarks.report import gap_of, gap_text


def outcome(
    name: str, whole: float, solve: float, *tiers: TierOutcome, ended: str = "proven", instance: str = "one"
) -> Outcome:
    phases = {"read": 0.0, "build": 0.1, "solve": solve, "write": 0.0}
    return Outcome(instance, name, name, name, 100, phases, whole, whole, 50.0, tiers, ended, True)


OURS = outcome("allocator", 0.5, 0.2, TierOutcome("petits", 1.0, 1.0), TierOutcome("souhaits", 20.0, 20.0))


def test_a_command_is_measured_with_the_memory_of_all_that_it_starts(tmp_path: Path) -> None:
    child = "x = bytearray(150_000_000); import time; time.sleep(0.5)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}]); print('done')"
    measured = measure([sys.executable, "-c", code], 30.0, tmp_path)
    assert measured.output == "done\n"
    assert measured.code == 0
    assert measured.megabytes > 150
    assert 0.5 <= measured.seconds < 30


def test_a_command_that_overruns_is_killed_with_all_that_it_started(tmp_path: Path) -> None:
    child = "import time; time.sleep(60)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    measured = measure([sys.executable, "-c", code], 1.0, tmp_path)
    assert measured.killed
    assert measured.code == -9
    assert measured.seconds < 30


def test_an_answer_that_differs_is_told_by_its_first_tier() -> None:
    worse = outcome("scip", 9.0, 8.0, TierOutcome("petits", 1.0, 1.0), TierOutcome("souhaits", 20.5, 20.0))
    better = outcome("scip", 9.0, 8.0, TierOutcome("petits", 0.0, 0.0), TierOutcome("souhaits", 99.0, 20.0))
    same = outcome("scip", 9.0, 8.0, TierOutcome("petits", 1.0, 1.0), TierOutcome("souhaits", 20.00001, 20.0))
    assert answer(worse, OURS) == "souhaits +0.5"
    assert answer(better, OURS) == "petits -1"
    assert answer(same, OURS) == "as ours"
    assert answer(outcome("scip", 9.0, 8.0), OURS) == "none"


def test_a_peer_is_charged_its_solver_alone_and_the_whole_limit_when_it_was_killed() -> None:
    assert ratio(outcome("scip", 9.0, 8.0), OURS, limit=300) == pytest.approx(16)
    assert ratio(outcome("scip", 430.0, 8.0, ended="killed"), OURS, limit=300) == pytest.approx(600)
    assert ratio(OURS, OURS, limit=300) == 1


def test_a_gap_is_relative_to_the_value_and_absolute_below_one() -> None:
    assert gap_of(0.5, 0.4) == pytest.approx(0.1)
    assert gap_of(200.0, 100.0) == pytest.approx(0.5)
    assert gap_of(200.0, None) is None
    assert [gap_text(gap) for gap in (None, 1e-6, 2e-5, 0.0123)] == ["—", "proven", "2.0e-05", "1.2 %"]


def test_the_report_has_a_table_a_csv_and_a_plot_and_no_path_of_this_machine(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="extra bench")
    peer = outcome("scip", 430.0, 8.0, TierOutcome("petits", 1.0, 1.0), TierOutcome("souhaits", 20.5, None))
    report(tmp_path / "peers", "reference", 300, [OURS, peer])
    texts = [(tmp_path / f"peers.{suffix}").read_text(encoding="utf-8") for suffix in ("md", "csv", "svg")]
    assert "| one | 100 | scip | scip | 1 of 2 |" in texts[0]
    assert "souhaits,20.5,," in texts[1]
    assert not any(str(tmp_path) in text or str(Path.home()) in text for text in texts)
