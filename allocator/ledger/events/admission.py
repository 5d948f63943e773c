"""Whether an entry is well formed: its fields against the table of natures, every fault in one go, in French."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from math import isfinite
from typing import Any, Final

from allocator.formats.cells import one_of, quote
from allocator.ledger.events.event import Contenu, Entree
from allocator.ledger.events.natures import NATURES, Champ, Genre

LONGEST: Final = 200
"""Characters of the longest identifier and author."""

LARGEST: Final = 2**53
"""No number is larger, so that every database and every reader holds it exactly."""

LONGEST_NAME: Final = 64
"""Characters of the longest identifier of a bailleur."""

_NAME: Final = re.compile("[A-Za-z0-9][A-Za-z0-9_.-]*")
_JOUR: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EMPREINTE: Final = re.compile(r"[0-9a-f]{64}")
_INTERDIT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def faults(entree: Entree, communes: Collection[str], reservataires: Collection[str]) -> list[str]:
    """Return what is wrong with an entry taken alone, nothing of what was recorded before being looked at.

    ``communes`` and ``reservataires`` are those that the journal knows.
    """
    nature = NATURES.get(entree.nature)
    if nature is None:
        return [f"nature {quote(str(entree.nature))} inconnue, attendu {one_of(tuple(NATURES))}"]
    found = [
        *_identifier("objet", entree.objet, required=nature.sujet == "logement"),
        *_identifier("auteur", entree.auteur, required=True),
        *_value("effet", entree.effet, _EFFET, (), ()),
    ]
    if not isinstance(entree.contenu, Mapping):
        return [*found, "contenu : une table était attendue"]
    return [*found, *contents_faults(entree.nature, entree.contenu, communes, reservataires)]


def name_fault(bailleur: str) -> str:
    """Return what keeps a text from being the identifier of a bailleur, or nothing: it names files and addresses."""
    if _NAME.fullmatch(bailleur) and len(bailleur) <= LONGEST_NAME:
        return ""
    return (
        f"{quote(bailleur)} : des lettres sans accent, des chiffres, « - », « _ » et « . » étaient attendus, "
        f"{LONGEST_NAME} caractères au plus, le premier étant une lettre ou un chiffre"
    )


def contents_faults(
    nature: str, contenu: Contenu, communes: Collection[str], reservataires: Collection[str]
) -> list[str]:
    """Return what is wrong with the contents of an event of that nature."""
    known = NATURES[nature]
    return list(_table("", contenu, known.champs, known.libre, communes, reservataires))


def _identifier(name: str, text: object, required: bool) -> Iterator[str]:
    if not isinstance(text, str) or (required and not text.strip()):
        yield f"{name} : un texte était attendu"
    elif len(text) > LONGEST:
        yield f"{name} : {LONGEST} caractères au plus étaient attendus"
    elif _INTERDIT.search(text):
        yield f"{name} : caractère interdit dans {quote(text)}"


def _table(  # noqa: PLR0913, PLR0917
    path: str,
    contenu: Contenu,
    champs: Mapping[str, Champ],
    libre: bool,
    communes: Collection[str],
    reservataires: Collection[str],
) -> Iterator[str]:
    for name, champ in champs.items():
        value = contenu.get(name)
        if value is not None:
            yield from _value(path + name, value, champ, communes, reservataires)
        elif champ.requis and not (champ.nul and name in contenu):
            yield f"{path}{name} : champ obligatoire absent"
    for name in contenu.keys() - champs.keys():
        if not isinstance(name, str):
            yield f"{path}{name} : un nom de champ est un texte"
        elif libre:
            yield from _anything(path + name, contenu[name])
        else:
            yield f"{path}{name} : champ inconnu, attendu {one_of(tuple(champs) or ('aucun',))}"


def _value(
    path: str, value: object, champ: Champ, communes: Collection[str], reservataires: Collection[str]
) -> Iterator[str]:
    what = _GENRES[champ.genre](value)
    if what:
        yield f"{path} : {what}"
    elif champ.choix and value not in champ.choix:
        yield f"{path} : {quote(str(value))}, attendu {one_of(champ.choix)}"
    elif champ.minimum is not None and isinstance(value, (int, float)) and value < champ.minimum:
        yield f"{path} : {value:g} hors limites, attendu {champ.minimum:g} au moins"
    elif champ.genre == "commune" and value not in communes:
        yield f"{path} : commune {quote(str(value))} absente des territoires du journal"
    elif champ.genre == "reservataire" and value not in reservataires:
        yield f"{path} : réservataire {quote(str(value))} inconnu du journal"
    elif champ.genre == "lignes" and isinstance(value, list):
        for row, each in enumerate(value, 1):
            if isinstance(each, Mapping):
                yield from _table(f"{path}[{row}].", each, champ.champs, True, communes, reservataires)
            else:
                yield f"{path}[{row}] : une table était attendue"
    elif champ.genre in {"table", "liste"}:
        yield from _anything(path, value)


def _anything(path: str, value: Any) -> Iterator[str]:
    """Find what no journal can hold in a value whose form is free."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from (
                _anything(f"{path}.{name}", each)
                if isinstance(name, str)
                else [f"{path} : un nom de champ est un texte"]
            )
    elif isinstance(value, list):
        for row, each in enumerate(value, 1):
            yield from _anything(f"{path}[{row}]", each)
    elif isinstance(value, str):
        what = _texte(value)
        if what:
            yield f"{path} : {what}"
    elif value is not None and not isinstance(value, bool):
        what = _nombre(value)
        if what:
            yield f"{path} : {what}"


def _texte(value: object) -> str:
    if not isinstance(value, str):
        return "un texte était attendu"
    return f"caractère interdit dans {quote(value)}" if _INTERDIT.search(value) else ""


def _entier(value: object) -> str:
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST
    return "" if whole else "un nombre entier était attendu"


def _nombre(value: object) -> str:
    known = isinstance(value, (int, float)) and not isinstance(value, bool)
    return "" if known and isfinite(value) and abs(value) <= LARGEST else "un nombre était attendu"  # type: ignore[arg-type]


def _date(value: object) -> str:
    if not isinstance(value, str) or not _JOUR.fullmatch(value):
        return "une date AAAA-MM-JJ était attendue"
    try:
        date.fromisoformat(value)
    except ValueError:
        return f"{quote(value)} n'existe pas dans le calendrier"
    return ""


def _empreinte(value: object) -> str:
    known = isinstance(value, str) and _EMPREINTE.fullmatch(value)
    return "" if known else "une empreinte sha256 en hexadécimal était attendue"


def _instance_of(kind: type, what: str) -> Callable[[object], str]:
    return lambda value: "" if isinstance(value, kind) else what


_EFFET: Final = Champ("date", requis=True)

_GENRES: Final[Mapping[Genre, Callable[[object], str]]] = {
    "texte": _texte,
    "commune": _texte,
    "reservataire": _texte,
    "entier": _entier,
    "nombre": _nombre,
    "date": _date,
    "empreinte": _empreinte,
    "booleen": _instance_of(bool, "vrai ou faux était attendu"),
    "table": _instance_of(Mapping, "une table était attendue"),
    "liste": _instance_of(list, "une liste était attendue"),
    "lignes": _instance_of(list, "une liste était attendue"),
}
"""What is wrong with a value of each kind, or nothing."""
