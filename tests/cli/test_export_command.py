"""``allocator export``: programs that other solvers read, with the optima that ``solve`` claims."""

import re
import subprocess
from pathlib import Path

import highspy
import pulp
import pytest
from click.testing import CliRunner, Result

from allocator.cli import main
from allocator.cli.arguments import resolve_model
from allocator.drawing import DrawSettings, draw
from allocator.engine import solve
from allocator.engine.names import distinct, name, safe
from allocator.formats import read_instance, read_model, write_instance
from allocator.solvers.program import Limits
from allocator.solvers.pulp_ import _solver as cbc
from tests.builders import make_instance

MODELS = ("reference", "egalitaire", "ponderee")


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "petite année"
    write_instance(
        draw(DrawSettings(seed=3, size=24, departements=("93",), communes=2, historique=False)), folder
    )
    return folder


def export(instance: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["export", str(instance), *arguments])


def values(instance: Path, model: str) -> list[float]:
    solution = solve(read_instance(instance), read_model(resolve_model(model)))
    assert solution.status == "optimal"
    return [tier.value for tier in solution.tiers]


def optimum_by_highs(path: Path) -> float:
    highs = highspy._core._Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", 0.0)
    assert highs.readModel(str(path)) == highspy.HighsStatus.kOk
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return highs.getInfo().objective_function_value


def optimum_by_cbc(path: Path) -> float:
    command = [cbc(pulp, "", Limits()).path, str(path), "ratio", "0", "solve"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "###" not in shown
    found = re.search(r"^(?:Objective value:|Optimal - objective value)\s+(\S+)$", shown, re.MULTILINE)
    assert found is not None, shown
    return float(found.group(1))


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("form", ["lp", "mps"])
def test_highs_and_cbc_find_the_tier_values_in_the_files(
    instance: Path, model: str, form: str, tmp_path: Path
) -> None:
    result = export(instance, "--model", model, "--format", form, "--out", str(tmp_path))
    assert result.exit_code == 0, result.stderr
    expected = values(instance, model)
    files = sorted(tmp_path.iterdir())
    assert len(files) == len(expected)
    assert [optimum_by_highs(file) for file in files] == pytest.approx(expected, abs=1e-6)
    assert [optimum_by_cbc(file) for file in files] == pytest.approx(expected, abs=1e-6)


def test_files_are_named_after_the_instance_the_model_and_the_tier(instance: Path, tmp_path: Path) -> None:
    export(instance, "--model", "reference", "--out", str(tmp_path))
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "petite_année.reference.1-petits.lp",
        "petite_année.reference.2-contractuel.lp",
        "petite_année.reference.3-indicatif.lp",
    ]


def test_names_tell_class_cell_and_priority(instance: Path, tmp_path: Path) -> None:
    export(instance, "--model", "reference", "--tier", "3", "--values", "0,1000", "--out", str(tmp_path))
    text = (tmp_path / "petite_année.reference.3-indicatif.lp").read_text(encoding="ascii")
    for pattern in (
        r"\bx__93\d{3}_T\d_PL\w+_(oui|non)__als\b",
        r"\bmanque__als__contractuel__departement_93\b",
        r"\bexces__etat__typologie__T3\b",
        r"\boffre__93\d{3}_T\d_PL\w+_(oui|non):",
        r"\bcompte__als__contractuel__departement_93:",
        r"\bpriorite__contractuel:[^:]*<= \+1000\b",
    ):
        assert re.search(pattern, text), pattern


def test_given_values_are_taken_as_they_are(instance: Path, tmp_path: Path) -> None:
    """A tier held at a worse value leaves the next more freedom, so its optimum cannot be worse."""
    given = values(instance, "reference")
    files = []
    for number, held in enumerate((given[:2], [given[0], given[1] + 5])):
        text = ",".join(map(str, held))
        export(
            instance,
            "--model",
            "reference",
            "--tier",
            "3",
            "--values",
            text,
            "--out",
            str(tmp_path / str(number)),
        )
        files += (tmp_path / str(number)).iterdir()
    exact, loose = (optimum_by_highs(file) for file in files)
    assert exact == pytest.approx(given[2], abs=1e-6)
    assert loose < exact - 1e-3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--tier", "4"], "le modèle n'a que 3 priorités"),
        (["--tier", "3", "--values", "0"], "2 valeurs attendues, 1 données"),
        (["--values", "0;14"], "attendu des nombres séparés par des virgules"),
        (["--format", "sif"], "'sif'"),
    ],
)
def test_bad_usage_is_told_and_writes_nothing(
    instance: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    result = export(instance, "--model", "reference", "--out", str(tmp_path / "out"), *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not (tmp_path / "out").exists()


def test_an_instance_where_nothing_is_released_has_its_program(tmp_path: Path) -> None:
    write_instance(make_instance(releases=()), tmp_path / "vide")
    result = export(tmp_path / "vide", "--model", "reference", "--out", str(tmp_path / "out"))
    assert result.exit_code == 0, result.stderr
    expected = values(tmp_path / "vide", "reference")
    assert [optimum_by_highs(file) for file in sorted((tmp_path / "out").iterdir())] == pytest.approx(
        expected
    )


def test_names_are_ascii_without_blanks_and_each_once() -> None:
    assert safe("Île-de-France, T4+non") == "Ile_de_France_T4_non"
    assert name("manque", "etat", "", "commune:93048") == "manque__etat__commune_93048"
    assert distinct(["a", "b", "a", "a"]) == ("a", "b", "a__2", "a__3")
