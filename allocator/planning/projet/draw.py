"""A drawn projet: the territory and promises of a drawn instance, with a stock that turns over as it does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from allocator.domain import SANS_SOLDE, Conventions
from allocator.drawing import DrawSettings, draw
from allocator.formats.projet_schema import DEMOLITIONS, HORS_ASSIETTE_PREVU, LIVRAISONS, PARC_CLASSES
from allocator.formats.tableau import Tableau, Value
from allocator.planning.projet.projet import Projet, projet_of
from allocator.planning.projet.writing import class_words

TAUX: Final = (10.0, 7.5, 6.0, 5.0, 4.0, 4.0)
"""Percent of a stock that turns over in a year, by typologie [hypothèse]."""

HORS_ASSIETTE: Final = {"mutation": 0.06, "renouvellement_urbain": 0.05}
"""Share of what is released that is kept out of the flux [hypothèse]."""

SOURCES: Final = {"mutation": "CUS", "renouvellement_urbain": "convention ANRU"}

RIGHTS: Final = 6.0
"""Years of what is due that a réservataire with a solde has rights for, about [hypothèse]."""


@dataclass(frozen=True, slots=True, eq=False)
class Tire:
    """A drawn projet, its supply yet to be read from the tables of its stock."""

    projet: Projet
    supply: tuple[Tableau, ...]


def draw_projet(settings: DrawSettings, annees: int) -> Tire:
    """Draw the projet of several years.

    The same settings give the same projet. Its stock is what would release each year what the drawn year releases;
    the largest class is delivered to in the second year and loses dwellings in the third. A promise that has a
    solde keeps it, as rights for some years.
    """
    instance = draw(settings)
    one = projet_of(instance)
    years = Projet(
        nom=instance.nom,
        description=instance.description,
        source=instance.source,
        premiere=settings.annee,
        annees=annees,
        territoires=one.territoires,
        reservataires=one.reservataires,
        conventions=tuple(_promised(instance.conventions, annee) for annee in range(annees)),
        indicatifs=one.indicatifs * annees,
        offre=one.offre,
        saison=one.saison,
        historique=one.historique,
    )
    return Tire(years, (*_stock(one), Tableau(HORS_ASSIETTE_PREVU, tuple(_kept_out(one)))))


def _promised(conventions: Conventions, annee: int) -> Conventions:
    """Return the promises of a year: a report is owed in the first, rights last for some."""
    solde = np.where(
        conventions.solde == SANS_SOLDE, SANS_SOLDE, np.rint(RIGHTS * conventions.solde).astype(np.int64)
    )
    report = conventions.report if annee == 0 else np.zeros(len(conventions))
    return replace(conventions, solde=solde, report=report)


def _stock(one: Projet) -> Sequence[Tableau]:
    offre, communes = one.offre, one.territoires.commune
    classes = [
        class_words(communes[commune], *rest)
        for commune, *rest in zip(
            offre.commune.tolist(),
            offre.typologie.tolist(),
            offre.financement.tolist(),
            offre.qpv.tolist(),
            strict=True,
        )
    ]
    rates = [TAUX[typologie] for typologie in offre.typologie.tolist()]
    # What hors assiette takes is released too.
    gross = offre.attendu / (1.0 - sum(HORS_ASSIETTE.values()))
    numbers = [round(100.0 * number / rate) for number, rate in zip(gross.tolist(), rates, strict=True)]
    largest = classes[int(np.argmax(numbers))]
    more = max(numbers) // 3
    parc = tuple((*each, number, rate) for each, number, rate in zip(classes, numbers, rates, strict=True))
    return (
        Tableau(PARC_CLASSES, parc),
        Tableau(LIVRAISONS, (("les-tilleuls", *largest, more, f"{one.premiere + 1}-04-01", ""),)),
        Tableau(DEMOLITIONS, (("barre-a", *largest, more, f"{one.premiere + 2}-01-01", ""),)),
    )


def _kept_out(one: Projet) -> Iterator[tuple[Value, ...]]:
    departement = np.array(one.territoires.departement)[one.offre.commune]
    for code in dict.fromkeys(one.territoires.departement):
        released = float(one.offre.attendu[departement == code].sum())
        for categorie, share in HORS_ASSIETTE.items():
            volume = round(released * share)
            yield "", f"departement:{code}", categorie, volume, SOURCES[categorie]
