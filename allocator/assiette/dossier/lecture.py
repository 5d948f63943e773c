"""An assiette folder read whole: every fault of every file in one go, or its values."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from allocator.assiette.dossier.coherence import refuse_incoherent
from allocator.assiette.dossier.fichiers import Folder, open_folder
from allocator.assiette.dossier.reglages import Reglages
from allocator.assiette.dossier.reglages_reader import read_reglages
from allocator.assiette.dossier.rows import (
    read_attendus,
    read_attributions,
    read_demandes,
    read_documents,
    read_exclusions,
    read_passees,
    read_validations,
    read_versions,
)
from allocator.assiette.dossier.valeurs import DossierAssiette, Version
from allocator.domain import Conventions, Reservataires, Territoires
from allocator.formats.assiette_schema import DOSSIER
from allocator.formats.directory import Directory
from allocator.formats.faults import FaultLog
from allocator.formats.promises import read_conventions
from allocator.formats.schema import CONVENTIONS, RESERVATAIRES, TERRITOIRES
from allocator.formats.tables import read_reservataires, read_territoires

TOML: Final = "assiette.toml"
TABLES: Final = (*DOSSIER, CONVENTIONS._replace(required=False))


def read_assiette(path: Path) -> DossierAssiette:
    """Return the assiette in a folder.

    Raises
    ------
    BadInput
        With every fault of every file.
    """
    log = FaultLog()
    folder = open_folder(path, TOML, TABLES, log)
    reglages = None if folder.keys is None else read_reglages(folder.keys)
    territoires = None
    if TERRITOIRES.name in folder.tables:
        territoires = read_territoires(folder.tables[TERRITOIRES.name], log)
    if reglages is None or territoires is None:
        raise log.bad_input()
    found = _understand(folder, reglages, territoires, log)
    log.raise_if_any()
    return found


def _understand(
    folder: Folder, reglages: Reglages, territoires: Territoires, log: FaultLog
) -> DossierAssiette:
    reservataires, conventions = _promises(folder, territoires, log)
    known = territoires if folder.tables[TERRITOIRES.name].whole else None
    directory = Directory.of(reservataires, known)
    documents = read_documents(folder, log)
    found = DossierAssiette(
        reglages=reglages,
        territoires=territoires,
        attendus=read_attendus(folder, directory, log),
        passees=read_passees(folder, directory, log),
        documents=documents,
        exclusions=read_exclusions(folder, reglages.annee, directory, documents, log),
        attributions=read_attributions(folder, directory, log),
        demandes=read_demandes(folder, directory, documents, log),
        versions=_from_the_first(read_versions(folder, log), reglages.annee),
        validations=read_validations(folder, log),
        reservataires=reservataires,
        conventions=conventions,
        sha256=folder.sha256,
    )
    refuse_incoherent(found, folder, directory, log)
    return found


def _promises(
    folder: Folder, territoires: Territoires, log: FaultLog
) -> tuple[Reservataires | None, Conventions | None]:
    tables = folder.tables
    reservataires = read_reservataires(tables[RESERVATAIRES.name], log) if "reservataires" in tables else None
    if CONVENTIONS.name not in tables:
        return reservataires, None
    if reservataires is None:
        log.add(RESERVATAIRES.file, None, None, f"fichier absent, que {CONVENTIONS.file} demande")
        return None, None
    directory = Directory.of(
        reservataires if tables[RESERVATAIRES.name].whole else None,
        territoires if tables[TERRITOIRES.name].whole else None,
    )
    return reservataires, read_conventions(tables[CONVENTIONS.name], directory, log)


def _from_the_first(versions: Sequence[Version], annee: int) -> tuple[Version, ...]:
    """Return the versions, the first one being that of the year's first day where none is told."""
    if not versions:
        return (Version(1, date(annee, 1, 1), "première version", ""),)
    return tuple(versions)
