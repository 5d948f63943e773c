"""Names that people read in place of identifiers."""

from typing import Final

from allocator.domain.french import fixed
from allocator.reports.fonds import Fonds

BAILLEUR: Final = "Bailleur, ou en attente"
"""Who has what no réservataire has."""


def name_of(fonds: Fonds, holder: int) -> str:
    """Return the name of a réservataire, by number."""
    return BAILLEUR if holder < 0 else fonds.registre.reservataires.nom[holder]


def holder_of(fonds: Fonds, identifier: str) -> str:
    """Return the name of a réservataire, by identifier; what is none stays as it is."""
    holders = fonds.registre.reservataires
    return holders.nom[holders.id.index(identifier)] if identifier in holders.id else identifier


def epci_of(fonds: Fonds, code: str) -> str:
    """Return the name of an EPCI or EPT: that of the réservataire that has a convention there, if one has."""
    holders, promised = fonds.registre.reservataires, fonds.releve.livre.exercice.instance.conventions
    for territoire, holder in zip(promised.territoire, promised.reservataire.tolist(), strict=True):
        if territoire == f"epci:{code}" and holders.famille[holder] == "epci":
            return holders.nom[int(holder)]
    return f"EPCI ou EPT {code}"


def place_of(fonds: Fonds, territoire: str) -> str:
    """Return the territory of a promise as people read it."""
    echelle, _, code = territoire.partition(":")
    places = fonds.registre.territoires
    if echelle == "commune":
        return f"{places.nom[places.commune.index(code)]} ({code})"
    return f"département {code}" if echelle == "departement" else epci_of(fonds, code)


def dixieme(value: float | None) -> str | None:
    """Return a number of dwellings with one decimal, as French writes it: more would be false precision on paper."""
    return None if value is None else fixed(value, 1)
