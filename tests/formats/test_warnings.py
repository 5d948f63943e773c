"""What is allowed and probably not meant is told, once, and read all the same."""

from pathlib import Path

import pytest

from allocator.formats import read_instance
from tests.formats.files import VALID, changed, write_files


def warnings(folder: Path, files: dict[str, str]) -> list[str]:
    told: list[str] = []
    read_instance(write_files(folder, files), told.append)
    return told


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "conventions.csv",
            "20.5",
            "60.5",
            "conventions.csv : les parts promises dépassent 100 % dans 1 commune : 93048 (100.5 %)",
        ),
        (
            "conventions.csv",
            "20.5",
            "70.5",
            "conventions.csv : les parts promises dépassent 100 % dans 2 communes : "
            "93048 (110.5 %), 93001 (100.5 %)",
        ),
        (
            "liberations.csv",
            "01004,T2",
            "93001,T2",
            "conventions.csv : volume promis là où rien n'est libéré : epci:240100883 (ligne 5)",
        ),
        (
            "liberations.csv",
            "PLS,non,flux",
            "PLS,non,neuf",
            "conventions.csv : volume promis là où rien n'est libéré : epci:240100883 (ligne 5)",
        ),
        (
            "liberations.csv",
            "PLAI",
            "PLI",
            "liberations.csv : 1 logement(s) PLI de statut flux (le premier ligne 3)",
        ),
        (
            "historique.csv",
            "T1,PLUS",
            "T1,PLI",
            "historique.csv : 1 logement(s) PLI de statut flux (le premier ligne 3)",
        ),
        ("instance.toml", "source", "sources", "instance.toml : clés inconnues, ignorées : sources"),
        (
            "conventions.csv",
            "solde",
            "soldes",
            "conventions.csv : colonne soldes ignorée, peut-être « solde »",
        ),
        (
            "territoires.csv",
            "93001,",
            "93001,Aubervilliers,20005786,93,A,\n93002,",
            "territoires.csv : codes qui n'ont pas la forme officielle (epci) : 20005786",
        ),
        (
            "indicatifs.csv",
            "T4+non,20",
            "T4+non,20\nals,qpv+typologie,non+T4,20",
            "indicatifs.csv : objectif croisé donné dans les deux ordres : qpv+typologie non+T4 (ligne 5)",
        ),
    ],
)
def test_a_warning_is_told_exactly(file: str, old: str, new: str, told: str, tmp_path: Path) -> None:
    assert warnings(tmp_path, changed(file, old, new)) == [told]


def test_parts_that_all_look_like_fractions_are_told(tmp_path: Path) -> None:
    text = VALID["conventions.csv"]
    for old, new in ((",30,", ",0.3,"), ("20.5", "0.205"), (",10,", ",0.1,")):
        text = text.replace(old, new)
    assert warnings(tmp_path, {**VALID, "conventions.csv": text}) == [
        "conventions.csv : aucune part ne dépasse 1 : elles se donnent en pour cent (30, non 0.30)",
    ]


def test_a_pli_out_of_the_flux_gives_no_warning(tmp_path: Path) -> None:
    assert (
        warnings(tmp_path, changed("liberations.csv", "PLUS,oui,hors_assiette", "PLI,oui,hors_assiette"))
        == []
    )


def test_promises_of_exactly_100_give_no_warning(tmp_path: Path) -> None:
    assert warnings(tmp_path, changed("conventions.csv", "20.5", "60")) == []


def test_a_long_list_is_cut_to_five_and_counted(tmp_path: Path) -> None:
    rows = "".join(f"9310{k},Commune {k},200057875,93,A,\n" for k in range(7))
    files = {
        **VALID,
        "territoires.csv": VALID["territoires.csv"] + rows,
        "conventions.csv": VALID["conventions.csv"].replace(",30,", ",90,"),
    }
    (told,) = warnings(tmp_path, files)
    assert told.startswith(
        "conventions.csv : les parts promises dépassent 100 % dans 9 communes : 93048 (120.5 %)"
    )
    assert told.endswith("93102 (110.5 %) … et 4 de plus")
