"""What the réservataires said of the rates, and who agrees to the table that is to be published (Th. 3-1)."""

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from allocator.formats import columns as read
from allocator.formats.cells import quote
from allocator.formats.faults import FaultLog
from allocator.formats.raw_table import RawTable
from allocator.formats.rotation_schema import COMMENTAIRES, DIMENSIONS, SIGNATURES
from allocator.formats.schema import RESERVATAIRES
from allocator.formats.table_file import read_table
from allocator.formats.tableau import Tableau
from allocator.stock.dossier import Dossier
from allocator.stock.rotation.taux import Taux

ACCORD: Final = "accord"
REFUS: Final = "refus"
AUTRE_VERSION: Final = "autre version"
SANS_REPONSE: Final = "sans réponse"


class Commentaire(NamedTuple):
    """A comment; ``accord`` is ``None`` where it says neither yes nor no, ``version`` empty where it names none."""

    date: date
    par: str
    segment: str
    texte: str
    accord: bool | None
    version: str


class Signature(NamedTuple):
    """Where a réservataire stands, as of its last comment that says yes or no."""

    reservataire: str
    etat: str
    date: date | None
    texte: str


def empreinte(data: bytes) -> str:
    """Return what tells one version of a table of rates from another: the start of its SHA-256."""
    return hashlib.sha256(data).hexdigest()[:12]


def titulaires(dossiers: Sequence[Dossier]) -> tuple[str, ...]:
    """Return the réservataires that have a right in one of the dossiers, in the order of their files."""
    names: dict[str, None] = {}
    for dossier in dossiers:
        rows = sorted(set(dossier.droits.reservataire.tolist()))
        names.update(dict.fromkeys(dossier.reservataires.id[row] for row in rows))
    return tuple(names)


def read_commentaires(path: Path, holders: Sequence[str], taux: Taux) -> tuple[Commentaire, ...]:
    """Return the comments in a CSV file, by réservataires with rights, on segments of a table of rates.

    Raises
    ------
    BadInput
        With every fault and its line.
    """
    log = FaultLog()
    table = read_table(path, COMMENTAIRES, log)
    index = {name: row for row, name in enumerate(holders)}
    par = read.references(table, "par", index, f"{RESERVATAIRES.file} parmi les titulaires de droits", log)
    days = read.dates(table, "date", log)
    accords = read.choices(table, "accord", log).tolist()
    segments, texts, versions = (_texts(table, name, log) for name in ("segment", "texte", "version"))
    known = {"", *_names(taux)}
    wrong = [row for row, text in enumerate(segments) if _sorted(text) not in known]
    message = "segment qui n'est pas dans la table, attendu comme departement=93+typologie=T3"
    log.add_rows(table.file, "segment", wrong, table.lines, lambda row: f"{quote(segments[row])} : {message}")
    log.raise_if_any()
    return tuple(
        Commentaire(
            days[row].astype(date),
            holders[int(par[row])],
            segments[row],
            texts[row],
            None if accords[row] < 0 else accords[row] == 0,
            versions[row],
        )
        for row in np.argsort(days, kind="stable").tolist()
    )


def signatures(
    holders: Sequence[str], comments: Sequence[Commentaire], version: str
) -> tuple[Signature, ...]:
    """Return where each réservataire stands on the version to be published; ``comments`` are in order of date."""
    last = {comment.par: comment for comment in comments if comment.accord is not None}
    return tuple(_signature(name, last.get(name), version) for name in holders)


def signatures_tableau(signed: Sequence[Signature]) -> Tableau:
    """Return the signatures as a table."""
    rows = tuple((who, etat, "" if day is None else str(day), text) for who, etat, day, text in signed)
    return Tableau(SIGNATURES, rows)


def _signature(name: str, comment: Commentaire | None, version: str) -> Signature:
    if comment is None:
        return Signature(name, SANS_REPONSE, None, "")
    answer = ACCORD if comment.accord else REFUS
    etat = answer if comment.version in {"", version} else AUTRE_VERSION
    return Signature(name, etat, comment.date, comment.texte)


def _names(taux: Taux) -> set[str]:
    """Return the segments of a table in words, their parts in order."""
    return {
        "+".join(
            sorted(f"{name}={taux.segments[name][row]}" for name in DIMENSIONS if taux.segments[name][row])
        )
        for row in range(len(taux))
    }


def _sorted(text: str) -> str:
    return "+".join(sorted(part.strip() for part in text.split("+")))


def _texts(table: RawTable, name: str, log: FaultLog) -> list[str]:
    return read.texts(table, name, log) if name in table.columns else [""] * table.length
