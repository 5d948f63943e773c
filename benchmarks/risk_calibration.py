"""Whether the chances of promises can be believed: drawn years, each foretold from the year before it."""

import csv
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from allocator.cli.arguments import resolve_model
from allocator.domain import Instance
from allocator.drawing import DrawSettings, draw
from allocator.formats import read_model
from allocator.planning.projet.history import offre_foretold, saison_of
from allocator.planning.projet.projet import Projet, projet_of
from allocator.planning.risque.calibration import judge
from allocator.planning.risque.course import measure
from allocator.planning.risque.simulated import Ask, play
from allocator.policies.catalogue import load
from allocator.policies.replaying.replay import replay

TENSIONS: Final = (0.9, 1.1, 1.3)
"""Drawn years take turns: less, and more, is promised than there is."""

SIZES: Final = (400, 550, 700)
"""Libérations of all statuts; four in five are in the flux."""

HEADER: Final = (
    "seed", "size", "tension", "flux", "sur", "famille", "probability", "kept", "low", "high", "ecart", "stake",
)  # fmt: skip


Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Case:
    """One drawn year and how many times it is simulated."""

    seed: int
    draws: int
    model: str
    policy: str

    @property
    def settings(self) -> DrawSettings:
        """What is drawn."""
        return DrawSettings(
            seed=self.seed,
            size=SIZES[self.seed // len(TENSIONS) % len(SIZES)],
            tension=TENSIONS[self.seed % len(TENSIONS)],
            departements=("93", "95"),
            communes=12,
        )


def foretold_projet(instance: Instance) -> Projet:
    """Return the projet of an instance as its historique foretells it: its own libérations are not looked at."""
    places, past, year = instance.territoires, instance.historique, instance.debut.year
    return replace(
        projet_of(instance),
        offre=offre_foretold(places, past, year, 1),
        saison=saison_of(places, past, year),
    )


def judge_case(case: Case) -> list[tuple[object, ...]]:
    """Return one row a promise."""
    instance, model = draw(case.settings), read_model(resolve_model(case.model))
    ask = Ask(foretold_projet(instance), model, case.policy, case.draws, 1, case.seed)
    simulated = [play(ask, number)[0] for number in range(case.draws)]
    result = replay(instance, model, load(case.policy), case.seed)
    judged = judge(simulated, measure(instance, result))
    promises, holders = result.frame.promises, instance.reservataires
    columns = (judged.probability, judged.kept, judged.low, judged.high, judged.ecart, judged.stake)
    return [
        (
            case.seed, case.settings.size, case.settings.tension, len(instance.liberations.en_flux),
            promises.sur[cell], holders.famille[promises.scopes.reservataire[cell]],
            *(round(float(column[cell]), 6) for column in columns),
        )
        for cell in range(len(promises))
    ]  # fmt: skip


def run(cases: Iterable[Case], out: Path, jobs: int, tell: Callable[[str], None]) -> None:
    """Judge cases in processes of their own and append their rows to a CSV file, in the order of the cases."""
    asked = list(cases)
    with (
        ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool,
        out.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for case, rows in zip(asked, pool.map(judge_case, asked), strict=True):
            writer.writerows(rows)
            file.flush()
            tell(f"graine {case.seed} : {len(rows)} promesses")


def read(path: Path) -> Columns:
    """Return the columns of a CSV file written by :func:`run`."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = ("sur", "famille")
    return {
        name: np.array([row[name] if name in texts else float(row[name]) for row in rows]) for name in HEADER
    }
