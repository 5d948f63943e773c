"""The year as pictures: its course, who was served in which month, where the gaps are."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.charts import Axis, Chart, Heading, Line, Matrix, bars, course, heat_map
from allocator.domain.vocabulary import FLUX, STATUTS
from allocator.formats.cells import one_of
from allocator.formats.faults import BadInput, Fault
from allocator.ledger.accounts.comptes import comptes
from allocator.reports import noms
from allocator.reports.faits import ATTRIBUES, PROPOSES, faits
from allocator.reports.fonds import Fonds
from allocator.reports.reglages import Reglages

NOMBRES: Final = {"proposes": ("propositions", PROPOSES), "attribues": ("baux", ATTRIBUES)}
"""What the months may count: the word of the option, that of the picture, the nature of the facts."""

LOGEMENTS: Final = Axis("logements")


def year_course(fonds: Fonds, asked: Collection[str] = ()) -> Chart:
    """Return what was due and what counted at the end of each month, a panel a réservataire.

    Raises
    ------
    BadInput
        If somebody is asked for who is no réservataire.
    """
    livre = fonds.releve.livre
    days = _month_ends(fonds)
    accounts = [comptes(livre, day).reservataires for day in days]
    due = np.array([account.du for account in accounts])
    counted = np.array([account.mesures.logements for account in accounts])
    holders = _chosen(fonds, asked, np.flatnonzero((due[-1] > 0) | (counted[-1] > 0)))
    names = fonds.registre.reservataires.nom
    lines = [
        Line(word, days, amounts[:, holder], names[holder])
        for holder in holders
        for word, amounts in (("dû", due), ("compté", counted))
    ]
    whose = f"{names[holders[0]]}, " if len(holders) == 1 else ""
    heading = _heading(fonds, "Le dû et le compté, mois par mois", f"{whose}cumul depuis le début de l'année")
    return course(heading, LOGEMENTS, lines, step=False)


def months(fonds: Fonds, reglages: Reglages, nombre: str, asked: Collection[str] = ()) -> Chart:
    """Return how many propositions or leases each réservataire had in each month, in the flux.

    Raises
    ------
    BadInput
        If somebody is asked for who is no réservataire.
    """
    word, nature = NOMBRES[nombre]
    known = faits(fonds, reglages).of("registre", STATUTS[FLUX])
    known = known.only((known.nature == nature) & (known.axe("reservataire") >= 0))
    holders = _chosen(fonds, asked, np.unique(known.axe("reservataire")))
    debut, fin = (np.datetime64(day, "M").astype(np.int64) for day in (fonds.debut, fonds.jour))
    columns = np.arange(debut, fin + 1)
    values = np.zeros((len(holders), len(columns)))
    for row, holder in enumerate(holders):
        mine = known.mois[known.axe("reservataire") == holder]
        values[row] = (mine[:, None] == columns).sum(axis=0)
    matrix = Matrix(
        [fonds.registre.reservataires.nom[holder] for holder in holders],
        [f"{np.datetime64(int(month), 'M').astype(date):%m/%Y}" for month in columns],
        values,
    )
    heading = _heading(fonds, f"{word.capitalize()} par réservataire et par mois", "logements du flux")
    return heat_map(heading, Axis(word), matrix)


def gaps(fonds: Fonds, asked: Collection[str] = ()) -> Chart:
    """Return what is due less what counted of each promise, by territory.

    Raises
    ------
    BadInput
        If somebody is asked for who is no réservataire.
    """
    livre = fonds.releve.livre
    known, promised = comptes(livre, fonds.releve.day), livre.exercice.instance.conventions
    holders = _chosen(fonds, asked, np.unique(promised.reservataire))
    rows = [row for row in range(len(promised)) if int(promised.reservataire[row]) in holders]
    # the longest waits first
    rows.sort(key=lambda row: -float(known.lignes.solde[row]))
    labels = [
        _promise(
            noms.name_of(fonds, int(promised.reservataire[row])),
            noms.place_of(fonds, promised.territoire[row]),
        )
        for row in rows
    ]
    heading = _heading(fonds, "Écarts par promesse", "dû moins compté : positif quand le réservataire attend")
    return bars(
        heading, LOGEMENTS, labels, ["écart"], [[round(float(known.lignes.solde[row]), 1)] for row in rows]
    )


def _promise(holder: str, place: str) -> str:
    """Return the name of a promise; a commune on its own territory is named once."""
    return place if place.startswith(holder) else f"{holder}, {place}"


def _chosen(fonds: Fonds, asked: Collection[str], usual: NDArray[np.integer]) -> Sequence[int]:
    ids = fonds.registre.reservataires.id
    unknown = [name for name in asked if name not in ids]
    if unknown:
        raise BadInput(
            [
                Fault("--reservataire", None, None, f"« {name} » inconnu, attendu {one_of(ids)}")
                for name in unknown
            ]
        )
    return [ids.index(name) for name in ids if name in asked] if asked else [int(row) for row in usual]


def _month_ends(fonds: Fonds) -> NDArray[np.datetime64]:
    """Return the ends of the months of the period so far, the day being the last one."""
    first, last = np.datetime64(fonds.debut, "M"), np.datetime64(fonds.jour, "M")
    ends = np.arange(first + 1, last + 1).astype("datetime64[D]") - 1
    return np.append(ends, np.datetime64(fonds.jour, "D"))


def _heading(fonds: Fonds, title: str, subtitle: str) -> Heading:
    source = f"{fonds.nom}, journal : événement {fonds.tete.rang}, empreinte {fonds.tete.empreinte[:16]}…"
    return Heading(title, f"{subtitle}, au {fonds.jour:%d/%m/%Y}", source)
