"""What an officer records by hand: the texts of a form to the contents of an event, and corrections of earlier ones."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from allocator.formats import BadInput, Fault
from allocator.formats.cells import one_of, quote
from allocator.ledger.daily.clauses import refuse_unreadable
from allocator.ledger.daily.delais import with_delays, without_delay
from allocator.ledger.daily.releve import read_releve
from allocator.ledger.events.corrections import CORRECTION
from allocator.ledger.events.event import Contenu, Entree, Event
from allocator.ledger.events.menages import Menage, new_menage
from allocator.ledger.events.natures import NATURES, Champ
from allocator.ledger.importing import known_of
from allocator.ledger.store.journal import Journal

SAISIES: Final = (
    "envoi",
    "candidats",
    "decline",
    "rendu",
    "echeance",
    "caleol",
    "refus",
    "attribution",
    "bail",
    "reorientation",
    "retrait",
    "statut",
    "signature",
)
"""Natures that are recorded by hand; the others are imported, decided or computed."""

MENAGE: Final = "menage"
"""Field of a household: people give its reference, events have a token."""

LIBRES: Final[Mapping[str, Mapping[str, Champ]]] = MappingProxyType(
    {
        "convention": {
            "delai": Champ("entier"),
            "agents": Champ("nombre"),
            "garantie": Champ("nombre"),
            "lignes": Champ("lignes"),
            "derogation": Champ("table"),
            "regle": Champ("table"),
        },
        "cloture": {"lignes": Champ("lignes")},
    }
)
"""Fields that are no texts of the natures whose contents are free, beside those that the journal looks at."""

_BOOLEENS: Final = {"oui": True, "non": False}


def contenu_of(nature: str, textes: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Menage, ...]]:
    """Return the contents that texts by field say, an empty text being ``None``, and the households to keep aside.

    Raises
    ------
    BadInput
        With every field that the nature does not have, and every text that is no value of its field.
    """
    contenu: dict[str, Any] = {}
    menages: list[Menage] = []
    faults: list[Fault] = []
    for name, text in textes.items():
        champ = NATURES[nature].champs.get(name) or LIBRES.get(nature, {}).get(name)
        if champ is None and not NATURES[nature].libre:
            known = one_of(tuple(NATURES[nature].champs) or ("aucun",))
            faults.append(Fault(NATURES[nature].titre, None, name, f"champ inconnu, attendu {known}"))
        elif text and name == MENAGE:
            menages.append(new_menage(text))
            contenu[name] = menages[-1].jeton
        else:
            value, fault = _value("texte" if champ is None else champ.genre, text)
            contenu[name] = value
            faults += [Fault(NATURES[nature].titre, None, name, fault)] if fault else []
    if faults:
        raise BadInput(faults)
    return contenu, tuple(menages)


def _value(genre: str, text: str) -> tuple[Any, str]:
    """Return the value of a text, and what is wrong with it; the journal looks at its bounds."""
    if not text:
        return None, ""
    if genre == "booleen":
        return _BOOLEENS.get(text), "" if text in _BOOLEENS else f"{quote(text)}, attendu oui ou non"
    if genre in {"entier", "nombre"}:
        try:
            return (int(text) if genre == "entier" else float(text.replace(",", "."))), ""
        except ValueError:
            return None, f"{quote(text)} n'est pas un nombre{' entier' if genre == 'entier' else ''}"
    if genre in {"table", "liste", "lignes"}:
        return None, "ne tient pas en une valeur : annulez l'événement, et enregistrez-le de nouveau"
    return text, ""


def saisie(  # noqa: PLR0913, PLR0917 (what happened to what, when, and who says so)
    journal: Journal, nature: str, objets: Sequence[str], jour: date, auteur: str, contenu: Contenu
) -> tuple[Entree, ...]:
    """Return the entries by which the same thing happened to some objects on a day.

    A proposition sent has the delay of its convention unless another one is said.

    Raises
    ------
    BadInput
        If that delay is to be looked up and no period that was opened holds the day.
    """
    entrees = tuple(Entree(nature, objet, str(jour), auteur, contenu) for objet in dict.fromkeys(objets))
    if not any(map(without_delay, entrees)):
        return entrees
    return with_delays(read_releve(journal, jour), entrees)


def correction(  # noqa: PLR0913, PLR0917 (of what, what of it, since when, and who says so and why)
    journal: Journal,
    rang: int,
    textes: Mapping[str, str] | None,
    effet: date | None,
    auteur: str,
    motif: str | None,
    *,
    apres_cloture: bool = False,
) -> tuple[Entree, tuple[Menage, ...]]:
    """Return the entry that corrects the event of a rang, and the households to keep aside.

    Parameters
    ----------
    journal
        Where it is.
    rang
        The event's.
    textes
        What its fields should have been; the others stay as they are. ``None`` annuls the event.
    effet
        When it took effect; ``None`` leaves that as it is.
    auteur, motif
        Who corrects, and why.
    apres_cloture
        Whether it may touch a year that is closed (see :mod:`allocator.ledger.events.closed`).

    Raises
    ------
    BadInput
        If there is no such event, a field is wrong, or what is corrected would be no convention or rule any more.
    """
    event = next(journal.events(rang, rang), None)
    if event is None:
        raise BadInput([Fault("correction", None, None, f"le journal n'a pas d'événement {rang}")])
    said: dict[str, Any] = {"de": rang}
    menages: tuple[Menage, ...] = ()
    if textes is None:
        said["annule"] = True
    else:
        changed, menages = contenu_of(event.nature, textes)
        before, contenu = _standing(journal, event)
        said["contenu"] = {
            name: value for name, value in {**contenu, **changed}.items() if _kept(event, name, value)
        }
        day = before if effet is None else str(effet)
        refuse_unreadable(journal, event, said["contenu"], date.fromisoformat(day))
        if effet is not None or before != event.effet:
            said["effet"] = day
    if motif:
        said["motif"] = motif
    if apres_cloture:
        said["apres_cloture"] = True
    return Entree(CORRECTION, event.objet, said.get("effet", event.effet), auteur, said), menages


def _standing(journal: Journal, event: Event) -> tuple[str, Contenu]:
    """Return the day of effect and the contents of an event as corrected so far."""
    if event.nature == CORRECTION:
        return event.effet, event.contenu
    known = known_of(journal.events_about(event.objet))[event.objet]
    return next(each.versions[-1] for each in known if each.rang == event.rang)


def _kept(event: Event, name: str, value: object) -> bool:
    champ = NATURES[event.nature].champs.get(name)
    return value is not None or (champ is not None and champ.nul)
