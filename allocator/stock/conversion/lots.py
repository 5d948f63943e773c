"""The rights of a dossier as a conversion counts them: kept, by territory and with years left, or set aside and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Territoires
from allocator.stock.conversion.durees import units_of, years_left
from allocator.stock.conversion.reglages import EN_LOCATION, ReglagesConversion
from allocator.stock.dossier import Dossier

EXPIRE: Final = "expiré"
UTILISE: Final = "utilisé"
SANS_FIN: Final = "fin inconnue"
SANS_NOMBRE: Final = "nombre inconnu"

ETAT: Final = "etat"
"""Family whose share may be contractual: it then has a line wherever the bailleur has dwellings."""

RAISONS: Final = (EXPIRE, UTILISE, SANS_FIN, SANS_NOMBRE)
"""Why a right is set aside; the first that applies is told."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ligne:
    """What a convention row will be of: a réservataire (by number) in a territory of its family's scale."""

    reservataire: int
    territoire: str


@dataclass(frozen=True, slots=True, eq=False)
class Lots:
    """The rights kept, and those set aside.

    ``lignes`` are in the order of the réservataires, then of territories' codes. ``suites`` are the rows of the
    droits de suite kept, with the ``ligne`` of each, its ``nombre`` of dwellings and the years ``left`` of one of them,
    in units of :data:`~allocator.stock.conversion.durees.QUANTUM`. By line: ``simples`` counts the unused droits
    simples, ``reserves`` the dwellings reserved, over ``stock`` of the bailleur in the territory (both in the
    denominator that was settled); ``parc`` is that of the whole bailleur. ``ecartes`` has the rows set aside and why.
    """

    jour: date
    lignes: tuple[Ligne, ...]
    suites: NDArray[np.intp]
    ligne: Ints
    nombre: Ints
    left: Ints
    simples: Ints
    reserves: Ints
    stock: Ints
    parc: int
    ecartes: tuple[tuple[int, str], ...]


def sort_rights(dossier: Dossier, reglages: ReglagesConversion) -> Lots:
    """Keep and set aside the rights of a dossier as they stand on the first day that is counted.

    The date of the last attribution plays no part (Th. 3-1). A right that begins later is counted from its beginning.
    """
    droits = dossier.droits
    jour = reglages.date or dossier.date
    day = np.datetime64(jour, "D")
    suite = np.array(droits.nature, dtype=object) == "suite"
    unknown = np.isnat(droits.fin) & suite
    guessed = unknown & (reglages.fin_inconnue is not None)
    masks: Mapping[str, NDArray[np.bool_]] = {
        EXPIRE: droits.fin < day,
        UTILISE: droits.utilise & ~suite,
        SANS_FIN: unknown & ~guessed,
        SANS_NOMBRE: droits.nombre == 0,
    }
    aside = np.select(list(masks.values()), list(range(len(masks))), -1)
    kept = aside < 0
    begin = np.where(droits.debut > day, droits.debut, day)
    left = years_left(begin, droits.fin)
    left[guessed] = units_of(reglages.fin_inconnue or 0.0)
    lignes, number = _lines(dossier, reglages)
    suites = np.flatnonzero(kept & suite)
    simple = kept & ~suite
    let = (
        dossier.parc.en_location if reglages.denominateur == EN_LOCATION else np.ones(len(dossier.parc), bool)
    )
    counted = kept & ((droits.logement < 0) | np.append(let, True)[droits.logement])
    return Lots(
        jour=jour,
        lignes=lignes,
        suites=suites,
        ligne=number[suites],
        nombre=droits.nombre[suites],
        left=left[suites],
        simples=_sums(number, droits.nombre, simple, len(lignes)),
        reserves=_sums(number, droits.nombre, counted, len(lignes)),
        stock=_stock(dossier.territoires, dossier.parc.commune[let], lignes),
        parc=int(let.sum()),
        ecartes=tuple((row, RAISONS[aside[row]]) for row in np.flatnonzero(~kept).tolist()),
    )


def places_of(territoires: Territoires, echelle: str) -> tuple[str, ...]:
    """Return the territory of each commune at a scale, such as ``departement:93``."""
    return tuple(f"{echelle}:{code}" for code in getattr(territoires, echelle))


def _lines(dossier: Dossier, reglages: ReglagesConversion) -> tuple[tuple[Ligne, ...], Ints]:
    """Return the lines that rights fall in, and the one of each right."""
    holders = dossier.reservataires
    scales = [reglages.echelle(famille) for famille in holders.famille]
    places = {scale: places_of(dossier.territoires, scale) for scale in set(scales)}
    pairs = [
        (holder, places[scales[holder]][commune])
        for holder, commune in zip(
            dossier.droits.reservataire.tolist(), dossier.droits.commune.tolist(), strict=True
        )
    ]
    contractual = {
        (holder, place)
        for holder, famille in enumerate(holders.famille)
        if famille == ETAT and reglages.etat is not None
        for place in {places[scales[holder]][commune] for commune in np.unique(dossier.parc.commune).tolist()}
    }
    found = sorted(contractual.union(pairs))
    index = {pair: row for row, pair in enumerate(found)}
    return tuple(Ligne(*pair) for pair in found), np.array([index[pair] for pair in pairs], np.int64)


def _sums(number: Ints, nombre: Ints, mask: NDArray[np.bool_], lines: int) -> Ints:
    return np.bincount(number[mask], nombre[mask], lines).astype(np.int64)


def _stock(territoires: Territoires, commune: NDArray[np.int32], lignes: tuple[Ligne, ...]) -> Ints:
    by_commune = np.bincount(commune, minlength=len(territoires))
    within: dict[str, int] = {}
    for scale in {ligne.territoire.partition(":")[0] for ligne in lignes}:
        for place, count in zip(places_of(territoires, scale), by_commune.tolist(), strict=True):
            within[place] = within.get(place, 0) + count
    return np.array([within[ligne.territoire] for ligne in lignes], np.int64)
