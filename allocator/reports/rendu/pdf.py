"""Documents as PDF to sign (extra ``documents``): typeset by Typst, with the fonts that it brings, offline."""

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from allocator.domain.french import short
from allocator.formats.faults import BadInput, Fault
from allocator.reports.document import Bloc, Cell, Document, Table

if TYPE_CHECKING:
    from typst import Compiler

Image = Literal["pdf", "png"]

GABARIT: Final = Path(__file__).with_name("gabarit.typ")
ABSENT: Final = "—"

SIZES: Final = ((13, 6.5, 2.0), (9, 7.5, 3.0), (0, 8.5, 4.0))
"""Points of the letters of a table and of the space beside them, by how many columns it has at least."""


def pdf(document: Document) -> bytes:
    """Return a document as PDF, tagged for those who have it read to them (PDF/UA-1).

    The same document gives the same bytes.

    Raises
    ------
    BadInput
        If Typst is not installed.
    """
    (data,) = _pages(document, "pdf")
    return data


def images(document: Document) -> tuple[bytes, ...]:
    """Return the pages of a document as PNG, one each.

    Raises
    ------
    BadInput
        If Typst is not installed.
    """
    return _pages(document, "png")


def _pages(document: Document, how: Image) -> tuple[bytes, ...]:
    told = {"document": json.dumps(_data(document), ensure_ascii=False)}
    more = {"pdf_standards": "ua-1"} if how == "pdf" else {"ppi": 110.0}
    compile_: Callable[..., Any] = _compiler().compile
    found = compile_(format=how, sys_inputs=told, **more)
    return tuple(found) if isinstance(found, list) else (found,)


@cache
def _compiler() -> "Compiler":
    try:
        from typst import Compiler  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as missing:
        told = f"{missing.name} n'est pas installé : pip install 'allocator[documents]'"
        raise BadInput([Fault("documents", None, None, told)]) from missing
    return Compiler(GABARIT, ignore_system_fonts=True)


def _data(document: Document) -> dict[str, Any]:
    return {
        "titre": document.titre,
        "sous_titre": document.sous_titre,
        "destinataire": document.destinataire,
        "blocs": [_block(bloc) for bloc in document.blocs],
        "methode": document.methode,
        "pied": document.pied,
        "signataire": document.signataire,
    }


def _block(bloc: Bloc) -> dict[str, Any]:
    told = {"genre": type(bloc).__name__.lower(), **asdict(bloc)}
    if isinstance(bloc, Table):
        _, corps, marge = next(size for size in SIZES if len(bloc.entete) >= size[0])
        told |= {
            "corps": corps,
            "marge": marge,
            "lignes": [list(map(_text, line)) for line in bloc.lignes],
            "total": list(map(_text, bloc.total)),
        }
    return told


def _text(cell: Cell) -> str:
    if cell is None or (isinstance(cell, float) and isnan(cell)):
        return ABSENT
    return cell if isinstance(cell, str) else short(cell).replace("-", "−")
