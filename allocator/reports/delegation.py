"""The yearly report on gestion déléguée: who acted for whom, how fast, and with what end (Th. 4-3)."""

from collections.abc import Iterator
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain.vocabulary import FLUX
from allocator.formats.reports_schema import DELEGATION
from allocator.formats.tableau import Tableau, Value
from allocator.ledger.conventions.version import GESTIONS
from allocator.ledger.events.dossier import ISSUES
from allocator.ledger.state.registre import EN_COURS
from allocator.reports import methode, noms
from allocator.reports.document import Bloc, Document, Table, Texte
from allocator.reports.fonds import Fonds

Rows = NDArray[np.intp]

FINS: Final = {
    "sans_candidat": ("sans_candidat",),
    "rendus": ("decline", "rendu"),
    "refus": ("refus", "caleol"),
    "baux": ("bail",),
    "autres": ("retrait", "description"),
}
"""Ends of a tour by the column that counts them."""


def delegation(fonds: Fonds) -> Document:
    """Return the report of the period of a journal."""
    tableau = Tableau(DELEGATION, tuple(_rows(fonds)))
    return Document(
        f"delegation-{fonds.fin.year}",
        f"Gestion déléguée : bilan {fonds.fin.year}",
        f"Du {fonds.debut:%d/%m/%Y} au {fonds.jour:%d/%m/%Y}",
        "À l'attention des réservataires et de leurs délégataires",
        tuple(_blocs(fonds, tableau)),
        (tableau,),
        (
            *methode.source(fonds),
            (
                "Propositions",
                "propositions du flux faites dans la période, une par tour, et ce qu'elles sont devenues depuis",
            ),
            (
                "Délégataire",
                "celui que nomme l'orientation, sinon celui de la convention au jour de l'orientation",
            ),
            ("Débit", "la proposition est au compte du réservataire, jamais du délégataire"),
        ),
        methode.pied(fonds),
        fonds.nom,
    )


def _rows(fonds: Fonds) -> Iterator[tuple[Value, ...]]:
    tours, ids = fonds.registre.tours, fonds.registre.reservataires.id
    groups: dict[tuple[str, str], list[int]] = {}
    for tour, delegataire in _delegated(fonds):
        groups.setdefault((delegataire, ids[tours.reservataire[tour]]), []).append(tour)
    for key in sorted(groups):
        rows = np.array(groups[key], dtype=np.intp)
        received = rows[~np.isnat(tours.recus[rows])]
        clocked = received[~np.isnat(tours.envoye[received])]
        days = (tours.recus[clocked] - tours.envoye[clocked]).astype(np.int64)
        ends = [
            int(np.isin(tours.issue[rows], [ISSUES.index(code) for code in codes]).sum())
            for codes in FINS.values()
        ]
        yield (
            *key,
            len(rows),
            len(received),
            int((tours.recus[clocked] <= tours.echeance[clocked]).sum()),
            *ends,
            int((tours.issue[rows] == EN_COURS).sum()),
            float(np.median(days)) if len(days) else None,
        )


def _delegated(fonds: Fonds) -> Iterator[tuple[int, str]]:
    """Yield the flux tours of the period that a delegate acted in, with who that was."""
    registre, releve = fonds.registre, fonds.releve
    tours, free = registre.tours, registre.liberations
    delegated = [version.reservataire for version in releve.versions if version.gestion == GESTIONS[1]]
    holders = [row for row, name in enumerate(registre.reservataires.id) if name in delegated]
    named = np.array(tours.delegataire, dtype=object) != ""
    seen = fonds.within(tours.oriente) & (free.statut[tours.liberation] == FLUX) & (tours.reservataire >= 0)
    version = cache(releve.version)
    for tour in np.flatnonzero(seen & (named | np.isin(tours.reservataire, holders))).tolist():
        holder, commune = int(tours.reservataire[tour]), int(free.commune[tours.liberation[tour]])
        day = tours.oriente[tour].astype(object)
        found = None if tours.delegataire[tour] else version(holder, commune, day)
        delegataire = tours.delegataire[tour] if found is None else found.acteur
        if delegataire and delegataire != registre.reservataires.id[holder]:
            yield tour, delegataire


def _blocs(fonds: Fonds, tableau: Tableau) -> Iterator[Bloc]:
    if not tableau.rows:
        yield Texte(
            "Aucune proposition de la période n'a été adressée à un délégataire : la gestion est directe."
        )
        return
    yield Texte(
        "En gestion déléguée, un délégataire propose les candidats à la place du réservataire, qui reste débité. Voici "
        "ce que sont devenues les propositions de la période, et en combien de jours des candidats ont été reçus."
    )
    header = (
        "délégataire",
        "réservataire",
        "prop.",
        "candidats",
        "dans le délai",
        "sans candidat",
        "rendus",
        "refus",
        "baux",
        "autres",
        "en cours",
        "jours (médiane)",
    )
    lines = [
        (noms.holder_of(fonds, str(row[0])), noms.holder_of(fonds, str(row[1])), *row[2:])
        for row in tableau.rows
    ]
    yield Table("Par délégataire et réservataire", header, lines, texte=2)
