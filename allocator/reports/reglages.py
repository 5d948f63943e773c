"""What the documents leave to whoever sends them: periods of construction, and the smallest count of households."""

from dataclasses import dataclass
from itertools import pairwise
from math import inf
from pathlib import Path
from string import Template
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.formats.cells import one_of
from allocator.formats.faults import FaultLog
from allocator.formats.keys import Keys, open_keys
from allocator.formats.toml_document import LIMIT

FORMAT: Final = 1
SHIPPED: Final = Path(__file__).with_suffix(".toml")
"""The shipped settings."""

MOTS: Final = ("bailleur", "destinataire", "reservataire", "date", "echeance")
"""Words that stand for something in an offer."""

INCONNUE: Final = "non renseignée"
"""Period of a dwelling whose year of construction is not known."""


@dataclass(frozen=True, slots=True)
class Reglages:
    """Settings of the documents.

    ``masque``: a count of households that is not zero and smaller is not published. ``avant`` and ``apres`` are the
    paragraphs of an offer around what describes the dwelling. ``periodes`` are the titles of the periods of
    construction, ``depuis`` the first year of each but the first one.
    """

    masque: int
    avant: tuple[Template, ...]
    apres: tuple[Template, ...]
    periodes: tuple[str, ...]
    depuis: tuple[int, ...]

    @property
    def titres(self) -> tuple[str, ...]:
        """Titles of the periods by number, the last one for years that are not known."""
        return (*self.periodes, INCONNUE)

    def periode(self, annees: tuple[str, ...]) -> NDArray[np.int32]:
        """Return the number of the period of each year, given as text, empty where it is not known."""
        years = np.array([int(annee) if annee else -1 for annee in annees], dtype=np.int64)
        found = np.searchsorted(self.depuis, years, side="right")
        return np.where(years < 0, len(self.periodes), found).astype(np.int32)

    def publie(self, menages: int) -> int | None:
        """Return a count of households, ``None`` where so few could be recognised."""
        return menages if menages == 0 or menages >= self.masque else None


def read_reglages(path: Path = SHIPPED) -> Reglages:
    """Return the settings in a TOML file.

    Raises
    ------
    BadInput
        With every fault and its line.
    """
    log = FaultLog()
    keys = open_keys(path, LIMIT, log)
    keys.constant("format", FORMAT)
    keys.text("titre", "")
    masque = keys.number("masque")
    offre = keys.table("offre")
    avant, apres = ((), ()) if offre is None else (_paragraphs(offre, "avant"), _paragraphs(offre, "apres"))
    if offre is None:
        keys.fault("table obligatoire absente", "offre")
    else:
        offre.refuse_others()
    tables = keys.tables("construction")
    read = [_periode(table, first=number == 0) for number, table in enumerate(tables)]
    if any(before >= after for before, after in pairwise(year for _, year in read)):
        keys.fault("les périodes ne se suivent pas : chaque « depuis » dépasse celui d'avant", "construction")
    if len({title for title, _ in read} | {INCONNUE}) <= len(read):
        keys.fault(f"les titres des périodes sont distincts, et aucun n'est « {INCONNUE} »", "construction")
    keys.refuse_others()
    log.raise_if_any()
    titles, years = tuple(title for title, _ in read), tuple(int(year) for _, year in read[1:])
    return Reglages(round(masque), avant, apres, titles, years)


def _paragraphs(keys: Keys, key: str) -> tuple[Template, ...]:
    found = tuple(Template(" ".join(text.split())) for text in keys.text(key).split("\n\n") if text.strip())
    for template in found:
        if not template.is_valid():
            keys.fault("un dollar qui n'introduit aucun mot s'écrit $$", key)
        else:
            for word in dict.fromkeys(template.get_identifiers()):
                if word not in MOTS:
                    keys.fault(f"${word} inconnu, attendu {one_of([f'${mot}' for mot in MOTS])}", key)
    return found


def _periode(keys: Keys, *, first: bool) -> tuple[str, float]:
    title = keys.text("titre")
    year = -inf if first else keys.number("depuis")
    keys.refuse_others()
    return title, year
