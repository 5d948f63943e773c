"""A row more in a register, a version more of an assiette: files written anew, as atomically as all others."""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

from allocator.assiette import parcours
from allocator.assiette.dossier import DossierAssiette, read_assiette
from allocator.assiette.dossier.fichiers import Rows, open_table
from allocator.assiette.dossier.lecture import TABLES, TOML
from allocator.assiette.dossier.valeurs import Validation, Version
from allocator.formats import BadInput, Fault
from allocator.formats.assiette_schema import EXCLUSIONS, VALIDATIONS, VERSIONS
from allocator.formats.csv_text import six_decimals, write_rows
from allocator.formats.faults import FaultLog
from allocator.formats.schema import Schema
from allocator.formats.writing import Write, write_together


def decide(folder: Path, dossier: DossierAssiette, decision: Validation) -> DossierAssiette:
    """Append a decision to the register, and return the folder as it then is.

    Raises
    ------
    BadInput
        If it cannot be taken where the version stands; nothing is written then.
    """
    before = parcours.etat(dossier, decision.version)
    days = [each.jour for each in dossier.validations if each.version == decision.version]
    fault = parcours.fault_of(dossier, before, decision, days[-1] if days else None)
    if fault:
        raise BadInput([Fault(VALIDATIONS.file, None, None, fault)])
    row = (
        decision.version,
        decision.etape,
        decision.territoire,
        decision.organe,
        decision.decision,
        decision.jour,
        decision.par,
        decision.note,
    )
    write_together(folder, {VALIDATIONS.file: _more(folder, VALIDATIONS, [row])})
    return read_assiette(folder)


def revise(folder: Path, dossier: DossierAssiette, version: Version, changes: Path) -> DossierAssiette:
    """Append a version with the lines that it changes, and return the folder as it then is.

    ``changes`` is a table in the columns of ``exclusions.csv``, whose ``version`` is not looked at: the lines take
    the number of the new version. A line of a known ``id`` replaces it; its volume may be 0.

    Raises
    ------
    BadInput
        With every fault of the lines, told by the folder as it would be; nothing is written then.
    """
    log = FaultLog()
    rows = open_table(changes, EXCLUSIONS, log)
    log.raise_if_any()
    first = [(1, dossier.versions[0].effet, dossier.versions[0].motif, dossier.versions[0].auteur or "—")]
    old = [] if (folder / VERSIONS.file).exists() else first
    told = (version.numero, version.effet, version.motif, version.auteur)
    lines = [
        tuple(version.numero if name == "version" else cell for name, cell in cells.items())
        for cells in rows.cells
    ]
    files = {
        EXCLUSIONS.file: _more(folder, EXCLUSIONS, lines),
        VERSIONS.file: _more(folder, VERSIONS, [*old, told]),
    }
    return _tried(folder, files)


def _tried(folder: Path, files: dict[str, Write]) -> DossierAssiette:
    """Write files where the folder reads well with them, which is tried aside."""
    with TemporaryDirectory() as aside:
        trial = Path(aside) / folder.name
        trial.mkdir()
        for name in (TOML, *(schema.file for schema in TABLES)):
            if (folder / name).exists():
                copyfile(folder / name, trial / name)
        write_together(trial, files)
        found = read_assiette(trial)
    write_together(folder, files)
    return found


def _more(folder: Path, schema: Schema, added: Iterable[Sequence[Any]]) -> Write:
    """Return what writes a table as it is, with rows more."""
    log = FaultLog()
    path = folder / schema.file
    known = open_table(path, schema, log) if path.exists() else Rows(None, ())
    log.raise_if_any()
    rows = [*(tuple(cells.values()) for cells in known.cells), *added]
    return lambda file: write_rows(file, schema, [tuple(map(_text, row)) for row in rows])


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Fraction):
        return six_decimals(float(value))
    return value.isoformat() if isinstance(value, date) else str(value)
