"""A drawn dossier: the stock, the rights on it, its past re-lettings and those of the year to come."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from allocator.domain import Reservataires, Territoires
from allocator.drawing.dossier.droits import Droit, draw_droits
from allocator.drawing.dossier.parc import Parc, draw_parc
from allocator.drawing.dossier.relocations import Relocations, draw_relocations
from allocator.drawing.dossier.settings import DossierSettings
from allocator.drawing.dossier.titulaires import titulaires
from allocator.drawing.figures import Figures, figures
from allocator.drawing.portfolio import Portfolio, draw_portfolio


@dataclass(frozen=True, slots=True, eq=False)
class DossierTire:
    """What was drawn; ``passees`` are by year, the oldest first, and ``a_venir`` those of the settings' year.

    ``parc.commune`` indexes ``territoires``, and the conventions of ``droits`` index ``reservataires``. ``sans_fin``
    and ``sans_origine`` tell of each right whether that is not written down.
    """

    settings: DossierSettings
    territoires: Territoires
    reservataires: Reservataires
    parc: Parc
    droits: tuple[Droit, ...]
    sans_fin: tuple[bool, ...]
    sans_origine: tuple[bool, ...]
    passees: tuple[Relocations, ...]
    a_venir: Relocations

    @property
    def jour(self) -> date:
        """Day of the état des lieux."""
        return date(self.settings.annee, 1, 1) - timedelta(days=1)

    def residence(self, row: int) -> str:
        """Return the name of a dwelling's résidence."""
        commune = self.territoires.commune[self.parc.commune[row]]
        return f"Résidence {commune}-{self.parc.residence[row] + 1}"


def draw_dossier(settings: DossierSettings) -> DossierTire:
    """Draw a dossier; the same settings give the same one."""
    table = figures()
    usual = settings.portfolio()
    streams = [
        np.random.Generator(np.random.PCG64(each)) for each in np.random.SeedSequence(settings.seed).spawn(7)
    ]
    portfolio = draw_portfolio(usual, table, streams[0])
    parc = draw_parc(table, portfolio, settings.stock, settings.annee, streams[1])
    known = titulaires(table, portfolio, streams[2])
    droits = draw_droits(parc, known, settings.annee, streams[3])
    holders = [known.holders[row] for row in sorted({each.convention.holder for each in droits})]
    lost = streams[4].random((2, len(droits))) < settings.lacunes
    years = range(settings.annee - settings.annees, settings.annee)
    return DossierTire(
        settings,
        _territoires(table, portfolio),
        Reservataires(
            tuple(holder.id for holder in holders),
            tuple(holder.nom for holder in holders),
            tuple(holder.famille for holder in holders),
            (None,) * len(holders),
        ),
        parc,
        _renumbered(droits),
        tuple(lost[0].tolist()),
        tuple(lost[1].tolist()),
        tuple(draw_relocations(parc, year, streams[5]) for year in years),
        draw_relocations(parc, settings.annee, streams[6]),
    )


def _renumbered(droits: list[Droit]) -> tuple[Droit, ...]:
    """Return the rights of those who have some, by their place among these."""
    place = {row: new for new, row in enumerate(sorted({each.convention.holder for each in droits}))}
    return tuple(
        Droit(
            each.convention._replace(holder=place[each.convention.holder]),
            each.logement,
            each.premier,
            each.nombre,
            each.utilise,
        )
        for each in droits
    )


def _territoires(table: Figures, portfolio: Portfolio) -> Territoires:
    rows = portfolio.rows.tolist()
    return Territoires(
        tuple(table.commune[row] for row in rows),
        tuple(table.nom[row] for row in rows),
        tuple(str(table.epci[row]) for row in rows),
        tuple(str(table.departement[row]) for row in rows),
        tuple(table.zone[row] for row in rows),
        table.tension[portfolio.rows],
    )
