"""Words as people and programs write them, brought to one form so that they can be looked up."""

import unicodedata
from collections.abc import Iterable, Mapping


def plain(text: str) -> str:
    """Return the letters and digits of a text, in small letters without accents: ``N° congé`` is ``nconge``."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in bare if char.isalnum())


def lexicon(words: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return the meaning of each word in its :func:`plain` form; every meaning is a word for itself."""
    return {plain(word): meaning for meaning, others in words.items() for word in (meaning, *others)}


def one_line(text: str) -> str:
    """Return a text on one line, with single spaces."""
    return " ".join(text.split())
