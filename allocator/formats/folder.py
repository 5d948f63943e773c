"""A folder of plain files to raw tables."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from allocator.formats.csv_table import read_csv
from allocator.formats.description import Entries
from allocator.formats.faults import FaultLog
from allocator.formats.raw_instance import RawInstance
from allocator.formats.raw_table import RawTable
from allocator.formats.schema import TABLES, Schema
from allocator.formats.source import read_bytes
from allocator.formats.toml_document import LIMIT, TomlDocument, load_toml

INSTANCE: Final = "instance.toml"


class RawFolder(NamedTuple):
    """A document and tables by name; what cannot be read is missing, and noted as a fault."""

    document: TomlDocument | None
    tables: Mapping[str, RawTable]
    sha256: str


def read_folder(folder: Path, log: FaultLog) -> RawInstance:
    """Read the files of an instance and note what cannot be read."""
    raw = read_files(folder, INSTANCE, TABLES, log)
    return RawInstance(None if raw.document is None else _entries(raw.document), raw.tables, raw.sha256)


def read_files(folder: Path, toml: str, schemas: Sequence[Schema], log: FaultLog) -> RawFolder:
    """Read a TOML file and the tables beside it, and note what cannot be read.

    The digest is the one that ``sha256sum instance.toml territoires.csv … | sha256sum`` finds, over the files
    that are there, in the order of ``schemas``.
    """
    log.expect([toml, *(schema.file for schema in schemas)])
    digests = hashlib.sha256()
    data = read_bytes(folder / toml, LIMIT, log)
    document = None
    if data is not None:
        digests.update(_digest_line(toml, data))
        document = load_toml(data, toml, log)
    tables = {}
    for schema in schemas:
        path = folder / schema.file
        if not schema.required and not path.exists():
            continue
        data = read_bytes(path, schema.limit, log)
        if data is None:
            continue
        digests.update(_digest_line(schema.file, data))
        table = read_csv(data, schema.file, schema, log)
        if table is not None:
            tables[schema.name] = table
    return RawFolder(document, tables, digests.hexdigest())


def _digest_line(name: str, data: bytes) -> bytes:
    return f"{hashlib.sha256(data).hexdigest()}  {name}\n".encode()


def _entries(document: TomlDocument) -> Entries:
    return Entries(document.file, document.values, lambda key: document.line((key,)))
