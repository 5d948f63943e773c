"""A model is read with the contract's defaults, and every mistake is told by its line and its key."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from allocator.domain import Comptage, Goal, PointsDeTension, Tier
from allocator.formats import BadInput, read_model
from tests.formats.corpus import cases, told
from tests.formats.models import VALID, faults, read

SMALLEST = 'format = 1\nnom = "x"\n[[priorite]]\nnom = "a"\n[[priorite.objectif]]\nsur = "total"\n'


def test_every_key_is_read(tmp_path: Path) -> None:
    model = read(tmp_path, VALID)
    assert (model.nom, model.titre, model.description, model.seuil) == ("essai", "Un essai", "Pour voir", 3.0)
    assert model.tiers == (
        Tier("petits", (Goal("petit", 1.0, 0.0),)),
        Tier(
            "contractuel",
            (Goal("contractuel", 2.5, 0.5, "somme", "relatif", 2.0, ("etat", "commune")),),
        ),
    )
    assert model.comptage == Comptage(
        "mixte",
        0.25,
        1.0,
        True,
        (PointsDeTension("Abis", None, 0.25, 0.5), PointsDeTension(None, 4.0, 0.25, 2.0)),
    )
    assert model.ecart_max == 1.5


def test_what_is_not_given_takes_the_defaults_of_the_contract(tmp_path: Path) -> None:
    model = read(tmp_path, SMALLEST)
    assert model.tiers == (Tier("a", (Goal("total", 1.0, 1.0, "somme", "logements", 1.0, None),)),)
    assert (model.seuil, model.comptage, model.ecart_max) == (None, None, None)


def test_an_excess_of_small_reservataires_weighs_nothing_unless_said(tmp_path: Path) -> None:
    assert read(tmp_path, SMALLEST.replace("total", "petit")).tiers[0].goals[0].exces == 0.0
    said = SMALLEST.replace('"total"', '"petit"\nexces = 0.5')
    assert read(tmp_path, said).tiers[0].goals[0].exces == 0.5


def test_the_digest_is_that_of_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, VALID).sha256 == hashlib.sha256(VALID.encode()).hexdigest()


@pytest.mark.parametrize("rewrite", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
def test_a_byte_order_mark_and_windows_lines_change_nothing(rewrite: Any, tmp_path: Path) -> None:
    assert read(tmp_path, rewrite(VALID)).tiers == read(tmp_path, VALID).tiers


@pytest.mark.parametrize("case", cases("broken_models.toml"))
def test_a_mistake_is_told_exactly(case: dict[str, Any], tmp_path: Path) -> None:
    assert VALID.count(case["old"]) == 1
    found = faults(tmp_path, VALID.replace(case["old"], case["new"]))
    assert sorted(found) == sorted(told(case, "model.toml"))


def test_mistakes_are_told_in_the_order_of_their_lines(tmp_path: Path) -> None:
    text = VALID.replace("format = 1", "format = 3").replace("seuil = 3", "seuil = -3").replace("0.5", "-0.5")
    lines = [int(line.split(":")[1]) for line in faults(tmp_path, text)]
    assert lines == sorted(lines)
    assert len(lines) == 4


def test_a_model_without_priorities_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, 'format = 1\nnom = "x"\n') == ["model.toml:1: priorite: clé obligatoire absente"]


def test_an_empty_model_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, "") == [
        "model.toml:1: format: clé obligatoire absente",
        "model.toml:1: nom: clé obligatoire absente",
        "model.toml:1: priorite: clé obligatoire absente",
    ]


def test_a_weight_too_long_for_any_number_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, SMALLEST + f"poids = 1{'0' * 400}\n") == [
        "model.toml:7: priorite[1].objectif[1].poids: "
        "nombre démesuré hors limites, attendu un nombre fini ≥ 0",
    ]
    assert faults(tmp_path, SMALLEST + f"poids = 1{'0' * 5000}\n") == [
        "model.toml: ce n'est pas du TOML : nombre démesuré",
    ]


def test_a_model_that_is_missing_or_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"^model\.toml: fichier absent$"):
        read_model(tmp_path / "model.toml")
    with pytest.raises(BadInput, match="un dossier porte ce nom, un fichier était attendu"):
        read_model(tmp_path)


@pytest.mark.parametrize("report", ["cumul", "annuel"])
def test_what_becomes_of_a_gap_from_one_year_to_the_next_is_read(tmp_path: Path, report: str) -> None:
    assert read(tmp_path, SMALLEST).report == "cumul"
    assert read(tmp_path, f'{SMALLEST}[trajectoire]\nreport = "{report}"\n').report == report


def test_a_report_that_nobody_knows_is_told(tmp_path: Path) -> None:
    assert faults(tmp_path, f'{SMALLEST}[trajectoire]\nreport = "cumulé"\nan = 1\n') == [
        "model.toml:8: trajectoire.report: « cumulé » inconnu, attendu cumul ou annuel",
        "model.toml:9: trajectoire.an: clé inconnue, attendu report",
    ]
