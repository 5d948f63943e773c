"""``allocator solve`` as its user calls it: files, exit codes, deadlines, signals, the same bytes twice."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from allocator.drawing import DrawSettings, draw
from allocator.formats import write_instance

ALLOCATOR = [sys.executable, "-c", "from allocator.cli import main; main()"]
FILES = ("preorientations.csv", "ecarts.csv")


def run(*arguments: str | Path, **options: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*ALLOCATOR, *map(str, arguments)], capture_output=True, text=True, check=False, **options
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "instance"
    write_instance(draw(DrawSettings(seed=5, size=120, departements=("94",), communes=4)), folder)
    return folder


@pytest.fixture(scope="module")
def two_parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parts") / "instance"
    settings = DrawSettings(seed=8, size=1_300, departements=("92",), communes=6, copies=2)
    write_instance(draw(settings), folder)
    return folder


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large") / "instance"
    write_instance(draw(DrawSettings(seed=9, size=20_000)), folder)
    return folder


def test_json_is_solution_json_and_nothing_else_is_on_standard_output(demo: Path, tmp_path: Path) -> None:
    ended = run("solve", demo, "--model", "reference", "--out", tmp_path / "out", "--json")
    assert ended.returncode == 0
    assert json.loads(ended.stdout) == json.loads((tmp_path / "out" / "solution.json").read_text())
    assert json.loads(ended.stdout)["status"] == "optimal"


def test_the_summary_speaks_of_the_due_the_received_and_the_proof(demo: Path, tmp_path: Path) -> None:
    ended = run("solve", demo, "--model", "reference", "--out", tmp_path / "out")
    assert ended.stdout == ""
    for words in ("dû", "reçu", "Plus grands écarts", "Optimum prouvé", "preorientations.csv"):
        assert words in ended.stderr


@pytest.mark.parametrize("model", ["reference", "egalitaire"])
def test_check_agrees_with_what_solve_wrote(demo: Path, tmp_path: Path, model: str) -> None:
    assert run("solve", demo, "--model", model, "--out", tmp_path).returncode == 0
    assert run("check", demo, tmp_path, "--model", model).returncode == 0


def test_the_bytes_do_not_depend_on_the_number_of_threads(two_parts: Path, tmp_path: Path) -> None:
    for threads in ("1", "2"):
        arguments = ("solve", two_parts, "--model", "reference", "--out", tmp_path / threads)
        assert run(*arguments, "--threads", threads).returncode == 0
    for name in FILES:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_a_short_time_limit_ends_with_a_feasible_answer_its_bounds_and_code_3(
    large: Path, tmp_path: Path
) -> None:
    ended = run("solve", large, "--model", "reference", "--out", tmp_path, "--time-limit", "0.2", "--json")
    document = json.loads(ended.stdout)
    assert ended.returncode == 3
    assert document["status"] == "feasible"
    assert all(tier["bound"] <= tier["value"] for tier in document["tiers"])
    assert run("check", large, tmp_path, "--model", "reference").returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_with_the_best_answer_so_far_and_code_3(
    large: Path, tmp_path: Path, number: signal.Signals
) -> None:
    command = [*ALLOCATOR, "solve", str(large), "--model", "reference", "--out", str(tmp_path), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    child = _child_of(process)
    process.send_signal(number)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 3
    assert json.loads(output)["status"] == "feasible"
    assert run("check", large, tmp_path, "--model", "reference").returncode == 0
    assert _gone(child)


def test_a_killed_command_leaves_no_child_behind(large: Path, tmp_path: Path) -> None:
    command = [*ALLOCATOR, "solve", str(large), "--model", "reference", "--out", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    child = _child_of(process)
    process.kill()
    process.wait()
    assert _gone(child)


def test_a_bad_instance_lists_its_faults_writes_nothing_and_ends_with_code_2(
    demo: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "instance"
    broken.mkdir()
    for source in demo.iterdir():
        (broken / source.name).write_bytes(source.read_bytes())
    (broken / "conventions.csv").write_text("reservataire,territoire,part\nx,commune:00000,12\n")
    ended = run("solve", broken, "--model", "reference", "--out", tmp_path / "out")
    assert ended.returncode == 2
    assert "conventions.csv:2: reservataire:" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("solver", ["nimporte", "pulp:NIMPORTE"])
def test_an_unknown_solver_is_bad_usage(demo: Path, tmp_path: Path, solver: str) -> None:
    ended = run("solve", demo, "--model", "reference", "--out", tmp_path / "out", "--solver", solver)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr


def _child_of(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> int:
    """Wait for the command to start its child, and return that child's number."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    for _ in range(1_000):
        numbers = children.read_text().split()
        if numbers:
            time.sleep(0.3)
            return int(numbers[0])
        time.sleep(0.01)
    raise AssertionError("no child was started")


def _gone(number: int) -> bool:
    for _ in range(500):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return True
        if "Z" in Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0]:
            return True
        time.sleep(0.01)
    return False
