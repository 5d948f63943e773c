"""The offer of a dwelling: what it is, and until when the réservataire may propose candidates (Th. 2-3)."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Final

import numpy as np

from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.formats.faults import BadInput, Fault
from allocator.formats.reports_schema import OFFRE
from allocator.formats.tableau import Tableau, Value
from allocator.ledger.accounts.actes import ATTEND_CANDIDATS
from allocator.ledger.echeances.delais import acteur
from allocator.ledger.events.delays import echeance
from allocator.ledger.state.registre import EN_COURS, PHASE
from allocator.reports import methode, noms, tables
from allocator.reports.destinataires import file_stem
from allocator.reports.document import Bloc, Document, Table, Texte
from allocator.reports.fonds import Fonds
from allocator.reports.reglages import Reglages

CARRIED: Final = ("surface", "loyer", "adresse", "residence", "etage", "disponible")
"""What is told of a dwelling where it is known."""


def offres(fonds: Fonds, reglages: Reglages, asked: Collection[str] = ()) -> tuple[Document, ...]:
    """Return the offer of each dwelling that waits for candidates on the day, or of those asked for.

    What was sent keeps its day and its delay; what was not is offered on the day.

    Raises
    ------
    BadInput
        With every dwelling asked for that waits for no candidates.
    """
    ids, tours = fonds.registre.liberations.id, fonds.registre.tours
    waits = np.isin(fonds.registre.suivi.phase, [PHASE.index(phase) for phase in ATTEND_CANDIDATS])
    waiting = waits[tours.liberation] & (tours.issue == EN_COURS) & (tours.reservataire >= 0)
    open_ = {ids[tours.liberation[tour]]: tour for tour in np.flatnonzero(waiting).tolist()}
    what = "n'attend pas de candidats d'un réservataire ce jour-là"
    faults = [Fault("--liberation", None, None, f"« {name} » {what}") for name in asked if name not in open_]
    if faults:
        raise BadInput(faults)
    taken = set[str]()
    return tuple(
        _document(fonds, reglages, tour, taken) for name, tour in open_.items() if not asked or name in asked
    )


def _document(fonds: Fonds, reglages: Reglages, tour: int, taken: set[str]) -> Document:
    tableau = Tableau(OFFRE, (tuple(_row(fonds, tour)),))
    (told,) = tableau.document()
    stem = file_stem(told["liberation"], taken)
    taken.add(stem.casefold())
    return Document(
        f"offre-{stem}-{told['tour']}",
        f"Offre d'un logement : {told['liberation']}",
        "Réservation de logements locatifs sociaux, gestion en flux",
        f"À l'attention de : {noms.holder_of(fonds, told['acteur'])}",
        tuple(_blocs(fonds, reglages, told)),
        (tableau,),
        methode.source(fonds),
        methode.pied(fonds),
        fonds.nom,
    )


def _row(fonds: Fonds, tour: int) -> Iterator[Value]:
    registre, releve = fonds.registre, fonds.releve
    tours, free = registre.tours, registre.liberations
    row, holder = int(tours.liberation[tour]), int(tours.reservataire[tour])
    commune = int(free.commune[row])
    yield free.id[row]
    yield int(tours.numero[tour])
    yield registre.reservataires.id[holder]
    yield acteur(registre, releve, tour)
    yield registre.territoires.commune[commune]
    yield TYPOLOGIES[free.typologie[row]]
    yield FINANCEMENTS[free.financement[row]]
    yield QPV[free.qpv[row]]
    for name in CARRIED:
        yield free.complements[name][row] if name in free.complements else ""
    if not np.isnat(tours.envoye[tour]):
        yield str(tours.envoye[tour])
        yield str(tours.echeance[tour])
    else:
        version = releve.version(holder, commune)
        yield str(fonds.jour)
        yield echeance(str(fonds.jour), None if version is None else version.delai)


def _blocs(fonds: Fonds, reglages: Reglages, told: dict[str, str]) -> Iterator[Bloc]:
    said = {
        "bailleur": fonds.nom,
        "destinataire": noms.holder_of(fonds, told["acteur"]),
        "reservataire": noms.holder_of(fonds, told["reservataire"]),
        "date": f"{date.fromisoformat(told['envoye']):%d/%m/%Y}",
        "echeance": f"{date.fromisoformat(told['echeance']):%d/%m/%Y}",
    }
    yield from (Texte(paragraph.substitute(said)) for paragraph in reglages.avant)
    yield Table("Le logement", ("rubrique", "logement offert"), list(_lines(fonds, told)), texte=2)
    yield from (Texte(paragraph.substitute(said)) for paragraph in reglages.apres)


def _lines(fonds: Fonds, told: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield "Référence", f"{told['liberation']} (tour {told['tour']})"
    yield (
        "Adresse",
        ", ".join(
            part
            for part in (
                told["adresse"],
                told["residence"],
                noms.place_of(fonds, f"commune:{told['commune']}"),
            )
            if part
        ),
    )
    known = {
        "Étage": told["etage"],
        "Typologie": told["typologie"],
        "Financement": told["financement"],
        "Quartier politique de la ville": tables.QPV[told["qpv"]],
        "Surface": _amount(told["surface"], "m²"),
        "Loyer hors charges": _amount(told["loyer"], "€ par mois"),
        "Disponible": f"{date.fromisoformat(told['disponible']):%d/%m/%Y}" if told["disponible"] else "",
    }
    yield from ((label, text) for label, text in known.items() if text)


def _amount(number: str, unit: str) -> str:
    return f"{number.replace('.', ',')} {unit}" if number else ""
