"""What a batch of entries becomes after what was recorded: events, and the state that they leave. No database."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from allocator.ledger.events.admission import faults
from allocator.ledger.events.batch import Connu, Lot
from allocator.ledger.events.closed import closed_through, first_day
from allocator.ledger.events.correcting import check_acte, correct
from allocator.ledger.events.corrections import CORRECTION
from allocator.ledger.events.dossier import Dossier
from allocator.ledger.events.event import Entree, Event, Tete, canonical, seal
from allocator.ledger.events.fold import acte_of
from allocator.ledger.events.natures import NATURES
from allocator.ledger.events.transitions import Refused, follow


@dataclass(frozen=True, slots=True)
class Refus:
    """An entry that cannot be recorded: its position in the batch, from 0, and why, in French."""

    position: int
    entree: Entree
    message: str

    def __str__(self) -> str:
        what = f"{self.entree.objet} : " if self.entree.objet else ""
        return f"{what}{self.message}"


class EntriesRefused(Exception):  # noqa: N818 (the entries are at fault, not the program)
    """Entries that cannot be recorded, of which none was; at most one refusal a dwelling and entry."""

    def __init__(self, refus: Sequence[Refus]) -> None:
        self.refus: tuple[Refus, ...] = tuple(refus)
        super().__init__("\n".join(map(str, self.refus)))


def record(entrees: Iterable[tuple[Entree, str]], bailleur: str, known: Connu) -> Lot:
    """Return what a batch becomes.

    Parameters
    ----------
    entrees
        Entries, each with its moment of recording.
    bailleur
        Whose journal it is.
    known
        What was recorded before; changed by this function.

    Raises
    ------
    EntriesRefused
        With every entry that is ill formed or cannot follow what was recorded.
    """
    lot, refus, barred = Lot(), [], set()
    for position, (entree, inscrit) in enumerate(entrees):
        found = faults(entree, known.communes, known.reservataires)
        if not found and entree.objet not in barred:
            try:
                texte = canonical(entree.contenu)
                _take(seal(entree, texte, bailleur, known.tete, inscrit), texte, known, lot)
            except Refused as why:
                found = [str(why)]
        if found:
            refus += [Refus(position, entree, message) for message in found]
            # what follows about the same object would only repeat that one thing
            barred.add(entree.objet)
    if refus:
        raise EntriesRefused(refus)
    return lot


def _take(event: Event, texte: str, known: Connu, lot: Lot) -> None:
    """Add one event to a batch.

    Raises
    ------
    Refused
        If it cannot follow those before it.
    """
    if known.tete.rang == 0 and event.nature != "ouverture":
        raise Refused("le journal n'est pas ouvert : son premier événement est une ouverture")
    day = first_day(event.nature, event.effet, event.contenu)
    if day <= known.clos and not NATURES[event.nature].apres_cloture:
        raise Refused(
            f"{NATURES[event.nature].titre} au {day} impossible : l'année est close jusqu'au {known.clos} ; "
            "annulez sa clôture pour l'y ajouter, ou corrigez ce qui y fut enregistré"
        )
    _SUJETS[NATURES[event.nature].sujet](event, known, lot)
    if event.objet in known.histoires:
        known.histoires[event.objet].append(event)
    lot.events.append(event)
    lot.textes.append(texte)
    known.tete = Tete(event.rang, event.empreinte)


def _logement(event: Event, known: Connu, lot: Lot) -> None:
    dossier = known.dossiers.get(event.objet)
    if dossier is None:
        dossier = Dossier(event.objet)
    follow(dossier, event)
    lot.dossiers[event.objet] = known.dossiers[event.objet] = dossier


def _acte(event: Event, known: Connu, lot: Lot) -> None:
    check_acte(event.nature, event.objet, event.contenu, known)
    if event.nature == "ouverture":
        known.communes.update(row["commune"] for row in event.contenu["territoires"])
        known.reservataires.update(row["id"] for row in event.contenu["reservataires"])
    elif event.nature == "convention":
        known.conventions.add(event.objet)
    acte = acte_of(event)
    known.clos = max(known.clos, closed_through([acte]))
    if event.objet in lot.repris:
        lot.repris[event.objet].append(acte)
    else:
        lot.actes.append(acte)


def _journal(event: Event, known: Connu, lot: Lot) -> None:
    if event.nature == CORRECTION:
        correct(event, known, lot)


_SUJETS: Final[Mapping[str, Callable[[Event, Connu, Lot], None]]] = {
    "logement": _logement,
    "acte": _acte,
    "journal": _journal,
}
"""How an event is taken in, by what it is about."""
