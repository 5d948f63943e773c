"""What is decided of dwellings, as it is said: one by one, or in a file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from allocator.formats import Fault, columns
from allocator.formats.csv_table import read_csv
from allocator.formats.faults import FaultLog
from allocator.formats.schema import Column, Schema
from allocator.formats.source import read_bytes

CHOIX: Final = Schema(
    "choix",
    "Décisions du jour",
    "Une ligne par logement décidé ; propositions.csv, au besoin modifié, en est un.",
    (
        Column("liberation", "identifier", "Identifiant de la libération", unique=True),
        Column(
            "reservataire",
            "identifier",
            "Réservataire ; vide : le logement reste au bailleur",
            required=False,
        ),
        Column("motif", "text", "Pourquoi, si ce n'est pas ce qui était proposé", required=False),
    ),
    ("liberation",),
)
"""What a file of decisions has."""


@dataclass(frozen=True, slots=True)
class Choix:
    """What is decided of one dwelling, and where that is said (``file`` and ``line``, if in a file).

    ``reservataire`` is ``None`` where the bailleur keeps it; with ``suit`` it goes to whom it was proposed.
    """

    liberation: str
    reservataire: str | None = None
    motif: str | None = None
    suit: bool = False
    file: str = ""
    line: int | None = None

    def fault(self, message: str) -> Fault:
        """Return what is wrong with it, where it is said."""
        if not self.file:
            return Fault(self.liberation, None, None, message)
        return Fault(self.file, self.line, self.liberation, message)


def read_choix(path: Path, motif: str | None) -> tuple[Choix, ...]:
    """Return the decisions in a CSV file; ``motif`` is for the rows that have none of their own.

    Raises
    ------
    BadInput
        With every fault of the file.
    """
    log = FaultLog()
    data = read_bytes(path, CHOIX.limit, log)
    table = None if data is None else read_csv(data, path.name, CHOIX, log)
    if table is not None and "reservataire" not in table.columns:
        log.add(path.name, 1, "reservataire", "colonne obligatoire absente de l'en-tête")
    if table is None or log:
        raise log.bad_input()
    found = [
        columns.texts(table, name, log) if name in table.columns else [""] * table.length
        for name in ("liberation", "reservataire", "motif")
    ]
    log.raise_if_any()
    return tuple(
        Choix(name, holder or None, why or motif, file=path.name, line=table.lines[row])
        for row, (name, holder, why) in enumerate(zip(*found, strict=True))
    )
