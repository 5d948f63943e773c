"""Files that are something else altogether: refused at once, with a line, without filling the memory."""

import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from allocator.formats import BadInput, read_instance, read_model
from tests.formats.files import VALID, faults, write_files

HEADER = "id,date,commune,typologie,financement,qpv,statut\n"


def test_a_nul_byte_is_told_with_its_line(tmp_path: Path) -> None:
    files = {**VALID, "conventions.csv": VALID["conventions.csv"].replace("ville", "vil\0e")}
    assert faults(tmp_path, files) == [
        "conventions.csv:4: octet nul, ce n'est pas un fichier de texte : un texte en UTF-8 était attendu",
    ]


def test_utf16_is_told_as_such(tmp_path: Path) -> None:
    files = {**VALID, "conventions.csv": VALID["conventions.csv"].encode("utf-16")}
    assert faults(tmp_path, files) == [
        "conventions.csv:1: fichier en UTF-16 : un texte en UTF-8 était attendu"
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_bytes_that_are_not_utf8_are_told_once_with_the_other_faults_of_the_file(
    newline: str, tmp_path: Path
) -> None:
    text = VALID["territoires.csv"].replace("B1", "B3").replace("\n", newline)
    assert faults(tmp_path, {**VALID, "territoires.csv": text.encode("cp1252")}) == [
        "territoires.csv:4: octet 0xE9 illisible en UTF-8 : "
        "enregistrez le fichier en UTF-8 (« CSV UTF-8 » dans un tableur)",
        "territoires.csv:4: zone: « B3 » inconnu, attendu Abis, A, B1, B2 ou C",
    ]


def test_a_nul_byte_in_toml_is_told_with_its_line(tmp_path: Path) -> None:
    files = {**VALID, "instance.toml": VALID["instance.toml"].replace("inventée", "inv\0")}
    assert faults(tmp_path, files) == [
        "instance.toml:5: octet nul, ce n'est pas un fichier de texte : un texte en UTF-8 était attendu",
    ]


def test_a_model_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "model.toml"
    path.write_bytes("format = 1\nnom = 'égalité'".encode("cp1252"))
    with pytest.raises(BadInput, match=r"model\.toml:2: octet 0xE9 illisible en UTF-8"):
        read_model(path)


def test_a_field_longer_than_any_field_is_told(tmp_path: Path) -> None:
    files = {**VALID, "reservataires.csv": VALID["reservataires.csv"].replace("als", "a" * 200_000)}
    assert faults(tmp_path, files)[0] == (
        "reservataires.csv:3: champ de plus de 131 072 caractères, un guillemet n'est peut-être pas fermé "
        ": lecture abandonnée"
    )


def test_an_identifier_longer_than_any_identifier_is_told_in_short(tmp_path: Path) -> None:
    files = {**VALID, "liberations.csv": VALID["liberations.csv"].replace("L3", "L" * 201)}
    assert faults(tmp_path, files) == [f"liberations.csv:4: id: « {'L' * 40}… » dépasse 200 caractères"]


def test_a_value_of_control_characters_is_shown_printable(tmp_path: Path) -> None:
    files = {**VALID, "liberations.csv": VALID["liberations.csv"].replace("T6", "\x1b[31m")}
    assert faults(tmp_path, files) == [
        "liberations.csv:5: typologie: « �[31m » inconnu, attendu T1, T2, T3, T4, T5 ou T6",
    ]


def test_a_toml_of_brackets_is_told(tmp_path: Path) -> None:
    path = tmp_path / "model.toml"
    path.write_text("a = " + "[" * 100_000, encoding="utf-8")
    with pytest.raises(BadInput, match=r"model\.toml: valeurs emboîtées trop profondément"):
        read_model(path)


def _large(folder: Path, head: bytes, block: bytes) -> Path:
    """Write 200 MB: a head, then one block over and over."""
    write_files(folder, VALID)
    with (folder / "liberations.csv").open("wb") as file:
        file.write(head)
        large = block * (1_000_000 // len(block))
        for _ in range(200):
            file.write(large)
    return folder


@contextmanager
def _quickly_and_lightly() -> Iterator[None]:
    """Require less than 5 seconds of processor (about 1 if idle) and three times the file in memory."""
    tracemalloc.start()
    start = time.process_time()
    try:
        yield
        assert time.process_time() - start < 5
        assert tracemalloc.get_traced_memory()[1] < 650_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("head", "block", "first"),
    [
        (b"", bytes(range(256)), "liberations.csv:1: octet nul"),
        (b"", b"\xfe\xff\x80", "liberations.csv:1: octet 0xFE illisible"),
        (b"", b"garbage ", "liberations.csv:1: ligne de plus de 1 Mo"),
        (b"", b"\n", "liberations.csv: fichier vide"),
        (b"", b'"', "liberations.csv:1: ligne de plus de 1 Mo"),
        (HEADER.encode(), bytes(range(1, 128)), "liberations.csv:2: 1 champ au lieu de 7"),
        (HEADER.encode(), b"garbage ", "liberations.csv:2: ligne de plus de 1 Mo"),
        (HEADER.encode(), b"garbage\n", "liberations.csv:2: 1 champ au lieu de 7"),
    ],
)
def test_two_hundred_megabytes_of_garbage_are_refused_quickly(
    head: bytes, block: bytes, first: str, tmp_path: Path
) -> None:
    folder = _large(tmp_path, head, block)
    with _quickly_and_lightly(), pytest.raises(BadInput) as caught:
        read_instance(folder)
    assert str(caught.value.faults[0]).startswith(first)


def test_rows_of_garbage_under_a_good_header_are_given_up_early(tmp_path: Path) -> None:
    rows = "".join(f"{row},b,c,d{row},e,f,g\n" for row in range(3000))
    assert faults(tmp_path, {**VALID, "liberations.csv": HEADER + rows}) == [
        "liberations.csv: typologie: trop de valeurs différentes pour cette colonne : lecture abandonnée",
    ]


def test_rows_of_garbage_after_a_malformed_one_are_given_up_early(tmp_path: Path) -> None:
    rows = "".join(f"{row},b,c,d{row},e,f,g\n" for row in range(3000))
    assert faults(tmp_path, {**VALID, "liberations.csv": HEADER + "garbage\n" + rows}) == [
        "liberations.csv: typologie: trop de valeurs différentes pour cette colonne : lecture abandonnée",
        "liberations.csv:2: 1 champ au lieu de 7",
    ]


def test_a_file_of_malformed_rows_is_given_up_early(tmp_path: Path) -> None:
    lines = faults(tmp_path, {**VALID, "liberations.csv": HEADER + "garbage\n" * 3000})
    assert lines[99:] == ["liberations.csv:101: 1 champ au lieu de 7", "… et 902 autres fautes."]


def test_a_small_table_of_two_hundred_megabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    write_files(tmp_path, VALID)
    with (tmp_path / "conventions.csv").open("r+b") as file:
        file.seek(200_000_000)
        file.write(b"\n")
    with _quickly_and_lightly(), pytest.raises(BadInput) as caught:
        read_instance(tmp_path)
    assert caught.value.render() == "conventions.csv: fichier trop gros, 64 Mo au plus étaient attendus"
