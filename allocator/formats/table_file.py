"""One CSV file that stands alone, read by its schema."""

from pathlib import Path

from allocator.formats.csv_table import read_csv
from allocator.formats.faults import FaultLog
from allocator.formats.promises import refuse_twice
from allocator.formats.raw_table import RawTable
from allocator.formats.schema import Schema
from allocator.formats.source import read_bytes


def read_table(path: Path, schema: Schema, log: FaultLog) -> RawTable:
    """Return the raw table of a file; rows that repeat the key of an earlier one are noted.

    Raises
    ------
    BadInput
        If the file cannot be read as a table of that schema; faults of cells are the caller's to find.
    """
    data = read_bytes(path, schema.limit, log)
    table = None if data is None else read_csv(data, path.name, schema, log)
    if table is None:
        raise log.bad_input()
    if schema.key:
        refuse_twice(table, schema.key, log)
    return table
