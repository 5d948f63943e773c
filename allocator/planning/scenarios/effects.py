"""What may change in the years ahead: each effect takes the inputs of a projet and returns others."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from allocator.domain import SANS_SOLDE, Conventions, Indicatifs, Reservataires
from allocator.domain.vocabulary import TYPOLOGIES
from allocator.planning.projet.projet import Offre, Projet
from allocator.planning.projet.reading import Inputs
from allocator.planning.projet.supply import Lots, Retrait, communes_of, released, together, without

Rows = NDArray[np.intp]


class EffectError(ValueError):
    """An effect that the projet does not allow; the message is French."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Classes and years that are meant.

    Those of a territory (``None``: everywhere) and of some typologies (``None``: all), from the year ``de`` to ``a``,
    both included; 0 is the first.
    """

    territoire: str | None
    typologies: tuple[str, ...] | None
    de: int
    a: int

    def rows(self, projet: Projet) -> Rows:
        """Return the rows of the supply that are meant."""
        offre = projet.offre
        chosen = (offre.annee >= self.de) & (offre.annee <= self.a)
        if self.territoire is not None:
            chosen &= np.isin(offre.commune, communes_of(projet.territoires, self.territoire))
        if self.typologies is not None:
            chosen &= np.isin(offre.typologie, [TYPOLOGIES.index(word) for word in self.typologies])
        return np.flatnonzero(chosen)


def rotation(inputs: Inputs, selection: Selection, facteur: float) -> Inputs:
    """Multiply what some classes release."""
    offre = inputs.projet.offre
    attendu = offre.attendu.copy()
    attendu[selection.rows(inputs.projet)] *= facteur
    return _supplied(inputs, replace(offre, attendu=attendu))


def relogements(inputs: Inputs, territoire: str, annee: int, nombre: float) -> Inputs:
    """Keep so many dwellings of a territory out of one year's flux, from all its classes in proportion."""
    projet = inputs.projet
    retrait = Retrait(annee, communes_of(projet.territoires, territoire), nombre)
    offre, (missing,) = without(projet.offre, [retrait])
    if missing > 1e-6:
        year = projet.premiere + annee
        raise EffectError(
            f"il manque {missing:.6g} logements en {year} dans {territoire} pour ces relogements"
        )
    return _supplied(inputs, offre)


def demolition(inputs: Inputs, lots: Lots, ailleurs: int) -> Inputs:
    """Take dwellings out of the stock from their date on; so many households are rehoused in the year before that.

    They are rehoused in the département, in the year of the eve of the first date.
    """
    projet = inputs.projet
    offre = together(projet.offre, released(lots, projet.premiere, projet.annees, -1.0))
    changed = _supplied(inputs, offre)
    eve: date = (lots.date.min() - 1).astype(date)
    annee = eve.year - projet.premiere
    if not ailleurs or not 0 <= annee < projet.annees:
        return changed
    departement = projet.territoires.departement[int(lots.commune[0])]
    return relogements(changed, f"departement:{departement}", annee, float(ailleurs))


def retard(inputs: Inputs, programme: str, mois: int) -> Inputs:
    """Put the delivery of a programme off by some months."""
    projet, lots = inputs.projet, inputs.livraisons
    late = np.array([name == programme for name in lots.programme], dtype=bool)
    month = lots.date.astype("datetime64[M]")
    day = lots.date - month.astype("datetime64[D]")
    put_off = (month + mois).astype("datetime64[D]") + day
    delayed = replace(lots, date=np.where(late, put_off, lots.date))
    span = projet.premiere, projet.annees
    offre = together(projet.offre, released(delayed, *span), released(lots, *span, -1.0))
    return Inputs(replace(projet, offre=offre), delayed)


def part(inputs: Inputs, reservataire: int, territoire: str, valeur: float, de: int) -> Inputs:
    """Give a promise another share of the assiette, from a year on."""

    def renegotiated(conventions: Conventions) -> Conventions:
        rows = [
            row
            for row, key in enumerate(
                zip(conventions.reservataire.tolist(), conventions.territoire, strict=True)
            )
            if key == (reservataire, territoire)
        ]
        share, volume = conventions.part.copy(), conventions.volume.copy()
        share[rows], volume[rows] = valeur, np.nan
        return replace(conventions, part=share, volume=volume)

    return _promised(inputs, de, renegotiated)


def retire(inputs: Inputs, reservataire: int, de: int) -> Inputs:
    """Take a réservataire's promises and wishes away, from a year on."""
    projet = inputs.projet
    changed = _promised(inputs, de, lambda year: _kept(year, year.reservataire != reservataire))
    indicatifs = tuple(
        year if annee < de else _wished(year, year.reservataire != reservataire)
        for annee, year in enumerate(projet.indicatifs)
    )
    return replace(changed, projet=replace(changed.projet, indicatifs=indicatifs))


@dataclass(frozen=True, slots=True)
class Nouveau:
    """A réservataire that comes, with its one promise: a share (percent) of the assiette of a territory."""

    id: str
    nom: str
    famille: str
    territoire: str
    niveau: str
    part: float


def ajoute(inputs: Inputs, nouveau: Nouveau, de: int) -> Inputs:
    """Add a réservataire, from a year on."""
    projet, known = inputs.projet, inputs.projet.reservataires
    holder = len(known)
    holders = Reservataires(
        (*known.id, nouveau.id),
        (*known.nom, nouveau.nom),
        (*known.famille, nouveau.famille),
        (*known.petit, None),
    )

    def joined(year: Conventions) -> Conventions:
        return Conventions(
            np.append(year.reservataire, np.int32(holder)),
            (*year.territoire, nouveau.territoire),
            (*year.niveau, nouveau.niveau),
            np.append(year.part, nouveau.part),
            np.append(year.volume, np.nan),
            np.append(year.report, 0.0),
            np.append(year.solde, SANS_SOLDE),
        )

    return _promised(replace(inputs, projet=replace(projet, reservataires=holders)), de, joined)


def _supplied(inputs: Inputs, offre: Offre) -> Inputs:
    return replace(inputs, projet=replace(inputs.projet, offre=offre))


def _promised(inputs: Inputs, de: int, change: Callable[[Conventions], Conventions]) -> Inputs:
    years = tuple(
        year if annee < de else change(year) for annee, year in enumerate(inputs.projet.conventions)
    )
    return replace(inputs, projet=replace(inputs.projet, conventions=years))


def _kept(year: Conventions, chosen: NDArray[np.bool_]) -> Conventions:
    rows = np.flatnonzero(chosen)
    return Conventions(
        year.reservataire[rows],
        tuple(year.territoire[row] for row in rows),
        tuple(year.niveau[row] for row in rows),
        year.part[rows],
        year.volume[rows],
        year.report[rows],
        year.solde[rows],
    )


def _wished(year: Indicatifs, chosen: NDArray[np.bool_]) -> Indicatifs:
    rows = np.flatnonzero(chosen)
    return Indicatifs(
        year.reservataire[rows],
        tuple(year.dimension[row] for row in rows),
        tuple(year.modalite[row] for row in rows),
        year.part[rows],
    )
