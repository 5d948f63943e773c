"""What partners agree, told in a TOML file: a version of a convention with all its clauses, or a rule of counting."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from allocator.formats import BadInput, Fault
from allocator.formats.cells import quote
from allocator.formats.faults import FaultLog
from allocator.formats.source import read_bytes
from allocator.formats.toml_document import LIMIT, load_toml
from allocator.ledger.accounts.regle_reader import contenu_of_regle, read_regle, regle_of_contenu
from allocator.ledger.conventions.actes import versions_of
from allocator.ledger.conventions.gardes import Alerte
from allocator.ledger.conventions.seuils import read_seuils
from allocator.ledger.conventions.unicite import refuse_faults
from allocator.ledger.conventions.version_reader import version_of_contenu
from allocator.ledger.daily.fresh import completed, unsigned
from allocator.ledger.daily.opening import legal_alerts, refuse
from allocator.ledger.daily.periode import instance_of, ouverture_on
from allocator.ledger.events.corrections import CONVENTION
from allocator.ledger.events.event import Contenu, Entree, Event
from allocator.ledger.events.fold import Acte
from allocator.ledger.events.natures import NATURES
from allocator.ledger.store.journal import Journal


@dataclass(frozen=True, slots=True)
class Accord:
    """A version of a convention to record, what the law says of it, and whether it waits for its signature.

    ``vu`` is the rang of the last event looked at.
    """

    entree: Entree
    alertes: tuple[Alerte, ...]
    a_signer: bool
    vu: int


def read_clauses(path: Path) -> dict[str, Any]:
    """Return the clauses of a convention in a TOML file, as the contents of an event have them.

    Raises
    ------
    BadInput
        If it is no TOML file.
    """
    log = FaultLog()
    data = read_bytes(path, LIMIT, log)
    document = None if data is None else load_toml(data, path.name, log)
    if document is None:
        raise log.bad_input()
    return {name: _plain(value) for name, value in document.values.items()}


def _plain(value: Any) -> Any:
    """Return a value of TOML as JSON has it: days are ISO texts."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def convention(journal: Journal, objet: str, clauses: Mapping[str, Any], jour: date, auteur: str) -> Accord:
    """Return a version of a convention from a day on; the clauses that are not told stay as they were on that day.

    Parameters
    ----------
    journal
        Where it is recorded.
    objet
        The convention: ``reservataire/echelle:code``.
    clauses
        Fields of :class:`~allocator.ledger.conventions.version.Version` as the contents of an event have them.
    jour, auteur
        From when, and who says so.

    Raises
    ------
    BadInput
        With every fault: clauses that cannot be, a convention that cannot stand beside the others, or one by which the
        law is broken that was not before.
    """
    vu = journal.tete.rang
    registre = journal.waiting(phases=())
    instance = instance_of(ouverture_on(registre.actes, jour), registre)
    reservataire, _, territoire = objet.partition("/")
    named = {"reservataire": reservataire, "territoire": territoire}
    entree = Entree(CONVENTION, objet, str(jour), auteur, {**clauses, **named})
    entree = completed(entree, registre.actes)
    defaut = read_regle()
    version_of_contenu(entree.contenu, jour, defaut, f"convention {objet}")
    acte = Acte(vu + 1, CONVENTION, objet, str(jour), entree.contenu)
    before, after = (versions_of(actes, defaut) for actes in (registre.actes, (*registre.actes, acte)))
    refuse_faults(after, instance)
    known = {
        (alerte.seuil, alerte.territoire) for alerte in legal_alerts(instance, before, jour, read_seuils())
    }
    alertes = tuple(
        alerte
        for alerte in legal_alerts(instance, after, jour, read_seuils())
        if (alerte.seuil, alerte.territoire) not in known
    )
    refuse(alertes)
    return Accord(entree, alertes, bool(unsigned([entree], registre.actes)), vu)


def regle(journal: Journal, objet: str, path: Path, jour: date, auteur: str) -> Entree:
    """Return the rule of counting in a TOML file, from a day on, of a convention or (``""``) of all.

    What the file does not say is as shipped.

    Raises
    ------
    BadInput
        With every fault of the file, or if there is no such convention.
    """
    known = {acte.objet for acte in journal.waiting(phases=()).actes_de(CONVENTION)}
    if objet and objet not in known:
        raise BadInput(
            [Fault("--convention", None, None, f"aucune convention {quote(objet)} n'est enregistrée")]
        )
    return Entree("regle", objet, str(jour), auteur, contenu_of_regle(read_regle(path, read_regle())))


def refuse_unreadable(journal: Journal, event: Event, contenu: Contenu, jour: date) -> None:
    """Refuse contents from a day on, in the place of those of an event, by which it could not be read any more.

    Only a ``convention`` and a ``regle`` are looked at: their contents are free, and the journal takes any.

    Raises
    ------
    BadInput
        With every fault: what is no convention or no rule, or a convention that cannot stand.
    """
    place = f"{NATURES[event.nature].titre} (événement {event.rang})"
    if event.nature == "regle":
        regle_of_contenu(contenu, read_regle(), place)
    elif event.nature == CONVENTION:
        version = version_of_contenu(contenu, jour, read_regle(), place)
        registre = journal.waiting(phases=())
        refuse_faults([version], instance_of(registre.actes_de("ouverture")[-1], registre))
