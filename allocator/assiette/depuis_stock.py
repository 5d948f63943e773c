"""What an assiette takes from a dossier of stock: its communes, the agreed rotation, the re-lettings of past years."""

from collections import Counter
from datetime import date

from allocator.formats.assiette_schema import RELOCATIONS_ATTENDUES, RELOCATIONS_PASSEES
from allocator.formats.csv_text import six_decimals
from allocator.formats.tableau import Tableau
from allocator.stock.dossier import Dossier
from allocator.stock.rotation.taux import Taux


def attendues(dossier: Dossier, taux: Taux) -> Tableau:
    """Return the stock that is let or offered by commune and agreed rate; a rate is a segment of its own.

    Raises
    ------
    BadInput
        If a dwelling has no rate, or two of which none is the more specific.
    """
    parc = dossier.parc
    percents = [round(100 * rate, 6) for rate in taux.rate(dossier, parc).tolist()]
    counts = Counter(
        (commune, percent)
        for commune, percent, let in zip(
            parc.commune.tolist(), percents, parc.en_location.tolist(), strict=True
        )
        if let
    )
    codes = dossier.territoires.commune
    return Tableau(
        RELOCATIONS_ATTENDUES,
        tuple(
            (
                codes[commune],
                f"{six_decimals(percent)} %".replace(".", ","),
                counts[commune, percent],
                percent,
                1,
            )
            for commune, percent in sorted(counts)
        ),
    )


def passees(dossier: Dossier) -> Tableau:
    """Return the re-lettings of the whole calendar years that the dossier knows, by commune."""
    past = dossier.relocations
    if past is None:
        return Tableau(RELOCATIONS_PASSEES, ())
    whole = {
        year
        for year in range(past.depuis.year, dossier.date.year + 1)
        if past.depuis <= date(year, 1, 1) and date(year, 12, 31) <= dossier.date
    }
    years = past.date.astype("datetime64[Y]").astype(int) + 1970
    communes = dossier.parc.commune[past.logement]
    counts = Counter(
        (year, commune)
        for year, commune in zip(years.tolist(), communes.tolist(), strict=True)
        if year in whole
    )
    codes = dossier.territoires.commune
    return Tableau(
        RELOCATIONS_PASSEES,
        tuple((year, codes[commune], counts[year, commune]) for year, commune in sorted(counts)),
    )
