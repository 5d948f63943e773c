"""The delay of each proposition sent: that of the convention, written down when the clock starts (Th. 2-3)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from allocator.domain import BAILLEUR
from allocator.ledger.daily.releve import Releve
from allocator.ledger.events.event import Entree
from allocator.ledger.state.registre import EN_COURS

ENVOI = "envoi"


def without_delay(entree: Entree) -> bool:
    """Tell whether an entry starts a clock and does not say how long it runs."""
    return entree.nature == ENVOI and entree.contenu.get("delai") is None


def with_delays(releve: Releve, entrees: Iterable[Entree]) -> tuple[Entree, ...]:
    """Return entries, in order, whose propositions sent have the delay of their convention where it sets one."""
    clock = _Clock(releve)
    return tuple(map(clock.follow, entrees))


class _Clock:
    """Follows who has which dwelling, so that the convention by which it was sent is known."""

    def __init__(self, releve: Releve) -> None:
        registre = releve.registre
        self._releve = releve
        self._number = {name: row for row, name in enumerate(registre.reservataires.id)}
        self._communes = {name: row for row, name in enumerate(registre.territoires.commune)}
        names, tours = registre.liberations.id, registre.tours
        self._commune = dict(zip(names, registre.liberations.commune.tolist(), strict=True))
        self._holder = {
            names[row]: holder
            for row, holder, issue in zip(
                tours.liberation.tolist(), tours.reservataire.tolist(), tours.issue.tolist(), strict=True
            )
            if issue == EN_COURS
        }
        self._known: dict[tuple[int, int, str], int | None] = {}

    def follow(self, entree: Entree) -> Entree:
        """Take an entry in, and return it with its delay."""
        if entree.nature == "liberation":
            self._commune[entree.objet] = self._communes.get(entree.contenu["commune"], -1)
        elif entree.nature == "orientation":
            self._holder[entree.objet] = self._number.get(entree.contenu["reservataire"], BAILLEUR)
        elif without_delay(entree):
            delai = self._delay(entree)
            return entree if delai is None else replace(entree, contenu={**entree.contenu, "delai": delai})
        return entree

    def _delay(self, entree: Entree) -> int | None:
        holder = self._holder.get(entree.objet, BAILLEUR)
        key = (holder, self._commune.get(entree.objet, -1), entree.effet)
        if key not in self._known:
            version = self._releve.version(holder, key[1], date.fromisoformat(entree.effet))
            self._known[key] = None if version is None else version.delai
        return self._known[key]
