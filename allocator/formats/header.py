"""From the names of a header to the positions of the known columns."""

from collections.abc import Sequence

from allocator.formats.faults import FaultLog
from allocator.formats.schema import Schema


def match_header(
    names: Sequence[str], schema: Schema, file: str, log: FaultLog, line: int = 1
) -> dict[str, int] | None:
    """Return the position of each known column that is there, or ``None`` with the faults noted.

    ``line`` is that of the header. Unknown columns are ignored; a known one that stands twice and a required one
    that is missing are faults.
    """
    positions = {column.name: names.index(column.name) for column in schema.columns if column.name in names}
    if not positions:
        where = "la première ligne" if line == 1 else f"la ligne {line}"
        what = f"aucune colonne connue sur {where}, attendu : {expected_header(schema)}"
        log.add(file, line, None, what)
        return None
    twice = [name for name in positions if names.count(name) > 1]
    for name in twice:
        log.add(file, line, name, "colonne présente deux fois dans l'en-tête")
    missing = [name for name in _required(schema) if name not in positions]
    for name in missing:
        near = near_miss(name, [other for other in names if other not in positions])
        hint = f" (« {near} » y ressemble)" if near else ""
        log.add(file, line, name, f"colonne obligatoire absente de l'en-tête{hint}")
    return None if twice or missing else positions


def expected_header(schema: Schema) -> str:
    """Return the header with the required columns, as it would be written."""
    return ",".join(_required(schema))


def _required(schema: Schema) -> list[str]:
    return [column.name for column in schema.columns if column.required or schema.complete]


def near_miss(name: str, others: Sequence[str]) -> str | None:
    """Return the one of the others that is probably ``name`` misspelt."""
    # difflib is worth its import only where there is something to tell
    from difflib import get_close_matches  # noqa: PLC0415

    return next(iter(get_close_matches(name, others, 1, 0.75)), None)
