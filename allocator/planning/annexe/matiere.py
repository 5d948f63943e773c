"""What annexes are made of: conventions in force on a day, what they apply to, and the rules that go with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocator.domain import SANS_SOLDE, Instance
from allocator.domain.vocabulary import FLUX
from allocator.ledger.accounts.regle_reader import read_regle
from allocator.ledger.accounts.regles import Regle
from allocator.ledger.conventions.exercice import exercice, usual
from allocator.ledger.conventions.gardes import Alerte, gardes
from allocator.ledger.conventions.seuils import Seuil
from allocator.ledger.conventions.unicite import communes, refuse_faults
from allocator.ledger.conventions.version import Ligne, Version
from allocator.ledger.conventions.version_reader import contenu_of_version, version_of_contenu
from allocator.ledger.daily.opening import conventions_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Assiette:
    """Dwellings of a year by commune of the instance (float64), and where the figures come from."""

    logements: Floats
    source: str


@dataclass(frozen=True, slots=True)
class Protocole:
    """The protocole that a bailleur works by, and its derogations in force: name of the setting, values, reason."""

    nom: str
    jour: date
    derogations: tuple[tuple[str, str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Matiere:
    """All that annexes say.

    ``instance`` has the territories, the réservataires, the promises with their reports and rights, and the wishes;
    ``versions`` are the conventions in force on ``jour``, ``regles`` how each counts, by identifier; ``alertes`` what
    the law says of them.
    """

    bailleur: str
    instance: Instance
    versions: tuple[Version, ...]
    regles: Mapping[str, Regle]
    assiette: Assiette
    alertes: tuple[Alerte, ...]
    protocole: Protocole | None
    jour: date

    def of(self, reservataire: str) -> tuple[Version, ...]:
        """Return the conventions of a réservataire, by territory."""
        mine = (each for each in self.versions if each.reservataire == reservataire)
        return tuple(sorted(mine, key=lambda version: version.territoire))

    def inside(self, territoire: str) -> list[int]:
        """Return the rows of the communes of a territory."""
        return sorted(communes(self.instance, territoire))

    def released(self, territoire: str) -> float:
        """Return the assiette of a territory."""
        return float(self.assiette.logements[self.inside(territoire)].sum())

    def due(self, ligne: Ligne) -> float:
        """Return what a promise is worth in a year of that assiette, reports apart."""
        if ligne.volume is not None:
            return ligne.volume
        return (ligne.part or 0.0) / 100.0 * self.released(ligne.territoire)

    def niveau(self, version: Version, ligne: Ligne) -> str:
        """Return the level at which a promise holds."""
        holders = self.instance.reservataires
        return ligne.niveau or usual(holders.famille[holders.id.index(version.reservataire)])

    def solde(self, version: Version, ligne: Ligne) -> tuple[float, int | None]:
        """Return what a promise brings from earlier years: the report in dwellings, and the rights left."""
        table, ids = self.instance.conventions, self.instance.reservataires.id
        for row, territoire in enumerate(table.territoire):
            if territoire == ligne.territoire and ids[table.reservataire[row]] == version.reservataire:
                left = int(table.solde[row])
                return float(table.report[row]), None if left == SANS_SOLDE else left
        return 0.0, None


def observed(instance: Instance) -> Assiette:
    """Return the flux of the last year known as an assiette, where none was established."""
    known = instance.liberations if instance.historique is None else instance.historique
    flux = known.commune[known.statut == FLUX]
    counts = np.bincount(flux, minlength=len(instance.territoires)).astype(np.float64)
    days = known.date.astype("datetime64[Y]")
    years = (
        "aucune"
        if not len(days)
        else f"{days.min()}"
        if days.min() == days.max()
        else f"{days.min()} à {days.max()}"
    )
    return Assiette(counts, f"libérations en flux observées, année {years}")


def agreed(instance: Instance, clauses: Mapping[str, Any], effet: date) -> tuple[Version, ...]:
    """Return the conventions that the promises of an instance belong to, with the clauses common to all.

    Raises
    ------
    BadInput
        If they cannot stand together, or the clauses are no clauses.
    """
    defaut = read_regle()
    versions = tuple(
        version_of_contenu(
            {**contenu_of_version(version), **clauses}, effet, defaut, f"convention {version.objet}"
        )
        for version in conventions_of(instance, effet)
    )
    refuse_faults(versions, instance)
    return versions


def legal(
    instance: Instance, versions: Sequence[Version], assiette: Assiette, seuils: Sequence[Seuil], jour: date
) -> tuple[Alerte, ...]:
    """Return what the law says of conventions on a day; what is outside QPV is as in the last year known."""
    known = instance.liberations if instance.historique is None else instance.historique
    flux = known.statut == FLUX
    size = len(instance.territoires)
    whole, outside = (
        np.bincount(known.commune[rows], minlength=size) for rows in (flux, flux & (known.qpv == 0))
    )
    share = np.divide(outside, whole, out=np.ones(size), where=whole > 0)
    expected = assiette.logements
    return gardes(exercice(instance, versions, {}), versions, jour, expected, expected * share, seuils)
