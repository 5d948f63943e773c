"""The commands: exit codes, JSON alone on standard output, files written or nothing."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from allocator.assiette.dossier import read_assiette
from allocator.cli import main
from tests.assiette.dossiers import ASSIETTE, PARTAGE, write
from tests.builders import Commune
from tests.ledger.daily_desk import announced, opened, said, small


def run(command: str, *arguments: object) -> Result:
    return CliRunner().invoke(main, ["assiette", command, *map(str, arguments)])


def told(command: str, *arguments: object) -> Any:
    done = run(command, *arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def validate_all(folder: Path) -> None:
    for step in (
        ("bailleur", ""),
        ("cil", "epci:200057875"),
        ("cil", "epci:200057867"),
        ("departement", "departement:93"),
    ):
        done = run(
            "validate",
            folder,
            "--etape",
            step[0],
            "--territoire",
            step[1],
            "--date",
            "2025-02-03",
            "--par",
            "Mme A",
        )
        assert done.exit_code == 0, done.output


def test_build_writes_what_it_says(folder: Path, tmp_path: Path) -> None:
    document = told("build", folder, "--out", tmp_path / "out")
    assert document["total"] == {"parc": 10_000, "relocations": 600, "hors_assiette": 90, "assiette": 510}
    assert (document["etape"], document["arretee"]) == ("bailleur", None)
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == {
        "assiette.csv",
        "exclusions_retenues.csv",
        "hors_assiette.csv",
        "hors_assiette_prevu.csv",
        "dus.csv",
        "dus_communes.csv",
    }
    with (tmp_path / "out/assiette.csv").open(encoding="utf-8", newline="") as file:
        assert sum(int(row["assiette"]) for row in csv.DictReader(file)) == 510


@pytest.mark.parametrize("command", ["build", "previsionnel"])
def test_what_must_be_arrete_is_refused_before_and_given_after(
    folder: Path, tmp_path: Path, command: str
) -> None:
    early = run(command, folder, "--arretee", "--out", tmp_path / "out")
    assert early.exit_code == 2
    assert "la version 1 n'est pas arrêtée : elle est à l'étape « bailleur »" in early.stderr
    assert not (tmp_path / "out").exists()
    validate_all(folder)
    assert run(command, folder, "--arretee", "--out", tmp_path / "out").exit_code == 0


def test_the_version_of_a_day_is_the_one_that_held_then(folder: Path, tmp_path: Path) -> None:
    validate_all(folder)
    changes = tmp_path / "revoyure.csv"
    changes.write_text("id,territoire,categorie,volume,document,page\nventes,departement:93,vente,5,plan,4\n")
    revised = run(
        "revise",
        folder,
        "--lignes",
        changes,
        "--effet",
        "2025-07-01",
        "--motif",
        "revoyure",
        "--auteur",
        "Mme A",
    )
    assert revised.exit_code == 0, revised.output
    assert told("build", folder)["total"]["assiette"] == 516
    assert told("build", folder, "--date", "2025-08-01")["version"] == 1
    for step, place in (("bailleur", ""), ("departement", "departement:93")):
        run(
            "validate",
            folder,
            "--etape",
            step,
            "--territoire",
            place,
            "--date",
            "2025-07-20",
            "--par",
            "Mme A",
        )
    assert told("build", folder, "--date", "2025-08-01")["version"] == 2
    assert told("build", folder, "--date", "2025-07-19")["version"] == 1
    assert run("build", folder, "--date", "2025-01-19").exit_code == 2


def test_a_cap_that_refuses_ends_with_bad_input(tmp_path: Path) -> None:
    toml = ASSIETTE["assiette.toml"].replace("part = 2.0", "part = 0.5").replace('"avertir"', '"refuser"')
    done = run("build", write(tmp_path / "a", ASSIETTE, assiette=toml), "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert "90 logements exclus pour un plafond de 50 (0,5 % de 10\u202f000 logements du parc)" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_decision_without_who_or_when_is_refused(folder: Path) -> None:
    assert run("validate", folder, "--etape", "bailleur", "--par", "Mme A").exit_code == 2
    assert (
        run("validate", folder, "--etape", "conseil", "--date", "2025-01-10", "--par", "M. B").exit_code == 2
    )
    assert not (folder / "validations.csv").exists()


def test_the_trail_says_who_decided_what_and_when(folder: Path) -> None:
    validate_all(folder)
    trail = told("validate", folder)
    assert trail["arretee"] == "2025-02-03"
    assert [step["organe"] for step in trail["parcours"]] == [
        "Conseil d'administration",
        "CRHH",
        "CIL",
        "Préfet",
    ]
    assert {step["par"] for step in trail["parcours"]} == {"Mme A"}


def test_the_check_ends_with_one_where_a_gap_is_too_large(folder: Path, tmp_path: Path) -> None:
    facts = tmp_path / "realises.csv"
    head = "territoire,categorie,operation,mouvement,logements\n"
    good = (
        head + "departement:93,mutation,,,41\ndepartement:93,mutation,,inter_bailleurs,8\n"
        "commune:93048,renouvellement_urbain,La Noue,,28\ndepartement:93,vente,,,11\n"
        "commune:93008,habitat_indigne,,,9\n"
    )
    facts.write_text(good)
    assert run("check", folder, facts).exit_code == 0
    facts.write_text(good.replace(",,,11", ",,,25"))
    done = run("check", folder, facts, "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert "1 écart(s) hors tolérance." in done.stderr
    assert (tmp_path / "out/controle.csv").exists()


def test_the_check_reads_what_the_journal_recorded(tmp_path: Path) -> None:
    instance = small(communes=(Commune("93048"), Commune("93066", epci="200057867")))
    hors = {"statut": "hors_assiette"}
    days = [
        entree
        for name, more in (
            ("A", {"categorie": "mutation"}),
            ("B", {"categorie": "renouvellement_urbain", "operation": "La Noue"}),
            ("C", {}),
            ("D", {"categorie": "vente"}),
        )
        for entree in (announced(name, "2025-03-04"), said("statut", name, "2025-03-04", **hors, **more))
    ]
    with opened(
        str(tmp_path / "flux.db"), instance, [*days, said("retrait", "D", "2025-03-05", motif="vente")]
    ):
        pass
    lines = (
        "id,territoire,categorie,operation,volume,document\nmut,departement:93,mutation,,1,cus\n"
        "anru,departement:93,renouvellement_urbain,La Noue,1,npnru\n"
    )
    folder = write(tmp_path / "assiette", ASSIETTE, exclusions=lines)
    done = run("check", folder, "--base", tmp_path / "flux.db", "--json")
    assert done.exit_code == 0, done.output
    assert [row["realise"] for row in json.loads(done.stdout)["controle"]] == [1, 1]
    assert "1 logement(s) hors assiette sans catégorie" in done.stderr
    assert run("check", folder).exit_code == 2


def test_a_sharing_gives_each_bailleur_lines_that_its_assiette_reads(folder: Path, tmp_path: Path) -> None:
    shared = write(tmp_path / "partage", PARTAGE)
    document = told("share-relogements", shared, "--out", tmp_path / "out", "--document", "npnru")
    assert sum(row["logements"] for row in document["partage"]) == 80
    done = run(
        "revise",
        folder,
        "--lignes",
        tmp_path / "out/exclusions-oph-a.csv",
        "--effet",
        "2025-03-01",
        "--motif",
        "partage",
        "--auteur",
        "Mme A",
    )
    assert done.exit_code == 0, done.output
    assert read_assiette(folder).exclusions[-1].volume == 36


def test_a_consolidation_reads_several_folders(folder: Path, tmp_path: Path) -> None:
    other = write(
        tmp_path / "b", ASSIETTE, assiette=ASSIETTE["assiette.toml"].replace("OPH d'essai", "ESH d'essai")
    )
    expected = tmp_path / "attendus.csv"
    expected.write_text("bailleur,departement\nOPH d'essai,93\nCoopérative,93\n")
    table = told("consolidate", folder, other, "--attendus", expected)["consolidation"]
    assert [(row["bailleur"], row["depose"], row["assiette"]) for row in table] == [
        ("Coopérative", "non", None),
        ("ESH d'essai", "oui", 510),
        ("OPH d'essai", "oui", 510),
    ]
    page = run("consolidate", folder, other, "--attendus", expected).stdout
    assert "non déposée" in page
    assert run("consolidate", folder, folder).exit_code == 2
    assert "1\u202f020" in page


def test_a_folder_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    done = run("build", tmp_path / "nulle-part")
    assert done.exit_code == 2
    assert "un dossier avec assiette.toml était attendu" in done.stderr
