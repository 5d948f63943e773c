"""Files that stand together are written together: no interruption leaves a mixture of old and new."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pytest

from allocator.formats import BadInput, read_instance, write_instance
from allocator.formats.writing import Write, write_together
from tests.builders import Release, Wish, make_instance, same

NAMES = ("a", "b", "seal")


def files(text: str) -> dict[str, Write]:
    return {name: lambda file: print(text, file=file) for name in NAMES}


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8").strip() for path in sorted(folder.iterdir())}


def test_the_folder_is_created_with_its_parents(tmp_path: Path) -> None:
    write_together(tmp_path / "x" / "y", files("new"))
    assert contents(tmp_path / "x" / "y") == dict.fromkeys(NAMES, "new")


def test_other_files_stay_and_stale_ones_go(tmp_path: Path) -> None:
    (tmp_path / "README").write_text("mine", encoding="utf-8")
    (tmp_path / "c").write_text("old", encoding="utf-8")
    write_together(tmp_path, files("new"), stale=["c", "never-there"])
    assert contents(tmp_path) == {"README": "mine", **dict.fromkeys(NAMES, "new")}


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_write_that_fails_leaves_the_old_files_whole(failure: BaseException, tmp_path: Path) -> None:
    write_together(tmp_path, files("old"))

    def fail(file: TextIO) -> None:
        file.write("half")
        raise failure

    expected = BadInput if isinstance(failure, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        write_together(tmp_path, {**files("new"), "b": fail})
    assert contents(tmp_path) == dict.fromkeys(NAMES, "old")


@pytest.mark.parametrize("step", range(5))
def test_a_write_interrupted_at_any_step_never_leaves_a_seal_on_a_mixture(
    step: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_together(tmp_path, files("old"))
    steps = iter(range(100))

    def interrupted(action: str) -> None:
        original = getattr(Path, action)

        def act(path: Path, *args: object, **kwargs: object) -> object:
            # the removal of files written aside is no step of the exchange
            if not (action == "unlink" and path.name.startswith(".")) and next(steps) == step:
                raise KeyboardInterrupt
            return original(path, *args, **kwargs)

        monkeypatch.setattr(Path, action, act)

    interrupted("replace")
    interrupted("unlink")
    if step < 4:
        with pytest.raises(KeyboardInterrupt):
            write_together(tmp_path, files("new"))
    else:
        write_together(tmp_path, files("new"))
    found = contents(tmp_path)
    assert set(found) <= set(NAMES)
    assert "seal" not in found or len(set(found.values())) == 1
    assert ("seal" in found) == (step in {0, 4})


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        write_together(path, files("new"))
    told = "écriture impossible : un fichier porte ce nom, un dossier était attendu"
    assert caught.value.render() == f"{path}: {told}"
    with pytest.raises(BadInput, match="un fichier tient lieu de dossier dans ce chemin"):
        write_together(path / "inner", files("new"))
    assert path.read_text(encoding="utf-8") == "mine"


@contextmanager
def as_nobody() -> Iterator[None]:
    """Act for a while as a user to whom things can be refused: nothing is to root."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with as_nobody(), pytest.raises(BadInput, match="écriture impossible : accès refusé"):
        write_together(tmp_path, files("new"))


def test_an_instance_that_replaces_another_leaves_none_of_its_files(tmp_path: Path) -> None:
    write_instance(make_instance(wishes=[Wish("etat", "qpv", "non", 80)], historique=[Release()]), tmp_path)
    new = make_instance()
    write_instance(new, tmp_path)
    assert same(read_instance(tmp_path), new)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "conventions.csv",
        "instance.toml",
        "liberations.csv",
        "reservataires.csv",
        "territoires.csv",
    ]


def test_an_instance_is_sealed_by_its_description(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_instance(make_instance(), tmp_path)
    monkeypatch.setattr(Path, "replace", _refuse)
    with pytest.raises(BadInput, match="disque plein"):
        write_instance(make_instance(releases=[]), tmp_path)
    with pytest.raises(BadInput, match=r"^instance\.toml: fichier absent$"):
        read_instance(tmp_path)


def _refuse(*_: object) -> None:
    raise OSError(28, "No space left on device")
