"""The level-2 synthesis of a bailleur, which goes to every réservataire: counts of rights, no dwelling named."""

from collections import Counter

import numpy as np

from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.formats.etat_des_lieux_schema import SYNTHESE
from allocator.formats.stock_schema import NATURES
from allocator.formats.tableau import Tableau
from allocator.stock.dossier import Dossier
from allocator.stock.dossier.ouverts import ouverts


def synthese(dossier: Dossier) -> Tableau:
    """Return the dwellings that open rights reserve, by réservataire, place, kind of dwelling, nature and year of end.

    Rows follow the order of the réservataires and communes; what is not known comes last.
    """
    droits, places = dossier.droits, dossier.territoires
    counts: Counter[tuple[int, ...]] = Counter()
    years = np.where(np.isnat(droits.fin), -1, droits.fin.astype("datetime64[Y]").astype(np.int64) + 1970)
    for row in np.flatnonzero(ouverts(dossier)).tolist():
        key = (
            int(droits.reservataire[row]),
            int(droits.commune[row]),
            *(_last(int(column[row])) for column in (droits.typologie, droits.financement, droits.qpv)),
            NATURES.index(droits.nature[row]),
            _last(int(years[row])),
        )
        counts[key] += int(droits.nombre[row])
    return Tableau(
        SYNTHESE,
        tuple(
            (
                dossier.reservataires.id[holder],
                places.departement[commune],
                places.commune[commune],
                _word(TYPOLOGIES, typologie),
                _word(FINANCEMENTS, financement),
                _word(QPV, qpv),
                NATURES[nature],
                fin if fin < UNKNOWN else None,
                counts[holder, commune, typologie, financement, qpv, nature, fin],
            )
            for holder, commune, typologie, financement, qpv, nature, fin in sorted(counts)
        ),
    )


UNKNOWN = 1 << 30
"""Where what is not known stands: last."""


def _last(place: int) -> int:
    return UNKNOWN if place < 0 else place


def _word(words: tuple[str, ...], place: int) -> str:
    return "" if place == UNKNOWN else words[place]
