"""How often pre-orientations end in which way: learned from the tours, shrunk towards stated assumptions."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from allocator.formats.faults import FaultLog
from allocator.formats.keys import Keys, open_keys
from allocator.formats.toml_document import LIMIT
from allocator.ledger.accounts.issues import BAIL, ISSUES
from allocator.ledger.accounts.regle_reader import keys_of_contenu
from allocator.ledger.accounts.tours import Tours

Floats = NDArray[np.float64]

FORMAT: Final = 1
SHIPPED: Final = Path(__file__).with_suffix(".toml")
"""The shipped assumptions."""


@dataclass(frozen=True, slots=True)
class Hypotheses:
    """What is assumed of how pre-orientations end.

    ``parts`` has one share an outcome (:data:`ISSUES`, summing to 1) and weighs as much as ``force`` tours seen;
    a tour teaches nothing in its first ``recul`` days.
    """

    parts: tuple[float, ...]
    force: float
    recul: float


def learn(tours: Tours, day: np.datetime64, hypotheses: Hypotheses) -> Floats:
    """Return the share of each outcome (:data:`ISSUES`) among pre-orientations, as known at the end of a day.

    The mean of a Dirichlet posterior over the tours that have ended, of all réservataires together: with a rate of
    one's own, whoever refuses much would see each lease count for more, and the modes would not differ. Tours
    younger than ``recul`` are left out, or early failures would be over-represented.
    """
    known = tours.known(day)
    ripe = known.ended & (tours.oriente <= day - np.timedelta64(round(hypotheses.recul), "D"))
    seen = np.bincount(known.issue[ripe], minlength=len(ISSUES))
    whole = seen.sum() + hypotheses.force
    parts = np.array(hypotheses.parts)
    learned: Floats = (seen + hypotheses.force * parts) / whole if whole > 0 else parts
    return learned


def read_hypotheses(path: Path = SHIPPED) -> Hypotheses:
    """Return the assumptions in a TOML file.

    Raises
    ------
    BadInput
        With every fault and its line.
    """
    log = FaultLog()
    keys = open_keys(path, LIMIT, log)
    keys.constant("format", FORMAT)
    keys.text("titre", "")
    hypotheses = _hypotheses(keys)
    keys.refuse_others()
    log.raise_if_any()
    return hypotheses


def hypotheses_of_contenu(contenu: Mapping[str, Any]) -> Hypotheses:
    """Return the assumptions in the contents of an opening.

    Raises
    ------
    BadInput
        With every fault.
    """
    log = FaultLog()
    hypotheses = _hypotheses(keys_of_contenu(contenu, "hypothèses de l'ouverture", log))
    log.raise_if_any()
    return hypotheses


def contenu_of_hypotheses(hypotheses: Hypotheses) -> dict[str, Any]:
    """Return assumptions as the contents of an opening, which read back as the same."""
    taux = {code: part for code, part in zip(ISSUES, hypotheses.parts, strict=True) if code != ISSUES[BAIL]}
    return {"force": hypotheses.force, "recul": hypotheses.recul, "taux": taux}


def _hypotheses(keys: Keys) -> Hypotheses:
    force, recul = keys.number("force"), keys.number("recul")
    return Hypotheses(_parts(keys), force, recul)


def _parts(keys: Keys) -> tuple[float, ...]:
    table = keys.table("taux")
    parts = [0.0] * len(ISSUES)
    if table is not None:
        parts = [table.number(code, 0.0) if row != BAIL else 0.0 for row, code in enumerate(ISSUES)]
        if sum(parts) > 1.0 + 1e-9:
            table.fault(f"les taux font {sum(parts):g} en somme, 1 au plus était attendu")
        table.refuse_others()
    parts[BAIL] = max(0.0, 1.0 - sum(parts))
    return tuple(parts)
