"""A year's promises as they changed through it: one table, and what each row is worth from which day.

A year is cut where a version takes effect, is signed, runs out, or lapses for want of a signature. Between two
cuts everything promised is constant.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, SANS_SOLDE, Conventions, Instance
from allocator.domain.vocabulary import NIVEAU_COMMUNE_PAR_DEFAUT, NIVEAUX
from allocator.ledger.conventions.prefet import prefet
from allocator.ledger.conventions.version import Ligne, Version, in_force

Floats = NDArray[np.float64]


class Solde(NamedTuple):
    """What a promise brings from earlier years: ``report`` in dwellings, ``droits`` left (``None``: unbounded)."""

    report: float = 0.0
    droits: int | None = None


Soldes = Mapping[tuple[str, str], Solde]
"""Balances by réservataire's identifier and the promise's territory."""


@dataclass(frozen=True, slots=True, eq=False)
class Exercice:
    """The promises of a period, one row for each (réservataire, territory) promised at some time of it.

    ``instance`` has them as its conventions (the values of the last version, with the reports and rights of the
    first day) and no libération. ``debuts`` are the first days of the stretches (``datetime64[D]``, the period's
    first among them). By stretch and row: ``part`` in percent and ``volume`` in dwellings a year (0 where the
    other is given, or nothing is in force), and ``beneficiaire`` who is served: the réservataire, the préfet in
    its stead, or ``BAILLEUR`` where nothing is in force. ``objets`` are the conventions' identifiers by row.
    """

    instance: Instance
    debuts: NDArray[np.datetime64]
    part: Floats
    volume: Floats
    beneficiaire: NDArray[np.int32]
    objets: tuple[str, ...]

    def stretch(self, days: NDArray[np.datetime64]) -> NDArray[np.intp]:
        """Return the number of the stretch of each day; the first one for days before the period."""
        return np.maximum(np.searchsorted(self.debuts, days, side="right") - 1, 0)


class _Row(NamedTuple):
    """A promise in a stretch."""

    ligne: Ligne
    version: Version
    beneficiaire: int


def exercice(instance: Instance, versions: Sequence[Version], soldes: Soldes) -> Exercice:
    """Return the promises of an instance's period from all versions of its conventions.

    Of the instance, territories, réservataires, objectives and dates are taken. The versions are those that
    :func:`~allocator.ledger.conventions.unicite.refuse_faults` lets pass.
    """
    of_convention: defaultdict[str, list[Version]] = defaultdict(list)
    for version in versions:
        of_convention[version.objet].append(version)
    debuts = cuts(versions, instance.debut, instance.fin)
    tables = [_promises(instance, of_convention, day) for day in debuts]
    keys = sorted({key for table in tables for key in table})
    last = {key: row for table in tables for key, row in table.items()}
    conventions = _conventions(instance, keys, last, soldes)
    return Exercice(
        replace(instance, conventions=conventions),
        np.array(debuts, dtype="datetime64[D]"),
        np.array([[_number(table.get(key), "part") for key in keys] for table in tables]),
        np.array([[_number(table.get(key), "volume") for key in keys] for table in tables]),
        np.array([[_served(table.get(key)) for key in keys] for table in tables], dtype=np.int32),
        tuple(last[key].version.objet for key in keys),
    )


def sans_versions(instance: Instance) -> Exercice:
    """Return the promises of an instance in the format of the contract, which stay the same all year."""
    conventions = instance.conventions
    ids = instance.reservataires.id
    return Exercice(
        instance,
        np.array([instance.debut], dtype="datetime64[D]"),
        np.nan_to_num(conventions.part)[None, :],
        np.nan_to_num(conventions.volume)[None, :],
        conventions.reservataire[None, :].astype(np.int32),
        tuple(
            f"{ids[holder]}/{territoire}"
            for holder, territoire in zip(
                conventions.reservataire.tolist(), conventions.territoire, strict=True
            )
        ),
    )


def cuts(versions: Sequence[Version], debut: date, fin: date) -> list[date]:
    """Return the days of a period on which something may change, its first day among them."""
    after = timedelta(1)
    days = {debut}
    for version in versions:
        days |= {version.effet, version.signature or debut}
        days |= {day + after for day in (version.limite, version.fin) if day is not None}
    return sorted(day for day in days if debut <= day <= fin)


def _promises(
    instance: Instance, of_convention: Mapping[str, Sequence[Version]], day: date
) -> dict[tuple[int, str], _Row]:
    found = {}
    everyone = list(chain.from_iterable(of_convention.values()))
    for versions in of_convention.values():
        version = in_force(versions, day)
        if version is None:
            continue
        holder = instance.reservataires.id.index(version.reservataire)
        served = prefet(instance, everyone, version.territoire) if version.forfeited(day) else holder
        for ligne in version.lignes:
            found[holder, ligne.territoire] = _Row(ligne, version, served)
    return found


def _number(row: _Row | None, name: str) -> float:
    if row is None or row.beneficiaire == BAILLEUR:
        return 0.0
    return float(getattr(row.ligne, name) or 0.0)


def _served(row: _Row | None) -> int:
    return BAILLEUR if row is None else row.beneficiaire


def _conventions(
    instance: Instance, keys: Sequence[tuple[int, str]], last: Mapping[tuple[int, str], _Row], soldes: Soldes
) -> Conventions:
    holders = instance.reservataires
    lignes = [last[key].ligne for key in keys]
    known = [soldes.get((holders.id[holder], territoire), Solde()) for holder, territoire in keys]
    return Conventions(
        np.array([holder for holder, _ in keys], dtype=np.int32),
        tuple(territoire for _, territoire in keys),
        tuple(
            ligne.niveau or usual(holders.famille[holder])
            for ligne, (holder, _) in zip(lignes, keys, strict=True)
        ),
        np.array([np.nan if ligne.part is None else ligne.part for ligne in lignes], dtype=np.float64),
        np.array([np.nan if ligne.volume is None else ligne.volume for ligne in lignes], dtype=np.float64),
        np.array([solde.report for solde in known], dtype=np.float64),
        np.array([SANS_SOLDE if solde.droits is None else solde.droits for solde in known], dtype=np.int64),
    )


def usual(famille: str) -> str:
    """Return the level at which a famille's quotas hold where a convention does not say (Th. 2-1)."""
    return NIVEAUX[1] if famille in NIVEAU_COMMUNE_PAR_DEFAUT else NIVEAUX[0]
