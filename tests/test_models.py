"""The shipped models: whole, argued, and found by name."""

import tomllib
from pathlib import Path

import pytest

from allocator.cli.arguments import resolve_model, shipped
from allocator.formats import BadInput, read_model

MODELS = sorted(shipped("models").glob("*.toml"))
ASKED = {"reference", "egalitaire", "relatif", "petits-dabord", "mixite-qpv", "ponderee"}


def test_the_models_that_partners_asked_for_are_there() -> None:
    assert {path.stem for path in MODELS} >= ASKED


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_model_is_read_whole_and_bears_the_name_of_its_file(path: Path) -> None:
    model = read_model(path)
    assert model.nom == path.stem
    assert model.titre
    assert model.tiers


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_model_opens_with_its_argument_and_says_who_would_defend_it(path: Path) -> None:
    opening = path.read_text(encoding="utf-8").partition("format = 1")[0]
    assert all(line.startswith("#") for line in opening.strip().splitlines())
    assert "L'argument." in opening
    assert "Qui la défend." in opening or "Qui le défend." in opening
    assert "éfendu" in tomllib.loads(path.read_text(encoding="utf-8"))["description"]


def test_the_table_of_models_names_each_of_them() -> None:
    table = (shipped("models") / "README.md").read_text(encoding="utf-8")
    assert all(f"[`{path.stem}`]({path.name})" in table for path in MODELS)


def test_ponderee_is_the_one_with_a_single_priority() -> None:
    assert [path.stem for path in MODELS if len(read_model(path).tiers) == 1] == ["ponderee"]


def test_a_model_is_found_by_its_path_first_then_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert resolve_model("reference") == shipped("models") / "reference.toml"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reference").write_text("format = 1\n", encoding="utf-8")
    assert resolve_model("reference") == Path("reference")


def test_an_unknown_model_is_bad_input_that_lists_the_names() -> None:
    with pytest.raises(BadInput, match=r"ni un fichier ni un modèle livré \(bon-logement, egalitaire"):
        resolve_model("inconnu")
