"""An instance read whole: every fault of every file in one go, or its values."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from allocator.domain import Indicatifs, Instance
from allocator.formats.description import Description, read_description
from allocator.formats.directory import Directory
from allocator.formats.faults import FaultLog
from allocator.formats.folder import read_folder
from allocator.formats.instance_warnings import warn_of
from allocator.formats.promises import read_conventions, read_indicatifs
from allocator.formats.raw_instance import RawInstance
from allocator.formats.tables import read_liberations, read_reservataires, read_territoires


def ignore(message: str) -> None:
    """Take a warning and do nothing of it."""


def read_instance(path: Path, warn: Callable[[str], None] = ignore) -> Instance:
    """Return the instance in a folder of CSV files, or in an ``.xlsx`` workbook with one sheet a table.

    Parameters
    ----------
    path
        The folder or the workbook.
    warn
        Takes each warning, in French: what is allowed, and probably not meant.

    Raises
    ------
    BadInput
        With every fault of every file.

    Notes
    -----
    Source: the file contract, section 1.
    """
    log = FaultLog()
    raw = _read_raw(path, log)
    instance = _understand(raw, log, warn)
    if log or instance is None:
        raise log.bad_input()
    warn_of(instance, raw.tables, warn)
    return instance


def _read_raw(path: Path, log: FaultLog) -> RawInstance:
    if path.is_dir():
        return read_folder(path, log)
    if path.suffix.lower() == ".xlsx" and path.exists():
        # the workbook reader is worth its import only here
        from allocator.formats.workbook import read_workbook  # noqa: PLC0415

        return read_workbook(path, log)
    what = "ce n'est pas une instance" if path.exists() else "absent"
    log.add(str(path), None, None, f"{what} : un dossier ou un classeur .xlsx était attendu")
    return RawInstance(None, {}, "")


def _understand(raw: RawInstance, log: FaultLog, warn: Callable[[str], None]) -> Instance | None:
    """Return the instance, or ``None`` where a part is missing; what is there is checked all the same."""
    tables = raw.tables
    told = read_description(raw.description, log, warn) if raw.description else Description()
    territoires = read_territoires(tables["territoires"], log) if "territoires" in tables else None
    reservataires = read_reservataires(tables["reservataires"], log) if "reservataires" in tables else None
    directory = Directory.of(
        reservataires if reservataires is not None and tables["reservataires"].whole else None,
        territoires if territoires is not None and tables["territoires"].whole else None,
    )
    conventions = read_conventions(tables["conventions"], directory, log) if "conventions" in tables else None
    indicatifs = read_indicatifs(tables["indicatifs"], directory, log) if "indicatifs" in tables else _none()
    eve = told.debut - timedelta(days=1) if told.debut and told.debut > date.min else None
    liberations, historique = (
        read_liberations(tables[name], directory, first, last, log) if name in tables else None
        for name, first, last in (("liberations", told.debut, told.fin), ("historique", None, eve))
    )
    if (
        territoires is None
        or reservataires is None
        or conventions is None
        or liberations is None
        or told.debut is None
        or told.fin is None
    ):
        return None
    return Instance(
        nom=told.nom,
        description=told.description,
        debut=told.debut,
        fin=told.fin,
        source=told.source,
        territoires=territoires,
        reservataires=reservataires,
        conventions=conventions,
        indicatifs=indicatifs,
        liberations=liberations,
        historique=historique,
        sha256=raw.sha256,
    )


def _none() -> Indicatifs:
    return Indicatifs(np.empty(0, np.int32), (), (), np.empty(0, np.float64))
