"""One row of each kind of extract, understood: its values are those that events have in their contents.

``None`` is a cell that is empty or a column that the extract does not have; ``ligne`` is the line of the file.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Annonce:
    """A vacated dwelling: days are ISO texts, ``surface`` is in m², ``loyer`` in euros a month."""

    ligne: int
    id: str
    date: str
    commune: str
    typologie: str
    financement: str
    qpv: str
    qpv_perimetre: int
    construction: int | None = None
    surface: float | None = None
    loyer: float | None = None
    residence: str | None = None
    adresse: str | None = None
    etage: str | None = None
    accessible: bool | None = None
    disponible: str | None = None
    statut: str | None = None
    categorie: str | None = None
    operation: str | None = None
    public_prioritaire: str | None = None
    contingent: str | None = None
    corps: str | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """What happened to a dwelling on a day; ``evenement`` is a word of :mod:`~.evenements`."""

    ligne: int
    liberation: str
    date: str
    evenement: str
    reservataire: str | None = None
    nombre: int | None = None
    delai: int | None = None
    motif: str | None = None
    delegataire: str | None = None


@dataclass(frozen=True, slots=True)
class Solde:
    """What a réservataire had received in a territory, and what had been released there, before the journal."""

    ligne: int
    reservataire: str
    territoire: str
    date: str
    propositions: float | None = None
    attributions: float | None = None
    points: float | None = None
    assiette: float | None = None


@dataclass(frozen=True, slots=True)
class Radiation:
    """A demand struck off the SNE; ``motif_radiation`` is ``bail`` or ``autre``, ``None`` where it is not said."""

    ligne: int
    numero: str
    date: str
    commune: str
    contingent: str | None = None
    liberation: str | None = None
    typologie: str | None = None
    motif_radiation: str | None = None


Ligne = Annonce | Issue | Solde | Radiation
