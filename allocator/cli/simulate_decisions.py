"""Decisions that a replay follows in place of its rule's proposals, from a file."""

from pathlib import Path
from typing import Final

import numpy as np

from allocator.domain import Instance, Model
from allocator.formats import read_decisions
from allocator.formats.faults import FaultLog
from allocator.policies.proposing.decisions import refuse
from allocator.policies.replaying.aleas import EN_COURS
from allocator.policies.replaying.overrides import Override, named_overrides
from allocator.policies.situation import frame

SANS_ISSUE: Final = "un rejeu tire les issues au sort ou n'en connaît pas, attendu une cellule vide"


def decided_by_name(path: Path, instance: Instance, model: Model) -> Override:
    """Return what a file decides of some libérations, in their first turn.

    Raises
    ------
    BadInput
        With every row that cannot be, or that says how a pre-orientation ended.
    """
    log = FaultLog()
    file = read_decisions(path, instance, log)
    for entry in np.flatnonzero(file.issue != EN_COURS).tolist():
        log.add(file.rows.file, file.rows.line[entry], "issue", SANS_ISSUE)
    refuse(frame(instance, model), instance, file, np.datetime64(instance.fin, "D"), log)
    return named_overrides(instance, dict(zip(file.rows.liberation, file.rows.holder.tolist(), strict=True)))
