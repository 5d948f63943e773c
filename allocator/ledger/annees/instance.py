"""A year of a journal as an instance in the format of the contract, and what was decided of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Final, TextIO

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, Instance
from allocator.domain.vocabulary import FLUX
from allocator.formats.csv_text import write_rows
from allocator.formats.daily_schema import DECISIONS
from allocator.formats.schema import COMPLEMENTS
from allocator.ledger.accounts.issues import BAIL, ISSUES
from allocator.ledger.daily.periode import bounds, ouverture_on
from allocator.ledger.daily.releve import Releve
from allocator.ledger.state.registre import Registre
from allocator.policies.situation import take

ISSUE_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bail": "bail",
        "sans_candidat": "sans_candidat",
        "decline": "rendu",
        "rendu": "rendu",
        "description": "rendu",
        "caleol": "refus",
        "refus": "refus",
        "retrait": "rendu",
    }
)
"""The outcome that ``decisions.csv`` has for each of the journal's."""


def kept_rows(registre: Registre, debut: date, fin: date) -> NDArray[np.intp]:
    """Return the rows of the dwellings released in a period and not withdrawn."""
    dates = registre.liberations.date
    within = (dates >= np.datetime64(debut)) & (dates <= np.datetime64(fin))
    return np.flatnonzero(within & np.isnat(registre.suivi.retire))


def instance_of_year(registre: Registre, releve: Releve) -> Instance:
    """Return the year of a releve as an instance; ``registre`` is the same state with its complements.

    Withdrawn dwellings are left out. The promises are those of the last version of the year, with the reports and
    rights of its first day.
    """
    rows = kept_rows(registre, *bounds(ouverture_on(registre.actes, releve.jour)))
    liberations = take(registre.liberations, rows)
    told = liberations.complements
    kept = {name: told[name] for name in COMPLEMENTS if any(told.get(name, ()))}
    return replace(releve.livre.exercice.instance, liberations=replace(liberations, complements=kept))


def write_decisions(file: TextIO, releve: Releve, instance: Instance) -> None:
    """Write ``decisions.csv``: the turns of the year's flux dwellings by the day of a releve, with their ends.

    What the bailleur kept is told without its end; a turn of its own that led to no lease left nothing to tell.
    """
    names, ids = set(instance.liberations.id), (*releve.registre.reservataires.id, "")
    tours, liberations = releve.livre.tours, releve.registre.liberations
    ended = tours.fin <= releve.day
    kept = (tours.oriente <= releve.day) & (liberations.statut[tours.liberation] == FLUX)
    own = tours.reservataire == BAILLEUR
    kept &= ~(own & ended & (tours.issue != BAIL))
    shown = ended & ~own
    rows = []
    for tour in np.flatnonzero(kept).tolist():
        name = liberations.id[tours.liberation[tour]]
        if name in names:
            end = (ISSUE_OF[ISSUES[tours.issue[tour]]], str(tours.fin[tour])) if shown[tour] else ("", "")
            rows.append((name, ids[tours.reservataire[tour]], *end))
    write_rows(file, DECISIONS, rows)
