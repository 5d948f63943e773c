"""The template of a letter: a TOML file that whoever sends it may replace, checked before anything is written."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from allocator.formats.faults import FaultLog
from allocator.formats.keys import Keys, open_keys
from allocator.formats.toml_document import LIMIT

FORMAT: Final = 1
SHIPPED: Final = Path(__file__).with_name("courrier.toml")
"""The shipped template."""

LETTRE: Final = ("bailleur", "destinataire", "date", "nombre", "logements")
"""Words that stand for something in a letter."""

LOGEMENT: Final = (
    "liberation",
    "tour",
    "reservataire",
    "description",
    "lieu",
    "commune",
    "typologie",
    "financement",
    "qpv",
    "surface",
    "loyer",
    "adresse",
    "residence",
    "etage",
    "envoye",
    "echeance",
    "reste",
)
"""Words that stand for something in what is said of a dwelling."""


@dataclass(frozen=True, slots=True)
class Gabarit:
    """Texts with ``$words``: the subject and body of a letter, a dwelling whose clock runs, one whose clock is over."""

    objet: str
    texte: str
    logement: str
    echu: str


def read_gabarit(path: Path = SHIPPED) -> Gabarit:
    """Return the template in a TOML file.

    Raises
    ------
    BadInput
        With every fault and its line: a word that stands for nothing among them.
    """
    log = FaultLog()
    keys = open_keys(path, LIMIT, log)
    keys.constant("format", FORMAT)
    keys.text("titre", "")
    found = Gabarit(
        _text(keys, "objet", LETTRE),
        _text(keys, "texte", LETTRE),
        _text(keys, "logement", LOGEMENT),
        _text(keys, "echu", LOGEMENT),
    )
    keys.refuse_others()
    log.raise_if_any()
    return found


def _text(keys: Keys, key: str, known: Collection[str]) -> str:
    text = keys.text(key)
    template = Template(text)
    if not template.is_valid():
        keys.fault("un dollar qui n'introduit aucun mot s'écrit $$", key)
    else:
        unknown = [word for word in dict.fromkeys(template.get_identifiers()) if word not in known]
        expected = ", ".join(f"${word}" for word in known)
        for word in unknown:
            keys.fault(f"${word} inconnu, attendu {expected}", key)
    return text.strip("\n")
