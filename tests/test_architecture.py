"""The house rules that no linter knows."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
LONGEST = 400
MACHINE_PATH = re.compile(r"(?<![\w.~/-])/(?:work|farm|root|home|tmp)/\w")
REGISTRY = re.compile(r"pypi[.]org|pythonhosted[.]org|registry[.]npmjs")


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [path for name in listed.split("\0")[:-1] if (path := ROOT / name).is_file()]


def test_rooms_import_in_one_direction_only() -> None:
    done = subprocess.run(
        [BIN / "lint-imports", "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_help_page_loads_neither_arrays_nor_solvers() -> None:
    code = (
        "import sys; from allocator.cli import main; main(['--help'], standalone_mode=False); "
        "sys.exit(str([name for name in ('numpy', 'pandas', 'scipy', 'highspy', 'ortools', 'pulp') "
        "if name in sys.modules] or ''))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""
    assert "solve" in done.stdout


def test_no_tracked_file_has_a_path_of_a_machine_or_the_host_of_a_registry() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}: {match[0]}"
            for rule in (MACHINE_PATH, REGISTRY)
            for match in rule.finditer(text)
        ]
    assert not found


@pytest.mark.parametrize("path", tracked("*.py"), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST
