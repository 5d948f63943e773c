"""Documents on paper: user texts are shown and never read, and bad settings are told with their lines."""

import sys
from pathlib import Path

import pytest

from allocator.formats import BadInput
from allocator.reports.document import Document, Table, Texte, Titre
from allocator.reports.reglages import SHIPPED, read_reglages
from allocator.reports.rendu import pdf as paper
from tests.ledger.played import run

TYPST = '#panic("lu") $ [ * _ ` ] \\ </a> @x = - + / #import "x": y // "'
"""Typst fails on this wherever it reads it."""


def document(text: str) -> Document:
    table = Table(text, (text, text), [(text, text), (None, 1234.5)], total=(text, 3), groupes=((text, 1),))
    blocs = (Titre(text), Texte(text), table)
    return Document("d", text, text, text, blocs, (), ((text, text),), text, text)


def test_no_text_is_read_as_markup() -> None:
    assert paper.pdf(document(TYPST)).startswith(b"%PDF")
    assert paper.pdf(document(TYPST)) == paper.pdf(document(TYPST))


def test_a_page_is_tagged_for_those_who_have_it_read_to_them() -> None:
    written = paper.pdf(document("Été"))
    for mark in (b"/StructTreeRoot", b"/Lang(fr", b"pdfuaid"):
        assert mark in written


def test_a_long_table_goes_on_with_its_header_on_the_next_page() -> None:
    long = Table("long", ("a", "b"), [(str(row), row) for row in range(200)])
    made = Document("d", "t", "", "", (long,), (), (), "pied", "")
    assert len(paper.images(made)) > 2


def test_without_typst_that_is_told_and_nothing_is_written(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    paper._compiler.cache_clear()
    out = tmp_path / "out"
    done = run("report", "delegation", "--base", base, "--annee", "2025", "--out", out)
    assert done.exit_code == 2
    assert "allocator[documents]" in done.stderr
    assert not out.exists()
    others = ("--format", "csv", "--format", "xlsx")
    assert (
        run("report", "delegation", "--base", base, "--annee", "2025", "--out", out, *others).exit_code == 0
    )


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("depuis = 1949", "depuis = 1980", "ne se suivent pas"),
        ('titre = "1949-1974"', 'titre = "avant 1949"', "distincts"),
        ("de $reservataire", "de $reservatair", "$reservatair inconnu"),
        ("masque = 5", 'masque = "cinq"', "attendu un nombre"),
        ("[offre]", "[offres]", "table obligatoire absente"),
        ("masque", "masques", "clé obligatoire absente"),
    ],
)
def test_a_fault_of_the_settings_is_told(before: str, after: str, fault: str, tmp_path: Path) -> None:
    path = tmp_path / "reglages.toml"
    path.write_text(SHIPPED.read_text("utf-8").replace(before, after, 1), "utf-8")
    with pytest.raises(BadInput) as told:
        read_reglages(path)
    assert fault in told.value.render()


@pytest.mark.parametrize("name", ["course", "months", "gaps"])
def test_a_picture_is_drawn_and_names_its_journal(name: str, base: Path, tmp_path: Path) -> None:
    out = tmp_path / "image.svg"
    asked = ("--date", "2025-09-30", "--reservataire", "als", "--out", out)
    assert run("chart", name, "--base", base, *asked).exit_code == 0
    text = out.read_text("utf-8")
    assert "Action Logement Services" in text
    assert "empreinte" in text


def test_a_picture_of_nobody_is_told(base: Path, tmp_path: Path) -> None:
    out = tmp_path / "image.jpg"
    assert "en .svg ou .png" in run("chart", "gaps", "--base", base, "--out", out).stderr
    out = tmp_path / "image.svg"
    done = run("chart", "gaps", "--base", base, "--date", "2025-09-30", "--reservataire", "x", "--out", out)
    assert done.exit_code == 2
    assert "« x » inconnu" in done.stderr
    assert not out.exists()
