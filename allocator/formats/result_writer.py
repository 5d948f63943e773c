"""A solution to the three files of a result (file contract, section 5)."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any, Final, TextIO

from allocator.domain import Ecarts, Instance, Model, Solution
from allocator.formats.csv_text import six_decimals, write_rows
from allocator.formats.schema import ECARTS, PREORIENTATIONS
from allocator.formats.writing import Write, write_together

DOCUMENT: Final = "solution.json"
PHASES: Final = ("read", "build", "solve", "write")

COMPANIONS: Final = ("cours.csv", "cours.svg", "comptes.csv")
"""Files that ``simulate`` adds to a result: they go with it when another one is written in its place."""


def solution_document(instance: Instance, model: Model, solution: Solution) -> dict[str, Any]:
    """Return what ``solution.json`` holds and ``--json`` prints, keys in the contract's order."""
    return {
        "status": solution.status,
        "tiers": [
            {
                "name": tier.name,
                "value": tier.value + 0.0,
                "bound": None if tier.bound is None else tier.bound + 0.0,
            }
            for tier in solution.tiers
        ],
        "seconds": {phase: round(float(solution.seconds.get(phase, 0.0)), 6) for phase in PHASES},
        "liberations": len(instance.liberations.en_flux),
        "instance_sha256": instance.sha256,
        "model_sha256": model.sha256,
        "solver": solution.solver,
    }


def write_solution(
    folder: Path,
    instance: Instance,
    model: Model,
    solution: Solution,
    extra: Mapping[str, Write] | None = None,
) -> dict[str, Any]:
    """Write ``preorientations.csv``, ``ecarts.csv`` and, last, ``solution.json``; return what that holds.

    ``extra`` is what writes further files, by name, in one go with these; the :data:`COMPANIONS` that are not among
    them are removed. An interrupted write leaves the old result whole, or no ``solution.json``. The seconds of the
    phase ``write`` are measured here unless the solution has them.

    Raises
    ------
    BadInput
        If the folder is a file or cannot be written.
    """
    start = perf_counter()
    others = extra or {}
    document = solution_document(instance, model, solution)

    def write_document(file: TextIO) -> None:
        # worth its import only where something is written
        import json  # noqa: PLC0415

        if "write" not in solution.seconds:
            document["seconds"]["write"] = round(perf_counter() - start, 6)
        json.dump(document, file, ensure_ascii=False, indent=2, allow_nan=False)
        file.write("\n")

    write_together(
        folder,
        {
            PREORIENTATIONS.file: lambda file: write_rows(
                file, PREORIENTATIONS, _orientations(instance, solution)
            ),
            ECARTS.file: lambda file: write_rows(file, ECARTS, _cells(instance, solution.ecarts)),
            **others,
            DOCUMENT: write_document,
        },
        stale=[name for name in COMPANIONS if name not in others],
    )
    return document


def _orientations(instance: Instance, solution: Solution) -> Iterator[tuple[str, str]]:
    # the bailleur's -1 picks the last name, the empty one
    names = (*instance.reservataires.id, "")
    rows = instance.liberations.en_flux
    holders = map(names.__getitem__, solution.orientation[rows].tolist())
    return zip(map(instance.liberations.id.__getitem__, rows.tolist()), holders, strict=True)


def _cells(instance: Instance, ecarts: Ecarts) -> Iterator[tuple[str, ...]]:
    names = instance.reservataires.id
    columns = (ecarts.cible, ecarts.valeur, ecarts.manque, ecarts.exces)
    return zip(
        map(names.__getitem__, ecarts.reservataire.tolist()),
        ecarts.sur,
        ecarts.territoire,
        ecarts.modalite,
        *(map(six_decimals, column.tolist()) for column in columns),
        strict=True,
    )
