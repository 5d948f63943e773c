"""Extracts as the ERP of a bailleur makes them, drawn from the demonstration instance with the codes of the RPLS."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter

from allocator.domain import Instance
from allocator.domain.vocabulary import FINANCEMENTS, QPV, STATUTS
from allocator.formats import read_instance
from allocator.ledger.importing import Correspondance, Lecture, read_mapping
from tests.pages import ROOT

HEADER = (
    "N° congé",
    "Date de congé",
    "Code INSEE",
    "NBPIECE",
    "FINAN",
    "Code QPV",
    "CONSTRUCT",
    "SURFHAB",
    "Loyer HC",
    "Résidence",
    "NUMVOIE",
    "TYPVOIE",
    "NOMVOIE",
    "Étage",
    "PMR",
    "Disponible le",
    "Statut GEF",
    "Motif hors flux",
    "Gardien",
)

MAPPING = """\
format = 1
genre = "annonces"
dates = "JJ/MM/AAAA"
codage = "windows-1252"

[colonnes]
id = "N° congé"
date = "Date de congé"
commune = "Code INSEE"
typologie = "NBPIECE"
financement = "FINAN"
qpv = "Code QPV"
construction = "CONSTRUCT"
surface = "SURFHAB"
loyer = "Loyer HC"
residence = "Résidence"
adresse = ["NUMVOIE", "TYPVOIE", "NOMVOIE"]
etage = "Étage"
accessible = "PMR"
disponible = "Disponible le"
statut = "Statut GEF"
categorie = "Motif hors flux"

[constantes]
qpv_perimetre = 2024

[traductions.qpv]
"" = "non"
"""

# loans of today, and what stood for them before 1977
_FINAN = {"PLAI": "11", "PLUS": "13", "PLS": "14", "PLI": "16"}
_BEFORE = {"PLUS": "52", "PLS": "53"}


def demo() -> Instance:
    return read_instance(ROOT / "instances" / "demo")


def rows(instance: Instance) -> Iterator[tuple[str, ...]]:
    """Yield one row a libération of the instance, in the words of an ERP."""
    table = instance.liberations
    for row, name in enumerate(table.id):
        year, month, day = str(table.date[row]).split("-")
        built = table.complements["construction"][row]
        financement = FINANCEMENTS[table.financement[row]]
        statut = STATUTS[table.statut[row]]
        yield (
            name,
            f"{day}/{month}/{year}",
            instance.territoires.commune[table.commune[row]],
            str(table.typologie[row] + 1),
            (_FINAN | _BEFORE if int(built) < 1977 else _FINAN)[financement],
            "QN09101M" if QPV[table.qpv[row]] == "oui" else "",
            built,
            table.complements["surface"][row],
            table.complements["loyer"][row].replace(".", ",") + " €",
            f"Résidence n° {row % 17}",
            str(1 + row % 90),
            "RUE",
            "de l'Église",
            "RDC" if row % 5 == 0 else str(row % 5),
            "O" if row % 4 == 0 else "N",
            f"{day}/{month}/{int(year) + 1}",
            {"flux": "", "hors_assiette": "Hors assiette"}.get(statut, statut),
            "Mutation interne" if statut == "hors_assiette" else "",
            "M. Durand",
        )


def text(lines: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> str:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(lines)
    return file.getvalue()


def write(path: Path, content: str, encoding: str = "windows-1252") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


def changed(line: Sequence[str], values: Mapping[str, str]) -> tuple[str, ...]:
    """Return a row with other cells in the columns of these names."""
    return tuple(values.get(name, cell) for name, cell in zip(HEADER, line, strict=True))


def mapping(folder: Path) -> Correspondance:
    """Save the mapping in a folder, and read it."""
    path = folder / "erp.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return read_mapping(path)


def workbook(path: Path, lines: list[tuple[str, ...]]) -> Path:
    """Write the extract as spreadsheets have it: days, numbers and texts."""
    path = path.with_suffix(".xlsx")
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Lisez-moi")
        sheet = book.add_worksheet("Export")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for row, line in enumerate([HEADER, *lines]):
            for column, cell in enumerate(line):
                parts = cell.split("/")
                if len(parts) == 3:
                    sheet.write_datetime(row, column, date(int(parts[2]), int(parts[1]), int(parts[0])), day)
                elif cell.isdigit() and HEADER[column] != "Code INSEE":
                    sheet.write_number(row, column, float(cell))
                else:
                    sheet.write_string(row, column, cell)
    return path


def said(lecture: Lecture) -> list[str]:
    """Return the faults as a user reads them."""
    return [str(fault) for fault in lecture.fautes]
