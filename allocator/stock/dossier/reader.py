"""A dossier read whole: every fault of every file in one go, or its values."""

from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from allocator.formats.directory import Directory
from allocator.formats.faults import FaultLog
from allocator.formats.folder import RawFolder, read_files
from allocator.formats.keys import Keys
from allocator.formats.stock_schema import DOSSIER
from allocator.formats.tables import read_reservataires, read_territoires
from allocator.stock.dossier.dossier import Dossier
from allocator.stock.dossier.droits import read_droits
from allocator.stock.dossier.tables import read_parc, read_relocations

DESCRIPTION: Final = "dossier.toml"


class Entete(NamedTuple):
    """The keys of ``dossier.toml``; a day is ``None`` where it is not given or could not be read."""

    nom: str = ""
    bailleur: str = ""
    jour: date | None = None
    source: str = ""
    depuis: date | None = None


def read_dossier(path: Path) -> Dossier:
    """Return the dossier in a folder: ``dossier.toml``, the communes, the réservataires, and the tables of the stock.

    Raises
    ------
    BadInput
        With every fault of every file. What is merely incomplete is no fault: see
        :func:`allocator.stock.etat_des_lieux.incompletudes.incompletudes`.
    """
    log = FaultLog()
    if not path.is_dir():
        what = "ce n'est pas un dossier de fichiers" if path.exists() else "absent"
        log.add(str(path), None, None, f"{what} : un dossier avec {DESCRIPTION} était attendu")
        raise log.bad_input()
    raw = read_files(path, DESCRIPTION, DOSSIER, log)
    dossier = _understand(raw, log)
    if log or dossier is None:
        raise log.bad_input()
    return dossier


def _understand(raw: RawFolder, log: FaultLog) -> Dossier | None:
    """Return the dossier, or ``None`` where a part is missing; what is there is checked all the same."""
    tables = raw.tables
    told = _entete(raw, log)
    territoires = read_territoires(tables["territoires"], log) if "territoires" in tables else None
    reservataires = read_reservataires(tables["reservataires"], log) if "reservataires" in tables else None
    directory = Directory.of(
        reservataires if reservataires is not None and tables["reservataires"].whole else None,
        territoires if territoires is not None and tables["territoires"].whole else None,
    )
    parc = read_parc(tables["parc"], directory, log) if "parc" in tables else None
    droits = relocations = None
    if parc is not None:
        whole = tables["parc"].whole
        index = {name: row for row, name in enumerate(parc.logement)} if whole else None
        if "reservations" in tables:
            droits = read_droits(tables["reservations"], directory, parc, index, log)
        if "relocations" in tables:
            relocations = read_relocations(tables["relocations"], index, told.depuis, told.jour, log)
    if territoires is None or reservataires is None or parc is None or droits is None or told.jour is None:
        return None
    return Dossier(
        told.nom,
        told.bailleur,
        told.jour,
        told.source,
        territoires,
        reservataires,
        parc,
        droits,
        relocations,
        raw.sha256,
    )


def _entete(raw: RawFolder, log: FaultLog) -> Entete:
    if raw.document is None:
        return Entete()
    keys = Keys(raw.document, (), raw.document.values, log)
    nom, bailleur = keys.text("nom"), keys.text("bailleur")
    jour, source = keys.day("date"), keys.text("source", "")
    has_past = "relocations" in raw.tables
    depuis = keys.day("relocations_depuis", required=has_past)
    keys.refuse_others()
    if depuis and not has_past:
        keys.fault("donné sans relocations.csv", "relocations_depuis")
    if depuis and jour and depuis > jour:
        keys.fault(f"{depuis} suit la date du dossier, qui est le {jour}", "relocations_depuis")
        depuis = None
    return Entete(nom, bailleur, jour, source, depuis)
