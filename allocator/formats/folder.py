"""A folder of plain files to raw tables."""

import hashlib
from pathlib import Path
from typing import Final

from allocator.formats.csv_table import read_csv
from allocator.formats.description import Entries
from allocator.formats.faults import FaultLog
from allocator.formats.raw_instance import RawInstance
from allocator.formats.schema import TABLES
from allocator.formats.source import read_bytes
from allocator.formats.toml_document import LIMIT, load_toml

INSTANCE: Final = "instance.toml"


def read_folder(folder: Path, log: FaultLog) -> RawInstance:
    """Read the files of an instance and note what cannot be read.

    The digest is the one that ``sha256sum instance.toml territoires.csv … | sha256sum`` finds, over the files
    that are there, in the contract's order.
    """
    log.expect([INSTANCE, *(schema.file for schema in TABLES)])
    digests = hashlib.sha256()
    data = read_bytes(folder / INSTANCE, LIMIT, log)
    description = None
    if data is not None:
        digests.update(_digest_line(INSTANCE, data))
        description = _entries(data, log)
    tables = {}
    for schema in TABLES:
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
    return RawInstance(description, tables, digests.hexdigest())


def _digest_line(name: str, data: bytes) -> bytes:
    return f"{hashlib.sha256(data).hexdigest()}  {name}\n".encode()


def _entries(data: bytes, log: FaultLog) -> Entries | None:
    document = load_toml(data, INSTANCE, log)
    if document is None:
        return None
    return Entries(INSTANCE, document.values, lambda key: document.line((key,)))
