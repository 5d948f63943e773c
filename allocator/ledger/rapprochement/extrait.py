"""The radiations for a signed lease of an extract, with every fault of it."""

from pathlib import Path

from allocator.domain import Reservataires
from allocator.domain.vocabulary import FAMILLES
from allocator.formats.cells import quote
from allocator.formats.faults import BadInput, Fault
from allocator.ledger.importing import Correspondance, Radiation, read_import
from allocator.ledger.importing.fields import RADIATIONS
from allocator.ledger.rapprochement.rapprocher import is_contingent


def read_radiations(path: Path, mapping: Correspondance, holders: Reservataires) -> tuple[Radiation, ...]:
    """Return the radiations for a signed lease, in the order of the file.

    Raises
    ------
    BadInput
        With every fault of the file: a contingent that is no réservataire nor famille among them.
    """
    if mapping.genre != RADIATIONS.name:
        raise BadInput([Fault("--correspondance", None, "genre", f"« {RADIATIONS.name} » était attendu")])
    lecture = read_import(path, mapping)
    rows = [row for row in lecture.lignes if isinstance(row, Radiation)]
    faults = list(lecture.fautes)
    familles = ", ".join(FAMILLES)
    expected = f"un réservataire du journal, une famille ({familles}), ou une traduction dans [traductions.contingent]"
    for row in rows:
        if not is_contingent(row.contingent or "", holders):
            what = f"{quote(row.contingent or '')} inconnu, attendu {expected}"
            faults.append(Fault(path.name, row.ligne, mapping.columns("contingent"), what))
    if faults:
        raise BadInput(sorted(faults, key=lambda fault: fault.line or 0))
    return tuple(row for row in rows if row.motif_radiation != "autre")
