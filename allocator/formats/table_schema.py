"""The schemas of the contract's files as Table Schema, the format that French open-data validators read.

``python -m allocator.formats.table_schema docs/schemas`` writes one JSON file a table, from the very columns
that validate. Source: https://specs.frictionlessdata.io/table-schema/
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

from allocator.formats.assiette_results_schema import RESULTATS
from allocator.formats.assiette_schema import ANNONCES
from allocator.formats.cells import LONGEST
from allocator.formats.conversion_schema import CONVERSIONS
from allocator.formats.daily_schema import FILES
from allocator.formats.etat_des_lieux_schema import ETAT_DES_LIEUX
from allocator.formats.ledger_schema import LEDGER
from allocator.formats.livraison_schema import LIVRAISON
from allocator.formats.petits_schema import PETITS
from allocator.formats.projet_schema import PUBLIES
from allocator.formats.protocole_schema import PROTOCOLE
from allocator.formats.relogements_schema import RELOGEMENTS
from allocator.formats.reports_schema import REPORTS
from allocator.formats.rotation_schema import ROTATIONS
from allocator.formats.schema import Column, Kind, Schema
from allocator.formats.stock_schema import STOCK
from allocator.formats.trajectory_schema import TRAJECTOIRE

PUBLISHED: Final = (
    *FILES,
    *LEDGER,
    *CONVERSIONS,
    *PETITS,
    *STOCK,
    *ETAT_DES_LIEUX,
    *ROTATIONS,
    *ANNONCES,
    *RESULTATS,
    *RELOGEMENTS,
    *PUBLIES,
    *PROTOCOLE,
    *LIVRAISON,
    *TRAJECTOIRE,
    *REPORTS,
)
"""Every table that the contract or a page describes."""

_SPECIFICATION: Final = "https://specs.frictionlessdata.io/schemas/table-schema.json"

_TYPES: Final[dict[Kind, str]] = {
    "text": "string",
    "identifier": "string",
    "code": "string",
    "choice": "string",
    "number": "number",
    "whole": "integer",
    "date": "date",
}


def table_schema(schema: Schema) -> dict[str, Any]:
    """Return the Table Schema descriptor of a file of the contract."""
    descriptor: dict[str, Any] = {
        "$schema": _SPECIFICATION,
        "name": schema.name,
        "title": schema.title,
        "description": schema.description,
        "path": schema.file,
        "fields": [_field(column) for column in schema.columns],
        "missingValues": [""],
    }
    if schema.key:
        descriptor["primaryKey"] = list(schema.key)
    return descriptor


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "description": column.description}
    field["type"] = _TYPES[column.kind]
    if column.kind == "date":
        field["format"] = "default"
    if column.unit:
        field["unit"] = column.unit
    if column.example:
        field["example"] = column.example
    return field | {"constraints": _constraints(column)}


def _constraints(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": column.required}
    if column.unique:
        constraints["unique"] = True
    if column.choices:
        constraints["enum"] = list(column.choices)
    if column.kind in {"identifier", "code"}:
        constraints["maxLength"] = LONGEST
    if column.kind == "code":
        constraints["pattern"] = r"\S+"
    bounds = {"minimum": column.minimum, "maximum": column.maximum}
    # all bounds of the contract are whole numbers
    return constraints | {name: int(bound) for name, bound in bounds.items() if bound is not None}


def schema_texts() -> dict[str, str]:
    """Return the JSON of every table of the contract by file name."""
    return {
        f"{schema.name}.json": json.dumps(table_schema(schema), ensure_ascii=False, indent=2) + "\n"
        for schema in PUBLISHED
    }


def main(folder: Path) -> None:
    """Write the JSON of every table into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schema_texts().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
