"""What an import adds to the journal: nothing for what it knows, a correction for what changed (idempotence).

A row is compared with every version that an event ever had, not with the last one only: a file that is read again
never undoes what somebody corrected in the journal since.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from allocator.formats.cells import quote
from allocator.ledger.events.corrections import CORRECTION
from allocator.ledger.events.dossier import EN_FLUX
from allocator.ledger.events.event import Contenu, Entree
from allocator.ledger.events.natures import NATURES
from allocator.ledger.importing.facts import Fait
from allocator.ledger.importing.known import Enregistre

ONCE: Final = frozenset({"liberation", "solde_ouverture"})
"""Natures that an extract tells once of an object: whatever its day, another version corrects the first."""

LIBERATION: Final = "liberation"
STATUT: Final = "statut"

UNDATED: Final = frozenset({LIBERATION, STATUT})
"""Natures of which an extract does not tell since when: another day of effect is not another version."""


@dataclass(frozen=True, slots=True)
class Apport:
    """What an extract adds to the journal.

    ``entrees`` come by day of effect, and in the order of the file within a day; ``lignes`` has the line of the
    file that each comes from; ``avertissements`` tells in French what was left alone, and why.
    """

    entrees: tuple[Entree, ...]
    lignes: tuple[int, ...]
    avertissements: tuple[str, ...]


def changes(
    faits: Iterable[Fait], known: Mapping[str, Sequence[Enregistre]], auteur: str, jour: date
) -> Apport:
    """Return the entries that bring the journal to what an extract says.

    Parameters
    ----------
    faits
        What its rows say; a fact told twice counts once.
    known
        By object, the events about it, in the order of their rang.
    auteur
        Who imports.
    jour
        The day of the import: since when what has no day of its own is held to be.

    Notes
    -----
    A fact is first matched with an event that says the same, or once did; then with one that it corrects: the
    announcement or opening balance of the same object, or an event of the same nature about the same dwelling on the
    same day. What an extract no longer has is not taken back: it may hold the day's rows only.

    An extract tells when a dwelling comes free, not when that was announced: a libération takes effect on the day of
    the import, or on that on which the dwelling came free if earlier, so that what is decided during the notice may
    follow it; another day corrects its contents and moves it back at most. Nor has a statut a day: a new one takes
    effect on the day of the import, or with the libération where that is new too.
    """
    by_object: dict[str, list[Fait]] = {}
    for fait in dict.fromkeys(faits):
        by_object.setdefault(fait.objet, []).append(fait)
    added: list[tuple[Entree, int]] = []
    told: list[str] = []
    for objet, mine in by_object.items():
        recorded = known.get(objet, ())
        events = [*(event for event in recorded if event.nature != STATUT), _statut(recorded)]
        announced = next((event.versions[-1][0] for event in events if _announces(event)), None)
        tour = max((event.versions[-1][1]["tour"] for event in events if _opens(event)), default=0)
        for fait, event in _match(sorted(mine, key=lambda fait: fait.effet), events):
            if event is None:
                tour += fait.nature == "orientation"
                added.append((_entry(fait, _since(fait, announced, str(jour)), tour, auteur), fait.ligne))
            elif not _told_by(event, fait):
                added.append((_correction(fait, event, auteur), fait.ligne))
            elif event.annule or not _says(event.versions[-1], fait):
                told.append(_left_alone(fait, event))
    added.sort(key=lambda pair: pair[0].effet)
    return Apport(tuple(entree for entree, _ in added), tuple(ligne for _, ligne in added), tuple(told))


def _since(fait: Fait, announced: str | None, jour: str) -> str:
    """Return the day of effect of something new; ``announced`` is that of the libération, if the journal has it."""
    if fait.nature == STATUT and announced is not None:
        return max(announced, jour)
    return min(fait.effet, jour) if fait.nature in UNDATED else fait.effet


def _match(faits: Sequence[Fait], events: Sequence[Enregistre]) -> Iterator[tuple[Fait, Enregistre | None]]:
    """Yield each fact with the event that it tells again or corrects; no event serves two facts."""
    free = list(events)
    found: dict[Fait, Enregistre] = {}
    for matches in (_told_by, _corrected_by):
        for fait in faits:
            event = next((event for event in free if fait not in found and matches(event, fait)), None)
            if event is not None:
                found[fait] = event
                free.remove(event)
    for fait in faits:
        yield fait, found.get(fait)


def _told_by(event: Enregistre, fait: Fait) -> bool:
    return event.nature == fait.nature and any(_says(version, fait) for version in event.versions)


def _corrected_by(event: Enregistre, fait: Fait) -> bool:
    if event.nature != fait.nature or event.nature == STATUT or event.annule:
        return False
    return fait.nature in ONCE or event.versions[-1][0] == fait.effet


def _says(version: tuple[str, Contenu], fait: Fait) -> bool:
    effet, contenu = version
    return (effet == fait.effet or fait.nature in UNDATED) and all(
        contenu.get(name) == value for name, value in fait.dit
    )


def _announces(event: Enregistre) -> bool:
    return event.nature == LIBERATION and not event.annule


def _opens(event: Enregistre) -> bool:
    return event.nature == "orientation" and not event.annule


def _statut(events: Sequence[Enregistre]) -> Enregistre:
    """Return all that was ever said of the statut as one event, the present one last; in flux is where it starts."""
    said = [event for event in events if event.nature == STATUT]
    undone = [version for event in said if event.annule for version in event.versions]
    held = [version for event in said if not event.annule for version in event.versions]
    return Enregistre(0, STATUT, (*undone, ("", EN_FLUX), *held))


def _entry(fait: Fait, effet: str, tour: int, auteur: str) -> Entree:
    contenu = _contents(fait, {"tour": tour} if fait.nature == "orientation" else {})
    return Entree(fait.nature, fait.objet, effet, auteur, contenu)


def _correction(fait: Fait, event: Enregistre, auteur: str) -> Entree:
    told: dict[str, Any] = {"de": event.rang, "contenu": _contents(fait, event.versions[-1][1])}
    effet = min(fait.effet, event.versions[-1][0]) if fait.nature in UNDATED else fait.effet
    if effet != event.versions[0][0]:
        # a correction that does not tell the day means the one first recorded
        told["effet"] = effet
    return Entree(CORRECTION, fait.objet, effet, auteur, told)


def _contents(fait: Fait, before: Contenu) -> dict[str, Any]:
    """Return whole contents: what the fact says, and what was there that it does not speak of."""
    champs = NATURES[fait.nature].champs
    return {
        name: value
        for name, value in (dict(before) | dict(fait.dit)).items()
        if value is not None or champs[name].nul
    }


def _left_alone(fait: Fait, event: Enregistre) -> str:
    what = "annulé" if event.annule else "corrigé depuis"
    title = NATURES[fait.nature].titre
    return (
        f"ligne {fait.ligne} : {quote(fait.objet)}, {title}, a été {what} dans le journal : laissé tel quel"
    )
