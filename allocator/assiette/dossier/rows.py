"""The rows of the tables of an assiette to values; what names nothing is a fault, told where it stands."""

from collections.abc import Mapping
from fractions import Fraction

from allocator.assiette.dossier.fichiers import Cells, Folder, Rows
from allocator.assiette.dossier.valeurs import (
    Attendu,
    Attribution,
    Demande,
    Document,
    Exclusion,
    Passee,
    Validation,
    Version,
)
from allocator.formats import assiette_schema as schemas
from allocator.formats.cells import quote
from allocator.formats.directory import Directory
from allocator.formats.faults import FaultLog
from allocator.formats.schema import TERRITOIRES

TOGETHER = "« volume » et « document » vont ensemble : un volume a sa source, sans source la moyenne vaut"


def read_attendus(folder: Folder, directory: Directory, log: FaultLog) -> tuple[Attendu, ...]:
    """Return the expected re-lettings; faults are noted."""
    rows = folder.rows(schemas.RELOCATIONS_ATTENDUES, log)
    return tuple(
        Attendu(
            commune_row(rows, row, directory, log),
            cells["segment"],
            cells["parc"] or 0,
            cells["taux"] or Fraction(0),
            cells["version"] or 1,
        )
        for row, cells in rows
    )


def read_passees(folder: Folder, directory: Directory, log: FaultLog) -> tuple[Passee, ...]:
    """Return the re-lettings of past years; faults are noted."""
    rows = folder.rows(schemas.RELOCATIONS_PASSEES, log)
    return tuple(
        Passee(cells["annee"] or 0, commune_row(rows, row, directory, log), cells["relocations"] or 0)
        for row, cells in rows
    )


def read_documents(folder: Folder, log: FaultLog) -> dict[str, Document]:
    """Return the documents by identifier; faults are noted."""
    rows = folder.rows(schemas.DOCUMENTS, log)
    names = [column.name for column in schemas.DOCUMENTS.columns]
    return {cells["id"]: Document(*(cells[name] for name in names)) for _, cells in rows}


def read_exclusions(
    folder: Folder, annee: int, directory: Directory, documents: Mapping[str, Document], log: FaultLog
) -> tuple[Exclusion, ...]:
    """Return the announced exclusions, those of no year being of ``annee``; faults are noted."""
    rows = folder.rows(schemas.EXCLUSIONS, log)
    for row, cells in rows:
        check_place(rows, row, directory, log)
        check_document(rows, row, documents, log)
        if (cells["volume"] is None) == bool(cells["document"]):
            rows.fault(row, "volume", TOGETHER, log)
    return tuple(_exclusion(cells, annee) for _, cells in rows)


def _exclusion(cells: Cells, annee: int) -> Exclusion:
    return Exclusion(
        cells["id"],
        cells["territoire"],
        cells["categorie"],
        cells["operation"],
        cells["mouvement"] or schemas.MOUVEMENTS[0],
        cells["annee"] or annee,
        cells["volume"],
        cells["document"],
        cells["page"],
        cells["version"] or 1,
    )


def read_attributions(folder: Folder, directory: Directory, log: FaultLog) -> tuple[Attribution, ...]:
    """Return the attributions of past years; faults are noted."""
    rows = folder.rows(schemas.ATTRIBUTIONS_PASSEES, log)
    parts = ("publics_prioritaires", "eligibles_contingents", "eligibles_als")
    for row, cells in rows:
        check_place(rows, row, directory, log)
        for part in parts:
            if (cells[part] or 0) > (cells["attributions"] or 0):
                rows.fault(row, part, "dépasse le nombre des attributions, dont il est une partie", log)
    return tuple(
        Attribution(
            cells["annee"] or 0,
            cells["territoire"],
            cells["categorie"],
            cells["operation"],
            cells["mouvement"] or schemas.MOUVEMENTS[0],
            cells["attributions"] or 0,
            *(cells[part] for part in parts),
        )
        for _, cells in rows
    )


def read_demandes(
    folder: Folder, directory: Directory, documents: Mapping[str, Document], log: FaultLog
) -> tuple[Demande, ...]:
    """Return the requests; faults are noted."""
    rows = folder.rows(schemas.DEMANDES, log)
    for row, cells in rows:
        check_place(rows, row, directory, log)
        check_document(rows, row, documents, log)
        given = {bool(cells[name]) for name in ("decision", "decide_par", "decide_le")}
        if len(given) > 1:
            rows.fault(row, "decision", "« decision », « decide_par » et « decide_le » vont ensemble", log)
        if cells["decide_le"] and cells["demande_le"] and cells["decide_le"] < cells["demande_le"]:
            rows.fault(row, "decide_le", f"précède la demande, qui est du {cells['demande_le']}", log)
    names = [column.name for column in schemas.DEMANDES.columns]
    return tuple(Demande(*(cells[name] for name in names)) for _, cells in rows)


def read_versions(folder: Folder, log: FaultLog) -> tuple[Version, ...]:
    """Return the versions, which must be numbered from 1 with days that never go back; faults are noted."""
    rows = folder.rows(schemas.VERSIONS, log)
    found: list[Version] = []
    for row, cells in rows:
        if cells["version"] is not None and cells["version"] != row + 1:
            rows.fault(row, "version", f"les versions se suivent depuis 1 : {row + 1} était attendu", log)
        if found and cells["effet"] and found[-1].effet and cells["effet"] < found[-1].effet:
            rows.fault(row, "effet", f"précède la version d'avant, qui vaut depuis le {found[-1].effet}", log)
        found.append(Version(row + 1, cells["effet"], cells["motif"], cells["auteur"]))
    return tuple(found)


def read_validations(folder: Folder, log: FaultLog) -> tuple[Validation, ...]:
    """Return the register of decisions in its order; faults are noted."""
    rows = folder.rows(schemas.VALIDATIONS, log)
    names = [column.name for column in schemas.VALIDATIONS.columns]
    return tuple(Validation(*(cells[name] for name in names)) for _, cells in rows)


def commune_row(rows: Rows, row: int, directory: Directory, log: FaultLog) -> int:
    """Return the row of a commune in territoires.csv; -1 where it has none, which is noted."""
    code = rows.cells[row]["commune"]
    if directory.communes is None or not code:
        return -1
    if code not in directory.communes:
        rows.fault(row, "commune", f"{quote(code)} absent de {TERRITOIRES.file}", log)
    return directory.communes.get(code, -1)


def check_place(rows: Rows, row: int, directory: Directory, log: FaultLog) -> None:
    """Note a territory that is none."""
    text = rows.cells[row]["territoire"]
    fault = directory.place_fault(text) if text else None
    if fault:
        rows.fault(row, "territoire", fault, log)


def check_document(rows: Rows, row: int, documents: Mapping[str, Document], log: FaultLog) -> None:
    """Note a document that documents.csv does not have."""
    name = rows.cells[row]["document"]
    if name and name not in documents:
        rows.fault(row, "document", f"{quote(name)} absent de {schemas.DOCUMENTS.file}", log)
