"""The ``[comptage]`` table of a model: how the ledger counts (file contract, section 4)."""

from math import isnan, nan

from allocator.domain import Comptage, PointsDeTension
from allocator.domain.vocabulary import MODES_DE_COMPTAGE, ZONES
from allocator.formats.keys import Keys


def read_comptage(keys: Keys | None) -> Comptage | None:
    """Return how to count, ``None`` where the model does not say; faults are noted."""
    if keys is None:
        return None
    mode = keys.choice("mode", MODES_DE_COMPTAGE, MODES_DE_COMPTAGE[0])
    proposition, attribution = _points(keys, 1.0, 1.0)
    cumul = keys.flag("cumul", default=False)
    tension: list[PointsDeTension] = []
    for table in keys.tables("tension", required=False):
        entry = _tension(table, proposition, attribution)
        if any((entry.zone, entry.au_dessus) == (other.zone, other.au_dessus) for other in tension):
            table.fault("zone ou seuil de tension donné deux fois")
        tension.append(entry)
    keys.refuse_others()
    return Comptage(mode, proposition, attribution, cumul, tuple(tension))


def _tension(keys: Keys, proposition: float, attribution: float) -> PointsDeTension:
    """Return the points of a tense territory; where one of the two is not given, it is the general one."""
    if ("zone" in keys) == ("au_dessus" in keys):
        keys.fault("zone ou au_dessus était attendu, et un seul des deux")
    zone = keys.choice("zone", ZONES, "") or None
    above = keys.number("au_dessus", nan)
    if "proposition" not in keys and "attribution" not in keys:
        keys.fault("proposition ou attribution était attendue")
    entry = PointsDeTension(zone, None if isnan(above) else above, *_points(keys, proposition, attribution))
    keys.refuse_others()
    return entry


def _points(keys: Keys, proposition: float, attribution: float) -> tuple[float, float]:
    proposition = keys.number("proposition", proposition)
    attribution = keys.number("attribution", attribution)
    if proposition > attribution:
        told = "proposition" if "proposition" in keys else "attribution"
        keys.fault(f"proposition ({proposition:g}) dépasse attribution ({attribution:g})", told)
    return proposition, attribution
