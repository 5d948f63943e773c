"""What is wrong with an extract is told by line and by its own columns, all at once; what is refused can be mended."""

from dataclasses import replace
from pathlib import Path

import pytest

from allocator.formats import BadInput
from allocator.ledger.importing import Correspondance, Noms, read_import, write_rejects
from tests.ledger import erp


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> Correspondance:
    return erp.mapping(tmp_path_factory.mktemp("mapping"))


@pytest.fixture(scope="module")
def lines() -> list[tuple[str, ...]]:
    return list(erp.rows(erp.demo()))


MISTAKES = [
    ("N° congé", "", "N° congé: valeur absente"),
    ("Date de congé", "31/02/2025", "Date de congé: « 31/02/2025 » n'est pas une date, attendu JJ/MM/AAAA"),
    ("Date de congé", "2025-3-14T", "Date de congé: « 2025-3-14T » n'est pas une date, attendu JJ/MM/AAAA"),
    (
        "Date de congé",
        "01/01/2205",
        "Date de congé: « 01/01/2205 » hors limites, attendu une année de 2000 à 2099",
    ),
    ("Code INSEE", "", "Code INSEE: valeur absente"),
    ("Code INSEE", "91 161", "Code INSEE: « 91 161 » contient une espace"),
    ("Code INSEE", "75056", "Code INSEE: « 75056 » inconnu du journal"),
    (
        "NBPIECE",
        "10",
        "NBPIECE: « 10 » inconnu, attendu T1, T2, T3, T4, T5 ou T6, ou une traduction dans [traductions.typologie]",
    ),
    ("NBPIECE", "", "NBPIECE: valeur absente"),
    (
        "FINAN",
        "18",
        "FINAN: « 18 » inconnu, attendu PLAI, PLUS, PLS ou PLI, ou une traduction dans [traductions.financement]",
    ),
    (
        "FINAN",
        "99",
        "FINAN: « 99 » ne suffit pas, attendu PLAI, PLUS, PLS ou PLI, ou une traduction dans [traductions.financement]",
    ),
    (
        "Code QPV",
        "peut-être",
        "Code QPV: « peut-être » inconnu, attendu oui ou non, ou une traduction dans [traductions.qpv]",
    ),
    ("CONSTRUCT", "92", "CONSTRUCT: « 92 » hors limites, attendu un entier de 1000 à 2999"),
    ("CONSTRUCT", "1974,5", "CONSTRUCT: « 1974.5 » n'est pas entier, attendu un entier de 1000 à 2999"),
    ("SURFHAB", "grande", "SURFHAB: « grande » n'est pas un nombre, attendu un nombre de 0 à 1000000"),
    ("Loyer HC", "-385,36 €", "Loyer HC: « -385.36 » hors limites, attendu un nombre de 0 à 1000000"),
    (
        "PMR",
        "bof",
        "PMR: « bof » inconnu, attendu oui ou non, ou une traduction dans [traductions.accessible]",
    ),
    ("Disponible le", "demain", "Disponible le: « demain » n'est pas une date, attendu JJ/MM/AAAA"),
    (
        "Statut GEF",
        "hors tout",
        "Statut GEF: « hors tout » inconnu, attendu flux, hors_assiette, stock ou neuf, "
        "ou une traduction dans [traductions.statut]",
    ),
    (
        "Statut GEF",
        "hors assiette",
        "Motif hors flux: valeur absente, attendue pour un logement hors assiette",
    ),
]
"""A column, what it holds, and what is told: a score of mistakes, made five times each in different rows."""


@pytest.fixture(scope="module")
def hundred(lines: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Two hundred rows of which every second one has a mistake."""
    flux = [line for line in lines if not line[16]]
    assert len(flux) >= 200
    wrong = [
        erp.changed(line, {MISTAKES[row % 20][0]: MISTAKES[row % 20][1]})
        for row, line in enumerate(flux[:100])
    ]
    return [line for pair in zip(wrong, flux[100:], strict=False) for line in pair]


@pytest.fixture(scope="module")
def noms() -> Noms:
    return Noms(communes=frozenset(erp.demo().territoires.commune))


def test_a_hundred_malformed_rows_are_all_named_at_once_and_nothing_is_accepted(
    mapping: Correspondance, hundred: list[tuple[str, ...]], noms: Noms, tmp_path: Path
) -> None:
    lecture = read_import(erp.write(tmp_path / "congés.csv", erp.text(hundred)), mapping, noms)
    expected = [f"congés.csv:{2 + 2 * row}: {MISTAKES[row % 20][2]}" for row in range(100)]
    assert erp.said(lecture) == expected
    with pytest.raises(BadInput) as caught:
        lecture.accepted()
    assert caught.value.render().splitlines() == expected


def test_valid_rows_alone_are_accepted_if_asked_and_the_rejects_are_mended_and_imported(
    mapping: Correspondance,
    hundred: list[tuple[str, ...]],
    lines: list[tuple[str, ...]],
    noms: Noms,
    tmp_path: Path,
) -> None:
    lecture = read_import(erp.write(tmp_path / "congés.csv", erp.text(hundred)), mapping, noms)
    accepted = lecture.accepted(accept_valid=True)
    assert [ligne.ligne for ligne in accepted] == list(range(3, 202, 2))

    rejects = tmp_path / "congés.rejets.csv"
    write_rejects(lecture, rejects)
    told = rejects.read_text("utf-8-sig").splitlines()
    assert told[0] == "fautes à corriger;" + ";".join(erp.HEADER)
    assert told[2].startswith(
        "Date de congé: « 31/02/2025 » n'est pas une date, attendu JJ/MM/AAAA;2025-000002;31/02/2025;"
    )

    again = read_import(rejects, mapping, noms)
    assert [fault.message for fault in again.fautes] == [fault.message for fault in lecture.fautes]
    assert [fault.line for fault in again.fautes] == list(range(2, 102))

    # a second round keeps one column of faults, and mended rows are those that were meant
    write_rejects(again, rejects)
    assert rejects.read_text("utf-8-sig").splitlines() == told
    right = {line[0]: line for line in lines}
    mended = [told[0]]
    for row, line in enumerate(hundred[::2]):
        name = line[0] or [each for each in lines if not each[16]][row][0]
        mended.append("corrigé;" + ";".join(right[name]))
    rejects.write_text("\n".join(mended), encoding="utf-8-sig")
    final = read_import(rejects, mapping, noms)
    assert erp.said(final) == []
    assert len(final.lignes) == 100


def test_a_row_with_several_mistakes_tells_them_all_and_is_rejected_once(
    mapping: Correspondance, lines: list[tuple[str, ...]], tmp_path: Path
) -> None:
    row = erp.changed(lines[0], {"NBPIECE": "", "PMR": "?", "Date de congé": "hier"})
    lecture = read_import(erp.write(tmp_path / "congés.csv", erp.text([row])), mapping)
    assert erp.said(lecture) == [
        "congés.csv:2: Date de congé: « hier » n'est pas une date, attendu JJ/MM/AAAA",
        "congés.csv:2: NBPIECE: valeur absente",
        "congés.csv:2: PMR: « ? » inconnu, attendu oui ou non, ou une traduction dans [traductions.accessible]",
    ]
    write_rejects(lecture, tmp_path / "rejets.csv")
    assert len((tmp_path / "rejets.csv").read_text("utf-8").splitlines()) == 2


def test_rows_of_another_width_and_dwellings_told_twice_are_rejected(
    mapping: Correspondance, lines: list[tuple[str, ...]], tmp_path: Path
) -> None:
    rows = [lines[0], lines[1][:-2], lines[0], (*lines[2], "de trop")]
    lecture = read_import(erp.write(tmp_path / "congés.csv", erp.text(rows)), mapping)
    assert erp.said(lecture) == [
        "congés.csv:3: 17 champs au lieu de 19",
        "congés.csv:4: N° congé: « 2025-000001 » déjà donné à la ligne 2",
        "congés.csv:5: 20 champs au lieu de 19",
    ]
    write_rejects(lecture, tmp_path / "rejets.csv")
    again = read_import(tmp_path / "rejets.csv", mapping)
    assert erp.said(again) == [
        "rejets.csv:2: 18 champs au lieu de 20",
        "rejets.csv:4: 21 champs au lieu de 20",
    ]


def test_a_lost_zero_is_told(mapping: Correspondance, lines: list[tuple[str, ...]], tmp_path: Path) -> None:
    row = erp.changed(lines[0], {"Code INSEE": "1004"})
    lecture = read_import(
        erp.write(tmp_path / "congés.csv", erp.text([row])), mapping, Noms(communes={"01004"})
    )
    assert erp.said(lecture) == [
        "congés.csv:2: Code INSEE: « 1004 » inconnu du journal, qui a « 01004 » : le zéro initial s'est perdu"
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "congés.csv: fichier vide, attendu : "),
        (b"a;b\n1;2\n", "congés.csv:1: aucune colonne connue sur la première ligne, attendu : N° congé,"),
        (b"\xff\xfea\0", "congés.csv:1: fichier en UTF-16 : un texte en UTF-8 était attendu"),
        (b"a;b\n\x81;2\n", "congés.csv:2: octet 0x81 illisible en windows-1252 : "),
    ],
)
def test_a_file_that_is_no_such_extract_is_refused_whole(
    content: bytes, told: str, mapping: Correspondance, tmp_path: Path
) -> None:
    path = tmp_path / "congés.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_import(path, mapping)
    assert caught.value.render().startswith(told)


def test_a_missing_column_is_told_with_the_one_that_resembles_it(
    mapping: Correspondance, lines: list[tuple[str, ...]], tmp_path: Path
) -> None:
    content = erp.text(lines[:2]).replace("NBPIECE", "NBPIECES")
    with pytest.raises(BadInput) as caught:
        read_import(erp.write(tmp_path / "congés.csv", content), mapping)
    assert caught.value.render() == (
        "congés.csv:1: NBPIECE: colonne obligatoire absente de l'en-tête (« NBPIECES » y ressemble)"
    )


def test_a_file_cut_short_in_a_quote_is_refused_whole_with_its_other_faults(
    mapping: Correspondance, lines: list[tuple[str, ...]], tmp_path: Path
) -> None:
    rows = [erp.changed(lines[0], {"NBPIECE": "0"}), lines[1]]
    content = erp.text(rows) + '2025-9;"14/03'
    with pytest.raises(BadInput) as caught:
        read_import(erp.write(tmp_path / "congés.csv", content), mapping)
    first, last = caught.value.render().splitlines()
    assert first.startswith("congés.csv:2: NBPIECE: « 0 » inconnu")
    assert last == "congés.csv:4: guillemet ouvert et jamais fermé : lecture abandonnée"


def test_a_text_that_is_not_utf8_is_refused_whole(
    mapping: Correspondance, lines: list[tuple[str, ...]], tmp_path: Path
) -> None:
    path = erp.write(tmp_path / "congés.csv", erp.text(lines[:3]))
    with pytest.raises(BadInput) as caught:
        read_import(path, replace(mapping, codage="utf-8"))
    assert caught.value.render() == (
        "congés.csv:1: octet 0xB0 illisible en utf-8 : la correspondance dit-elle le bon codage ?"
    )


def test_a_sheet_that_is_not_there_is_told_with_those_that_are(
    mapping: Correspondance, lines: list[tuple[str, ...]], tmp_path: Path
) -> None:
    path = erp.workbook(tmp_path / "congés", lines[:2])
    absent = replace(mapping, feuille="Feuil1")
    with pytest.raises(BadInput) as caught:
        read_import(path, absent)
    assert caught.value.render() == "congés.xlsx[Feuil1]: feuille absente, attendu Lisez-moi ou Export"
    # without a name, it is the first one
    with pytest.raises(BadInput) as caught:
        read_import(path, mapping)
    assert caught.value.render() == "congés.xlsx: feuille vide"


def test_the_rejects_of_a_workbook_are_a_csv_file_that_the_same_mapping_reads(
    mapping: Correspondance, lines: list[tuple[str, ...]], tmp_path: Path
) -> None:
    rows = [lines[0], erp.changed(lines[1], {"NBPIECE": "0"}), lines[2]]
    sheet = replace(mapping, feuille="Export")
    lecture = read_import(erp.workbook(tmp_path / "congés", rows), sheet)
    assert [fault.line for fault in lecture.fautes] == [3]
    path = tmp_path / "rejets.csv"
    write_rejects(lecture, path)
    path.write_text(path.read_text("utf-8").replace(";0;", ";4;"), "utf-8")
    mended = read_import(path, sheet)
    meant = read_import(erp.write(tmp_path / "congés.csv", erp.text([lines[1]])), mapping)
    assert erp.said(mended) == []
    assert mended.lignes == meant.lignes
