"""``allocator check``: its exit codes, and what goes to which stream."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from allocator.cli import main


def check(root: Path, *options: str, model: str | None = None) -> Result:
    chosen = model or str(root / "model.toml")
    arguments = ["check", str(root / "instance"), str(root / "result"), "--model", chosen, *options]
    return CliRunner().invoke(main, arguments)


def test_a_true_result_exits_0_with_a_summary_on_standard_error(case: Path) -> None:
    result = check(case)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr.startswith("Tout concorde : 7 libérations, ")


def test_a_false_result_exits_1_with_one_sentence_a_disagreement(case: Path) -> None:
    (case / "result" / "solution.json").unlink()
    result = check(case)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines()[0].startswith("solution.json: ")
    assert "1 désaccord" in result.stderr


def test_json_prints_the_verdict_and_nothing_else_on_standard_output(case: Path) -> None:
    document = json.loads(check(case, "--json").stdout)
    assert document["agrees"] is True
    assert document["disagreements"] == []
    assert [tier["name"] for tier in document["tiers"]] == ["petits", "contractuel", "souhaits"]


def test_json_of_a_false_result_lists_the_disagreements(case: Path) -> None:
    (case / "result" / "ecarts.csv").unlink()
    result = check(case, "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 1
    assert document["agrees"] is False
    assert len(document["disagreements"]) == document["count"] == 1


def test_another_model_than_the_one_solved_is_a_disagreement(case: Path) -> None:
    assert check(case, model="reference").exit_code == 1


def test_a_bad_instance_exits_2_and_prints_nothing_on_standard_output(case: Path) -> None:
    (case / "instance" / "liberations.csv").unlink()
    result = check(case, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "liberations.csv" in result.stderr


def test_a_model_that_is_neither_a_file_nor_shipped_exits_2_with_the_names_shipped(case: Path) -> None:
    result = check(case, model="refference")
    assert result.exit_code == 2
    assert "egalitaire" in result.stderr
    assert "reference" in result.stderr
