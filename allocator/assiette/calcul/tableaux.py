"""An assiette in tables: by commune, by line, by year, by réservataire."""

from collections.abc import Sequence
from fractions import Fraction

from allocator.assiette.calcul.assiette import Assiette
from allocator.assiette.calcul.dus import Du
from allocator.assiette.calcul.retenues import followed
from allocator.assiette.dossier.reglages import Reglages
from allocator.formats.assiette_results_schema import (
    ASSIETTE,
    DUS,
    DUS_COMMUNES,
    EXCLUSIONS_RETENUES,
)
from allocator.formats.ledger_schema import HORS_ASSIETTE
from allocator.formats.projet_schema import HORS_ASSIETTE_PREVU
from allocator.formats.tableau import Tableau


def communes(assiette: Assiette) -> Tableau:
    """Return the assiette by commune."""
    territoires = assiette.territoires
    columns = (
        territoires.commune,
        territoires.nom,
        territoires.departement,
        assiette.parc,
        map(float, assiette.attendues),
        map(float, assiette.exclues),
        map(float, assiette.exacte),
        assiette.logements,
    )
    return Tableau(ASSIETTE, tuple(zip(*columns, strict=True)))


def lignes(assiette: Assiette) -> Tableau:
    """Return every line with what is taken out and its source."""
    return Tableau(
        EXCLUSIONS_RETENUES,
        tuple(
            (
                line.id,
                line.annee,
                line.territoire,
                line.categorie,
                line.operation,
                line.mouvement,
                float(line.volume),
                float(line.retenu),
                line.origine,
                line.source,
            )
            for line in assiette.lignes
        ),
    )


def par_annee(assiette: Assiette, reglages: Reglages) -> Tableau:
    """Return what is excluded by year, territory and category, from the assiette's year on, as a projet reads it.

    In the year of the assiette that is what is taken out then; in a later one, what its lines announce, but for those
    that are followed apart.
    """
    volumes: dict[tuple[int, str, str], Fraction] = {}
    sources: dict[tuple[int, str, str], dict[str, None]] = {}
    for line in assiette.lignes:
        later = line.annee > reglages.annee and not followed(line, reglages)
        for annee, volume in (
            (reglages.annee, line.retenu),
            (line.annee, line.volume if later else Fraction(0)),
        ):
            if volume:
                key = (annee, line.territoire, line.categorie)
                volumes[key] = volumes.get(key, Fraction(0)) + volume
                sources.setdefault(key, {})[line.source] = None
    in_order = sorted(volumes, key=lambda key: key[0])
    rows = ((*key, float(volumes[key]), " ; ".join(sources[key])) for key in in_order)
    return Tableau(HORS_ASSIETTE_PREVU, tuple(rows))


def par_commune(assiette: Assiette) -> Tableau:
    """Return what is excluded by commune and category, as « allocator close-year » reads what was announced."""
    found: dict[tuple[int, str], Fraction] = {}
    for line, taken in zip(assiette.lignes, assiette.repartition, strict=True):
        for commune, number in taken.items():
            if number:
                key = (commune, line.categorie)
                found[key] = found.get(key, Fraction(0)) + number
    codes = assiette.territoires.commune
    return Tableau(
        HORS_ASSIETTE, tuple((codes[row], kind, float(found[row, kind])) for row, kind in sorted(found))
    )


def dus(found: Sequence[Du]) -> Tableau:
    """Return the due of each promise."""
    return Tableau(
        DUS,
        tuple(
            (
                due.reservataire,
                due.territoire,
                None if due.part is None else float(due.part),
                due.assiette,
                float(due.exact),
                due.du,
                float(due.reste),
            )
            for due in found
        ),
    )


def dus_communes(found: Sequence[Du], assiette: Assiette) -> Tableau:
    """Return the due by commune of the promises that are one quota a commune."""
    codes = assiette.territoires.commune
    return Tableau(
        DUS_COMMUNES,
        tuple(
            (due.reservataire, due.territoire, codes[row], number)
            for due in found
            for row, number in due.communes
        ),
    )
