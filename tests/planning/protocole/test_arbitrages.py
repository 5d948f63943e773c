"""Every point that the concertation left to arbitrate has a setting that is read, and a command that shows it."""

import re
from datetime import datetime

import pytest
from click.testing import CliRunner

from allocator.cli import load_command, main
from allocator.formats.faults import FaultLog
from allocator.formats.keys import Keys
from allocator.planning.protocole.chemins import at, locate, put
from allocator.planning.protocole.lecture import read_settings
from allocator.planning.protocole.parametres import SECTIONS, complete, parametres_of_keys
from allocator.planning.protocole.reports import Origines
from tests.pages import ROOT

PAGE = (ROOT / "docs" / "planner" / "arbitrages.md").read_text(encoding="utf-8")
PROTOCOLE = ROOT / "docs" / "planner" / "cas" / "protocole.toml"
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if re.match(r"\| (\d-\d|R\.441)", line)
]
SETTINGS = sorted(
    {
        key
        for row in ROWS
        for key in re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)`", row[2])
        if key.split(".")[0] in SECTIONS
    }
)
COMMANDS = sorted({command for row in ROWS for command in re.findall(r"`allocator ([^`]+)`", row[4])})

LEFT_OUT = {
    "rotation.taux": "taux.csv",
    "petits.droits": 5,
    "petits.nommes": ["hop93"],
    "conversion.echelles": {"region": "departement"},
}
"""Settings of the page that the example does not set, with a value that its reader takes."""

POINTS = {
    "1-1": ["plafonner"],
    "1-2": ["équilibre des contributions"],
    "1-3": ["validation provisoire"],
    "2-2": ["pondération"],
    "3-1": ["cadre commun", "taux de rotation"],
    "3-2": ["petit réservataire"],
    "3-3": ["part des logements neufs"],
    "4-1": ["al'in"],
    "4-2": ["instance départementale"],
}
"""What the restitution of 27 January 2021 lists under « Les points nécessitant un arbitrage », by theme."""


def faults(values):
    log = FaultLog()
    identite = {"nom": "essai", "bailleur": "essai", "annee": 2026, "source": ""}
    keys = Keys(Origines("essai", ()), (), complete(values, identite), log)
    parametres_of_keys(keys)
    keys.refuse_others()
    return [str(fault) for fault in log.listed()]


@pytest.fixture(scope="module")
def values():
    return dict(read_settings(PROTOCOLE).protocole.values)


@pytest.mark.parametrize(
    ("theme", "words"), [(theme, word) for theme, words in POINTS.items() for word in words]
)
def test_each_point_of_the_concertation_has_its_line(theme, words):
    assert any(row[0] == theme and words in row[1].lower() for row in ROWS)


def test_the_settings_of_the_example_have_no_fault(values):
    assert faults(values) == []


@pytest.mark.parametrize("key", SETTINGS)
def test_each_setting_of_the_page_exists_and_is_read(values, key):
    place = locate(values, key)
    assert place is not None
    if key in LEFT_OUT:
        assert at(values, place) is None
        assert faults(put(values, place, LEFT_OUT[key])) == []
    else:
        assert at(values, place) is not None
    # no reader takes a moment: who refuses it was there to read it
    told = faults(put(values, place, datetime(2026, 1, 1, 8, 30)))
    assert any(key.split(".")[-1] in fault for fault in told), told


def test_no_setting_is_missed_by_the_way_the_page_is_read():
    assert len(SETTINGS) > 30
    assert set(LEFT_OUT) <= set(SETTINGS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_of_the_page_exists(command):
    words = [word for word in command.split() if not word.startswith("--")]
    done = CliRunner().invoke(main, [*words, "--help"])
    assert done.exit_code == 0, done.output
    assert all(word in done.output for word in command.split() if word.startswith("--"))
    assert load_command(words[0]) is not None
