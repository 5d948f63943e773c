"""A programme's folder: its dwellings, who has rights on them, what they wish, and the rules agreed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Final

from allocator.assiette.dossier.fichiers import Cells, Folder, open_folder
from allocator.assiette.dossier.reglages_reader import exact, whole
from allocator.domain import Indicatifs, Reservataires, Territoires
from allocator.formats.cells import quote
from allocator.formats.directory import Directory
from allocator.formats.faults import FaultLog
from allocator.formats.keys import Keys
from allocator.formats.livraison_schema import DROITS_DU_PROGRAMME, LOGEMENTS_LIVRES, PROGRAMME
from allocator.formats.promises import read_indicatifs
from allocator.formats.schema import INDICATIFS, RESERVATAIRES, TERRITOIRES
from allocator.formats.tables import read_reservataires, read_territoires

TOML: Final = "programme.toml"
FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Regles:
    """What partners agreed of first lettings.

    From ``seuil`` dwellings on, ``commission`` meets; below, ``sinon`` says what is done. ``relogements`` percent of
    the dwellings are kept for relogements, by way of the réservataire ``relogeur``.
    """

    seuil: int
    commission: str
    sinon: str
    relogements: Fraction
    relogeur: str


@dataclass(frozen=True, slots=True, eq=False)
class Programme:
    """A programme as it is delivered; ``logements`` are the rows of its table, ``droits`` rights by réservataire.

    ``en_stock`` are the réservataires whose dwellings stay identified (défense, sécurité, santé).
    """

    nom: str
    bailleur: str
    livraison: date
    source: str
    regles: Regles
    territoires: Territoires
    reservataires: Reservataires
    logements: tuple[Cells, ...]
    droits: Mapping[str, int]
    en_stock: frozenset[str]
    indicatifs: Indicatifs

    @property
    def gardes(self) -> int:
        """Dwellings kept for relogements: the agreed share, rounded down."""
        return floor(len(self.logements) * self.regles.relogements / 100)

    @property
    def en_commission(self) -> bool:
        """Whether the programme is large enough for a commission."""
        return len(self.logements) >= self.regles.seuil


def read_programme(path: Path) -> Programme:
    """Return the programme in a folder.

    Raises
    ------
    BadInput
        With every fault of every file: rights on more dwellings than there are among them.
    """
    log = FaultLog()
    folder = open_folder(path, TOML, PROGRAMME, log)
    tables = folder.tables
    territoires = read_territoires(tables[TERRITOIRES.name], log) if TERRITOIRES.name in tables else None
    holders = read_reservataires(tables[RESERVATAIRES.name], log) if RESERVATAIRES.name in tables else None
    if folder.keys is None or territoires is None or holders is None:
        raise log.bad_input()
    directory = Directory.of(
        holders if tables[RESERVATAIRES.name].whole else None,
        territoires if tables[TERRITOIRES.name].whole else None,
    )
    found = _understand(folder, folder.keys, territoires, holders, directory, log)
    log.raise_if_any()
    return found


def _understand(  # noqa: PLR0913, PLR0917 (the files of the folder)
    folder: Folder,
    keys: Keys,
    territoires: Territoires,
    holders: Reservataires,
    directory: Directory,
    log: FaultLog,
) -> Programme:
    nom, bailleur = keys.text("nom"), keys.text("bailleur")
    keys.constant("format", FORMAT)
    livraison, source = keys.day("livraison") or date.min, keys.text("source", "")
    regles = regles_of_keys(keys)
    keys.refuse_others()
    found = Programme(
        nom=nom,
        bailleur=bailleur,
        livraison=livraison,
        source=source,
        regles=regles,
        territoires=territoires,
        reservataires=holders,
        logements=_logements(folder, directory, log),
        droits=_droits(folder, directory, log),
        en_stock=frozenset(
            cells["reservataire"]
            for _, cells in folder.rows(DROITS_DU_PROGRAMME, FaultLog())
            if cells["en_stock"] == "oui"
        ),
        indicatifs=_wishes(folder, directory, log),
    )
    _refuse_too_much(found, folder, keys, log)
    return found


def regles_of_keys(keys: Keys) -> Regles:
    """Return what was agreed of first lettings, the tables ``[commission]`` and ``[relogements]``; faults are noted."""
    seuil, commission, sinon = 0, "commission de coordination", "examen par le bailleur"
    table = keys.table("commission")
    if table is not None:
        seuil = whole(table, "seuil")
        commission, sinon = table.text("nom", commission), table.text("sinon", sinon)
        table.refuse_others()
    part, relogeur = Fraction(0), ""
    table = keys.table("relogements")
    if table is not None:
        part, relogeur = exact(table, "part"), table.text("reservataire")
        if part > 100:
            table.fault("attendu un pourcentage, 100 au plus", "part")
        table.refuse_others()
    return Regles(seuil, commission, sinon, part, relogeur)


def _logements(folder: Folder, directory: Directory, log: FaultLog) -> tuple[Cells, ...]:
    rows = folder.rows(LOGEMENTS_LIVRES, log)
    for row, cells in rows:
        code = cells["commune"]
        if code and directory.communes is not None and code not in directory.communes:
            rows.fault(row, "commune", f"{quote(code)} absent de {TERRITOIRES.file}", log)
    if rows.table is not None and not rows.cells:
        log.add(LOGEMENTS_LIVRES.file, None, None, "aucun logement")
    return tuple(rows.cells)


def _droits(folder: Folder, directory: Directory, log: FaultLog) -> dict[str, int]:
    rows = folder.rows(DROITS_DU_PROGRAMME, log)
    for row, cells in rows:
        holder = cells["reservataire"]
        if holder and directory.reservataires is not None and holder not in directory.reservataires:
            rows.fault(row, "reservataire", f"{quote(holder)} absent de {RESERVATAIRES.file}", log)
    return {cells["reservataire"]: cells["logements"] or 0 for _, cells in rows}


def _wishes(folder: Folder, directory: Directory, log: FaultLog) -> Indicatifs:
    # numpy is worth its import only where there is no table to make the columns
    import numpy as np  # noqa: PLC0415

    if INDICATIFS.name in folder.tables:
        return read_indicatifs(folder.tables[INDICATIFS.name], directory, log)
    return Indicatifs(np.empty(0, np.int32), (), (), np.empty(0, np.float64))


def _refuse_too_much(found: Programme, folder: Folder, keys: Keys, log: FaultLog) -> None:
    """Note rights that the programme cannot hold, and who is kept dwellings without being known."""
    relogeur = found.regles.relogeur
    if relogeur and relogeur not in found.reservataires.id:
        keys.fault(f"{quote(relogeur)} absent de {RESERVATAIRES.file}", "relogements", "reservataire")
    if relogeur in found.droits:
        keys.fault(
            f"{quote(relogeur)} a déjà une ligne dans {DROITS_DU_PROGRAMME.file}",
            "relogements",
            "reservataire",
        )
    rights, there = sum(found.droits.values()), len(found.logements)
    if rights + found.gardes > there and DROITS_DU_PROGRAMME.name in folder.tables:
        kept = f" et {found.gardes} gardés pour les relogements" if found.gardes else ""
        log.add(
            DROITS_DU_PROGRAMME.file,
            None,
            "logements",
            f"{rights} droits{kept} pour {there} logements livrés",
        )
    if len(set(found.territoires.departement)) > 1:
        log.add(TERRITOIRES.file, None, "departement", "un programme est dans un seul département")
