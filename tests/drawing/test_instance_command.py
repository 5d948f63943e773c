"""``allocator instance draw`` writes what the contract reads, the same bytes each time."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from allocator.cli.instance import instance_command
from allocator.drawing import DrawSettings, draw
from allocator.formats import read_instance, write_instance

INSTANCES = Path(__file__).parents[2] / "instances"


def run(*arguments):
    return CliRunner().invoke(instance_command, ["draw", *map(str, arguments)])


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".csv", ".toml")}


def documented_command(folder):
    """Arguments after ``allocator instance draw DOSSIER`` in the page of a stored instance."""
    page = (folder / "README.md").read_text(encoding="utf-8")
    command = re.search(r"^allocator instance draw (.*(?:(?<=\\)\n.*)*)$", page, re.MULTILINE)
    assert command, f"{folder.name}: no command in its page"
    return shlex.split(command[1].replace("\\\n", " "))[1:]


def test_the_same_command_writes_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        assert run(tmp_path / name, "--seed", 7, "--size", 900, "--departements", "91,94").exit_code == 0
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_another_seed_writes_other_bytes(tmp_path):
    for seed in (7, 8):
        run(tmp_path / str(seed), "--seed", seed, "--departements", "91")
    one, two = contents(tmp_path / "7"), contents(tmp_path / "8")
    assert all(one[name] != two[name] for name in one)


@pytest.mark.parametrize(
    "settings",
    [
        DrawSettings(seed=1),
        DrawSettings(seed=2, size=1),
        DrawSettings(seed=3, size=40, departements=("75",), bailleur=5.0),
        DrawSettings(seed=4, size=3000, tension=0.4, petits=5.0, conflict=1.0),
        DrawSettings(seed=5, size=3000, tension=1.0, petits=0.0, conflict=0.0, historique=False),
        DrawSettings(seed=6, size=200, departements=("77",), copies=4, tied=True, annee=2024),
        DrawSettings(seed=7, size=200, departements=("93",), copies=4),
        DrawSettings(seed=8, size=8000, communes=230),
    ],
    ids=str,
)
def test_what_is_drawn_is_what_is_read_and_nothing_is_wrong_with_it(tmp_path, settings):
    drawn = draw(settings)
    write_instance(drawn, tmp_path / "drawn")
    warnings = []
    read = read_instance(tmp_path / "drawn", warnings.append)
    assert warnings == []
    assert read.liberations.id == drawn.liberations.id
    assert read.conventions.territoire == drawn.conventions.territoire
    assert read.indicatifs.modalite == drawn.indicatifs.modalite


def test_promising_what_does_not_exist_is_warned_of(tmp_path):
    write_instance(draw(DrawSettings(seed=1, tension=1.4)), tmp_path / "drawn")
    warnings = []
    read_instance(tmp_path / "drawn", warnings.append)
    assert len(warnings) == 1
    assert "100 %" in warnings[0]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--departements", "69"),
        ("--departements", ""),
        ("--size", "0"),
        ("--size", "beaucoup"),
        ("--size", "10", "--stock", "10"),
        ("--tension", "nan"),
        ("--copies", "0"),
        ("--size", "9000", "--communes", "2", "--departements", "77"),
        ("--seed", "-1"),
    ],
    ids=" ".join,
)
def test_bad_settings_exit_2_and_write_nothing(tmp_path, arguments):
    result = run(tmp_path / "out", *arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["demo", "oph-dept", "esh-idf"])
def test_a_stored_instance_is_the_draw_that_its_page_documents(tmp_path, name):
    result = run(tmp_path / "again", *documented_command(INSTANCES / name))
    assert result.exit_code == 0, result.output
    assert contents(tmp_path / "again") == contents(INSTANCES / name)


@pytest.mark.parametrize("name", ["demo", "oph-dept", "esh-idf"])
def test_the_page_of_the_instances_counts_what_is_stored(name):
    page = (INSTANCES / "README.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| [`{name}`]"))
    instance = read_instance(INSTANCES / name)
    told = [int(re.sub(r"\D", "", cell.partition(",")[0])) for cell in row.split("|")[2:8]]
    assert told == [
        len(instance.liberations),
        len(instance.liberations.en_flux),
        len(instance.territoires),
        len(instance.reservataires),
        len(instance.conventions),
        len(instance.indicatifs),
    ]
