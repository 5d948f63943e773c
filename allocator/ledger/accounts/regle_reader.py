"""Rules of counting read from TOML, or from the contents of an event: every fault at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from allocator.domain import Comptage
from allocator.formats.comptage_reader import read_comptage
from allocator.formats.faults import FaultLog
from allocator.formats.keys import Keys, open_keys
from allocator.formats.toml_document import LIMIT, TomlDocument
from allocator.ledger.accounts.issues import BAIL, COMPTES, ISSUES, Effet, Effets
from allocator.ledger.accounts.regles import Regle

FORMAT: Final = 1
SHIPPED: Final = Path(__file__).with_name("issues.toml")
"""The shipped effects of the outcomes."""

_WORDS: Final = {share: word for word, share in COMPTES.items()}


def read_regle(path: Path = SHIPPED, defaut: Regle | None = None) -> Regle:
    """Return the rule in a TOML file with the tables ``[comptage]`` and ``[issues.CODE]``.

    What the file does not say is that of ``defaut``; without one, propositions count one point each and every
    end counts whole.

    Raises
    ------
    BadInput
        With every fault and its line.
    """
    log = FaultLog()
    keys = open_keys(path, LIMIT, log)
    keys.constant("format", FORMAT)
    keys.text("titre", "")
    keys.text("description", "")
    regle = regle_of_keys(keys, defaut)
    keys.refuse_others()
    log.raise_if_any()
    return regle


def regle_of_contenu(contenu: Mapping[str, Any], defaut: Regle, place: str) -> Regle:
    """Return the rule in the contents of an event; ``place`` names the event in messages.

    Raises
    ------
    BadInput
        With every fault.
    """
    log = FaultLog()
    keys = keys_of_contenu(contenu, place, log)
    regle = regle_of_keys(keys, defaut)
    keys.refuse_others()
    log.raise_if_any()
    return regle


def contenu_of_regle(regle: Regle) -> dict[str, Any]:
    """Return a rule as the contents of an event, which reads back as the same rule."""
    comptage = regle.comptage
    tension = [
        {"zone": entry.zone} | points(entry.proposition, entry.attribution)
        if entry.zone is not None
        else {"au_dessus": entry.au_dessus} | points(entry.proposition, entry.attribution)
        for entry in comptage.tension
    ]
    whole = {"mode": comptage.mode, "cumul": comptage.cumul} | points(
        comptage.proposition, comptage.attribution
    )
    effets = {
        ISSUES[row]: {"compte": _WORDS[effet.compte], "compensation": effet.compensation}
        for row, effet in enumerate(regle.effets)
        if row != BAIL
    }
    return {"comptage": whole | ({"tension": tension} if tension else {}), "issues": effets}


def points(proposition: float, attribution: float) -> dict[str, float]:
    """Return the two points as the keys that hold them."""
    return {"proposition": proposition, "attribution": attribution}


def keys_of_contenu(contenu: Mapping[str, Any], place: str, log: FaultLog) -> Keys:
    """Return the contents of an event as keys to ask for; what is ``None`` is as if it were not there."""
    values = {key: value for key, value in contenu.items() if value is not None}
    return Keys(TomlDocument(place, "", values), (), values, log)


def regle_of_keys(keys: Keys, defaut: Regle | None) -> Regle:
    """Return the rule in a table; faults are noted."""
    known = defaut or Regle(Comptage(), (Effet(),) * len(ISSUES))
    return Regle(read_comptage(keys.table("comptage")) or known.comptage, _effets(keys, known.effets))


def _effets(keys: Keys, defaut: Effets) -> Effets:
    effets = list(defaut)
    table = keys.table("issues")
    if table is None:
        return defaut
    for row, code in enumerate(ISSUES):
        entry = table.table(code) if row != BAIL else None
        if entry is not None:
            word = entry.choice("compte", tuple(COMPTES), _WORDS[defaut[row].compte])
            effets[row] = Effet(COMPTES.get(word, 1.0), entry.flag("compensation", defaut[row].compensation))
            entry.refuse_others()
    table.refuse_others()
    return tuple(effets)
