"""A mapping as the text of its TOML file, with what is left to say as comments."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

from allocator.ledger.importing.fields import EXTRAITS
from allocator.ledger.importing.mapping_reader import FORMAT
from allocator.ledger.importing.proposal import Proposition

LISTED: Final = 50
"""Texts to translate that are listed for one field."""


def mapping_text(proposition: Proposition) -> str:
    """Return the file of a guessed mapping, to be completed and saved; comments say what is missing.

    A mapping that is complete, as :class:`Proposition` with nothing left, reads back the same.
    """
    return "\n".join(_lines(proposition)) + "\n"


def _lines(proposition: Proposition) -> Iterator[str]:
    mapping = proposition.mapping
    yield f"# {EXTRAITS[mapping.genre].title} : quelle colonne de l'extrait est quel champ."
    yield f"format = {FORMAT}"
    yield f"genre = {_text(mapping.genre)}"
    if mapping.dates:
        yield f"dates = {_texts(mapping.dates)}"
    yield f"codage = {_text(mapping.codage)}"
    where = {
        "feuille": mapping.feuille and _text(mapping.feuille),
        "entete": mapping.entete if mapping.entete > 1 else "",
    }
    yield from (f"{name} = {value}" for name, value in where.items() if value)
    yield from ("", "[colonnes]")
    for champ, names in mapping.colonnes.items():
        yield f"{champ} = {_texts(names)}"
    if proposition.libres:
        yield f"# colonnes sans emploi : {', '.join(map(_text, proposition.libres))}"
    if mapping.constantes or proposition.manquants:
        yield from ("", "[constantes]")
    for champ, value in mapping.constantes.items():
        yield f"{champ} = {_text(value)}"
    for champ in proposition.manquants:
        column = mapping.schema.column(champ)
        expected = f" ({', '.join(column.choices)})" if column.choices else ""
        yield f"# à donner ici ou par une colonne : {champ}, {column.description}{expected}"
    for champ in (c.name for c in mapping.schema.columns):
        known, unknown = mapping.traductions.get(champ, {}), proposition.a_traduire.get(champ, ())
        if known or unknown:
            yield from ("", f"[traductions.{champ}]")
            yield from (f"{_text(word)} = {_text(meaning)}" for word, meaning in known.items())
            yield from (f'# {_text(word)} = ""' for word in unknown[:LISTED])


def _texts(texts: Sequence[str]) -> str:
    return _text(texts[0]) if len(texts) == 1 else f"[{', '.join(map(_text, texts))}]"


def _text(text: str) -> str:
    """Return a basic string of TOML: JSON writes one, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
