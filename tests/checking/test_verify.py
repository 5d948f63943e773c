"""The checker agrees with a true result and tells every way in which another one is false."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allocator.checking import Verdict, evaluate, verify
from allocator.domain import BAILLEUR, Solution, TierValue
from allocator.formats import read_instance, read_model, write_solution
from tests.checking.case import write_case


def verdict(root: Path) -> Verdict:
    return verify(read_instance(root / "instance"), read_model(root / "model.toml"), root / "result")


def told(root: Path) -> list[str]:
    return [str(fault) for fault in verdict(root).disagreements]


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def rewrite(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    path.write_text("\n".join(change(lines_of(path))) + "\n", encoding="utf-8")


def give(liberation: str, reservataire: str) -> Callable[[list[str]], list[str]]:
    """Return a change of ``preorientations.csv`` that gives a libération to somebody."""
    return lambda lines: [
        f"{liberation},{reservataire}" if line.startswith(f"{liberation},") else line for line in lines
    ]


def claim(root: Path, **changes: Any) -> None:
    path = root / "result" / "solution.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")


def claimed_tiers(root: Path) -> list[dict[str, Any]]:
    tiers = json.loads((root / "result" / "solution.json").read_text(encoding="utf-8"))["tiers"]
    assert isinstance(tiers, list)
    return tiers


def test_a_true_result_agrees_and_its_values_are_told(case: Path) -> None:
    found = verdict(case)
    assert found.agrees
    assert [(tier.name, pytest.approx(tier.value)) for tier in found.tiers] == [
        (tier["name"], tier["value"]) for tier in claimed_tiers(case)
    ]


def test_a_result_that_claims_no_bound_agrees_where_it_only_claims_to_be_feasible(tmp_path: Path) -> None:
    write_case(tmp_path, status="feasible")
    assert verdict(tmp_path).agrees


def test_bounds_may_be_left_out_of_the_tiers_of_a_feasible_result(case: Path) -> None:
    tiers = [{"name": tier["name"], "value": tier["value"]} for tier in claimed_tiers(case)]
    claim(case, status="feasible", tiers=tiers)
    assert verdict(case).agrees


def test_a_tampered_orientation_changes_the_cells_and_the_tiers(case: Path) -> None:
    rewrite(case / "result" / "preorientations.csv", give("l3", ""))
    files = {line.partition(":")[0] for line in told(case)}
    assert files == {"ecarts.csv", "solution.json"}


def test_two_identical_dwellings_exchanged_are_the_same_result(case: Path) -> None:
    """l1 and l8 differ by their financement only, which nobody weighs here."""
    path = case / "result" / "preorientations.csv"
    holders = dict(line.split(",") for line in lines_of(path))
    rewrite(path, give("l1", holders["l8"]))
    rewrite(path, give("l8", holders["l1"]))
    assert verdict(case).agrees


def test_an_ineligible_orientation_is_told_with_its_line(case: Path) -> None:
    rewrite(case / "result" / "preorientations.csv", give("l1", "com93048"))
    expected = (
        "preorientations.csv:2: la libération l1 va à com93048, "
        "dont aucune convention ne couvre la commune 93001"
    )
    assert expected in told(case)


def test_rights_spent_beyond_the_solde_are_told(case: Path) -> None:
    path = case / "result" / "preorientations.csv"
    for liberation in ("l3", "l5"):
        rewrite(path, give(liberation, "com93048"))
    expected = "preorientations.csv: com93048 reçoit 2 logements dans commune:93048, son solde est de 1"
    assert expected in told(case)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda lines: [line for line in lines if not line.startswith("l5,")],
            "preorientations.csv: la libération l5 n'a pas de ligne",
        ),
        (
            lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
            "preorientations.csv:3: la libération l1 vient après l2, qui la suit dans liberations.csv",
        ),
        (
            lambda lines: [*lines, "l99,als"],
            "preorientations.csv:9: la libération l99 n'est pas dans liberations.csv",
        ),
        (
            lambda lines: [*lines[:4], "l4,als", *lines[4:]],
            "preorientations.csv:5: la libération l4 ne se répartit pas : son statut est hors_assiette",
        ),
        (
            give("l2", "ALS"),
            "preorientations.csv:3: le réservataire ALS n'est pas dans reservataires.csv",
        ),
    ],
    ids=["missing", "swapped", "unknown", "out-of-flux", "unknown-holder"],
)
def test_a_broken_list_of_preorientations_is_told(
    case: Path, change: Callable[[list[str]], list[str]], expected: str
) -> None:
    rewrite(case / "result" / "preorientations.csv", change)
    assert expected in told(case)


def test_a_liberation_listed_twice_makes_the_result_malformed(case: Path) -> None:
    rewrite(case / "result" / "preorientations.csv", lambda lines: [*lines, lines[-1]])
    found = verdict(case)
    assert not found.agrees
    assert found.tiers == ()


@pytest.mark.parametrize("column", ["cible", "valeur", "manque", "exces"])
def test_a_wrong_number_in_a_cell_is_told_with_its_line_and_column(case: Path, column: str) -> None:
    path = case / "result" / "ecarts.csv"
    at = lines_of(path)[0].split(",").index(column)

    def tamper(lines: list[str]) -> list[str]:
        fields = lines[3].split(",")
        fields[at] = str(float(fields[at]) + 1)
        return [*lines[:3], ",".join(fields), *lines[4:]]

    rewrite(path, tamper)
    sentences = told(case)
    assert len(sentences) == 1
    assert sentences[0].startswith(f"ecarts.csv:4: {column}: ")
    assert "trouvé" in sentences[0]


def test_a_number_off_by_less_than_its_sixth_decimal_is_no_disagreement(case: Path) -> None:
    path = case / "result" / "ecarts.csv"
    at = lines_of(path)[0].split(",").index("cible")

    def tamper(lines: list[str]) -> list[str]:
        fields = [line.split(",") for line in lines[1:]]
        for row in fields:
            row[at] = f"{float(row[at]) + 4e-7:.9f}"
        return [lines[0], *(",".join(row) for row in fields)]

    rewrite(path, tamper)
    assert verdict(case).agrees


def test_a_missing_cell_is_told(case: Path) -> None:
    rewrite(
        case / "result" / "ecarts.csv",
        lambda lines: [row for row in lines if not row.startswith("emp,petit")],
    )
    assert told(case) == ["ecarts.csv: il manque la case « emp, petit », de cible 1"]


def test_a_cell_that_the_instance_does_not_have_is_told(case: Path) -> None:
    rewrite(case / "result" / "ecarts.csv", lambda lines: [*lines, "als,qpv,,oui,1,0,1,0"])
    lines = len(lines_of(case / "result" / "ecarts.csv"))
    assert told(case) == [
        f"ecarts.csv:{lines}: la case « als, qpv, oui » n'existe pas dans cette instance avec ce modèle"
    ]


def test_the_order_of_the_cells_is_free(case: Path) -> None:
    rewrite(case / "result" / "ecarts.csv", lambda lines: [lines[0], *reversed(lines[1:])])
    assert verdict(case).agrees


def test_a_false_value_is_told(case: Path) -> None:
    tiers = claimed_tiers(case)
    true = tiers[1]["value"]
    claim(case, tiers=[tiers[0], tiers[1] | {"value": true - 0.5, "bound": true - 0.5}, tiers[2]])
    sentences = told(case)
    assert len(sentences) == 2
    assert sentences[0].startswith("solution.json: tiers.contractuel: valeur ")
    assert "reste sous la valeur" in sentences[1]


def test_a_bound_above_the_value_is_told(case: Path) -> None:
    tiers = claimed_tiers(case)
    claim(case, tiers=[*tiers[:2], tiers[2] | {"bound": tiers[2]["value"] + 1e-3}])
    (sentence,) = told(case)
    assert sentence.startswith("solution.json: tiers.souhaits: borne inférieure ")


@pytest.mark.parametrize("bound", [None, 0.0])
def test_optimal_without_a_bound_that_proves_it_is_told(case: Path, bound: float | None) -> None:
    tiers = claimed_tiers(case)
    claim(case, tiers=[tiers[0], tiers[1] | {"bound": bound}, tiers[2]])
    (sentence,) = told(case)
    assert sentence.startswith("solution.json: tiers.contractuel: le statut est optimal, mais ")


def test_a_whole_but_bad_result_that_calls_itself_optimal_is_refuted_by_a_better_move(case: Path) -> None:
    """Its cells, values and bounds are consistent: only a counter-example can tell."""
    instance, model = read_instance(case / "instance"), read_model(case / "model.toml")
    bad = np.full(len(instance.liberations), BAILLEUR, dtype=np.int32)
    ecarts, values = evaluate(instance, model, bad)
    tiers = tuple(TierValue(t.name, v, v) for t, v in zip(model.tiers, values, strict=True))
    write_solution(case / "result", instance, model, Solution(bad, ecarts, tiers, "optimal", "", {}))
    (sentence,) = told(case)
    assert sentence.startswith("solution.json: status: optimal annoncé, mais donner la libération ")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"liberations": 8},
            "solution.json: liberations: 8 annoncé, l'instance compte 7 libérations en flux",
        ),
        ({"instance_sha256": "0" * 64}, "solution.json: instance_sha256: "),
        ({"model_sha256": "f" * 64}, "solution.json: model_sha256: "),
        ({"tiers": []}, "solution.json: tiers: priorités annoncées : "),
        ({"status": "parfait"}, "solution.json: status: "),
        ({"tiers": [{"name": "petits"}]}, "solution.json: tiers: "),
    ],
    ids=["count", "instance", "model", "no-tiers", "status", "malformed-tier"],
)
def test_a_false_or_malformed_claim_of_the_document_is_told(
    case: Path, changes: dict[str, Any], expected: str
) -> None:
    claim(case, **changes)
    (sentence,) = told(case)
    assert sentence.startswith(expected)


def test_an_empty_digest_is_no_claim(case: Path) -> None:
    claim(case, instance_sha256="", model_sha256="")
    assert verdict(case).agrees


def test_tiers_in_another_order_are_told(case: Path) -> None:
    claim(case, tiers=claimed_tiers(case)[::-1])
    assert told(case) == [
        "solution.json: tiers: priorités annoncées : souhaits, contractuel, petits ; "
        "celles du modèle : petits, contractuel, souhaits"
    ]


@pytest.mark.parametrize("name", ["preorientations.csv", "ecarts.csv", "solution.json"])
@pytest.mark.parametrize("damage", ["absent", "empty", "garbage", "truncated"])
def test_a_missing_or_broken_file_is_a_disagreement(case: Path, name: str, damage: str) -> None:
    path = case / "result" / name
    whole = path.read_bytes()
    path.unlink()
    if damage != "absent":
        path.write_bytes({"empty": b"", "garbage": b"\x00\xff{", "truncated": whole[:30]}[damage])
    found = verdict(case)
    assert not found.agrees
    assert name in {fault.file for fault in found.disagreements}


def test_every_broken_file_is_told_at_once(case: Path) -> None:
    for name in ("preorientations.csv", "ecarts.csv", "solution.json"):
        (case / "result" / name).write_text("", encoding="utf-8")
    assert [sentence.partition(":")[0] for sentence in told(case)] == [
        "preorientations.csv",
        "ecarts.csv",
        "solution.json",
    ]


def test_the_first_hundred_disagreements_are_listed_and_all_are_counted(case: Path) -> None:
    rewrite(
        case / "result" / "preorientations.csv",
        lambda lines: [*lines, *(f"inconnue{k},als" for k in range(150))],
    )
    found = verdict(case)
    assert len(found.disagreements) == 100
    assert found.total == 150
