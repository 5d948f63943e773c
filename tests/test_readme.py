"""The README keeps its promises: each command that it shows is run, and prints what it shows."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.pages import ROOT, commands, matches, play, shown

PAGES = (ROOT / "README.md", ROOT / "LISEZMOI.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_the_page_runs_and_prints_what_it_shows(page: Path, tmp_path: Path) -> None:
    assert play(page, tmp_path) > 0


def test_the_french_page_mirrors_the_english_one() -> None:
    english, french = (page.read_text(encoding="utf-8") for page in PAGES)
    assert commands(PAGES[0]) == commands(PAGES[1])
    for mark in (r"^#+ ", r"^\|", r"^```"):
        assert len(re.findall(mark, english, re.MULTILINE)) == len(re.findall(mark, french, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_the_page_points_to_is_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (ROOT / link).exists()]
    assert not missing


@pytest.mark.slow
def test_a_newcomer_sees_it_work_with_one_command(tmp_path: Path) -> None:
    """``make demo`` installs in a fresh copy, solves and checks; a second run installs nothing."""
    clone = tmp_path / "clone"
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")[:-1]
    for name in tracked:
        if (ROOT / name).exists():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, clone / name, follow_symlinks=False)
    first, second = _demo(clone), _demo(clone)
    for page in PAGES:
        assert matches(shown(page, "make demo"), first)
    assert "Installation" in first
    assert "Installation" not in second
    written = {path.name for path in (clone / "resultats" / "demo").iterdir()}
    assert written == {"preorientations.csv", "ecarts.csv", "solution.json"}


def _demo(clone: Path) -> str:
    done = subprocess.run(
        ["make", "demo"], cwd=clone, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
