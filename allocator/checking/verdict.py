"""The verdict on a result: everything recomputed, every claim compared, every disagreement told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Final, TypeVar

from allocator.checking.claims import check_document, check_ecarts
from allocator.checking.moves import check_optimality
from allocator.checking.orientations import check_rights, check_rows, orientation_of
from allocator.checking.values import recount
from allocator.domain import Instance, Model, TierValue
from allocator.formats import (
    BadInput,
    Fault,
    read_ecarts,
    read_preorientations,
    read_solution_document,
)

SHOWN: Final = 100
"""Disagreements told one by one; the rest is counted."""

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checker found: the first :data:`SHOWN` disagreements, their count, and the true tier values.

    ``tiers`` is empty, and ``cells`` zero, where ``preorientations.csv`` cannot be read. ``status`` is the
    claimed one, empty where ``solution.json`` cannot be read.
    """

    disagreements: tuple[Fault, ...]
    total: int
    tiers: tuple[TierValue, ...]
    cells: int
    status: str

    @property
    def agrees(self) -> bool:
        """Whether the result is well formed and every claim is true."""
        return self.total == 0


def verify(instance: Instance, model: Model, folder: Path) -> Verdict:
    """Return the verdict on the three files of a result; a missing or malformed file is a disagreement.

    Source: the file contract, section 5. Nothing that the files claim is used to compute anything else than
    what they are compared with.
    """
    refused: list[BadInput] = []

    def attempt(read: Callable[[], Read]) -> Read | None:
        try:
            return read()
        except BadInput as bad:
            refused.append(bad)
            return None

    preorientations = attempt(lambda: read_preorientations(folder / "preorientations.csv", instance))
    ecarts = attempt(lambda: read_ecarts(folder / "ecarts.csv"))
    document = attempt(lambda: read_solution_document(folder / "solution.json"))
    status = document.status if document else ""
    if preorientations is None:
        return _verdict(refused, (), (), 0, status)
    found = recount(instance, model, orientation_of(instance, preorientations))
    tiers = tuple(
        TierValue(tier.name, value, None) for tier, value in zip(model.tiers, found.values, strict=True)
    )
    disagreements = chain(
        check_rows(instance, preorientations),
        check_rights(instance, preorientations),
        check_ecarts(instance, found.ecarts, ecarts) if ecarts else (),
        check_document(instance, model, tiers, document) if document else (),
        check_optimality(instance, model, found, document) if document else (),
    )
    return _verdict(refused, disagreements, tiers, len(found.ecarts), status)


def _verdict(
    refused: list[BadInput],
    found: Iterable[Fault],
    tiers: tuple[TierValue, ...],
    cells: int,
    status: str,
) -> Verdict:
    disagreements = chain(*(bad.faults for bad in refused), found)
    shown = tuple(islice(disagreements, SHOWN))
    unlisted = sum(bad.total - len(bad.faults) for bad in refused) + sum(1 for _ in disagreements)
    return Verdict(shown, len(shown) + unlisted, tiers, cells, status)
