"""The steps of validation: who decided what and when, where a version stands, which one held on a day (Th. 1-3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from allocator.assiette.dossier.reglages import ORGANISME, Etape
from allocator.assiette.dossier.valeurs import DossierAssiette, Validation
from allocator.assiette.lieux import Lieux
from allocator.formats.cells import one_of, quote

VALIDE = "valide"


@dataclass(frozen=True, slots=True)
class Pas:
    """One decision that a version needs: a step in a territory (empty: the organisme), and the decision that stands."""

    etape: Etape
    territoire: str
    decision: Validation | None

    @property
    def valide(self) -> bool:
        """Whether the body has validated."""
        return self.decision is not None and self.decision.decision == VALIDE


@dataclass(frozen=True, slots=True)
class Etat:
    """Where a version stands: all the decisions that it needs, in order of the steps."""

    version: int
    pas: tuple[Pas, ...]

    @property
    def etape(self) -> Etape | None:
        """The step at which the version waits, ``None`` once all have validated."""
        return next((pas.etape for pas in self.pas if not pas.valide), None)

    @property
    def arretee(self) -> date | None:
        """The day on which the last body validated, ``None`` while one has not."""
        if self.etape is not None:
            return None
        return max((pas.decision.jour for pas in self.pas if pas.decision is not None), default=None)

    @property
    def refus(self) -> tuple[Validation, ...]:
        """The refusals that stand."""
        return tuple(pas.decision for pas in self.pas if pas.decision is not None and not pas.valide)

    def __str__(self) -> str:
        day, step = self.arretee, self.etape
        if step is None:
            return "arrêtée" if day is None else f"arrêtée le {day:%d/%m/%Y}"
        inside = [pas for pas in self.pas if pas.etape == step]
        done = sum(pas.valide for pas in inside)
        refused = "".join(
            f", refus de {refus.organe} le {refus.jour:%d/%m/%Y}"
            for refus in self.refus
            if refus.etape == step.nom
        )
        return f"à l'étape « {step.nom} » ({done} validation(s) sur {len(inside)}{refused})"


def etat(dossier: DossierAssiette, version: int) -> Etat:
    """Return where a version stands after all decisions of the register."""
    *_, (_, standing) = _walk(dossier, version)
    return standing


def faults(dossier: DossierAssiette) -> Iterator[tuple[int, str]]:
    """Yield the rows of the register that could not have been decided so, with why."""
    for version in dossier.versions:
        before = _start(dossier, version.numero)
        last: date | None = None
        for row, standing in _walk(dossier, version.numero):
            if row is not None:
                fault = fault_of(dossier, before, dossier.validations[row], last)
                if fault:
                    yield row, fault
                last = dossier.validations[row].jour
            before = standing


def fault_of(
    dossier: DossierAssiette, before: Etat, decision: Validation, last: date | None = None
) -> str | None:
    """Return why a decision cannot be taken where a version stands so, or ``None``; ``last`` is the day before it."""
    lieux = Lieux(dossier.territoires)
    steps = list(dict.fromkeys(pas.etape.nom for pas in before.pas))
    if decision.etape not in steps:
        return f"l'étape {quote(decision.etape)} n'est pas de cette version, attendu {one_of(steps)}"
    own = [pas for pas in before.pas if pas.etape.nom == decision.etape]
    known = [pas.territoire for pas in own]
    if decision.territoire not in known:
        expected = one_of(known) if any(known) else "aucun : elle décide pour tout l'organisme"
        return f"{quote(decision.territoire)} n'est pas un territoire de l'étape, attendu {expected}"
    body = organe(dossier, own[0].etape, decision.territoire, decision.jour)
    if decision.organe != body:
        return f"{quote(decision.organe)} ne décide pas le {decision.jour:%d/%m/%Y}, attendu {quote(body)}"
    if last is not None and decision.jour < last:
        return f"{decision.jour} précède la décision d'avant, qui est du {last}"
    missing = [
        f"{pas.etape.nom} {pas.territoire}".strip()
        for pas in before.pas
        if steps.index(pas.etape.nom) < steps.index(decision.etape)
        and not pas.valide
        and _overlap(lieux, pas.territoire, decision.territoire)
    ]
    return f"à valider d'abord : {', '.join(missing)}" if missing else None


def organe(dossier: DossierAssiette, etape: Etape, territoire: str, day: date) -> str:
    """Return which body decides at a step on a day: its own, or the one that stands for it then and there."""
    lieux = Lieux(dossier.territoires)
    for suppleant in dossier.reglages.suppleants:
        there = not suppleant.territoire or (
            bool(territoire) and lieux.communes(territoire) <= lieux.communes(suppleant.territoire)
        )
        if suppleant.etape == etape.nom and there and suppleant.debut <= day <= suppleant.fin:
            return suppleant.organe
    return etape.organe


def held(dossier: DossierAssiette, day: date) -> int | None:
    """Return the version that holds on a day: the last one in effect and arrêtée by then, if there is one."""
    for version in reversed(dossier.versions):
        arretee = etat(dossier, version.numero).arretee
        if version.effet <= day and arretee is not None and arretee <= day:
            return version.numero
    return None


def _start(dossier: DossierAssiette, version: int) -> Etat:
    """Return a version before any decision; a revision needs the steps that the settings keep for it."""
    reglages = dossier.reglages
    kept = reglages.etapes_de_revision if version > 1 else None
    return Etat(
        version,
        tuple(
            Pas(etape, territoire, None)
            for etape in reglages.etapes
            if kept is None or etape.nom in kept
            for territoire in _territories(dossier, etape)
        ),
    )


def _territories(dossier: DossierAssiette, etape: Etape) -> Sequence[str]:
    if etape.echelle == ORGANISME:
        return ("",)
    codes = getattr(dossier.territoires, etape.echelle)
    return [f"{etape.echelle}:{code}" for code in dict.fromkeys(codes)]


def _walk(dossier: DossierAssiette, version: int) -> Iterator[tuple[int | None, Etat]]:
    """Yield a version before any decision, then after each, with the row of that decision in the register."""
    lieux = Lieux(dossier.territoires)
    standing = _start(dossier, version)
    yield None, standing
    for row, decision in enumerate(dossier.validations):
        if decision.version == version:
            standing = _after(lieux, standing, decision)
            yield row, standing


def _after(lieux: Lieux, before: Etat, decision: Validation) -> Etat:
    """Return a version after a decision, which undoes what later steps had decided on the same communes."""
    order = list(dict.fromkeys(pas.etape.nom for pas in before.pas))
    rank = order.index(decision.etape) if decision.etape in order else len(order)

    def moved(pas: Pas) -> Pas:
        if (pas.etape.nom, pas.territoire) == (decision.etape, decision.territoire):
            return Pas(pas.etape, pas.territoire, decision)
        later = order.index(pas.etape.nom) > rank
        undone = later and _overlap(lieux, pas.territoire, decision.territoire)
        return Pas(pas.etape, pas.territoire, None) if undone else pas

    return Etat(before.version, tuple(map(moved, before.pas)))


def _overlap(lieux: Lieux, one: str, other: str) -> bool:
    return not one or not other or bool(lieux.communes(one) & lieux.communes(other))
