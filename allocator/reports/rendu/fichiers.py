"""The files of documents, by the formats asked for."""

import json
from collections.abc import Collection, Iterable
from functools import partial
from typing import Any, Final, TextIO

from allocator.formats.tableau import document as tables_document
from allocator.formats.workbook_writer import workbook
from allocator.formats.writing import Write, of_bytes
from allocator.reports.document import Document
from allocator.reports.rendu.pdf import pdf

FORMATS: Final = ("csv", "json", "xlsx", "pdf")


def files(documents: Iterable[Document], formats: Collection[str]) -> dict[str, Write]:
    """Return what writes documents, by name of file.

    Raises
    ------
    BadInput
        If a table is too long for a sheet, or what makes a PDF is not installed.
    """
    written: dict[str, Write] = {}
    for each in documents:
        if "csv" in formats:
            written |= {f"{each.stem}.{table.schema.file}": table.write for table in each.tableaux}
        if "json" in formats:
            written[f"{each.stem}.json"] = partial(_write_json, as_json(each))
        if "xlsx" in formats:
            written[f"{each.stem}.xlsx"] = of_bytes(workbook(each.tableaux, each.methode))
        if "pdf" in formats:
            written[f"{each.stem}.pdf"] = of_bytes(pdf(each))
    return written


def as_json(document: Document) -> dict[str, Any]:
    """Return a document for other programs: its tables, and how they were made."""
    return {
        "document": document.stem,
        "titre": document.titre,
        "destinataire": document.destinataire,
        "methode": dict(document.methode),
        **tables_document(document.tableaux),
    }


def _write_json(told: dict[str, Any], file: TextIO) -> None:
    json.dump(told, file, ensure_ascii=False, indent=2)
    file.write("\n")
