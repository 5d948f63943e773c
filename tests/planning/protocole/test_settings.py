"""A bailleur inherits a protocole, departs from it with a reason, and every fault is told with its line."""

from datetime import date

import pytest

from allocator.formats import BadInput
from allocator.planning.protocole.lecture import read_settings, resolve
from allocator.planning.protocole.tableaux import derogations_tableau, reglages_tableau
from tests.planning.protocole.files import BAILLEUR, PROTOCOLE, derogation, line_of, written

DAY = date(2026, 1, 1)


def faults(path):
    with pytest.raises(BadInput) as caught:
        reglages = read_settings(path)
        resolve(reglages, DAY)
    return [str(fault) for fault in caught.value.faults]


def values(path, day=DAY):
    return {row[0]: row[1:3] for row in reglages_tableau(resolve(read_settings(path), day)).rows}


def test_a_bailleur_that_says_nothing_works_by_the_protocole(tmp_path):
    found = resolve(read_settings(written(tmp_path)), DAY)
    assert found.parametres.regle.comptage.proposition == 0.5
    assert found.parametres.convention.delai == 30
    assert [seuil.valeur for seuil in found.parametres.seuils] == [30]
    assert {row[2] for row in reglages_tableau(found).rows} == {"protocole"}
    assert derogations_tableau(found).rows == ()


def test_a_derogation_changes_one_value_and_is_told_with_both_and_its_reason(tmp_path):
    told = derogation("convention.delai", "45", "communes sans service")
    found = resolve(read_settings(written(tmp_path, BAILLEUR + told)), DAY)
    assert found.parametres.convention.delai == 45
    assert values(tmp_path / "bailleur.toml")["convention.delai"] == ("45", "derogation")
    assert derogations_tableau(found).rows == (
        ("convention.delai", "délai", "30", "45", "communes sans service", "2026-01-01", "", "oui"),
    )
    untouched = {
        key: told for key, told in values(tmp_path / "bailleur.toml").items() if key != "convention.delai"
    }
    assert {who for _, who in untouched.values()} == {"protocole"}


def test_an_entry_of_a_list_is_named(tmp_path):
    path = written(tmp_path, BAILLEUR + derogation("seuils.seuil.etat.gravite", '"avertissement"'))
    assert resolve(read_settings(path), DAY).parametres.seuils[0].gravite == "avertissement"


def test_a_derogation_may_set_what_the_protocole_leaves_out(tmp_path):
    path = written(tmp_path, BAILLEUR + derogation("assiette.plafond", "{ part = 10 }"))
    found = resolve(read_settings(path), DAY)
    assert found.parametres.assiette.plafond.part == 10
    assert derogations_tableau(found).rows[0][1:3] == ("plafond", "")


@pytest.mark.parametrize(
    ("day", "delai"), [("2025-12-31", 30), ("2026-01-01", 45), ("2026-06-30", 45), ("2026-07-01", 30)]
)
def test_a_derogation_holds_from_its_first_day_to_its_last(tmp_path, day, delai):
    told = derogation("convention.delai", "45") + "fin = 2026-06-30\n"
    reglages = read_settings(written(tmp_path, BAILLEUR + told))
    assert resolve(reglages, date.fromisoformat(day)).parametres.convention.delai == delai


def test_what_is_left_to_each_bailleur_needs_no_reason_and_is_told_as_its_own(tmp_path):
    own = '\n[assiette]\nagents = ["agents"]\n'
    path = written(tmp_path, BAILLEUR + own)
    assert resolve(read_settings(path), DAY).parametres.assiette.agents == ("agents",)
    assert values(path)["assiette.agents"] == ('["agents"]', "bailleur")


def test_own_entries_of_a_list_follow_those_of_the_region(tmp_path):
    own = '\n[[assiette.suppleant]]\netape = "departement"\nterritoire = "departement:93"\norgane = "DRIHL"\n'
    own += 'debut = "2026-01-01"\nfin = "2026-06-30"\n'
    found = resolve(read_settings(written(tmp_path, BAILLEUR + own)), DAY)
    assert [each.organe for each in found.parametres.assiette.suppleants] == ["CRHH", "DRIHL"]


def test_a_protocole_alone_is_that_of_a_bailleur_that_keeps_to_it(tmp_path):
    written(tmp_path)
    found = resolve(read_settings(tmp_path / "protocole.toml"), DAY)
    assert found.parametres.convention.delai == 30


FORBIDDEN = {
    "a setting nobody may depart from": (
        derogation("comptage.mode", '"propositions"'),
        "cle",
        "derogation[1].cle: le protocole ne permet pas d'y déroger (ce qui compte, Th. 2-2)",
    ),
    "a table that holds such a setting": (
        derogation("comptage", '{ mode = "propositions" }'),
        "cle",
        "ne permet pas d'y déroger",
    ),
    "an unknown table": (derogation("divers.delai", "3"), "cle", "n'est un réglage d'aucune table"),
    "an entry that no list has": (
        derogation("seuils.seuil.region.valeur", "3"),
        "cle",
        "« seuils.seuil.region.valeur »",
    ),
    "the value of the region": (
        derogation("convention.delai", "30"),
        "valeur",
        "c'est déjà la valeur du protocole",
    ),
    "an empty reason": (derogation("convention.delai", "45", ""), "motif", "texte vide"),
    "a value out of range": (
        derogation("convention.delai", "900"),
        "valeur",
        "convention.delai: 900 hors limites",
    ),
    "an unknown key": (derogation("convention.dellai", "45"), "valeur", "convention.dellai: clé inconnue"),
    "a value of another kind": (
        derogation("petits.seuil", '"un"'),
        "valeur",
        "petits.seuil: attendu un nombre",
    ),
    "points that do not go together": (
        derogation("comptage.attribution", "0.25"),
        "valeur",
        "dépasse attribution (0.25)",
    ),
    "a setting given without a reason": (
        "\n[convention]\ndelai = 45\n",
        "delai",
        "le protocole a ce réglage",
    ),
    "a new setting given without a reason": (
        "\n[assiette.plafond]\npart = 10\n",
        "part",
        "assiette.plafond.part: le protocole n'a pas ce réglage",
    ),
    "an unknown table of settings": ("\n[divers]\na = 1\n", "[divers]", "divers: clé inconnue"),
}


@pytest.mark.parametrize(("text", "where", "told"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_what_a_bailleur_may_not_say_is_told_with_its_line(tmp_path, text, where, told):
    whole = BAILLEUR + text
    found = faults(written(tmp_path, whole))
    assert len(found) == 1
    assert told in found[0]
    assert found[0].startswith(f"bailleur.toml:{line_of(whole, where)}:")


def test_two_derogations_of_one_setting_may_follow_but_not_meet(tmp_path):
    first = derogation("convention.delai", "45") + "fin = 2026-06-30\n"
    later = derogation("convention.delai", "40", debut="2026-07-01")
    meeting = derogation("convention.delai", "40", debut="2026-06-30")
    assert (
        resolve(
            read_settings(written(tmp_path, BAILLEUR + first + later)), date(2026, 8, 1)
        ).parametres.convention.delai
        == 40
    )
    assert (
        "une autre dérogation porte sur ce réglage"
        in faults(written(tmp_path, BAILLEUR + first + meeting))[0]
    )


BROKEN = {
    "an unknown key": (("seuil = 1.0", "seuill = 1.0"), "seuill", "petits.seuill: clé inconnue"),
    "a clause about nothing": (
        ('cle = "convention.delai"', 'cle = "convention.delais"'),
        "delais",
        "n'est pas un réglage",
    ),
    "a clause that says there is no value": (
        ("[petits]", "[assiette.plafond]\npart = 3\n[petits]"),
        "sans_valeur",
        "donne une valeur",
    ),
    "a clause twice": (('cle = "convention.delai"', 'cle = "comptage.mode"'), None, "donné deux fois"),
    "points that do not go together": (
        ("attribution = 1.0", "attribution = 0.2"),
        "proposition",
        "dépasse attribution",
    ),
    "an unknown local table": (
        ('"assiette.agents"', '"divers"'),
        "locales",
        "n'est le réglage d'aucune table",
    ),
}


@pytest.mark.parametrize(("change", "where", "told"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_with_the_protocole_is_told_with_its_own_line(tmp_path, change, where, told):
    whole = PROTOCOLE.replace(*change)
    found = faults(written(tmp_path, protocole=whole))
    assert len(found) == 1
    assert told in found[0]
    assert found[0].startswith("protocole.toml:")
    if where:
        assert found[0].startswith(f"protocole.toml:{line_of(whole, where)}:")


def test_all_faults_of_a_file_are_told_at_once(tmp_path):
    text = derogation("comptage.mode", '"propositions"') + derogation("divers", "1", "")
    assert len(faults(written(tmp_path, BAILLEUR.replace("annee = 2026", "annee = 12") + text))) == 4


def test_a_protocole_that_is_not_there_is_told(tmp_path):
    path = written(tmp_path)
    (tmp_path / "protocole.toml").unlink()
    assert "protocole.toml" in faults(path)[0]
