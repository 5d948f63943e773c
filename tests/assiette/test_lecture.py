"""Bad input of every table: each fault with its file, line and column, all in one go, and nothing else told."""

from pathlib import Path

import pytest

from allocator.assiette.dossier import read_assiette
from allocator.assiette.livraison import read_programme
from allocator.assiette.relogements import read_besoins
from allocator.formats import BadInput
from tests.assiette.dossiers import ASSIETTE, PARTAGE, PROGRAMME, write

BROKEN_ASSIETTES = [
    ("assiette.toml", 'bailleur = "OPH d\'essai"\n', "", "1: bailleur: clé obligatoire absente"),
    ("assiette.toml", 'methode = "rotation"', 'methode = "devinette"', "methode: « devinette » inconnu"),
    ("assiette.toml", "annees = 3", "annees = 0", "annees: attendu un entier ≥ 1"),
    ("assiette.toml", "part = 2.0", "part = 120", "part: attendu un pourcentage, 100 au plus"),
    ("assiette.toml", 'effet = "avertir"', 'effet = "punir"', "effet: « punir » inconnu"),
    (
        "assiette.toml",
        "[[suppleant]]",
        '[[etape]]\nnom = "cil"\norgane = "X"\n[[suppleant]]',
        "« cil » donné deux fois",
    ),
    ("assiette.toml", "fin = 2025-06-30", "fin = 2025-06-31", "ce n'est pas du TOML : date qui n'existe pas"),
    ("assiette.toml", '"epci:200057875"', '"epci:1"', "« epci:1 » n'a aucune commune dans territoires.csv"),
    (
        "assiette.toml",
        'agents = ["etat_agents"]',
        'agents = ["x"]',
        "agents: « x » absent de reservataires.csv",
    ),
    (
        "relocations_attendues.csv",
        "93066,2000",
        "75056,2000",
        "4: commune: « 75056 » absent de territoires.csv",
    ),
    ("relocations_attendues.csv", "93066,2000,6", "93066,2000,600", "4: taux: « 600 » hors limites"),
    ("relocations_attendues.csv", "93066,2000", "93048,2000", "4: commune: (93048) déjà donné à la ligne 2"),
    (
        "exclusions.csv",
        "mutation,,,,40,cus,12",
        "mutation,,,,40,,12",
        "2: volume: « volume » et « document » vont",
    ),
    (
        "exclusions.csv",
        "habitat_indigne,,,,,,",
        "habitat_indigne,,,,,cus,",
        "7: volume: « volume » et « document »",
    ),
    ("exclusions.csv", "40,cus", "40,cuss", "2: document: « cuss » absent de documents.csv"),
    ("exclusions.csv", "mutation,,,,40", "demolition,,,,40", "2: categorie: « demolition » inconnu"),
    ("exclusions.csv", "commune:93048", "93048", "4: territoire: « 93048 » n'est pas un territoire"),
    (
        "attributions_passees.csv",
        "2022,",
        "2021,",
        "aucune ligne pour 2022, que la moyenne des 3 dernières années",
    ),
    (
        "attributions_passees.csv",
        "10,8,9,2",
        "10,11,9,2",
        "2: publics_prioritaires: dépasse le nombre",
    ),
    ("demandes.csv", "2024-11-04,,,", "2024-11-04,acceptee,,", "2: decision: « decision », « decide_par »"),
    ("demandes.csv", "2024-11-04,,,", "2024-11-04,acceptee,P,2024-11-03", "2: decide_le: précède la demande"),
]


@pytest.mark.parametrize(("file", "old", "new", "told"), BROKEN_ASSIETTES)
def test_a_broken_assiette_is_told_by_file_line_and_column(
    tmp_path: Path, file: str, old: str, new: str, told: str
) -> None:
    assert old in ASSIETTE[file]
    folder = write(tmp_path, {**ASSIETTE, file: ASSIETTE[file].replace(old, new, 1)})
    with pytest.raises(BadInput) as refused:
        read_assiette(folder)
    assert refused.value.total == 1
    assert told in str(refused.value)
    assert str(refused.value).startswith(file)


def test_the_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            **ASSIETTE,
            "exclusions.csv": ASSIETTE["exclusions.csv"].replace("40,cus", "40,x"),
            "demandes.csv": ASSIETTE["demandes.csv"].replace("commune:93008", "commune:1"),
            "conventions.csv": ASSIETTE["conventions.csv"].replace(",10,", ",110,"),
        },
    )
    with pytest.raises(BadInput) as refused:
        read_assiette(folder)
    assert [fault.file for fault in refused.value.faults] == [
        "exclusions.csv",
        "demandes.csv",
        "conventions.csv",
    ]


def test_versions_follow_one_another_and_the_others_know_them(tmp_path: Path) -> None:
    versions = "version,effet,motif,auteur\n1,2025-01-01,première,A\n3,2024-01-01,revoyure,A\n"
    with pytest.raises(BadInput) as refused:
        read_assiette(write(tmp_path, {**ASSIETTE, "versions.csv": versions}))
    told = str(refused.value)
    assert "versions.csv:3: version: les versions se suivent depuis 1 : 2 était attendu" in told
    assert "versions.csv:3: effet: précède la version d'avant" in told


@pytest.mark.parametrize("name", ["relocations_attendues", "exclusions", "territoires", "assiette"])
def test_a_file_that_is_missing_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="fichier absent"):
        read_assiette(write(tmp_path, ASSIETTE, **{name: ""}))


def test_an_assiette_without_conventions_nor_past_years_is_read_where_no_mean_is_asked(
    tmp_path: Path,
) -> None:
    lines = "\n".join(ASSIETTE["exclusions.csv"].splitlines()[:-1]) + "\n"
    others = dict.fromkeys(
        ("conventions", "reservataires", "relocations_passees", "attributions_passees", "demandes"), ""
    )
    toml = ASSIETTE["assiette.toml"].replace('agents = ["etat_agents"]', "")
    found = read_assiette(write(tmp_path, ASSIETTE, exclusions=lines, assiette=toml, **others))
    assert found.conventions is None


BROKEN_SHARINGS = [
    ("partage.toml", 'mode = "en_dernier"', 'mode = "parfois"', "mode: « parfois » inconnu"),
    ("partage.toml", "part = 15.0", "part = 150", "part: attendu un pourcentage, 100 au plus"),
    ("besoins.csv", "Les Tours", "La Noue", "3: operation: « La Noue » déjà donné à la ligne 2"),
    ("arbitrages.csv", "La Noue", "L'Autre", "2: operation: « L'Autre » absente de besoins.csv"),
    ("arbitrages.csv", "esh-b,93", "esh-b,75", "2: bailleur: (esh-b, 75) absent de bailleurs.csv"),
    ("arbitrages.csv", ",18,", ",61,", "2: logements: les arbitrages de La Noue dépassent son besoin de 60"),
]


@pytest.mark.parametrize(("file", "old", "new", "told"), BROKEN_SHARINGS)
def test_a_broken_sharing_is_told(tmp_path: Path, file: str, old: str, new: str, told: str) -> None:
    folder = write(tmp_path, {**PARTAGE, file: PARTAGE[file].replace(old, new, 1)})
    with pytest.raises(BadInput) as refused:
        read_besoins(folder)
    assert refused.value.total == 1
    assert told in str(refused.value)


BROKEN_PROGRAMMES = [
    ("programme.toml", "livraison = 2025-09-01", 'livraison = "bientôt"', "livraison: « bientôt »"),
    ("programme.toml", '= "relogements"', '= "x"', "reservataire: « x » absent de reservataires.csv"),
    (
        "logements_livres.csv",
        "TIL-01,93048",
        "TIL-01,75056",
        "2: commune: « 75056 » absent de territoires.csv",
    ),
    ("logements_livres.csv", "T5,PLUS", "T5,PLX", "13: financement: « PLX » inconnu"),
    (
        "droits_du_programme.csv",
        "etat,4",
        "etat,5",
        "11 droits et 2 gardés pour les relogements pour 12 logements",
    ),
    (
        "droits_du_programme.csv",
        "als,3",
        "inconnu,3",
        "3: reservataire: « inconnu » absent de reservataires.csv",
    ),
    (
        "territoires.csv",
        "200057867,93",
        "200057867,94",
        "departement: un programme est dans un seul département",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "told"), BROKEN_PROGRAMMES)
def test_a_broken_programme_is_told(tmp_path: Path, file: str, old: str, new: str, told: str) -> None:
    assert old in PROGRAMME[file]
    folder = write(tmp_path, {**PROGRAMME, file: PROGRAMME[file].replace(old, new, 1)})
    with pytest.raises(BadInput) as refused:
        read_programme(folder)
    assert refused.value.total == 1
    assert told in str(refused.value)
