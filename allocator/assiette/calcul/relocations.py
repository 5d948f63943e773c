"""L: the re-lettings expected by commune, from agreed rates or from the mean of the last years (formula 1)."""

from fractions import Fraction

from allocator.assiette.calcul.versions import of_version
from allocator.assiette.dossier.valeurs import Attendu, DossierAssiette
from allocator.assiette.lieux import Lieux


def stock_of(dossier: DossierAssiette, version: int) -> tuple[Attendu, ...]:
    """Return the parts of the stock as a version has them."""
    return of_version(dossier.attendus, version, lambda part: (part.commune, part.segment))


def methods(dossier: DossierAssiette, lieux: Lieux) -> tuple[str, ...]:
    """Return how each commune's re-lettings are expected: as the narrowest territory that has a method says."""
    reglages = dossier.reglages
    found = [reglages.methode] * len(dossier.territoires)
    broad_first = sorted(reglages.methodes, key=lambda place: -len(lieux.communes(place)))
    for place in broad_first:
        for commune in lieux.communes(place):
            found[commune] = reglages.methodes[place]
    return tuple(found)


def expected(dossier: DossierAssiette, version: int, lieux: Lieux) -> tuple[Fraction, ...]:
    """Return the re-lettings expected in the year, one exact number a commune."""
    communes = len(dossier.territoires)
    by_rate, by_mean = [Fraction(0)] * communes, [Fraction(0)] * communes
    for part in stock_of(dossier, version):
        by_rate[part.commune] += part.parc * part.taux / 100
    reglages = dossier.reglages
    for past in dossier.passees:
        if reglages.annee - reglages.annees <= past.annee < reglages.annee:
            by_mean[past.commune] += Fraction(past.relocations, reglages.annees)
    return tuple(
        rate if method == "rotation" else mean
        for method, rate, mean in zip(methods(dossier, lieux), by_rate, by_mean, strict=True)
    )
