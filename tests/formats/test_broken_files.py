"""Every mistake in an instance is told by its file, its line and its column, in French, all at once."""

from pathlib import Path
from typing import Any

import pytest

from allocator.formats import BadInput, read_instance
from tests.formats.corpus import cases, told
from tests.formats.files import VALID, changed, faults, write_files


def test_the_instance_that_the_corpus_breaks_is_valid_and_gives_no_warning(tmp_path: Path) -> None:
    warnings: list[str] = []
    instance = read_instance(write_files(tmp_path, VALID), warnings.append)
    assert len(instance.liberations) == 4
    assert warnings == []


@pytest.mark.parametrize("case", cases("broken_instances.toml"))
def test_a_mistake_is_told_exactly(case: dict[str, Any], tmp_path: Path) -> None:
    files = changed(case["file"], case["old"], case["new"])
    assert faults(tmp_path, files) == told(case, case["file"])


def test_the_faults_of_all_files_come_in_one_go_in_the_contracts_order(tmp_path: Path) -> None:
    files = {
        **VALID,
        "historique.csv": VALID["historique.csv"].replace("T1", "T0"),
        "conventions.csv": VALID["conventions.csv"].replace(",30,", ",300,"),
        "instance.toml": VALID["instance.toml"].replace("nom", "nim"),
        "liberations.csv": VALID["liberations.csv"].replace("T6", "T8").replace("T2", "T7"),
    }
    assert [line.split(": ")[0] for line in faults(tmp_path, files)] == [
        "instance.toml:1",
        "conventions.csv:2",
        "liberations.csv:4",
        "liberations.csv:5",
        "historique.csv:3",
    ]


@pytest.mark.parametrize(
    "name", ["instance.toml", "territoires.csv", "reservataires.csv", "conventions.csv", "liberations.csv"]
)
def test_a_required_file_that_is_missing_is_told_without_blaming_the_files_that_need_it(
    name: str, tmp_path: Path
) -> None:
    files = {file: text for file, text in VALID.items() if file != name}
    assert faults(tmp_path, files) == [f"{name}: fichier absent"]


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "historique.csv").mkdir()
    files = {file: text for file, text in VALID.items() if file != "historique.csv"}
    assert faults(tmp_path, files) == [
        "historique.csv: un dossier porte ce nom, un fichier était attendu",
    ]


def test_an_empty_file_is_told_with_the_header_that_was_expected(tmp_path: Path) -> None:
    assert faults(tmp_path, {**VALID, "conventions.csv": " \n"}) == [
        "conventions.csv: fichier vide, attendu : reservataire,territoire",
    ]


def test_rows_left_out_as_malformed_are_not_missed_by_other_files(tmp_path: Path) -> None:
    files = changed("territoires.csv", "200057867,93,A,", "200057867,93,A")
    assert faults(tmp_path, files) == ["territoires.csv:3: 5 champs au lieu de 6"]


def test_a_path_that_is_no_instance_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("…", encoding="utf-8")
    for name, what in (("nulle-part", "absent"), ("notes.txt", "ce n'est pas une instance")):
        path = tmp_path / name
        with pytest.raises(BadInput) as caught:
            read_instance(path)
        assert caught.value.render() == f"{path}: {what} : un dossier ou un classeur .xlsx était attendu"


def test_the_first_hundred_faults_are_listed_and_the_others_counted(tmp_path: Path) -> None:
    rows = [f"X{row},2025-01-01,93048,T9,PLUS,oui,flux," for row in range(150)]
    files = {**VALID, "liberations.csv": VALID["liberations.csv"] + "\n".join(rows)}
    files = {**files, "historique.csv": VALID["historique.csv"].replace("T1", "T0")}
    lines = faults(tmp_path, files)
    assert len(lines) == 101
    assert lines[0].startswith("liberations.csv:6: typologie: ")
    assert lines[99].startswith("liberations.csv:105: typologie: ")
    assert lines[100] == "… et 51 autres fautes."


def test_one_fault_more_than_a_hundred_is_counted_in_the_singular(tmp_path: Path) -> None:
    rows = [f"X{row},2025-01-01,93048,T9,PLUS,oui,flux," for row in range(101)]
    files = {**VALID, "liberations.csv": VALID["liberations.csv"] + "\n".join(rows)}
    assert faults(tmp_path, files)[100:] == ["… et 1 autre faute."]
