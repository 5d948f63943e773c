"""What the files of an instance hold before it is understood."""

from collections.abc import Mapping
from typing import NamedTuple

from allocator.formats.description import Entries
from allocator.formats.raw_table import RawTable


class RawInstance(NamedTuple):
    """The description and the tables by name; what cannot be read is missing, and noted as a fault."""

    description: Entries | None
    tables: Mapping[str, RawTable]
    sha256: str
