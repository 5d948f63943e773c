"""The accounts at the end of a replay with outcomes: what each réservataire was proposed, and what that counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, Comptage, Instance
from allocator.domain.vocabulary import ISSUES
from allocator.flux.cells import assiette_by_commune
from allocator.formats.csv_text import six_decimals, write_rows
from allocator.formats.daily_schema import COMPTES
from allocator.policies.replaying.aleas import BAIL, EN_COURS, Aleas
from allocator.policies.replaying.counting import build_counting
from allocator.policies.replaying.replay import Replay

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Comptes:
    """The accounts of a replay, one entry a réservataire (see ``comptes.csv``, :mod:`~allocator.formats.daily_schema`).

    ``issues`` counts its propositions by how they ended, réservataires × ``ISSUES`` and then those that have not.
    ``repris`` is how many dwellings the bailleur took back after a failure.
    """

    mode: str
    du: Floats
    issues: Counts
    points_propositions: Floats
    points_attributions: Floats
    points: Floats
    compte: Floats
    logements: Counts
    repris: int


def comptes(instance: Instance, result: Replay, aleas: Aleas) -> Comptes:
    """Return the accounts of a replay with these outcomes, counted by its model's ``[comptage]``."""
    turns, holders = result.turns, len(instance.reservataires)
    given = turns.reservataire != BAILLEUR
    who, issue = turns.reservataire[given], turns.issue[given]
    commune = instance.liberations.commune[instance.liberations.en_flux[turns.row[given]]]
    issues = np.zeros((holders, len(ISSUES) + 1), dtype=np.int64)
    np.add.at(issues, (who, np.where(issue == EN_COURS, len(ISSUES), issue)), 1)
    rules = build_counting(result.frame.model.comptage, instance.territoires, aleas.bail)
    propositions = np.bincount(who, rules.proposition[commune], holders).astype(np.float64)
    signed = rules.attribution[commune] * (issue == BAIL)
    attributions = np.bincount(who, signed, holders).astype(np.float64)
    with_somebody = result.decided[result.decided != BAILLEUR]
    return Comptes(
        (result.frame.model.comptage or Comptage()).mode,
        result.frame.promises.due(assiette_by_commune(instance)),
        issues,
        propositions,
        attributions,
        rules.points(propositions, attributions),
        result.counted,
        np.bincount(with_somebody, minlength=holders),
        int((result.decided[np.unique(turns.row[turns.failed])] == BAILLEUR).sum()),
    )


def totals(known: Comptes) -> dict[str, Any]:
    """Return what ``--json`` adds for a replay with outcomes.

    ``ecart`` is the sum over réservataires of ``|du − compte|``, in dwellings.
    """
    by_issue = known.issues.sum(axis=0).tolist()
    sans_candidat, refus, rendus, attributions, en_cours = by_issue
    return {
        "mode": known.mode,
        "propositions": sum(by_issue),
        "attributions": attributions,
        "sans_candidat": sans_candidat,
        "refus": refus,
        "rendus": rendus,
        "en_cours": en_cours,
        "repris": known.repris,
        "points": float(known.points.sum()),
        "ecart": float(np.abs(known.du - known.compte).sum()),
    }


def write_comptes(file: TextIO, instance: Instance, known: Comptes) -> None:
    """Write ``comptes.csv``, in the order of ``reservataires.csv``."""
    write_rows(file, COMPTES, _rows(instance, known))


def _rows(instance: Instance, known: Comptes) -> Iterator[tuple[str, ...]]:
    for row, name in enumerate(instance.reservataires.id):
        sans_candidat, refus, rendus, attributions, en_cours = known.issues[row].tolist()
        yield (
            name,
            six_decimals(known.du[row]),
            *map(
                str, (sum(known.issues[row].tolist()), attributions, sans_candidat, refus, rendus, en_cours)
            ),
            six_decimals(known.points_propositions[row]),
            six_decimals(known.points_attributions[row]),
            six_decimals(known.points[row]),
            six_decimals(known.compte[row]),
            str(known.logements[row]),
        )
