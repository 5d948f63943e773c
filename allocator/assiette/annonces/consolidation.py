"""Several bailleurs in one table by département: totals, who has filed, where each one stands (Th. 1-3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from allocator.assiette.calcul.assiette import ZERO, Assiette
from allocator.assiette.dossier.fichiers import open_table
from allocator.assiette.dossier.valeurs import DossierAssiette
from allocator.assiette.lieux import Lieux
from allocator.assiette.parcours import Etat
from allocator.formats.assiette_results_schema import BAILLEURS_ATTENDUS, CONSOLIDATION
from allocator.formats.assiette_schema import CATEGORIES
from allocator.formats.faults import FaultLog
from allocator.formats.tableau import Tableau, Value


@dataclass(frozen=True, slots=True, eq=False)
class Depot:
    """What a bailleur has filed: its folder, the version read in numbers, and where that stands."""

    dossier: DossierAssiette
    assiette: Assiette
    etat: Etat


def read_attendus(path: Path) -> tuple[tuple[str, str], ...]:
    """Return which bailleurs are expected, each with a département.

    Raises
    ------
    BadInput
        With every fault of the file.
    """
    log = FaultLog()
    rows = open_table(path, BAILLEURS_ATTENDUS, log)
    log.raise_if_any()
    return tuple((cells["bailleur"], cells["departement"]) for _, cells in rows)


def consolidation(
    depots: Sequence[Depot], attendus: Sequence[tuple[str, str]], departement: str | None = None
) -> Tableau:
    """Return one row a bailleur and département, of one département where it is named.

    What a line on a larger territory excludes is counted in the communes that it is taken from.
    """
    rows: list[tuple[Value, ...]] = []
    for depot in depots:
        codes = dict.fromkeys(depot.dossier.territoires.departement)
        rows += [_row(depot, code) for code in codes if departement in {None, code}]
    known = {(row[1], row[0]) for row in rows}
    rows += [
        (code, bailleur, "non", *[None] * (len(CONSOLIDATION.columns) - 3))
        for bailleur, code in attendus
        if departement in {None, code} and (bailleur, code) not in known
    ]
    return Tableau(CONSOLIDATION, tuple(sorted(rows, key=lambda row: (str(row[0]), str(row[1])))))


def _row(depot: Depot, code: str) -> tuple[Value, ...]:
    assiette = depot.assiette
    inside = [row for row, each in enumerate(assiette.territoires.departement) if each == code]
    here = frozenset(inside)
    taken = [
        sum((number for row, number in some.items() if row in here), ZERO) for some in assiette.repartition
    ]
    lines = list(zip(assiette.lignes, taken, strict=True))
    return (
        code,
        depot.dossier.reglages.bailleur,
        "oui",
        assiette.version,
        str(depot.etat),
        sum(assiette.parc[row] for row in inside),
        float(sum((assiette.attendues[row] for row in inside), ZERO)),
        *(
            float(sum((number for line, number in lines if line.categorie == categorie), ZERO))
            for categorie in CATEGORIES
        ),
        float(_inter_bailleurs(depot, here)),
        sum(assiette.logements[row] for row in inside),
    )


def _inter_bailleurs(depot: Depot, inside: frozenset[int]) -> Fraction:
    """Return the needs of other bailleurs' households in some communes, whether they are deducted or not."""
    assiette = depot.assiette
    lieux = Lieux(assiette.territoires)
    found = ZERO
    for line in assiette.lignes:
        if line.mouvement == "inter_bailleurs" and line.annee == depot.dossier.reglages.annee:
            places = lieux.communes(line.territoire)
            whole = sum((assiette.attendues[row] for row in places), ZERO)
            here = sum((assiette.attendues[row] for row in places & inside), ZERO)
            found += line.volume * (here / whole if whole else Fraction(len(places & inside), len(places)))
    return found
