"""A mapping's TOML file, read whole: every fault with its line."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from allocator.formats.cells import CellError, one_of, quote
from allocator.formats.faults import FaultLog
from allocator.formats.keys import Keys, open_keys
from allocator.formats.schema import Column, Schema
from allocator.formats.toml_document import LIMIT
from allocator.ledger.importing.fields import EXTRAITS
from allocator.ledger.importing.mapping import CODAGES, Correspondance, is_date_format
from allocator.ledger.importing.values import understand

FORMAT: Final = 1
"""Version of the file's format."""

DEEPEST: Final = 1_000
"""Line of the deepest header."""


def read_mapping(path: Path) -> Correspondance:
    """Return a saved mapping.

    Raises
    ------
    BadInput
        With every fault of the file.
    """
    log = FaultLog()
    keys = open_keys(path, LIMIT, log)
    keys.constant("format", FORMAT)
    genre = keys.choice("genre", tuple(EXTRAITS))
    dates = _dates(keys)
    codage = keys.choice("codage", CODAGES, CODAGES[0])
    feuille, entete = keys.text("feuille", ""), _entete(keys)
    colonnes, constantes, traductions = (
        _table(keys, name) for name in ("colonnes", "constantes", "traductions")
    )
    keys.refuse_others()
    if log:
        # without its kind, nothing can be said of its fields
        raise log.bad_input()
    schema = EXTRAITS[genre]
    found = Correspondance(
        genre,
        _columns(colonnes, schema),
        _constants(constantes, schema, dates),
        _translations(traductions, schema),
        dates,
        codage,
        feuille,
        entete,
    )
    _refuse_missing(found, colonnes or keys)
    log.raise_if_any()
    return found


def _entete(keys: Keys) -> int:
    value = keys.value("entete")
    if value is None:
        return 1
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= DEEPEST:
        keys.fault(f"attendu le numéro de la ligne de l'en-tête, de 1 à {DEEPEST}", "entete")
        return 1
    return value


def _dates(keys: Keys) -> tuple[str, ...]:
    value = keys.value("dates")
    formats = () if value is None else (value,) if isinstance(value, str) else value
    if not isinstance(formats, tuple | list):
        keys.fault("attendu un texte, ou une liste de textes", "dates")
        return ()
    for each in formats:
        if not isinstance(each, str) or not is_date_format(each):
            keys.fault(f"{quote(str(each))} n'est pas un format de date, attendu comme JJ/MM/AAAA", "dates")
    return tuple(map(str, formats))


def _table(keys: Keys, name: str) -> Keys | None:
    """Return a table; one that is empty is as good as none, since comments may be all that it holds."""
    return None if keys.value(name) == {} else keys.table(name)


def _columns(keys: Keys | None, schema: Schema) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for keys_of, column in _given(keys, schema):
        value = keys_of.value(column.name)
        names = [value] if isinstance(value, str) else value
        if (
            isinstance(names, list)
            and names
            and all(isinstance(name, str) and name.strip() for name in names)
        ):
            found[column.name] = tuple(name.strip() for name in names)
        else:
            keys_of.fault("attendu le nom d'une colonne, ou une liste de noms", column.name)
    return found


def _constants(keys: Keys | None, schema: Schema, dates: tuple[str, ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for keys_of, column in _given(keys, schema):
        value = keys_of.value(column.name)
        if isinstance(value, bool) or not isinstance(value, str | int | float | date):
            keys_of.fault("attendu un texte, un nombre ou une date", column.name)
            continue
        found[column.name] = str(value).strip()
        try:
            understand(found[column.name], column, dates, decimal_comma=False)
        except CellError as error:
            keys_of.fault(str(error), column.name)
    return found


def _translations(keys: Keys | None, schema: Schema) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for keys_of, column in _given(keys, schema):
        words = _table(keys_of, column.name)
        if words is None:
            continue
        found[column.name] = {word.strip(): words.text(word, "") for word in words.names}
        for word in words.names:
            meaning = found[column.name][word.strip()]
            if column.choices and meaning and meaning not in column.choices:
                words.fault(f"{quote(meaning)} inconnu, attendu {one_of(column.choices)}", word)
    return found


def _given(keys: Keys | None, schema: Schema) -> Iterator[tuple[Keys, Column]]:
    """Yield the fields that a table speaks of; what is no field is then noted."""
    if keys is None:
        return
    for column in schema.columns:
        if column.name in keys:
            yield keys, column
        else:
            # asked for, so that a misspelt key can be told which one it resembles
            keys.value(column.name)
    keys.refuse_others()


def _refuse_missing(found: Correspondance, keys: Keys) -> None:
    for champ in found.schema.columns:
        if champ.name in found.colonnes and champ.name in found.constantes:
            keys.fault(
                "donné par une colonne et par une constante, une seule des deux était attendue", champ.name
            )
        elif champ.required and champ.name not in found.champs:
            keys.fault(f"champ obligatoire sans colonne ni constante : {champ.name}")
