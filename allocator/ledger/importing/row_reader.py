"""One row of an extract to the values of its fields, with everything that is wrong with it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from allocator.formats.cells import CellError, quote
from allocator.formats.directory import Directory
from allocator.formats.schema import Column
from allocator.ledger.events.natures import NATURES
from allocator.ledger.importing.evenements import EVENEMENTS
from allocator.ledger.importing.known import Noms
from allocator.ledger.importing.mapping import Correspondance
from allocator.ledger.importing.values import understand

Values = dict[str, Any]
"""Values by field; ``None`` where the extract has nothing."""


_ANY_PLACE: Final = Directory(None, (), None, None)
"""What a territory has to look like, whichever there are."""


class RowReader:
    """Reads the rows of one extract; each different text of a field is understood once."""

    def __init__(
        self,
        mapping: Correspondance,
        positions: Mapping[str, int],
        decimal_comma: bool,
        noms: Noms,
    ) -> None:
        self._mapping = mapping
        self._decimal_comma = decimal_comma
        self._positions = {
            champ: [positions[name] for name in names] for champ, names in mapping.colonnes.items()
        }
        self._names: Mapping[str, Collection[str] | None] = {
            "commune": noms.communes,
            "reservataire": noms.reservataires,
            "territoire": noms.territoires,
            "liberation": noms.liberations,
        }
        self._understood: dict[tuple[str, str], tuple[Any, str]] = {}

    def text(self, champ: str, cells: Sequence[str]) -> str:
        """Return what a row has for a field, translated; empty where it has nothing."""
        if champ in self._mapping.constantes:
            return self._mapping.constantes[champ]
        parts = [cells[position].strip() for position in self._positions.get(champ, ())]
        text = " ".join(part for part in parts if part)
        return self._mapping.traductions.get(champ, {}).get(text, text)

    def read(self, cells: Sequence[str]) -> tuple[Values, dict[str, str]]:
        """Return the values of a row as wide as the header, and what is wrong by field."""
        values: Values = {}
        wrong: dict[str, str] = {}
        for column in self._mapping.schema.columns:
            values[column.name], fault = self._value(column, self.text(column.name, cells))
            if fault:
                wrong[column.name] = fault
        for champ, fault in _missing(self._mapping, values):
            wrong.setdefault(champ, fault)
        return values, wrong

    def _value(self, column: Column, text: str) -> tuple[Any, str]:
        """Return the value of a text, and what is wrong with it."""
        key = (column.name, text)
        if key not in self._understood:
            self._understood[key] = self._understand(column, text)
        return self._understood[key]

    def _understand(self, column: Column, text: str) -> tuple[Any, str]:
        if not text:
            return None, "valeur absente" if column.required else ""
        try:
            value = understand(text, column, self._mapping.dates, decimal_comma=self._decimal_comma)
        except CellError as error:
            return None, str(error)
        fault = _ANY_PLACE.place_fault(value) if column.name == "territoire" else None
        names = self._names.get(column.name)
        if fault is None and names is not None and value not in names:
            fault = _unknown(value, names)
        return value, fault or ""


def _unknown(value: str, names: Collection[str]) -> str:
    hint = f", qui a « 0{value} » : le zéro initial s'est perdu" if f"0{value}" in names else ""
    return f"{quote(value)} inconnu du journal{hint}"


def _missing(mapping: Correspondance, values: Values) -> Iterator[tuple[str, str]]:
    """Yield the fields that a row has to have because of what another one says."""
    if mapping.genre == "annonces" and values["statut"] == "hors_assiette" and values["categorie"] is None:
        yield "categorie", "valeur absente, attendue pour un logement hors assiette"
    if mapping.genre == "issues" and values["evenement"] is not None:
        for nature, contenu in EVENEMENTS[values["evenement"]].faits:
            for name, champ in NATURES[nature].champs.items():
                told = name in mapping.champs if champ.nul else values.get(name) is not None
                if name in values and champ.requis and name not in contenu and not told:
                    yield name, f"valeur absente, attendue pour l'événement {values['evenement']}"
