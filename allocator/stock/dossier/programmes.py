"""What a right bears on: the dwelling's own traits, what its row tells, or what a whole programme has in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocator.stock.dossier.dossier import INCONNU, Parc

Rows = NDArray[np.int32]
Column = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Traits:
    """The traits of dwellings or rights, one entry a row, as in :class:`Parc`."""

    typologie: NDArray[np.int8]
    financement: NDArray[np.int8]
    qpv: NDArray[np.int8]
    surface: NDArray[np.float64]
    loyer: NDArray[np.float64]

    def categories(self) -> dict[str, NDArray[np.int8]]:
        """Return the columns of closed lists by name."""
        return {"typologie": self.typologie, "financement": self.financement, "qpv": self.qpv}


def traits_of(told: Traits, parc: Parc, logement: Rows, programme: Rows) -> Traits:
    """Return the traits of rights: of the dwelling where they are known, else told, else common to the programme.

    ``logement`` is a row of the register, -1 on a programme; ``programme`` numbers a programme of
    :func:`programmes`, -1 on a dwelling and for a programme that the register does not have.
    """
    whole = {name: _common(getattr(parc, name), _of_parc(parc)) for name in Traits.__dataclass_fields__}
    return Traits(
        **{
            name: _first_known(
                _at(getattr(parc, name), logement), getattr(told, name), _at(common, programme)
            )
            for name, common in whole.items()
        }
    )


def programmes(parc: Parc, commune: Rows, residence: Sequence[str]) -> Rows:
    """Return for each (commune, résidence) the number of its programme in the register, -1 where there is none.

    Programmes are numbered in the order in which the register first names them; a dwelling without résidence
    belongs to none.
    """
    numbers = _numbers(parc)
    found = [
        numbers.get((place, name), -1) if name else -1
        for place, name in zip(commune.tolist(), residence, strict=True)
    ]
    return np.array(found, np.int32)


def _numbers(parc: Parc) -> dict[tuple[int, str], int]:
    pairs = zip(parc.commune.tolist(), parc.residence, strict=True)
    return {pair: number for number, pair in enumerate(dict.fromkeys(pair for pair in pairs if pair[1]))}


def _of_parc(parc: Parc) -> Rows:
    return programmes(parc, parc.commune, parc.residence)


def _common(values: Column, programme: Rows) -> Column:
    """Return, by programme, the value that all its dwellings have; the filler where they differ or one is unknown."""
    inside = programme >= 0
    first = np.unique(programme[inside], return_index=True)[1]
    common: Column = values[inside][first]
    # NaN differs from itself: one unknown surface leaves the programme's unknown
    differs = programme[inside][values[inside] != common[programme[inside]]]
    common[differs] = _filler(values)
    return common


def _at(values: Column, rows: Rows) -> Column:
    """Return values by row, the filler where there is no row."""
    return np.append(values, _filler(values))[np.where(rows < 0, len(values), rows)].astype(values.dtype)


def _first_known(*candidates: Column) -> Column:
    best = candidates[-1]
    for values in reversed(candidates[:-1]):
        unknown = np.isnan(values) if values.dtype.kind == "f" else values == INCONNU
        best = np.where(unknown, best, values)
    return best


def _filler(values: Column) -> Any:
    return values.dtype.type(np.nan if values.dtype.kind == "f" else INCONNU)
