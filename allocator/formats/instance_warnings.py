"""What an instance may hold and probably did not mean: told, never refused (file contract, section 1)."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from allocator.domain import Conventions, Instance, Territoires
from allocator.domain.vocabulary import ECHELLES, FINANCEMENTS, FLUX
from allocator.formats.header import near_miss
from allocator.formats.raw_table import RawTable

_LISTED: Final = 5

_FORMS: Final = {
    "commune": re.compile(r"([0-9]{5}|2[AB][0-9]{3})(-[0-9]+)?"),
    "epci": re.compile(r"[0-9]{9}(-[0-9]+)?"),
    "departement": re.compile(r"([0-9]{2}|2[AB]|97[0-9])(-[0-9]+)?"),
}
"""Official codes: INSEE, SIREN, INSEE; a number after a dash tells apart instances that are put in one."""


def warn_of(instance: Instance, tables: Mapping[str, RawTable], warn: Callable[[str], None]) -> None:
    """Tell the warnings, each in one line whatever the number of rows."""
    for message in (
        *_misspelt_columns(tables.values()),
        *_odd_codes(tables["territoires"], instance.territoires),
        *_promised_too_much(tables["conventions"], instance),
        *_fractions(tables["conventions"], instance.conventions),
        *_nothing_released(tables["conventions"], instance),
        *_crossed_both_ways(instance, tables),
        *_pli(instance, tables),
    ):
        warn(message)


def _misspelt_columns(tables: Iterable[RawTable]) -> Iterator[str]:
    for table in tables:
        absent = [column.name for column in table.schema.columns if column.name not in table.columns]
        for name in table.ignored:
            near = near_miss(name, absent)
            if near:
                yield f"{table.file} : colonne {name} ignorée, peut-être « {near} »"


def _odd_codes(table: RawTable, territoires: Territoires) -> Iterator[str]:
    for scale in ECHELLES:
        odd = [
            code for code in dict.fromkeys(getattr(territoires, scale)) if not _FORMS[scale].fullmatch(code)
        ]
        if odd:
            yield f"{table.file} : codes qui n'ont pas la forme officielle ({scale}) : {_few(odd)}"


def _promised_too_much(table: RawTable, instance: Instance) -> Iterator[str]:
    territoires, conventions = instance.territoires, instance.conventions
    parts: Counter[str] = Counter()
    for place, part in zip(conventions.territoire, np.nan_to_num(conventions.part).tolist(), strict=True):
        parts[place] += part
    promised = [
        sum(parts[place] for place in _places(territoires, row)) for row in range(len(territoires.commune))
    ]
    over = [
        f"{territoires.commune[row]} ({total:.6g} %)"
        for row, total in enumerate(promised)
        if total > 100 + 1e-9
    ]
    if over:
        yield f"{table.file} : les parts promises dépassent 100 % dans {_communes(len(over))} : {_few(over)}"


def _fractions(table: RawTable, conventions: Conventions) -> Iterator[str]:
    largest = np.nan_to_num(conventions.part).max(initial=0.0)
    if len(conventions) > 1 and 0 < largest <= 1:
        yield f"{table.file} : aucune part ne dépasse 1 : elles se donnent en pour cent (30, non 0.30)"


def _nothing_released(table: RawTable, instance: Instance) -> Iterator[str]:
    conventions, liberations = instance.conventions, instance.liberations
    released = np.unique(liberations.commune[liberations.en_flux]).tolist()
    places = {place for row in released for place in _places(instance.territoires, row)}
    idle = [
        f"{conventions.territoire[row]} (ligne {table.lines[row]})"
        for row in np.flatnonzero(~np.isnan(conventions.volume)).tolist()
        if conventions.territoire[row] not in places
    ]
    if idle:
        yield f"{table.file} : volume promis là où rien n'est libéré : {_few(idle)}"


def _crossed_both_ways(instance: Instance, tables: Mapping[str, RawTable]) -> Iterator[str]:
    indicatifs = instance.indicatifs
    first: dict[tuple[int, frozenset[tuple[str, str]]], int] = {}
    twice = []
    for row, (holder, dimension, modalite) in enumerate(
        zip(indicatifs.reservataire.tolist(), indicatifs.dimension, indicatifs.modalite, strict=True)
    ):
        pairs = frozenset(zip(dimension.split("+"), modalite.split("+"), strict=True))
        if first.setdefault((holder, pairs), row) != row:
            twice.append(f"{dimension} {modalite} (ligne {tables['indicatifs'].lines[row]})")
    if twice:
        yield f"{tables['indicatifs'].file} : objectif croisé donné dans les deux ordres : {_few(twice)}"


def _pli(instance: Instance, tables: Mapping[str, RawTable]) -> Iterator[str]:
    for name, liberations in (("liberations", instance.liberations), ("historique", instance.historique)):
        if liberations is None:
            continue
        pli = (liberations.financement == FINANCEMENTS.index("PLI")) & (liberations.statut == FLUX)
        rows = np.flatnonzero(pli).tolist()
        if rows:
            first = f"(le premier ligne {tables[name].lines[rows[0]]})"
            yield f"{tables[name].file} : {len(rows)} logement(s) PLI de statut flux {first}"


def _places(territoires: Territoires, row: int) -> list[str]:
    return [f"{scale}:{getattr(territoires, scale)[row]}" for scale in ECHELLES]


def _communes(number: int) -> str:
    return "1 commune" if number == 1 else f"{number} communes"


def _few(items: Sequence[str]) -> str:
    rest = len(items) - _LISTED
    return ", ".join(items[:_LISTED]) + (f" … et {rest} de plus" if rest > 0 else "")
