"""Rows of dwellings and tours to the columns of a :class:`~allocator.ledger.state.registre.Registre`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Liberations
from allocator.domain.vocabulary import FINANCEMENTS, QPV, STATUTS, TYPOLOGIES
from allocator.ledger.events.dossier import ATTRIBUTS, ISSUES, Dossier
from allocator.ledger.events.fold import Acte, Folded
from allocator.ledger.events.natures import CATEGORIES
from allocator.ledger.state.referentiel import Referentiel, referentiel
from allocator.ledger.state.registre import AUCUN, PHASE, Days, Registre, Suivi, Tours

_NEVER: Final = int(np.datetime64("NaT").astype(np.int64))

Number = TypeVar("Number", bound=np.generic)
Column = Sequence[Any]
Rows = Mapping[str, Column]

COMPLEMENTS: Final = ATTRIBUTS[5:]
"""Attributes of a dwelling that are carried through to reports as text."""


def registre_of(folded: Folded) -> Registre:
    """Return the columns of what was folded."""
    dossiers = sorted(folded.dossiers.values(), key=lambda dossier: dossier.rang)
    rows = [dossier.row() for dossier in dossiers]
    tours = [row for dossier in dossiers for row in dossier.tour_rows()]
    return build_registre(_columns(rows), _columns(tours), folded.actes)


def with_dossiers(logements: Rows, tours: Rows, dossiers: Iterable[Dossier]) -> tuple[Rows, Rows]:
    """Return rows of dwellings and tours with those of some dossiers in their places."""
    known = tuple(dossiers)
    if not known:
        return logements, tours
    of_tours = [row for dossier in known for row in dossier.tour_rows()]
    dwellings = _with(logements, [dossier.row() for dossier in known], "rang")
    return dwellings, _with(tours, of_tours, "rang", "numero")


def _with(table: Rows, rows: Sequence[Mapping[str, Any]], *key: str) -> Rows:
    """Return the columns of a table with some rows more, sorted by ``key``."""
    whole = {name: [*column, *(row[name] for row in rows)] for name, column in table.items()}
    keys = list(zip(*(whole[name] for name in key), strict=True))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return {name: [column[place] for place in order] for name, column in whole.items()}


def _columns(rows: Sequence[Mapping[str, Any]]) -> Rows:
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def build_registre(logements: Rows, tours: Rows, actes: tuple[Acte, ...]) -> Registre:
    """Return the state that columns of rows hold: dwellings by rang, tours by their dwelling's and in order."""
    known = referentiel(acte.contenu for acte in actes if acte.nature == "ouverture")
    return Registre(
        known.nom,
        known.territoires,
        known.reservataires,
        _liberations(logements, known),
        _suivi(logements, known),
        _tours(tours, logements.get("rang", ()), known),
        actes,
    )


def _liberations(rows: Rows, known: Referentiel) -> Liberations:
    return Liberations(
        tuple(rows.get("id", ())),
        _days(rows, "date"),
        _index(rows, "commune", known.commune, np.int32),
        _index(rows, "typologie", _TYPOLOGIE, np.int8),
        _index(rows, "financement", _FINANCEMENT, np.int8),
        _index(rows, "qpv", _QPV, np.int8),
        _index(rows, "statut", _STATUT, np.int8),
        {name: tuple(map(_word, rows.get(name, ()))) for name in COMPLEMENTS if name in rows or not rows},
    )


def _suivi(rows: Rows, known: Referentiel) -> Suivi:
    return Suivi(
        rang=_whole(rows, "rang", np.int64),
        phase=_index(rows, "phase", _PHASE, np.int8),
        categorie=_index(rows, "categorie", _CATEGORIE, np.int8),
        operation=_texts(rows, "operation"),
        public_prioritaire=_texts(rows, "public_prioritaire"),
        contingent=_texts(rows, "contingent"),
        menage=_texts(rows, "menage"),
        corps=_texts(rows, "corps"),
        retire=_days(rows, "retire"),
        motif_retrait=_texts(rows, "motif_retrait"),
        attribution=_days(rows, "attribution"),
        bail=_days(rows, "bail"),
        preorientation=_whole(rows, "preorientation", np.int64),
        preoriente=_index(rows, "preoriente", known.reservataire, np.int32),
    )


def _tours(rows: Rows, dwellings: Column, known: Referentiel) -> Tours:
    return Tours(
        liberation=_index(rows, "rang", {rang: row for row, rang in enumerate(dwellings)}, np.intp),
        numero=_whole(rows, "numero", np.int32),
        reservataire=_index(rows, "reservataire", known.reservataire, np.int32),
        oriente=_days(rows, "oriente"),
        envoye=_days(rows, "envoye"),
        echeance=_days(rows, "echeance"),
        recus=_days(rows, "recus"),
        attribution=_days(rows, "attribution"),
        bail=_days(rows, "bail"),
        issue=_index(rows, "issue", _ISSUE, np.int8),
        fin=_days(rows, "fin"),
        delegataire=_texts(rows, "delegataire"),
    )


def _numbers(words: Sequence[str]) -> Mapping[str | None, int]:
    return {None: AUCUN, **{word: number for number, word in enumerate(words)}}


_TYPOLOGIE: Final = _numbers(TYPOLOGIES)
_FINANCEMENT: Final = _numbers(FINANCEMENTS)
_QPV: Final = _numbers(QPV)
_STATUT: Final = _numbers(STATUTS)
_CATEGORIE: Final = _numbers(CATEGORIES)
_PHASE: Final = _numbers(PHASE)
_ISSUE: Final = _numbers(ISSUES)


def _days(rows: Rows, name: str) -> Days:
    column = rows.get(name, ())
    # a year has few days: each is read once
    days: dict[str | None, int] = {None: _NEVER}
    for day in set(column) - {None}:
        days[day] = int(np.datetime64(day, "D").astype(np.int64))
    return _index(rows, name, days, np.int64).view("datetime64[D]")


def _index(rows: Rows, name: str, numbers: Mapping[Any, int], kind: type[Number]) -> NDArray[Number]:
    column = rows.get(name, ())
    return np.fromiter(map(numbers.__getitem__, column), dtype=kind, count=len(column))


def _whole(rows: Rows, name: str, kind: type[Number]) -> NDArray[Number]:
    return np.array([number or 0 for number in rows.get(name, ())], dtype=kind)


def _texts(rows: Rows, name: str) -> tuple[str, ...]:
    return tuple(text or "" for text in rows.get(name, ()))


def _word(value: str | float | bool | None) -> str:
    """Return an attribute as the files of the contract have it."""
    if isinstance(value, bool):
        return QPV[value]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)
