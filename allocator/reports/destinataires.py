"""Who a document is sent to: every réservataire, every EPCI or EPT, and the whole for the bailleur's own use."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from allocator.formats.cells import one_of
from allocator.formats.faults import BadInput, Fault
from allocator.reports.fonds import Fonds
from allocator.reports.noms import epci_of

Genre = Literal["ensemble", "reservataire", "epci"]

ENSEMBLE: Final = "ensemble"


@dataclass(frozen=True, slots=True)
class Destinataire:
    """A recipient: its identifier (an EPCI's is its code), its name, and the end of the name of its files."""

    genre: Genre
    id: str
    nom: str
    stem: str


def reservataires(fonds: Fonds) -> list[tuple[Genre, str, str]]:
    """Return the réservataires of a journal, but for the bailleur's own contingent."""
    holders = fonds.registre.reservataires
    return [
        ("reservataire", name, nom)
        for name, nom, famille in zip(holders.id, holders.nom, holders.famille, strict=True)
        if famille != "bailleur"
    ]


def epcis(fonds: Fonds) -> list[tuple[Genre, str, str]]:
    """Return the EPCI and EPT of a journal."""
    return [("epci", code, epci_of(fonds, code)) for code in dict.fromkeys(fonds.registre.territoires.epci)]


def destinataires(
    known: Sequence[tuple[Genre, str, str]], asked: Collection[str] = (), *, whole: bool = True
) -> tuple[Destinataire, ...]:
    """Return the recipients, the ``whole`` first, or those that are asked for by identifier.

    Raises
    ------
    BadInput
        With every identifier that is nobody's.
    """
    everyone = list(known)
    if whole:
        everyone.insert(0, (ENSEMBLE, ENSEMBLE, "Ensemble des destinataires"))
    names = [name for _, name, _ in everyone]
    unknown = [name for name in asked if name not in names]
    if unknown:
        expected = one_of(names)
        faults = [
            Fault("--destinataire", None, None, f"« {name} » inconnu, attendu {expected}") for name in unknown
        ]
        raise BadInput(faults)
    found, taken = [], set[str]()
    for genre, name, nom in everyone:
        stem = file_stem(f"epci-{name}" if genre == "epci" else name, taken)
        taken.add(stem.casefold())
        found.append(Destinataire(genre, name, nom, stem))
    return tuple(each for each in found if not asked or each.id in asked)


def file_stem(name: str, taken: Collection[str] = ()) -> str:
    """Return a name that every file system takes, unlike those taken whatever their case."""
    plain = re.sub(r"[^\w-]+", "_", name) or "destinataire"
    stem, number = plain, 2
    while stem.casefold() in taken:
        stem, number = f"{plain}-{number}", number + 1
    return stem


def communes_of(fonds: Fonds, epci: str) -> tuple[str, ...]:
    """Return the communes of an EPCI."""
    places = fonds.registre.territoires
    rows = np.flatnonzero(np.array(places.epci) == epci).tolist()
    return tuple(places.commune[row] for row in rows)
