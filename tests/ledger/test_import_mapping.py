"""A mapping is guessed from a header, completed by a person, saved, and read with every fault of it told."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.formats import BadInput
from allocator.formats.cells import CellError
from allocator.ledger.importing import (
    GENRES,
    Correspondance,
    Proposition,
    mapping_text,
    propose_mapping,
    read_import,
    read_mapping,
)
from allocator.ledger.importing.mapping import is_date_format, read_day
from tests.ledger import erp

VALID = """\
format = 1
genre = "issues"
dates = "JJ/MM/AAAA"

[colonnes]
liberation = "Congé"
date = "Le"
evenement = "Étape"

[constantes]
reservataire = "als"

[traductions.evenement]
"E12" = "bail"
"""


def read(folder: Path, text: str) -> Correspondance:
    path = folder / "erp.toml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path)


def test_a_saved_mapping_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, VALID) == Correspondance(
        genre="issues",
        colonnes={"liberation": ("Congé",), "date": ("Le",), "evenement": ("Étape",)},
        constantes={"reservataire": "als"},
        traductions={"evenement": {"E12": "bail"}},
        dates=("JJ/MM/AAAA",),
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("format = 1", "format = 2", "1: format: « 2 » inconnu, attendu 1"),
        (
            'genre = "issues"',
            'genre = "issue"',
            "2: genre: « issue » inconnu, attendu annonces, issues, soldes",
        ),
        ("dates = ", "date = ", "3: date: clé inconnue, peut-être « dates »"),
        ("JJ/MM/AAAA", "JJ/MM", "3: dates: « JJ/MM » n'est pas un format de date, attendu comme JJ/MM/AAAA"),
        ('dates = "JJ/MM/AAAA"', "dates = 3", "3: dates: attendu un texte, ou une liste de textes"),
        ('"Congé"', "[]", "6: colonnes.liberation: attendu le nom d'une colonne, ou une liste de noms"),
        ('"Congé"', "12", "6: colonnes.liberation: attendu le nom d'une colonne, ou une liste de noms"),
        ("evenement = ", "evenements = ", "8: colonnes.evenements: clé inconnue, peut-être « evenement »"),
        ('date = "Le"\n', "", "5: colonnes: champ obligatoire sans colonne ni constante : date"),
        ('"als"', "true", "11: constantes.reservataire: attendu un texte, un nombre ou une date"),
        (
            'reservataire = "als"',
            'delai = "long"',
            "11: constantes.delai: « long » n'est pas un nombre, attendu un entier de 1 à 366",
        ),
        (
            'reservataire = "als"',
            'evenement = "bail"',
            "8: colonnes.evenement: donné par une colonne et par une constante, une seule des deux était attendue",
        ),
        ("[traductions.evenement]", "[traductions.etape]", "13: traductions.etape: clé inconnue"),
        (
            '= "bail"',
            '= "baille"',
            "14: traductions.evenement.E12: « baille » inconnu, attendu orientation, ",
        ),
        ("[colonnes]", "[colonne]", "5: colonne: clé inconnue, peut-être « colonnes »"),
        ("[colonnes]", "[colonnes", "5: ce n'est pas du TOML"),
    ],
)
def test_a_fault_of_a_mapping_is_told_by_its_line(old: str, new: str, told: str, tmp_path: Path) -> None:
    assert VALID.count(old) == 1
    with pytest.raises(BadInput) as caught:
        read(tmp_path, VALID.replace(old, new))
    assert any(line.startswith(f"erp.toml:{told}") for line in caught.value.render().splitlines())


def test_the_mapping_of_an_erp_is_guessed_but_for_what_no_column_says(tmp_path: Path) -> None:
    lines = list(erp.rows(erp.demo()))
    path = erp.write(tmp_path / "congés.csv", erp.text(lines))
    guessed = propose_mapping(path, "annonces")
    assert guessed.manquants == ("qpv_perimetre",)
    assert guessed.libres == ("Gardien",)
    assert guessed.a_traduire == {"qpv": ("",)}
    meant = read(tmp_path, erp.MAPPING)
    assert replace(guessed.mapping, constantes=meant.constantes, traductions=meant.traductions) == meant

    # the proposal is a file to complete: what is missing is told where it is, and there are comments to fill in
    text = mapping_text(guessed)
    with pytest.raises(BadInput) as caught:
        read(tmp_path, text)
    assert caught.value.render() == (
        "erp.toml:7: colonnes: champ obligatoire sans colonne ni constante : qpv_perimetre"
    )
    completed = text.replace("[constantes]", "[constantes]\nqpv_perimetre = 2024").replace(
        '# "" = ""', '"" = "non"'
    )
    assert read_import(path, read(tmp_path, completed)).fautes == ()


def test_words_that_are_not_understood_are_listed_to_be_translated(tmp_path: Path) -> None:
    content = (
        "Id libération,Date événement,Étape,Code réservataire\n"
        "L1,03.01.2025,Proposition envoyée,als\n"
        "L1,13.01.2025,E12,als\n"
        "L2,23.01.2025,E13,als\n"
    )
    guessed = propose_mapping(erp.write(tmp_path / "suivi.csv", content, "utf-8"), "issues")
    assert guessed.mapping == Correspondance(
        "issues",
        {
            "liberation": ("Id libération",),
            "date": ("Date événement",),
            "evenement": ("Étape",),
            "reservataire": ("Code réservataire",),
        },
        dates=("JJ.MM.AAAA",),
    )
    assert guessed.manquants == ()
    assert guessed.a_traduire == {"evenement": ("E12", "E13")}
    text = mapping_text(guessed)
    assert '[traductions.evenement]\n# "E12" = ""\n# "E13" = ""\n' in text
    assert read(tmp_path, text) == guessed.mapping


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), min_size=1, max_size=8)
NAMES = TEXTS.map(str.strip).filter(bool)


@st.composite
def mappings(draw: st.DrawFn) -> Correspondance:
    genre = draw(st.sampled_from(sorted(GENRES)))
    fields = GENRES[genre].columns
    notes = [column for column in fields if column.kind == "identifier" and not column.required]
    constant = draw(st.lists(st.sampled_from(notes), unique=True)) if notes else []
    plain = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=8)
    return Correspondance(
        genre=genre,
        colonnes={
            column.name: tuple(draw(st.lists(NAMES, min_size=1, max_size=2)))
            for column in fields
            if column not in constant
        },
        constantes={column.name: draw(plain) for column in constant},
        traductions={
            column.name: draw(
                st.dictionaries(
                    TEXTS.map(str.strip),
                    st.sampled_from(("", *column.choices)) if column.choices else plain,
                    min_size=1,
                    max_size=3,
                )
            )
            for column in draw(st.lists(st.sampled_from(fields), unique=True))
        },
        dates=draw(st.sampled_from([(), ("JJ/MM/AAAA",), ("JJ/MM/AA", "AAAAMMJJ")])),
        codage=draw(st.sampled_from(["utf-8", "windows-1252"])),
        feuille=draw(st.just("") | NAMES),
    )


@settings(max_examples=40)
@given(mapping=mappings())
def test_a_complete_mapping_that_is_written_reads_back_the_same(
    mapping: Correspondance, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("mapping")
    assert read(folder, mapping_text(Proposition(mapping, (), ("autre",), {}))) == mapping


@pytest.mark.parametrize("text", ["JJ/MM/AAAA", "AAAAMMJJ", "MM-JJ-AA", "JJ.MM.AA", "AAAA-MM-JJ"])
def test_a_format_of_dates_has_day_month_and_year_once(text: str) -> None:
    assert is_date_format(text)


@pytest.mark.parametrize(
    "text", ["", "JJ/MM", "JJ/JJ/AAAA", "JJ/MM/AAA", "dd/mm/yyyy", "JJ/MM/AAAA HH", "%d/MM/AA"]
)
def test_anything_else_is_no_format_of_dates(text: str) -> None:
    assert not is_date_format(text)


@given(day=st.dates(date(2000, 1, 1), date(2068, 12, 31)))
def test_a_day_is_read_in_any_format_in_which_it_is_written_with_its_hour_or_without(day: date) -> None:
    for pattern, text in (
        ("JJ/MM/AAAA", f"{day:%d/%m/%Y}"),
        ("AAAAMMJJ", f"{day:%Y%m%d}"),
        ("JJ.MM.AA", f"{day:%d.%m.%y}"),
    ):
        assert read_day(text, (pattern,)) == str(day)
        assert read_day(f"{text} 00:00:00", ("MM-JJ-AAAA", pattern)) == str(day)
    assert read_day(f"{day} 10:30", ("JJ/MM/AAAA",)) == str(day)


def test_days_without_separators_have_all_their_digits() -> None:
    with pytest.raises(CellError, match="n'est pas une date"):
        read_day("2025111", ("AAAAMMJJ",))


def test_the_names_of_the_rpls_are_known_in_any_case_and_its_address_is_put_together(tmp_path: Path) -> None:
    names = "DEPCOM;nbpiece;FINAN;QPV;SurfHab;CONSTRUCT;NUMVOIE;INDREP;TYPVOIE;NOMVOIE;ETAGE;DPEENERGIE"
    guessed = propose_mapping(erp.write(tmp_path / "rpls.csv", f"{names}\n"), "annonces")
    assert guessed.mapping.colonnes == {
        "commune": ("DEPCOM",),
        "typologie": ("nbpiece",),
        "financement": ("FINAN",),
        "qpv": ("QPV",),
        "construction": ("CONSTRUCT",),
        "surface": ("SurfHab",),
        "adresse": ("NUMVOIE", "INDREP", "TYPVOIE", "NOMVOIE"),
        "etage": ("ETAGE",),
    }
    assert guessed.manquants == ("id", "date", "qpv_perimetre")
    assert guessed.libres == ("DPEENERGIE",)
