"""The level-1 extract: each réservataire's own lines, and no other's, with a form to confirm or contest each."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.formats.etat_des_lieux_schema import EXTRAIT
from allocator.formats.tableau import Tableau, Value
from allocator.stock.dossier import Dossier
from allocator.stock.etat_des_lieux.incompletudes import Incompletude

FORMULAIRE: Final = ("", "", "", "")
"""The columns that the réservataire fills."""

LONGUEUR: Final = 8
"""Characters of a line's digest: one in four thousand million alike."""


def extraits(dossier: Dossier, found: Sequence[Incompletude]) -> dict[int, Tableau]:
    """Return the lines of each réservataire that has any (by its row), in the order of the dossier's files."""
    remarks: defaultdict[int, list[str]] = defaultdict(list)
    for one in found:
        remarks[one.droit].append(one.texte)
    lines: dict[int, list[tuple[Value, ...]]] = {}
    holders = dossier.droits.reservataire.tolist()
    for row, (holder, digest) in enumerate(zip(holders, empreintes(dossier), strict=True)):
        line = (*_line(dossier, row), " ; ".join(remarks[row]), digest, *FORMULAIRE)
        lines.setdefault(holder, []).append(line)
    return {holder: Tableau(EXTRAIT, tuple(lines[holder])) for holder in sorted(lines)}


def empreintes(dossier: Dossier) -> tuple[str, ...]:
    """Return the digest of each right's line: what an answer is about, and what tells that the line changed."""
    lines = (repr(_line(dossier, row)) for row in range(len(dossier.droits)))
    return tuple(hashlib.sha256(line.encode()).hexdigest()[:LONGUEUR] for line in lines)


def _line(dossier: Dossier, row: int) -> tuple[Value, ...]:
    """Return what a line says, from ``droit`` to ``loyer``."""
    droits, places = dossier.droits, dossier.territoires
    commune, logement = int(droits.commune[row]), int(droits.logement[row])
    return (
        droits.droit[row],
        dossier.reservataires.id[int(droits.reservataire[row])],
        droits.nature[row],
        "" if logement < 0 else dossier.parc.logement[logement],
        droits.residence[row],
        places.commune[commune],
        places.nom[commune],
        int(droits.nombre[row]) or None,
        droits.origine[row],
        _day(droits.debut[row]),
        _day(droits.fin[row]),
        QPV[int(droits.utilise[row])],
        (*TYPOLOGIES, "")[int(droits.typologie[row])],
        (*FINANCEMENTS, "")[int(droits.financement[row])],
        (*QPV, "")[int(droits.qpv[row])],
        float(droits.surface[row]),
        float(droits.loyer[row]),
    )


def _day(value: Any) -> str:
    return "" if np.isnat(value) else str(value)
