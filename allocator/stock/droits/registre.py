"""The ledger of rights, replayed: every movement in its year, never below zero, rights that end first used first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Final

from allocator.formats.conversion_schema import NATURES
from allocator.formats.faults import FaultLog
from allocator.stock.droits.mouvements import ACQUIS, CONSOMME, EXPIRE, OUVERTURE, Constat, Mouvement

Cle = tuple[str, str]

_SAID: Final = {ACQUIS: ("acquis", "acquis"), CONSOMME: ("utilises", "consommés")}
"""Column of the end of a year that says a nature of movement, and its verb."""


@dataclass(frozen=True, slots=True)
class Ecriture:
    """A movement with the rights of its réservataire in its territory after it."""

    mouvement: Mouvement
    solde: int


@dataclass(frozen=True, slots=True, eq=False)
class Registre:
    """The ledger up to the end of ``jusqu``: writings by key in the order of years, and the lots left.

    ``lots`` are (last year of service, rights) pairs, ``inf`` where they have no end. ``avis`` are disagreements with
    what the ends of years say.
    """

    premiere: int
    jusqu: int
    ecritures: dict[Cle, tuple[Ecriture, ...]]
    lots: dict[Cle, tuple[tuple[float, int], ...]]
    avis: tuple[str, ...]

    def solde(self, cle: Cle) -> int:
        """Return the rights left at the end."""
        return sum(droits for _, droits in self.lots.get(cle, ()))

    def fin(self, cle: Cle) -> int | None:
        """Return the last year in which the rights left serve, ``None`` where some have no end or none is left."""
        ends = [fin for fin, _ in self.lots.get(cle, ())]
        return int(max(ends)) if ends and max(ends) < inf else None


def build_registre(mouvements: Sequence[Mouvement], constats: Sequence[Constat] = ()) -> Registre:
    """Replay movements, key by key in the order in which they first stand there.

    Within a year, rights are opened, acquired, consumed, then expire; those that end first are used first, and what
    is left of rights in their last year expires by itself.

    Raises
    ------
    BadInput
        Where a movement takes more than there is, an opening comes after other movements, or what is acquired or
        consumed in a year is not what its end says.
    """
    log = FaultLog()
    kept = _reconciled(mouvements, log)
    by_key: dict[Cle, list[Mouvement]] = {}
    for mouvement in kept:
        by_key.setdefault(mouvement.cle, []).append(mouvement)
    years = [mouvement.annee for mouvement in kept] + [constat.annee for constat in constats]
    premiere, jusqu = min(years, default=0), max(years, default=0)
    ecritures, lots = {}, {}
    for cle, moves in by_key.items():
        ecritures[cle], lots[cle] = _replay(moves, jusqu, log)
    log.raise_if_any()
    found = Registre(premiere, jusqu, ecritures, lots, ())
    return replace(found, avis=tuple(_disagreements(found, constats)))


def solde_at(ecritures: Iterable[Ecriture], annee: int) -> int:
    """Return the rights at the end of a year."""
    return next((each.solde for each in reversed(tuple(ecritures)) if each.mouvement.annee <= annee), 0)


def _replay(
    moves: Sequence[Mouvement], jusqu: int, log: FaultLog
) -> tuple[tuple[Ecriture, ...], tuple[tuple[float, int], ...]]:
    ordered = sorted(moves, key=lambda move: (move.annee, NATURES.index(move.nature)))
    opened = ordered[0].annee
    written: list[Ecriture] = []
    lots: dict[float, int] = {}
    for year in range(opened, jusqu + 1):
        for move in ordered:
            if move.annee != year:
                continue
            if move.nature == OUVERTURE and year > opened:
                log.add(
                    move.fichier,
                    move.ligne,
                    "nature",
                    f"ouverture en {year}, après les mouvements de {opened}",
                )
            lots = _moved(lots, move, log)
            written.append(Ecriture(move, sum(lots.values())))
        over = lots.pop(float(year), 0)
        if over:
            last = ordered[0]
            ended = replace(
                last,
                annee=year,
                nature=EXPIRE,
                droits=over,
                fin=None,
                origine="terme",
                source=f"fin des droits, {year}",
            )
            written.append(Ecriture(ended, sum(lots.values())))
    return tuple(written), tuple(sorted(lots.items()))


def _moved(lots: dict[float, int], move: Mouvement, log: FaultLog) -> dict[float, int]:
    """Return the lots after a movement, by the year of their end."""
    after = dict(lots)
    if move.nature in {OUVERTURE, ACQUIS}:
        end = inf if move.fin is None else float(move.fin)
        after[end] = after.get(end, 0) + move.droits
        return {fin: droits for fin, droits in after.items() if droits}
    left = move.droits
    for fin in sorted(after):
        taken = min(left, after[fin])
        after[fin] -= taken
        left -= taken
    if left:
        verb = "consommés" if move.nature == CONSOMME else "expirés"
        what = f"{move.droits} droits {verb} en {move.annee} pour {'/'.join(move.cle)}, {move.droits - left} restaient"
        log.add(move.fichier, move.ligne, "droits", what)
    return {fin: droits for fin, droits in after.items() if droits}


def _reconciled(mouvements: Sequence[Mouvement], log: FaultLog) -> list[Mouvement]:
    """Leave out what the end of a year says was acquired or consumed where movements say it too; they must agree."""
    told: dict[tuple[int, Cle, str], int] = {}
    for move in mouvements:
        if not move.cloture:
            what = (move.annee, move.cle, move.nature)
            told[what] = told.get(what, 0) + move.droits
    kept = []
    for move in mouvements:
        said = told.get((move.annee, move.cle, move.nature)) if move.cloture else None
        if said is None:
            kept.append(move)
        elif said != move.droits:
            column, verb = _SAID[move.nature]
            whose = f"{'/'.join(move.cle)} en {move.annee}"
            log.add(
                move.fichier,
                move.ligne,
                column,
                f"{move.droits} droits {verb} pour {whose}, {said} d'après les mouvements",
            )
    return kept


def _disagreements(registre: Registre, constats: Sequence[Constat]) -> Iterable[str]:
    for constat in constats:
        here = solde_at(registre.ecritures.get(constat.cle, ()), constat.annee)
        if here != constat.droits:
            where = f"{constat.fichier}:{constat.ligne}: {'/'.join(constat.cle)}"
            said = f"{constat.droits} droits d'après la clôture de {constat.annee}"
            yield f"{where} : {said}, {here} d'après le registre"
