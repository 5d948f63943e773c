"""After the year: what was announced against what was really excluded, within a tolerance (Th. 1-2)."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from allocator.assiette.calcul.assiette import Assiette
from allocator.assiette.calcul.retenues import followed
from allocator.assiette.dossier.fichiers import open_table
from allocator.assiette.dossier.reglages import Reglages
from allocator.assiette.dossier.rows import check_place
from allocator.assiette.dossier.valeurs import Realise
from allocator.assiette.lieux import Lieux, Rattachement
from allocator.domain import Territoires
from allocator.formats.assiette_results_schema import CONTROLE
from allocator.formats.assiette_schema import MOUVEMENTS, REALISES
from allocator.formats.directory import Directory
from allocator.formats.faults import FaultLog
from allocator.formats.tableau import Tableau, Value


def read_realises(path: Path, territoires: Territoires) -> tuple[Realise, ...]:
    """Return what a year really took out.

    Raises
    ------
    BadInput
        With every fault of the file.
    """
    log = FaultLog()
    rows = open_table(path, REALISES, log)
    directory = Directory.of(None, territoires)
    for row, _ in rows:
        check_place(rows, row, directory, log)
    log.raise_if_any()
    return tuple(
        Realise(
            cells["territoire"],
            cells["categorie"],
            cells["operation"],
            cells["mouvement"] or MOUVEMENTS[0],
            cells["logements"],
        )
        for _, cells in rows
    )


def controle(assiette: Assiette, realises: Sequence[Realise], reglages: Reglages) -> Tableau:
    """Return the check: each announced line with what was done on it, then what was announced nowhere.

    What was done belongs to the narrowest line that covers it (:meth:`Rattachement.narrowest`). The tolerance is a
    percentage of what was announced, and at least ``plancher`` dwellings.
    """
    lines = [line for line in assiette.lignes if line.retenu or line.annee == reglages.annee]
    rattachement = Rattachement(Lieux(assiette.territoires), lines)
    done = [0] * len(lines)
    strays = []
    for fact in realises:
        place = rattachement.narrowest(fact)
        if place is None:
            strays.append(fact)
        else:
            done[place] += fact.logements
    rows: list[tuple[Value, ...]] = []
    for line, number in zip(lines, done, strict=True):
        announced = line.volume if followed(line, reglages) else line.retenu
        place_of = (line.id, line.territoire, line.categorie, line.operation, line.mouvement)
        rows.append((*place_of, *_compared(announced, number, reglages)))
    for fact in strays:
        place_of = ("", fact.territoire, fact.categorie, fact.operation, fact.mouvement)
        rows.append((*place_of, *_compared(Fraction(0), fact.logements, reglages)))
    return Tableau(CONTROLE, tuple(rows))


def _compared(announced: Fraction, done: int, reglages: Reglages) -> tuple[Value, ...]:
    allowed = max(reglages.plancher, reglages.tolerance * announced / 100)
    gap = done - announced
    fits = "oui" if abs(gap) <= allowed else "non"
    return float(announced), done, float(gap), float(allowed), fits
