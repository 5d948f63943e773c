"""The files of a result: written as the contract says, read back as plain values, refused if malformed."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from allocator.domain import BAILLEUR, Ecarts, Goal, Instance, Model, Solution, Tier, TierValue
from allocator.formats import (
    INCONNU,
    BadInput,
    read_ecarts,
    read_preorientations,
    read_solution_document,
    solution_document,
    write_solution,
)
from allocator.formats.csv_text import six_decimals
from allocator.formats.writing import Write
from tests.builders import Holder, Release, make_instance

MODEL = Model("m", "", "", (Tier("un", (Goal("total", 1.0, 1.0),)),), sha256="beef")

RELEASES = [Release(id="b"), Release(id="a, 2", statut="neuf"), Release(id="c"), Release(id="é")]


@pytest.fixture
def instance() -> Instance:
    return make_instance(releases=RELEASES, holders=[Holder("etat", "etat"), Holder("als"), Holder("emp")])


@pytest.fixture
def solution() -> Solution:
    return Solution(
        orientation=np.array([1, BAILLEUR, BAILLEUR, 0], np.int32),
        ecarts=Ecarts(
            reservataire=np.array([0, 1, 1], np.int32),
            sur=("contractuel", "petit", "croise"),
            territoire=("commune:93048", "", ""),
            modalite=("", "", "T3+non"),
            cible=np.array([0.3, 2.0, 1.0000001]),
            valeur=np.array([1.0, 1.0, 1.0]),
        ),
        tiers=(TierValue("un", 0.7, 0.25), TierValue("deux", -0.0, None)),
        status="optimal",
        solver="highs",
        seconds={"solve": 1.5, "read": 0.125, "other": 9.0},
    )


def test_preorientations_hold_each_flux_liberation_in_file_order(
    instance: Instance, solution: Solution, tmp_path: Path
) -> None:
    write_solution(tmp_path, instance, MODEL, solution)
    text = (tmp_path / "preorientations.csv").read_bytes().decode()
    assert text == "liberation,reservataire\nb,als\nc,\né,etat\n"


def test_ecarts_hold_each_cell_in_order_with_at_most_six_decimals(
    instance: Instance, solution: Solution, tmp_path: Path
) -> None:
    write_solution(tmp_path, instance, MODEL, solution)
    assert (tmp_path / "ecarts.csv").read_bytes().decode() == (
        "reservataire,sur,territoire,modalite,cible,valeur,manque,exces\n"
        "etat,contractuel,commune:93048,,0.3,1,0,0.7\n"
        "als,petit,,,2,1,1,0\n"
        "als,croise,,T3+non,1,1,0,0\n"
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (-1e-9, "0"),
        (10.0, "10"),
        (100.5, "100.5"),
        (1 / 3, "0.333333"),
        (2 / 3, "0.666667"),
        (1e-7, "0"),
        (123456789.123456789, "123456789.123457"),
        (1e16, "10000000000000000"),
        (-2.5, "-2.5"),
    ],
)
def test_a_number_is_written_plainly(number: float, text: str) -> None:
    assert six_decimals(number) == text


def test_the_document_has_the_keys_of_the_contract_in_their_order(
    instance: Instance, solution: Solution
) -> None:
    document = solution_document(instance, MODEL, solution)
    assert json.dumps(document) == json.dumps(
        {
            "status": "optimal",
            "tiers": [
                {"name": "un", "value": 0.7, "bound": 0.25},
                {"name": "deux", "value": 0.0, "bound": None},
            ],
            "seconds": {"read": 0.125, "build": 0.0, "solve": 1.5, "write": 0.0},
            "liberations": 3,
            "instance_sha256": "",
            "model_sha256": "beef",
            "solver": "highs",
        }
    )


def test_the_document_that_is_written_is_returned_with_the_seconds_of_writing(
    instance: Instance, solution: Solution, tmp_path: Path
) -> None:
    document = write_solution(tmp_path / "new" / "folder", instance, MODEL, solution)
    written = json.loads((tmp_path / "new" / "folder" / "solution.json").read_text(encoding="utf-8"))
    assert written == document
    assert 0 < written["seconds"]["write"] < 60


def test_the_seconds_of_writing_may_be_given(instance: Instance, solution: Solution, tmp_path: Path) -> None:
    timed = replace(solution, seconds={"write": 0.5})
    assert write_solution(tmp_path, instance, MODEL, timed)["seconds"]["write"] == 0.5


def test_further_files_are_written_with_a_result_and_go_with_it(
    instance: Instance, solution: Solution, tmp_path: Path
) -> None:
    extra: dict[str, Write] = {
        name: lambda file: print("new", file=file) for name in ("cours.csv", "autre.csv")
    }
    (tmp_path / "comptes.csv").write_text("of an older result", encoding="utf-8")
    write_solution(tmp_path, instance, MODEL, solution, extra)
    shared = {"preorientations.csv", "ecarts.csv", "solution.json"}
    assert {path.name for path in tmp_path.iterdir()} == {*shared, *extra}
    write_solution(tmp_path, instance, MODEL, solution)
    assert {path.name for path in tmp_path.iterdir()} == {*shared, "autre.csv"}


def test_what_is_written_is_read_back(instance: Instance, solution: Solution, tmp_path: Path) -> None:
    write_solution(tmp_path, instance, MODEL, solution)
    orientations = read_preorientations(tmp_path / "preorientations.csv", instance)
    assert orientations.liberation == ("b", "c", "é")
    assert orientations.reservataire == ("als", "", "etat")
    assert orientations.row.tolist() == [0, 2, 3]
    assert orientations.holder.tolist() == [1, BAILLEUR, 0]
    assert [orientations.line[row] for row in range(3)] == [2, 3, 4]
    ecarts = read_ecarts(tmp_path / "ecarts.csv")
    assert (ecarts.sur, ecarts.modalite) == (solution.ecarts.sur, solution.ecarts.modalite)
    assert ecarts.cible.tolist() == [0.3, 2.0, 1.0]
    assert ecarts.exces.tolist() == [0.7, 0.0, 0.0]
    document = read_solution_document(tmp_path / "solution.json")
    assert document.tiers == (TierValue("un", 0.7, 0.25), TierValue("deux", 0.0, None))
    assert (document.status, document.liberations, document.model_sha256) == ("optimal", 3, "beef")


def test_orientations_that_the_instance_does_not_have_are_left_for_the_checker(
    instance: Instance, tmp_path: Path
) -> None:
    path = tmp_path / "preorientations.csv"
    path.write_text("reservataire;liberation\nville;b\n\nals;z\n", encoding="utf-8")
    found = read_preorientations(path, instance)
    assert found.row.tolist() == [0, INCONNU]
    assert found.holder.tolist() == [INCONNU, 1]
    assert [found.line[row] for row in range(2)] == [2, 4]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ": fichier vide, attendu : liberation"),
        ("liberation\nb\n", ":1: reservataire: colonne obligatoire absente de l'en-tête"),
        (
            "liberation,reservataire\nb,als\nb,\n",
            ":3: liberation: « b » déjà donné à la ligne 2",
        ),
        ("liberation,reservataire\n,als\n", ":2: liberation: valeur absente"),
        ("liberation,reservataire\nb\n", ":2: 1 champ au lieu de 2"),
        ("liberation,reservataire\nb,a\0\n", ":2: octet nul"),
    ],
)
def test_malformed_preorientations_are_refused(
    text: str, told: str, instance: Instance, tmp_path: Path
) -> None:
    path = tmp_path / "preorientations.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_preorientations(path, instance)
    assert caught.value.render().startswith(f"preorientations.csv{told}")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("etat,autre,,,1,1,0,0", "ecarts.csv:2: sur: « autre » inconnu"),
        ("etat,total,,,x,1,0,0", "ecarts.csv:2: cible: « x » n'est pas un nombre, attendu un nombre ≥ 0"),
        ("etat,total,,,1,1,0,-1", "ecarts.csv:2: exces: « -1 » hors limites, attendu un nombre ≥ 0"),
        (",total,,,1,1,0,0", "ecarts.csv:2: reservataire: valeur absente"),
        ("etat,total,,,1,,0,0", "ecarts.csv:2: valeur: valeur absente"),
    ],
)
def test_malformed_ecarts_are_refused(row: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "ecarts.csv"
    header = "reservataire,sur,territoire,modalite,cible,valeur,manque,exces"
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_ecarts(path)
    assert caught.value.render().startswith(told)


DOCUMENT = {
    "status": "optimal",
    "tiers": [{"name": "un", "value": 1.5, "bound": None}],
    "seconds": {"read": 0.1},
    "liberations": 3,
    "instance_sha256": "a",
    "model_sha256": "b",
    "solver": "c",
}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"status": "parfait"}, "status: attendu « optimal » ou « feasible »"),
        ({"status": []}, "status: attendu « optimal » ou « feasible »"),
        ({"tiers": {}}, "tiers: attendu une liste de {name, value, bound}"),
        ({"tiers": [{"name": "un", "bound": 1}]}, "tiers: attendu une liste de {name, value, bound}"),
        ({"tiers": [{"name": "un", "value": True, "bound": 0}]}, "tiers: attendu une liste"),
        ({"tiers": [{"name": "un", "value": float("nan"), "bound": 0}]}, "tiers: attendu une liste"),
        ({"tiers": [{"name": "un", "value": 10**400, "bound": 0}]}, "tiers: attendu une liste"),
        ({"seconds": [1]}, "seconds: attendu un objet de secondes"),
        ({"liberations": 3.5}, "liberations: attendu un entier ≥ 0"),
        ({"liberations": -1}, "liberations: attendu un entier ≥ 0"),
        ({"solver": None}, "solver: attendu un texte"),
    ],
)
def test_a_malformed_document_is_refused(change: dict[str, object], told: str, tmp_path: Path) -> None:
    path = tmp_path / "solution.json"
    path.write_text(json.dumps({**DOCUMENT, **change}), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_solution_document(path)
    assert caught.value.render().startswith(f"solution.json: {told}")


@pytest.mark.parametrize("key", DOCUMENT)
def test_a_document_without_one_of_its_keys_is_refused(key: str, tmp_path: Path) -> None:
    path = tmp_path / "solution.json"
    path.write_text(json.dumps({k: v for k, v in DOCUMENT.items() if k != key}), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_solution_document(path)
    assert caught.value.render() == f"solution.json: {key}: clé absente"


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "1" * 5000, "nul", '"\ud800"', "[1]"])
def test_what_is_no_document_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "solution.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(BadInput, match=r"ce n'est pas (du|un objet) JSON"):
        read_solution_document(path)


def test_a_bound_that_is_left_out_is_none_claimed(tmp_path: Path) -> None:
    path = tmp_path / "solution.json"
    path.write_text(json.dumps({**DOCUMENT, "tiers": [{"name": "un", "value": 1}]}), encoding="utf-8")
    assert read_solution_document(path).tiers == (TierValue("un", 1, None),)


def test_a_result_that_is_missing_is_told(instance: Instance, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"^preorientations\.csv: fichier absent$"):
        read_preorientations(tmp_path / "preorientations.csv", instance)
    with pytest.raises(BadInput, match=r"^ecarts\.csv: fichier absent$"):
        read_ecarts(tmp_path / "ecarts.csv")
    with pytest.raises(BadInput, match=r"^solution\.json: fichier absent$"):
        read_solution_document(tmp_path / "solution.json")
