"""The raw table of reservation rights to the values of a dossier."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.formats import columns
from allocator.formats.directory import Directory
from allocator.formats.faults import FaultLog
from allocator.formats.raw_table import RawTable
from allocator.formats.schema import RESERVATAIRES, TERRITOIRES
from allocator.formats.stock_schema import NATURES, ORIGINES, PARC
from allocator.stock.dossier.dossier import Droits, Parc
from allocator.stock.dossier.programmes import programmes, traits_of
from allocator.stock.dossier.tables import read_texts, read_traits, refuse

CONTRADICTION: Final = f"{PARC.file} dit autre chose de ce logement : corrigez l'un, ou laissez vide ici"


def read_droits(
    table: RawTable, directory: Directory, parc: Parc, logements: Mapping[str, int] | None, log: FaultLog
) -> Droits:
    """Return the rights; faults are noted.

    ``logements`` gives the rows of the register, ``None`` where it is not known whole.
    """
    logement = columns.references(table, "logement", logements, PARC.file, log)
    commune = columns.references(table, "commune", directory.communes, TERRITOIRES.file, log)
    residence = read_texts(table, "residence", log)
    nombre = columns.wholes(table, "nombre", log)
    debut, fin = columns.dates(table, "debut", log), columns.dates(table, "fin", log)
    natures, origines = (*NATURES, ""), (*ORIGINES, "")
    on_dwelling = _given(table, "logement")
    _refuse_nowhere(table, on_dwelling, residence, log)
    many = on_dwelling & (nombre > 1)
    refuse(table, "nombre", many, log, lambda row: f"{nombre[row]} pour un seul logement, 1 était attendu")
    # NaT compares false with everything
    refuse(table, "fin", fin < debut, log, lambda row: f"{fin[row]} précède debut, qui est le {debut[row]}")
    told = read_traits(table, log)
    _refuse_contradictions(table, parc, logement, {"commune": commune, **told.categories()}, log)
    commune = np.where(logement < 0, commune, np.append(parc.commune, np.int32(-1))[logement])
    residence = tuple(
        (parc.residence[row] if row >= 0 else "") or name
        for row, name in zip(logement.tolist(), residence, strict=True)
    )
    programme = np.where(on_dwelling, np.int32(-1), programmes(parc, commune, residence))
    traits = traits_of(told, parc, logement, programme)
    return Droits(
        droit=tuple(columns.texts(table, "droit", log)),
        reservataire=columns.references(
            table, "reservataire", directory.reservataires, RESERVATAIRES.file, log
        ),
        nature=tuple(natures[position] for position in columns.choices(table, "nature", log)),
        logement=logement,
        residence=residence,
        nombre=np.where(on_dwelling, 1, np.maximum(nombre, 0)),
        origine=tuple(origines[position] for position in columns.choices(table, "origine", log)),
        debut=debut,
        fin=fin,
        utilise=columns.choices(table, "utilise", log) == 0,
        commune=commune,
        typologie=traits.typologie,
        financement=traits.financement,
        qpv=traits.qpv,
        surface=traits.surface,
        loyer=traits.loyer,
    )


def _refuse_nowhere(
    table: RawTable, on_dwelling: NDArray[np.bool_], residence: tuple[str, ...], log: FaultLog
) -> None:
    """Refuse the rights that name neither a dwelling nor a programme and its commune."""
    placed = _given(table, "commune")
    named = np.array(list(map(bool, residence)), bool)
    nowhere = ~on_dwelling & ~named
    message = "ni logement ni résidence, l'un des deux était attendu"
    refuse(table, "logement", nowhere, log, lambda _: message)
    unplaced = ~on_dwelling & named & ~placed
    refuse(table, "commune", unplaced, log, lambda _: "commune attendue pour un droit sur un programme")


def _refuse_contradictions(
    table: RawTable,
    parc: Parc,
    logement: NDArray[np.int32],
    told: Mapping[str, NDArray[np.integer]],
    log: FaultLog,
) -> None:
    """Refuse rows that say something else of a dwelling than the register does."""
    on_known = np.flatnonzero(logement >= 0)
    for name, values in told.items():
        registered = getattr(parc, name)[logement[on_known]]
        against = on_known[(values[on_known] >= 0) & (registered >= 0) & (values[on_known] != registered)]
        wrong = np.zeros(len(logement), bool)
        wrong[against] = True
        refuse(table, name, wrong, log, lambda _: CONTRADICTION)


def _given(table: RawTable, name: str) -> NDArray[np.bool_]:
    if name not in table.columns:
        return np.zeros(table.length, bool)
    return np.array(list(map(bool, table.columns[name].texts())), bool)
