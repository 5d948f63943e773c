"""A projet to its folder of plain files."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

import numpy as np

from allocator.domain import SANS_SOLDE
from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.formats.csv_text import exact, write_rows
from allocator.formats.instance_writer import (
    liberations_write,
    reservataires_rows,
    territoires_rows,
    toml_text,
)
from allocator.formats.projet_schema import CONVENTIONS_PAR_ANNEE, INDICATIFS_PAR_ANNEE, OFFRE, PROJET
from allocator.formats.schema import HISTORIQUE, RESERVATAIRES, TERRITOIRES, Schema
from allocator.formats.tableau import Tableau, Value
from allocator.formats.writing import Write, write_together
from allocator.planning.projet.projet import Projet
from allocator.planning.projet.reading import DESCRIPTION

Row = tuple[Value, ...]


def write_projet(projet: Projet, folder: Path, supply: Sequence[Tableau] = ()) -> None:
    """Write the files of a projet into a folder, created if need be; other files there stay.

    Parameters
    ----------
    projet
        What to write.
    folder
        Where.
    supply
        Tables that its supply is made of (a stock and its rates …), written in place of ``offre.csv``.

    Raises
    ------
    BadInput
        If the folder cannot be written.
    """
    holders = projet.reservataires
    tableaux = [Tableau(CONVENTIONS_PAR_ANNEE, tuple(_spans(projet, _conventions(projet))))]
    if any(len(year) for year in projet.indicatifs):
        tableaux.append(Tableau(INDICATIFS_PAR_ANNEE, tuple(_spans(projet, _indicatifs(projet)))))
    tableaux += supply or [Tableau(OFFRE, tuple(_offre(projet)))]
    files: dict[str, Write] = {
        TERRITOIRES.file: _rows(TERRITOIRES, territoires_rows(projet.territoires)),
        RESERVATAIRES.file: _rows(RESERVATAIRES, reservataires_rows(holders)),
        **{each.schema.file: each.write for each in tableaux},
    }
    if projet.historique is not None:
        files[HISTORIQUE.file] = liberations_write(projet.historique, projet.territoires)
    files[DESCRIPTION] = lambda file: _describe(file, projet)
    write_together(folder, files, [schema.file for schema in PROJET if schema.file not in files])


def class_words(commune: str, typologie: int, financement: int, qpv: int) -> tuple[str, str, str, str]:
    """Return a class in the words of the files."""
    return commune, TYPOLOGIES[typologie], FINANCEMENTS[financement], QPV[qpv]


def _rows(schema: Schema, rows: Iterator[tuple[str, ...]]) -> Write:
    return lambda file: write_rows(file, schema, rows)


def _describe(file: TextIO, projet: Projet) -> None:
    file.write(f"nom = {toml_text(projet.nom)}\n")
    file.write(f"description = {toml_text(projet.description)}\n")
    file.write(f"source = {toml_text(projet.source)}\n")
    file.write(f"premiere_annee = {projet.premiere}\nannees = {projet.annees}\n")


def _spans(projet: Projet, years: Sequence[Sequence[Row]]) -> Iterator[Row]:
    """Yield the rows of all years, one of several years in a row once, with the first and the last of them."""
    open_: dict[Row, int] = {}
    last = len(years) - 1
    for annee, rows in enumerate(years):
        for row in rows:
            since = open_.setdefault(row, annee)
            if annee == last or row not in years[annee + 1]:
                del open_[row]
                yield (
                    *row,
                    "" if since == 0 else projet.premiere + since,
                    "" if annee == last else projet.premiere + annee,
                )


def _conventions(projet: Projet) -> list[list[Row]]:
    """Return the promises of each year; one that goes on keeps the report of the first, which is owed once."""
    names, years = projet.reservataires.id, []
    reports: dict[Row, str] = {}
    for annee, year in enumerate(projet.conventions):
        table = zip(
            [names[holder] for holder in year.reservataire.tolist()],
            year.territoire,
            year.niveau,
            map(exact, year.part.tolist()),
            map(exact, year.volume.tolist()),
            ["" if solde == SANS_SOLDE else solde for solde in year.solde.tolist()],
            strict=True,
        )
        rows: list[Row] = list(table)
        owed = map(exact, year.report.tolist())
        first = dict(zip(rows, owed, strict=True)) if annee == 0 else reports
        reports = {row: first.get(row, "0") for row in rows}
        years.append([(*row[:5], report, row[5]) for row, report in reports.items()])
    return years


def _indicatifs(projet: Projet) -> list[list[Row]]:
    names = projet.reservataires.id
    return [
        [
            (names[holder], dimension, modalite, exact(part))
            for holder, dimension, modalite, part in zip(
                year.reservataire, year.dimension, year.modalite, year.part.tolist(), strict=True
            )
        ]
        for year in projet.indicatifs
    ]


def _offre(projet: Projet) -> Iterator[Row]:
    offre, communes = projet.offre, projet.territoires.commune
    for row in np.lexsort((offre.qpv, offre.financement, offre.typologie, offre.commune, offre.annee)):
        words = class_words(
            communes[offre.commune[row]], offre.typologie[row], offre.financement[row], offre.qpv[row]
        )
        yield projet.premiere + int(offre.annee[row]), *words, exact(float(offre.attendu[row]))
