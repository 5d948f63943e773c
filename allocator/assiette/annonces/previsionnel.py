"""The prévisionnel of 28 February: what the year excludes by category of operation, and the bilan of N-1 (R.441-5)."""

from collections.abc import Iterable
from fractions import Fraction

from allocator.assiette.calcul.assiette import Assiette
from allocator.assiette.calcul.retenues import is_apart
from allocator.assiette.dossier.valeurs import Attribution, DossierAssiette
from allocator.formats.assiette_results_schema import BILAN_HORS_ASSIETTE, PREVISIONNEL
from allocator.formats.assiette_schema import CATEGORIES
from allocator.formats.tableau import Tableau

Key = tuple[str, str, str]
"""Category, operation, movement."""


def previsionnel(dossier: DossierAssiette, assiette: Assiette) -> Tableau:
    """Return what the year will exclude, beside the attributions of the year before, by category and operation."""
    last = _of_year(dossier, dossier.reglages.annee - 1)
    planned: dict[Key, Fraction] = {}
    sources: dict[Key, dict[str, None]] = {}
    apart: dict[Key, Fraction] = {}
    for line in assiette.lignes:
        beside = line.volume if is_apart(line, dossier.reglages) else Fraction(0)
        if line.retenu or beside:
            key = (line.categorie, line.operation, line.mouvement)
            planned[key] = planned.get(key, Fraction(0)) + line.retenu
            apart[key] = apart.get(key, Fraction(0)) + beside
            sources.setdefault(key, {})[line.source] = None
    done: dict[Key, int] = {}
    for past in last:
        key = (past.categorie, past.operation, past.mouvement)
        done[key] = done.get(key, 0) + past.attributions
    keys = sorted({*planned, *done}, key=lambda key: (CATEGORIES.index(key[0]), *key[1:]))
    return Tableau(
        PREVISIONNEL,
        tuple(
            (
                *key,
                float(planned.get(key, Fraction(0))),
                float(apart.get(key, Fraction(0))),
                done.get(key, 0),
                " ; ".join(sources.get(key, ())),
            )
            for key in keys
        ),
    )


def bilan(dossier: DossierAssiette) -> Tableau:
    """Return the attributions made hors assiette the year before, with the publics that they housed (Th. 1-4).

    Counts of households below ``masque``, and not zero, are left empty; counts of dwellings are whole.
    """
    annee = dossier.reglages.annee - 1
    rows = _of_year(dossier, annee)
    table = []
    for categorie in CATEGORIES:
        inside = [row for row in rows if row.categorie == categorie]
        if inside:
            table.append(
                (
                    annee,
                    categorie,
                    sum(row.attributions for row in inside),
                    sum(row.attributions for row in inside if row.mouvement == "inter_bailleurs"),
                    _published((row.publics_prioritaires for row in inside), dossier.reglages.masque),
                    _published((row.eligibles_contingents for row in inside), dossier.reglages.masque),
                    _published((row.eligibles_als for row in inside), dossier.reglages.masque),
                )
            )
    return Tableau(BILAN_HORS_ASSIETTE, tuple(table))


def _of_year(dossier: DossierAssiette, annee: int) -> list[Attribution]:
    return [row for row in dossier.attributions if row.annee == annee]


def _published(counts: Iterable[int | None], masque: int) -> int | None:
    """Return a total of households, ``None`` where a part is not known or so few could be recognised."""
    known = list(counts)
    if None in known:
        return None
    total = sum(count for count in known if count is not None)
    return total if total == 0 or total >= masque else None
