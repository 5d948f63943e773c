"""Parts share neither a dwelling nor a cell nor a largest term, and together they are the whole."""

import random
from dataclasses import replace

import numpy as np
import pytest

from allocator.domain import Goal, Model, Tier
from allocator.engine.parts import split
from allocator.engine.problem import build_problem
from tests.builders import Commune, Holder, Promise, Release, make_instance
from tests.tiny import random_model, random_tiny_instance

COMMUNES = (Commune("93048"), Commune("93001"))
MODEL = Model("m", "", "", (Tier("contractuel", (Goal("contractuel", 1.0, 1.0),)),))


@pytest.mark.parametrize("seed", range(50))
def test_parts_hold_every_dwelling_that_somebody_may_receive_and_every_cell_once(seed: int) -> None:
    rng = random.Random(seed)
    problem, _ = build_problem(random_tiny_instance(rng), random_model(rng))
    parts = list(split(problem))
    rows = np.concatenate([part.dwellings.row for part in parts])
    served = np.isin(problem.dwellings.commune, problem.eligible.commune())
    assert sorted(rows.tolist()) == problem.dwellings.row[served].tolist()
    assert sum(part.cells for part in parts) == problem.cells
    assert sum(len(part.counted) for part in parts) == len(problem.counted)


def test_a_holder_of_two_communes_is_in_two_parts_unless_something_counts_both() -> None:
    instance = make_instance(
        communes=COMMUNES,
        holders=(Holder("r", petit=False),),
        promises=(Promise("r", "commune:93048", part=50), Promise("r", "commune:93001", part=50)),
        releases=(Release("93048"), Release("93001")),
    )
    assert [len(part.dwellings) for part in split(build_problem(instance, MODEL)[0])] == [1, 1, 0]
    both = replace(
        instance,
        conventions=make_instance(
            communes=COMMUNES, holders=(Holder("r", petit=False),), promises=(Promise("r", part=50),)
        ).conventions,
    )
    assert [len(part.dwellings) for part in split(build_problem(both, MODEL)[0])] == [2, 0]
    largest = replace(MODEL, tiers=(Tier("pire", (Goal("contractuel", 1.0, 1.0, norme="max"),)),))
    assert [len(part.dwellings) for part in split(build_problem(instance, largest)[0])] == [2, 0]
