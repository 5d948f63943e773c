"""What a protocole is written as, the commands that it is for read: each setting on its way to where it is used."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from allocator.assiette.dossier.reglages_reader import read_reglages
from allocator.assiette.livraison.programme import regles_of_keys
from allocator.assiette.relogements import besoins
from allocator.cli.protocol import protocol_command
from allocator.formats import read_model
from allocator.formats.faults import FaultLog
from allocator.formats.keys import open_keys
from allocator.formats.toml_document import LIMIT
from allocator.ledger.accounts.issues import ISSUES
from allocator.ledger.accounts.regle_reader import read_regle
from allocator.ledger.conventions.seuils import read_seuils
from allocator.ledger.conventions.version_reader import version_of_contenu
from allocator.ledger.daily.clauses import read_clauses
from allocator.planning.petits.reglages import read_petits
from allocator.stock.conversion.reglages import read_conversion
from tests.pages import ROOT
from tests.planning.protocole.files import BAILLEUR, derogation, written

CAS = ROOT / "docs" / "planner" / "cas"


def run(*arguments):
    return CliRunner().invoke(protocol_command, list(map(str, arguments)))


def opened(path):
    return open_keys(path, LIMIT, FaultLog())


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reglages")
    done = run("write", CAS / "bailleur.toml", "--out", folder)
    assert done.exit_code == 0, done.output
    return folder


def test_the_rule_of_counting_is_read_by_the_journal(out):
    regle = read_regle(out / "regle.toml", read_regle())
    assert (regle.comptage.mode, regle.comptage.proposition, regle.comptage.cumul) == ("mixte", 0.5, True)
    assert [(each.zone, each.proposition) for each in regle.comptage.tension] == [("Abis", 0.4)]
    assert regle.effets[ISSUES.index("rendu")].compte == 0.5
    assert regle.effets[ISSUES.index("caleol")].compensation


def test_the_model_has_the_priorities_of_its_base_and_the_settings_of_the_region(out):
    model, base = read_model(out / "modele.toml"), read_model(ROOT / "models" / "reference.toml")
    assert model.tiers == base.tiers
    assert model.comptage.mode == "mixte"
    assert (model.seuil, model.report) == (1.0, "cumul")


def test_the_clauses_are_those_of_a_convention_with_the_derogation(out):
    clauses = read_clauses(out / "clauses.toml")
    promised = {"reservataire": "als", "territoire": "departement:93"}
    lignes = [{"territoire": "departement:93", "part": 20}]
    version = version_of_contenu(
        {**clauses, **promised, "lignes": lignes}, date(2026, 1, 1), read_regle(), "essai"
    )
    assert (version.delai, version.gestion, version.revoyure) == (35, "directe", date(2027, 12, 31))


def test_the_thresholds_are_read_as_the_shipped_ones(out):
    assert read_seuils(out / "seuils.toml") == read_seuils()


def test_the_conversion_and_the_small_are_read_from_one_file(out):
    assert (
        read_conversion(out / "reglages.toml").fin_inconnue,
        read_petits(out / "reglages.toml").seuil,
    ) == (10, 1)
    assert read_conversion(out / "reglages.toml").etat == 30


def test_the_assiette_has_the_cap_of_the_derogation_and_the_steps_of_the_region(out):
    reglages = read_reglages(opened(out / "assiette.toml"))
    assert reglages.plafond.part == 25
    assert [etape.nom for etape in reglages.etapes] == ["bailleur", "cil", "departement"]
    assert [each.organe for each in reglages.suppleants] == ["CRHH"]
    assert (reglages.bailleur, reglages.annee) == ("Habitat de l'Ouest et du Nord", 2026)


def test_the_first_lettings_have_their_threshold_and_the_share_of_relogements(out):
    regles = regles_of_keys(opened(out / "programme.toml"))
    assert (regles.seuil, regles.relogements, regles.relogeur) == (10, 10, "etat")


def test_the_sharing_of_relogements_is_read_by_what_shares_them(out):
    regles = besoins.regles_of_keys(opened(out / "partage.toml"))
    assert (regles.propre, regles.mode, regles.ailleurs, regles.plafond) == (50, "en_dernier", 20, 25)


def test_the_same_settings_give_the_same_bytes(out, tmp_path):
    run("write", CAS / "bailleur.toml", "--out", tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in out.iterdir()
    }


def test_show_and_check_say_who_set_what(tmp_path):
    path = written(tmp_path, BAILLEUR + derogation("convention.delai", "45", "accord"))
    for command in ("show", "check"):
        done = run(command, path)
        assert done.exit_code == 0
        assert (
            "convention.delai (délai) : 45 au lieu de 30, depuis le 01/01/2026\n    motif : accord"
            in done.output
        )
        told = json.loads(run(command, path, "--json").stdout)
        assert [row["cle"] for row in told["derogations"]] == ["convention.delai"]
        assert {row["cle"]: row["origine"] for row in told["reglages"]}["convention.delai"] == "derogation"
    assert "Aucune dérogation." in run("check", written(tmp_path)).output


def test_a_day_decides_what_is_shown(tmp_path):
    path = written(tmp_path, BAILLEUR + derogation("convention.delai", "45") + "fin = 2026-03-31\n")
    assert "pas en vigueur à cette date" in run("check", path, "--date", "2026-04-01").output


def test_check_looks_at_the_days_on_which_derogations_begin(tmp_path):
    path = written(tmp_path, BAILLEUR + derogation("convention.delai", "900", debut="2026-09-01"))
    done = run("check", path)
    assert done.exit_code == 2
    assert "convention.delai: 900 hors limites" in done.output


def test_faults_exit_2_and_write_nothing(tmp_path):
    path = written(tmp_path, BAILLEUR + derogation("comptage.mode", '"propositions"'))
    for command in (["show", path], ["check", path], ["write", path, "--out", tmp_path / "out"]):
        done = run(*command)
        assert done.exit_code == 2
        assert "Traceback" not in done.output
    assert not (tmp_path / "out").exists()


def test_the_rates_stand_beside_who_names_them(tmp_path):
    path = written(tmp_path, BAILLEUR + derogation("rotation.taux", '"autres.csv"'))
    done = run("write", path, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert "autres.csv" in done.output
    (tmp_path / "autres.csv").write_text("taux\n6\n", encoding="utf-8")
    assert run("write", path, "--out", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out" / "taux.csv").read_bytes() == b"taux\n6\n"
