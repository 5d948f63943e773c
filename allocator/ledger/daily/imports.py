"""An extract taken into a journal: what it adds, what it may not, and what was left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from allocator.formats import BadInput, Fault
from allocator.formats.cells import one_of
from allocator.ledger.daily.delais import with_delays, without_delay
from allocator.ledger.daily.releve import read_releve
from allocator.ledger.events.corrections import CORRECTION
from allocator.ledger.events.event import Entree
from allocator.ledger.events.recording import EntriesRefused
from allocator.ledger.importing import (
    Apport,
    Correspondance,
    Lecture,
    Ligne,
    Noms,
    changes,
    facts,
    known_of,
    read_import,
)
from allocator.ledger.store.journal import Journal, Overtaken

RECORDED: Final = ("annonces", "issues", "soldes")
"""Kinds of extract whose rows are events."""


@dataclass(frozen=True, slots=True)
class Bilan:
    """What became of an extract.

    ``lecture`` has the faults of the rows left out, those that the journal refused included; ``apport`` is what the
    others add.
    """

    lecture: Lecture
    apport: Apport

    @property
    def corrections(self) -> int:
        """Number of events recorded earlier that the extract corrects."""
        return sum(entree.nature == CORRECTION for entree in self.apport.entrees)


def read_extract(journal: Journal, path: Path, mapping: Correspondance) -> Lecture:
    """Return the rows of an extract that use names of the journal, and the faults of the others.

    Raises
    ------
    BadInput
        If the file as a whole cannot be used, or its rows are no events.
    """
    if mapping.genre not in RECORDED:
        what = f"« {mapping.genre} » ne s'importe pas, attendu {one_of(RECORDED)}"
        raise BadInput([Fault("--correspondance", None, "genre", what)])
    known = journal.waiting(phases=())
    places = known.territoires
    scales = {"commune": places.commune, "epci": places.epci, "departement": places.departement}
    territoires = {f"{scale}:{code}" for scale, codes in scales.items() for code in codes}
    return read_import(path, mapping, Noms(places.commune, known.reservataires.id, territoires))


def take_in(  # noqa: PLR0913 - the journal, the extract, who and when, and two ways to go about it
    journal: Journal,
    lecture: Lecture,
    auteur: str,
    jour: date,
    *,
    accept_valid: bool = False,
    dry_run: bool = False,
) -> Bilan:
    """Record what an extract adds to a journal: all of its rows, or those that can be where ``accept_valid``.

    With ``dry_run`` nothing is recorded, and what would be is returned. Where somebody else writes meanwhile, it is
    compared anew.

    Raises
    ------
    BadInput
        With every fault of the rows, and every refusal of the journal with its line; nothing was recorded.
    """
    while True:
        try:
            bilan = _taken(journal, lecture, auteur, jour, accept_valid, dry_run)
        except Overtaken:
            continue
        if bilan.lecture.fautes and not accept_valid:
            raise BadInput(sorted(bilan.lecture.fautes, key=lambda fault: fault.line or 0))
        return bilan


def _taken(  # noqa: PLR0913, PLR0917 - those of :func:`take_in`
    journal: Journal, lecture: Lecture, auteur: str, jour: date, accept_valid: bool, dry_run: bool
) -> Bilan:
    """Record the rows that the journal takes, unless all are wanted and some are not; of the others, the faults."""
    lignes: Sequence[Ligne] = lecture.lignes
    rang = journal.tete.rang
    known = known_of(journal.events_about(*(fait.objet for fait in facts(lignes, lecture.champs))))
    while True:
        apport = changes(facts(lignes, lecture.champs), known, auteur, jour)
        apport = replace(apport, entrees=_timed(journal, apport.entrees, jour))
        looks = dry_run or (lecture.fautes and not accept_valid)
        try:
            (journal.check if looks else journal.append)(apport.entrees, attendu=rang)
        except EntriesRefused as refused:
            faults = {
                Fault(lecture.extrait.file, apport.lignes[each.position], None, str(each)): None
                for each in refused.refus
            }
        else:
            return Bilan(lecture, apport)
        lecture = replace(lecture, fautes=(*lecture.fautes, *faults))
        wrong = {fault.line for fault in faults}
        lignes = [ligne for ligne in lignes if ligne.ligne not in wrong]


def _timed(journal: Journal, entrees: tuple[Entree, ...], jour: date) -> tuple[Entree, ...]:
    if not any(map(without_delay, entrees)):
        return entrees
    return with_delays(read_releve(journal, jour), entrees)
