"""What people should look at before they sign a conversion (R.441-5, R.441-5-2, L.441-1)."""

from collections import Counter
from fractions import Fraction

from allocator.domain.french import short
from allocator.stock.conversion.etude import Etude
from allocator.stock.conversion.lots import RAISONS, SANS_FIN, SANS_NOMBRE, places_of

GARANTIE_MAX = 20
"""Percent of a bailleur's dwellings that guarantees of loans may reserve."""


def avis(etude: Etude) -> list[str]:
    """Return what is set aside, and which shares pass the bounds of the law, in French."""
    lots, droits = etude.lots, etude.dossier.droits
    why = Counter(raison for _, raison in lots.ecartes)
    told = [f"{why[raison]} droit(s) écarté(s) : {raison}" for raison in RAISONS if why[raison]]
    if why[SANS_FIN] or why[SANS_NOMBRE]:
        told.append(
            "ce qui n'est pas renseigné ne donne rien : à compléter (droits_ecartes.csv) avant de convenir"
        )
    if etude.reglages.fin_inconnue is not None:
        told.append(
            f"une fin inconnue vaut {short(etude.reglages.fin_inconnue)} an(s), comme les réglages le disent"
        )
    aside = {row for row, _ in lots.ecartes}
    guaranteed = sum(
        int(droits.nombre[row])
        for row, origine in enumerate(droits.origine)
        if origine == "garantie" and row not in aside
    )
    if guaranteed * 100 > GARANTIE_MAX * lots.parc:
        share = 100 * guaranteed / lots.parc if lots.parc else 0.0
        told.append(
            f"les garanties d'emprunt réservent {short(share, 1)} % du parc, {GARANTIE_MAX} % au plus sont permis"
        )
    return told + _crowded(etude)


def _crowded(etude: Etude) -> list[str]:
    """Return the communes in which the shares promise more than all that is released."""
    territoires = etude.dossier.territoires
    sums = [Fraction(0)] * len(territoires)
    for scale in ("commune", "epci", "departement"):
        places = places_of(territoires, scale)
        for ligne, part in zip(etude.lots.lignes, etude.flux.part, strict=True):
            for commune, place in enumerate(places):
                if place == ligne.territoire:
                    sums[commune] += part
    over = [territoires.commune[commune] for commune, total in enumerate(sums) if total > 1]
    if not over:
        return []
    return [f"les parts dépassent 100 % dans {len(over)} commune(s) : {', '.join(over[:5])}"]
