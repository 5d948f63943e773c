"""The published schemas are those that validate."""

import json
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from allocator import formats
from allocator.formats import table_schema
from allocator.formats.daily_schema import FILES
from allocator.formats.ledger_schema import LEDGER
from allocator.formats.schema import COMPLEMENTS, LIBERATIONS, TABLES, Schema
from allocator.formats.table_schema import main, schema_texts
from tests.formats.files import VALID

PUBLISHED = Path(__file__).parents[2] / "docs" / "schemas"


@pytest.mark.parametrize("name", schema_texts())
def test_a_published_schema_is_the_one_that_validates(name: str) -> None:
    """Else: ``python -m allocator.formats.table_schema docs/schemas``."""
    assert (PUBLISHED / name).read_text(encoding="utf-8") == schema_texts()[name]


def test_nothing_else_is_published() -> None:
    assert {path.name for path in PUBLISHED.iterdir()} == set(schema_texts())


def test_every_table_is_published_once() -> None:
    modules = [import_module(f"allocator.formats.{each.name}") for each in iter_modules(formats.__path__)]
    tables = {value for module in modules for value in vars(module).values() if isinstance(value, Schema)}
    names = [table.name for table in table_schema.PUBLISHED]
    assert len(set(names)) == len(names)
    assert {table.name for table in tables} - set(names) == {"Colonnes", "instance"}, "of workbooks"


def test_a_schema_describes_its_columns_in_order() -> None:
    for schema in (*FILES, *LEDGER):
        fields = json.loads(schema_texts()[f"{schema.name}.json"])["fields"]
        assert [field["name"] for field in fields] == [column.name for column in schema.columns]
        assert all(field["description"] for field in fields)


def test_a_constraint_is_written_as_table_schema_has_it() -> None:
    fields = {f["name"]: f for f in json.loads(schema_texts()["conventions.json"])["fields"]}
    assert fields["part"] == {
        "name": "part",
        "description": "Part de l'assiette du territoire",
        "type": "number",
        "unit": "%",
        "example": "30",
        "constraints": {"required": False, "minimum": 0, "maximum": 100},
    }
    assert fields["niveau"]["constraints"]["enum"] == ["territoire", "commune"]
    assert fields["solde"]["type"] == "integer"


def test_the_valid_instance_of_the_tests_has_the_columns_of_the_schemas() -> None:
    for schema in TABLES:
        header = VALID[schema.file].splitlines()[0].split(",")
        assert header == [column.name for column in schema.columns][: len(header)]


def test_the_optional_columns_of_liberations_are_the_last_ones() -> None:
    assert tuple(column.name for column in LIBERATIONS.columns)[-len(COMPLEMENTS) :] == COMPLEMENTS


def test_the_command_writes_every_schema(tmp_path: Path) -> None:
    main(tmp_path / "schemas")
    found = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "schemas").iterdir()}
    assert found == schema_texts()
