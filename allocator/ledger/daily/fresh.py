"""What an opening tells that the journal does not have yet, and what it leaves as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from allocator.ledger.accounts.regle_reader import read_regle
from allocator.ledger.conventions.actes import versions_of
from allocator.ledger.events.corrections import CONVENTION
from allocator.ledger.events.event import Entree
from allocator.ledger.events.fold import Acte


def fresh(entrees: Iterable[Entree], actes: Sequence[Acte]) -> tuple[Entree, ...]:
    """Return the entries that say something else than what is in force on their day.

    An instance tells the promises of a convention and no more: what else the journal has of it is kept.
    """
    found = []
    for entree in entrees:
        before = _standing(entree, actes)
        whole = completed(entree, actes)
        if before is None or before.contenu != whole.contenu:
            found.append(whole)
    return tuple(found)


def completed(entree: Entree, actes: Sequence[Acte]) -> Entree:
    """Return an entry with the terms of its convention that it does not tell, the signature of an earlier one apart."""
    before = _standing(entree, actes)
    if entree.nature != CONVENTION or before is None:
        return entree
    gone = {"signature"} if before.effet != entree.effet else set()
    kept = {name: value for name, value in before.contenu.items() if name not in gone}
    return replace(entree, contenu={**kept, **entree.contenu})


def _standing(entree: Entree, actes: Sequence[Acte]) -> Acte | None:
    """Return the last act, by day, of the same nature and object that took effect by the day of an entry."""
    begun = [
        acte
        for acte in actes
        if (acte.nature, acte.objet) == (entree.nature, entree.objet) and acte.effet <= entree.effet
    ]
    return max(begun, key=lambda acte: (acte.effet, acte.rang), default=None)


def unsigned(entrees: Iterable[Entree], actes: Sequence[Acte]) -> tuple[str, ...]:
    """Return the conventions of which entries bring a version that does nothing until it is signed.

    Such is an avenant to one that was signed (see :func:`~allocator.ledger.conventions.version.in_force`).
    """
    told = {
        entree.objet: date.fromisoformat(entree.effet) for entree in entrees if entree.nature == CONVENTION
    }
    signed = {
        version.objet
        for version in versions_of(actes, read_regle())
        if version.objet in told
        and version.effet < told[version.objet]
        and version.signed(told[version.objet])
    }
    return tuple(objet for objet in told if objet in signed)


def left_out(entrees: Iterable[Entree], actes: Sequence[Acte]) -> tuple[str, ...]:
    """Return the conventions of a journal of which the entries of an opening do not speak: they stay in force."""
    told = {entree.objet for entree in entrees}
    known = dict.fromkeys(acte.objet for acte in actes if acte.nature == "convention")
    return tuple(objet for objet in known if objet not in told)
