"""What the contract lets a file be: separators, marks, quotes, columns in any order, spaces, blank lines."""

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from allocator.domain import SANS_SOLDE, Instance, Liberation
from allocator.domain.vocabulary import FLUX
from allocator.formats import read_instance
from tests.builders import same
from tests.formats.files import VALID, changed, write_files


@pytest.fixture
def valid(tmp_path: Path) -> Instance:
    folder = tmp_path / "valid"
    folder.mkdir()
    return read_instance(write_files(folder, VALID))


def test_every_table_is_read(valid: Instance) -> None:
    assert (valid.nom, valid.description, valid.source) == ("Essai", "Deux départements", "inventée")
    assert (valid.debut, valid.fin) == (date(2025, 1, 1), date(2025, 12, 31))
    assert valid.territoires.commune == ("93048", "93001", "01004")
    assert valid.territoires.zone == ("A", "A", "B1")
    np.testing.assert_array_equal(valid.territoires.tension, [8.5, np.nan, 3.0])
    assert valid.reservataires.famille == ("etat", "action_logement", "commune", "employeur")
    assert valid.reservataires.petit == (False, None, None, True)
    assert valid.indicatifs.modalite == ("T3", "T4", "T4+non", "200057875", "93001")
    assert valid.indicatifs.part.tolist() == [40.0, 60.0, 20.0, 50.0, 5.0]
    assert valid.liberations.row(3, valid.territoires) == Liberation(
        "L4", date(2025, 12, 31), "93048", "T6", "PLUS", "oui", "hors_assiette"
    )
    assert valid.historique is not None
    assert valid.historique.id == ("H1", "H2")


def test_promises_are_read_with_their_defaults(valid: Instance) -> None:
    conventions = valid.conventions
    assert conventions.reservataire.tolist() == [0, 1, 2, 3]
    assert conventions.niveau == ("commune", "territoire", "territoire", "territoire")
    np.testing.assert_array_equal(conventions.part, [30, 20.5, 10, np.nan])
    np.testing.assert_array_equal(conventions.volume, [np.nan, np.nan, np.nan, 2])
    assert conventions.report.tolist() == [0.0, -0.5, 0.0, 0.25]
    assert conventions.solde.tolist() == [SANS_SOLDE, SANS_SOLDE, 3, SANS_SOLDE]


def test_codes_stay_text_with_their_first_zero(valid: Instance) -> None:
    assert valid.territoires.commune[2] == "01004"
    assert valid.territoires.departement[2] == "01"


def test_an_empty_statut_is_flux(valid: Instance) -> None:
    assert valid.liberations.statut[1] == FLUX
    assert valid.liberations.en_flux.tolist() == [0, 1, 2]


def test_optional_columns_are_carried_through_as_text(valid: Instance) -> None:
    assert valid.liberations.complements == {"construction": ("1974", "", "2001", "")}


REWRITES: dict[str, Callable[[str], str]] = {
    "byte order mark": lambda text: "\ufeff" + text,
    "Windows lines": lambda text: text.replace("\n", "\r\n"),
    "old Mac lines": lambda text: text.replace("\n", "\r"),
    "no last newline": lambda text: text.removesuffix("\n"),
    "blank lines": lambda text: text.replace("\n", "\n\n  \n"),
    "hundreds of blank last lines": lambda text: text + "\n" * 700,
    "semicolons and decimal commas": lambda text: text.replace(",", ";").replace(".", ","),
    "every field quoted": lambda text: "".join(
        ",".join(f'"{field}"' for field in line.split(",")) + "\n" for line in text.splitlines()
    ),
    "spaces around fields": lambda text: text.replace(",", "  ,\t"),
    "columns the other way round": lambda text: "".join(
        ",".join(reversed(line.split(","))) + "\n" for line in text.splitlines()
    ),
    "a column that the contract does not know": lambda text: text.replace("\n", ",note\n"),
    "two such columns of one name": lambda text: text.replace("\n", ",note,note\n"),
    "columns without name": lambda text: text.replace("\n", ",,\n"),
}


@pytest.mark.parametrize("rewrite", REWRITES.values(), ids=REWRITES)
def test_the_same_tables_written_otherwise_are_the_same_instance(
    rewrite: Callable[[str], str], valid: Instance, tmp_path: Path
) -> None:
    files = {name: rewrite(text) if name.endswith(".csv") else text for name, text in VALID.items()}
    assert same(read_instance(write_files(tmp_path, files)), valid)


def test_each_file_may_have_its_own_separator(valid: Instance, tmp_path: Path) -> None:
    files = {**VALID, "conventions.csv": VALID["conventions.csv"].replace(",", ";").replace(".", ",")}
    assert same(read_instance(write_files(tmp_path, files)), valid)


def test_a_decimal_point_is_read_whatever_the_separator(valid: Instance, tmp_path: Path) -> None:
    files = {**VALID, "conventions.csv": VALID["conventions.csv"].replace(",", ";")}
    assert same(read_instance(write_files(tmp_path, files)), valid)


def test_a_quoted_field_may_hold_separators_quotes_and_lines(tmp_path: Path) -> None:
    files = changed("reservataires.csv", "Un employeur", '"Dupont, ""fils""\r\net Cie"')
    assert read_instance(write_files(tmp_path, files)).reservataires.nom[3] == 'Dupont, "fils"\net Cie'


def test_a_whole_number_may_be_written_as_spreadsheets_do(tmp_path: Path) -> None:
    files = changed("conventions.csv", ",10,,,3", ",10,,,3.0")
    assert read_instance(write_files(tmp_path, files)).conventions.solde[2] == 3


def test_a_column_whose_cells_may_be_empty_may_be_absent(tmp_path: Path) -> None:
    files = {
        **VALID,
        "territoires.csv": "commune,nom,epci,departement\n93048,Montreuil,200057875,93\n",
        "reservataires.csv": "id,nom,famille\nals,Action Logement,action_logement\n",
        "conventions.csv": "reservataire,territoire,part\nals,departement:93,30\n",
        "indicatifs.csv": "reservataire,dimension,modalite,part\n",
        "liberations.csv": "id,date,commune,typologie,financement,qpv\nL1,2025-01-01,93048,T1,PLS,non\n",
        "historique.csv": "id,date,commune,typologie,financement,qpv,statut\n",
    }
    instance = read_instance(write_files(tmp_path, files))
    assert instance.territoires.zone == ("",)
    assert instance.reservataires.petit == (None,)
    assert (instance.conventions.niveau, instance.conventions.solde.tolist()) == (
        ("territoire",),
        [SANS_SOLDE],
    )
    assert np.isnan(instance.conventions.volume).all()
    assert instance.liberations.statut.tolist() == [FLUX]
    assert instance.liberations.complements == {}


def test_the_optional_files_may_be_absent(tmp_path: Path) -> None:
    files = {name: text for name, text in VALID.items() if name not in {"indicatifs.csv", "historique.csv"}}
    instance = read_instance(write_files(tmp_path, files))
    assert len(instance.indicatifs) == 0
    assert instance.historique is None


def test_a_header_without_rows_is_a_valid_table(tmp_path: Path) -> None:
    header = VALID["liberations.csv"].splitlines()[0]
    instance = read_instance(write_files(tmp_path, {**VALID, "liberations.csv": header}))
    assert len(instance.liberations) == 0
    assert instance.liberations.date.dtype == "datetime64[D]"


def test_parts_of_a_dimension_may_sum_to_100_and_a_half_by_rounding(tmp_path: Path) -> None:
    files = changed("indicatifs.csv", "T4,60", "T4,60.5")
    assert read_instance(write_files(tmp_path, files)).indicatifs.part[1] == 60.5


def test_parts_of_crossed_dimensions_may_sum_to_anything(tmp_path: Path) -> None:
    files = changed("indicatifs.csv", "T4+non,20", "T4+non,80\nals,typologie+qpv,T3+non,80")
    assert read_instance(write_files(tmp_path, files)).indicatifs.part[2:4].tolist() == [80.0, 80.0]


def test_promises_of_a_row_may_overlap_others(tmp_path: Path) -> None:
    files = changed("conventions.csv", "ville,commune:93048", "als,commune:93048")
    assert read_instance(write_files(tmp_path, files)).conventions.reservataire.tolist() == [0, 1, 1, 3]


def test_codes_with_a_suffix_are_taken_so_that_instances_can_stand_side_by_side(tmp_path: Path) -> None:
    files = {
        name: text.replace("93048", "93048_2").replace("200057875", "200057875_2")
        for name, text in VALID.items()
    }
    assert read_instance(write_files(tmp_path, files)).territoires.commune[0] == "93048_2"


def test_the_digest_is_that_of_the_files_whatever_the_folder(valid: Instance, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    assert read_instance(write_files(other, {**VALID, "notes.txt": "…"})).sha256 == valid.sha256
    files = changed("instance.toml", "inventée", "inventee")
    assert read_instance(write_files(other, files)).sha256 != valid.sha256


def test_the_digest_can_be_found_again_with_sha256sum(valid: Instance) -> None:
    """``sha256sum instance.toml territoires.csv … | sha256sum``, in the contract's order."""
    lines = "".join(f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n" for name, text in VALID.items())
    assert valid.sha256 == hashlib.sha256(lines.encode()).hexdigest()
