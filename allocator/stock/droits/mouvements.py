"""What moves droits uniques, read from files of movements and from the ends of years (Th. 3-2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from allocator.formats import columns
from allocator.formats.conversion_schema import MOUVEMENTS, NATURES
from allocator.formats.directory import ANYWHERE
from allocator.formats.faults import FaultLog
from allocator.formats.ledger_schema import CLOTURE
from allocator.formats.table_file import read_table

OUVERTURE, ACQUIS, CONSOMME, EXPIRE = NATURES


@dataclass(frozen=True, slots=True)
class Mouvement:
    """A movement of rights: ``droits`` are never negative, ``nature`` says which way they go.

    ``fin`` is the last year in which rights acquired serve (``None``: no end). ``source`` is the document where it is
    read; ``fichier`` and ``ligne`` say where it stands. ``cloture``: it comes from the end of a year.
    """

    annee: int
    reservataire: str
    territoire: str
    nature: str
    droits: int
    fin: int | None
    origine: str
    source: str
    fichier: str
    ligne: int
    cloture: bool = False

    @property
    def cle(self) -> tuple[str, str]:
        """Whose rights move, and where."""
        return self.reservataire, self.territoire


@dataclass(frozen=True, slots=True)
class Constat:
    """Rights that the end of a year says are left; where it stands as in :class:`Mouvement`."""

    annee: int
    cle: tuple[str, str]
    droits: int
    fichier: str
    ligne: int


def read_mouvements(paths: Sequence[Path]) -> tuple[Mouvement, ...]:
    """Return the movements of several files, in their order.

    Raises
    ------
    BadInput
        With every fault of every file.
    """
    log = FaultLog()
    found = [mouvement for path in paths for mouvement in _read(path, log)]
    log.raise_if_any()
    return tuple(found)


def read_cloture(annee: int, path: Path) -> tuple[tuple[Mouvement, ...], tuple[Constat, ...]]:
    """Return what a ``cloture.csv`` of ``allocator close-year`` says of rights; promises without rights are left out.

    Raises
    ------
    BadInput
        With every fault of the file.
    """
    log = FaultLog()
    table = read_table(path, CLOTURE, log)
    holders, places = (columns.texts(table, name, log) for name in ("reservataire", "territoire"))
    used, gained, left = (
        columns.wholes(table, name, log).tolist() for name in ("utilises", "acquis", "droits")
    )
    log.raise_if_any()
    source = f"clôture {annee}"
    mouvements, constats = [], []
    for row, cle in enumerate(zip(holders, places, strict=True)):
        if left[row] < 0:
            continue
        ligne = table.lines[row]
        for nature, droits in ((ACQUIS, gained[row]), (CONSOMME, used[row])):
            if droits:
                mouvements.append(
                    Mouvement(
                        annee, *cle, nature, droits, None, "clôture", source, table.file, ligne, cloture=True
                    )
                )
        constats.append(Constat(annee, cle, left[row], table.file, ligne))
    return tuple(mouvements), tuple(constats)


def _read(path: Path, log: FaultLog) -> list[Mouvement]:
    table = read_table(path, MOUVEMENTS, log)
    holders, places, sources = (
        columns.texts(table, name, log) for name in ("reservataire", "territoire", "source")
    )
    origines = columns.texts(table, "origine", log) if "origine" in table.columns else [""] * table.length
    years, droits, fins = (columns.wholes(table, name, log).tolist() for name in ("annee", "droits", "fin"))
    natures = columns.choices(table, "nature", log).tolist()
    found = []
    for row, place in enumerate(places):
        wrong = ANYWHERE.place_fault(place) if place else None
        if wrong:
            log.add(table.file, table.lines[row], "territoire", wrong)
        if 0 <= fins[row] < years[row]:
            log.add(table.file, table.lines[row], "fin", f"{fins[row]} précède l'année, {years[row]}")
        found.append(
            Mouvement(
                years[row],
                holders[row],
                place,
                NATURES[natures[row]],
                droits[row],
                None if fins[row] < 0 else fins[row],
                origines[row],
                sources[row],
                table.file,
                table.lines[row],
            )
        )
    return found
