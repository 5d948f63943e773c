"""What an officer decides: each dwelling as proposed, or otherwise and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from allocator.domain import BAILLEUR
from allocator.domain.vocabulary import FLUX
from allocator.formats import BadInput, Fault
from allocator.formats.cells import quote
from allocator.ledger.accounts.issues import BAIL, EN_COURS
from allocator.ledger.daily.choix import Choix
from allocator.ledger.daily.releve import Releve
from allocator.ledger.events.event import Entree
from allocator.policies.replaying.rights import Rights


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions as entries, and what their author should know, in French."""

    entrees: tuple[Entree, ...]
    avertissements: tuple[str, ...]


def decisions(releve: Releve, choix: Sequence[Choix], auteur: str) -> Decisions:
    """Return what was decided as orientations of the releve's day.

    Raises
    ------
    BadInput
        With every decision that cannot be: an unknown dwelling or réservataire, one without a convention there or
        without rights left, a proposal to follow where there is none, or another choice without a reason.
    """
    desk = _Desk(releve)
    entrees: list[Entree] = []
    told: list[str] = []
    faults: list[Fault] = []
    for each in choix:
        found = list(desk.faults(each))
        faults += map(each.fault, found)
        if not found:
            entrees.append(desk.entry(each, auteur))
            told += desk.warnings(each)
    if faults:
        raise BadInput(faults)
    return Decisions(tuple(entrees), tuple(told))


class _Desk:
    """The state that decisions are held against; rights are spent as they are taken in."""

    def __init__(self, releve: Releve) -> None:
        self.releve = releve
        registre = releve.registre
        self._row = {name: row for row, name in enumerate(registre.liberations.id)}
        self._names = registre.reservataires.id
        self._holder: dict[str | None, int] = {name: row for row, name in enumerate(self._names)}
        self._holder[None] = BAILLEUR
        self._waits = np.zeros(len(registre.liberations), dtype=bool)
        self._waits[registre.suivi.a_orienter] = True
        self._turns = np.bincount(registre.tours.liberation, minlength=len(registre.liberations))
        self._rights = rights_left(releve)

    def faults(self, choix: Choix) -> Iterator[str]:
        """Yield what is wrong with a decision."""
        row = self._row.get(choix.liberation)
        if row is None:
            yield "aucun logement de ce nom n'attend une décision"
        elif self._waits[row]:
            # of one that does not wait, the journal tells best who decided and when
            yield from self._choice_faults(choix, row)

    def _choice_faults(self, choix: Choix, row: int) -> Iterator[str]:
        advised = self._advised(row)
        if choix.suit and advised is None:
            yield "aucune pré-orientation à suivre : demandez-la par « allocator today », ou dites à qui"
        elif choix.reservataire not in self._holder:
            yield f"réservataire {quote(str(choix.reservataire))} inconnu du journal"
        else:
            holder = self._chosen(choix, row)
            if holder != advised and not choix.motif:
                yield f"un motif est attendu : {self._proposed(advised)}"
            yield from self._barriers(row, holder)

    def _barriers(self, row: int, holder: int) -> Iterator[str]:
        """Yield what keeps a dwelling of the flux from a réservataire, and spend its right where nothing does."""
        liberations = self.releve.registre.liberations
        if holder == BAILLEUR or liberations.statut[row] != FLUX:
            return
        commune = liberations.commune[row : row + 1]
        one = np.array([holder], dtype=np.int32)
        if self.releve.ligne(holder, int(commune[0])) is None:
            yield f"aucune convention en vigueur de {self._names[holder]} ne couvre la commune"
        elif not self._rights.kept(commune, one):
            yield f"{self._names[holder]} n'a plus de droits dans la commune : son solde est épuisé"
        else:
            self._rights.spend(commune, one)

    def entry(self, choix: Choix, auteur: str) -> Entree:
        """Return a decision as an entry."""
        row = self._row[choix.liberation]
        holder = self._chosen(choix, row)
        contenu: dict[str, object] = {
            "reservataire": None if holder == BAILLEUR else self._names[holder],
            "tour": int(self._turns[row]) + 1,
        }
        if holder != self._advised(row):
            contenu["motif"] = choix.motif
        version = self.releve.version(holder, self._commune(row))
        if version is not None and version.delegataire:
            contenu["delegataire"] = version.delegataire
        return Entree("orientation", choix.liberation, str(self.releve.jour), auteur, contenu)

    def warnings(self, choix: Choix) -> Iterator[str]:
        """Yield what the author of a decision should know."""
        row = self._row[choix.liberation]
        holder = self._chosen(choix, row)
        served = self.releve.served(holder, self._commune(row))
        if served != holder:
            yield (
                f"{choix.liberation} : la convention de {self._names[holder]} n'a pas été signée à temps, le logement "
                f"est à proposer à {self._names[served]}"
            )

    def _commune(self, row: int) -> int:
        return int(self.releve.registre.liberations.commune[row])

    def _advised(self, row: int) -> int | None:
        suivi = self.releve.registre.suivi
        return int(suivi.preoriente[row]) if suivi.preorientation[row] else None

    def _chosen(self, choix: Choix, row: int) -> int:
        advised = self._advised(row)
        return advised if choix.suit and advised is not None else self._holder[choix.reservataire]

    def _proposed(self, advised: int | None) -> str:
        if advised is None:
            return "rien n'était proposé"
        return "il était proposé " + (
            "de le laisser au bailleur" if advised == BAILLEUR else f"à {self._names[advised]}"
        )


def rights_left(releve: Releve) -> Rights:
    """Return the rights that each solde of the year leaves: less the dwellings signed or pending (Th. 3-2)."""
    livre = releve.livre
    tours, debut = livre.tours, livre.frame.debut
    flux = (livre.liberations.statut[tours.liberation] == FLUX) & (tours.reservataire != BAILLEUR)
    commune = livre.liberations.commune[tours.liberation]
    held = flux & np.isin(tours.issue, (BAIL, EN_COURS)) & (tours.oriente >= debut)
    # what was pending on the eve of the year was used then
    back = flux & ~np.isin(tours.issue, (BAIL, EN_COURS)) & (tours.oriente < debut) & (tours.fin >= debut)
    rights = Rights(livre.frame)
    rights.spend(commune[held], tours.reservataire[held])
    for row in np.flatnonzero(back).tolist():
        rights.restore(int(commune[row]), int(tours.reservataire[row]))
    return rights
