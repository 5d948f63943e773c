"""What a journal brings to the accounts beside its tours: its columns under their names, and opening balances."""

from collections.abc import Sequence

import numpy as np

from allocator.ledger.accounts.issues import EN_COURS, ISSUES
from allocator.ledger.accounts.livre import Ouverture
from allocator.ledger.accounts.tours import Tours
from allocator.ledger.conventions.exercice import Exercice
from allocator.ledger.events.dossier import ISSUES as CODES
from allocator.ledger.events.fold import Acte
from allocator.ledger.state import registre

ATTEND_CANDIDATS = ("oriente", "propose")
"""Phases of a dwelling whose réservataire has sent no candidates yet."""


def tours_of(known: registre.Registre) -> Tours:
    """Return the tours of a journal as accounts read them; a clock stops when candidates are received."""
    tours = known.tours
    code = np.array([*(ISSUES.index(name) for name in CODES), EN_COURS], dtype=np.int8)
    waits = np.isin(
        known.suivi.phase[tours.liberation], [registre.PHASE.index(name) for name in ATTEND_CANDIDATS]
    )
    stopped = (tours.issue == registre.EN_COURS) & ~waits
    return Tours(
        tours.liberation,
        tours.reservataire,
        tours.oriente,
        code[tours.issue],
        tours.fin,
        np.where(stopped, np.datetime64("NaT"), tours.echeance),
    )


def ouverture_of(actes: Sequence[Acte], exercice: Exercice) -> Ouverture:
    """Return the opening balances of the rows of a year's promises; of several for one row, the last."""
    instance = exercice.instance
    conventions = instance.conventions
    holders = [instance.reservataires.id[row] for row in conventions.reservataire]
    row_of = {key: row for row, key in enumerate(zip(holders, conventions.territoire, strict=True))}
    columns = {name: np.zeros(len(row_of)) for name in ("propositions", "attributions", "points", "assiette")}
    for acte in sorted(actes, key=lambda acte: acte.rang):
        key = (acte.contenu.get("reservataire"), acte.contenu.get("territoire"))
        if acte.nature == "solde_ouverture" and key in row_of:
            for name, column in columns.items():
                column[row_of[key]] = acte.contenu.get(name) or 0.0
    return Ouverture(**columns)
