"""Years that may come: what a projet expects of a year, how sure that is, and years drawn from it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Instance, Liberations
from allocator.domain.vocabulary import FLUX
from allocator.forecast import DEFAULTS, Outlook
from allocator.forecast.arrays import Floats, tally
from allocator.forecast.evidence import mode_of
from allocator.forecast.season import flat_profile
from allocator.forecast.settings import MODES
from allocator.planning.projet.history import foretold, no_liberations
from allocator.planning.projet.projet import MONTHS, Projet

SEEDS: Final = 16
"""Seeds of a projet's years stand this far apart: a projet has ten years at most."""


@dataclass(frozen=True, slots=True)
class Incertitude:
    """How far a year may be from what is expected, as coefficients of variation, where no historique tells.

    ``volume`` is that of the whole year's number, ``commune`` of each commune's share in it, ``mode`` of each mode's
    (typologie × financement × qpv) [hypothèses]. Beyond these, each class has the chance of a Poisson count.
    """

    volume: float = 0.10
    commune: float = 0.20
    mode: float = 0.15


HYPOTHESES: Final = Incertitude()


def blank(projet: Projet, annee: int) -> Instance:
    """Return a year of a projet (0 is the first) as an instance of which nothing was released yet."""
    year = projet.premiere + annee
    return Instance(
        nom=projet.nom,
        description=projet.description,
        debut=date(year, 1, 1),
        fin=date(year, 12, 31),
        source=projet.source,
        territoires=projet.territoires,
        reservataires=projet.reservataires,
        conventions=projet.conventions[annee],
        indicatifs=projet.indicatifs[annee],
        liberations=no_liberations(),
        historique=projet.historique,
        sha256=projet.sha256,
    )


def expectation(projet: Projet, annee: int, hypotheses: Incertitude = HYPOTHESES) -> Outlook:
    """Return what is expected of a year, class by class, with how sure that is.

    What is expected is the projet's ``offre``. How sure that is, the historique tells as it does every morning
    (:mod:`allocator.forecast`: gamma multipliers of the volume, of each commune and of each mode); without one,
    the hypotheses do.
    """
    offre = projet.offre
    rows = np.flatnonzero(offre.annee == annee)
    commune, typologie, financement, qpv = (
        column[rows].astype(np.int64)
        for column in (offre.commune, offre.typologie, offre.financement, offre.qpv)
    )
    expected = offre.attendu[rows]
    volume = float(expected.sum())
    past = projet.historique
    if past is not None and (past.statut == FLUX).any():
        known = foretold(projet.territoires, past, projet.premiere + annee)
        doubts = known.volume_doubt, known.commune_doubt, known.mode_doubt
    else:
        shares = expected / max(volume, 1.0)
        mode = mode_of(typologie, financement, qpv)
        doubts = _by_hypothesis(
            hypotheses,
            tally(commune, shares, len(projet.territoires)),
            tally(mode, shares, MODES),
        )
    spread = float(np.sqrt(volume + volume**2 * doubts[0]))
    return Outlook(commune, typologie, financement, qpv, expected, volume, spread, *doubts)


def _by_hypothesis(
    hypotheses: Incertitude, by_commune: Floats, by_mode: Floats
) -> tuple[float, Floats, Floats]:
    """Return the relative variances of the volume, of communes and of modes, given the shares of these."""
    places = np.full(len(by_commune), hypotheses.commune**2)
    kinds = np.full(len(by_mode), hypotheses.mode**2)
    # The whole varies with its parts: what they bring of it is not brought twice.
    inside = float(by_commune**2 @ places + by_mode**2 @ kinds)
    return max(0.0, hypotheses.volume**2 - inside), places, kinds


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Numbers drawn of each class, ``nombre`` (int64), draws × classes, for one year of a projet."""

    expected: Outlook
    nombre: NDArray[np.int64]
    seed: int


def draw_counts(projet: Projet, annee: int, number: int, seed: int) -> Draws:
    """Draw the numbers of a year that many times; the same arguments give the same numbers."""
    expected = expectation(projet, annee)
    own = seed * SEEDS + annee
    return Draws(expected, expected.draw(number, own), own)


def drawn_year(year: Instance, saison: Floats, draws: Draws, number: int) -> Instance:
    """Return a year with the libérations of one of the draws, their days drawn by the season.

    Parameters
    ----------
    year
        The year as it stands on its first day, without a libération.
    saison
        Share of each month, shape (12,).
    draws, number
        Drawn numbers and which of the draws.
    """
    classes = draws.expected
    of_class = np.repeat(np.arange(len(classes)), draws.nombre[number])
    rng = np.random.default_rng([draws.seed, number])
    rng.shuffle(of_class)
    days = np.arange(np.datetime64(year.debut, "D"), np.datetime64(year.fin, "D") + 1)
    chosen = np.sort(rng.choice(len(days), len(of_class), p=day_shares(days, saison)))
    return replace(
        year,
        liberations=Liberations(
            tuple(f"{year.debut.year}-{rank:06d}" for rank in range(1, len(of_class) + 1)),
            days[chosen],
            classes.commune[of_class].astype(np.int32),
            classes.typologie[of_class].astype(np.int8),
            classes.financement[of_class].astype(np.int8),
            classes.qpv[of_class].astype(np.int8),
            np.full(len(of_class), FLUX, dtype=np.int8),
            {},
        ),
    )


def day_shares(days: NDArray[np.datetime64], saison: Floats) -> Floats:
    """Return the share of a year that each of its days has: the month's, spread over its working days."""
    month = days.astype("datetime64[M]").astype(np.int64) % MONTHS
    weight = flat_profile(DEFAULTS).weights(days)
    share: Floats = saison[month] * weight / tally(month, weight, MONTHS)[month]
    return share / float(share.sum())
