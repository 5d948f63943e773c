"""From a morning's situation to its plan: what is near, how many scenarios, which lots."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.forecast import Outlook, learn, outlook
from allocator.policies.accounts import Accounts, accounts
from allocator.policies.lookahead.columns import far_columns, joined, near_columns, today_columns
from allocator.policies.lookahead.pairs import Classes, Pairs, build_pairs
from allocator.policies.lookahead.plan import Plan, build_plan
from allocator.policies.lookahead.rows import lay_out, stand
from allocator.policies.lookahead.settings import DEFAULTS, LookaheadSettings
from allocator.policies.lookahead.world import build_world
from allocator.policies.quotas import Morning, quotas
from allocator.policies.situation import Frame, Situation, take

Rows = NDArray[np.intp]
Floats = NDArray[np.float64]

LARGEST: Final = 1e8
"""Largest weight of a tier: beyond it a solver's tolerances would not see the last tier any more."""


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """A morning's plan before it is solved.

    ``lot`` is the lot of each of today's dwellings, ``pairs`` their columns (the first of the plan).
    """

    plan: Plan
    lot: Rows
    pairs: Pairs
    account: Accounts
    outlook: Outlook
    near: NDArray[np.bool_]
    scenarios: int


class Planner:
    """Makes the plans of one period; keeps only what every morning would compute alike."""

    def __init__(self, frame: Frame, settings: LookaheadSettings = DEFAULTS) -> None:
        self.frame, self.settings = frame, settings
        self.world = build_world(frame)
        self._prior = learn(frame.instance)
        self._quotas = quotas(frame)
        self._pairs: Pairs | None = None

    def sketch(self, situation: Situation) -> Sketch:
        """Return the plan of a morning."""
        frame, world = self.frame, self.world
        account = accounts(frame, situation)
        new = take(situation.today, np.flatnonzero(~situation.again))
        coming = outlook(self._prior, situation.past, situation.date, new)
        pairs = self._known(coming)
        expected = _trimmed(coming, self.settings.negligible)
        lots, lot_of, barred = _lots(situation)
        near, scenarios = self._near(pairs, expected, lots.commune, account)
        drawn = coming.draw(scenarios, frame.seed) * near[coming.commune]
        mean = account.assiette + np.bincount(coming.commune, expected, len(near))
        seen = np.stack([np.bincount(coming.commune, row, len(near)) for row in drawn])
        layout = lay_out(world, near, scenarios)
        standing = stand(world, layout, account, mean, np.where(near, account.assiette + seen, mean))
        todays = build_pairs(world, lots, barred)
        supply = np.bincount(lot_of, minlength=len(lots)).astype(np.float64)
        giving = joined(
            [
                today_columns(world, layout, todays, supply),
                far_columns(world, layout, pairs, expected, near),
                near_columns(world, layout, pairs, drawn, near),
            ]
        )
        plan = build_plan(
            world,
            layout,
            standing,
            giving,
            (len(todays.holder), len(lots)),
            self._weights(),
            self._taste(situation, todays),
        )
        return Sketch(plan, lot_of, todays, account, coming, near, scenarios)

    def _known(self, coming: Outlook) -> Pairs:
        """Return the pairs of the forecast's classes; they change seldom, if ever, in a period."""
        classes = Classes(coming.commune, coming.typologie, coming.financement, coming.qpv)
        if self._pairs is None or not _same(self._pairs.classes, classes):
            self._pairs = build_pairs(self.world, classes)
        return self._pairs

    def _near(
        self, pairs: Pairs, expected: Floats, todays: NDArray[np.integer], account: Accounts
    ) -> tuple[NDArray[np.bool_], int]:
        """Choose the communes seen in scenarios, and how many: all where they fit, else today's and scarce ones."""
        settings, communes = self.settings, len(self.frame.instance.territoires)
        # A class stands in a scenario with probability 1 − exp(−expected), and has a column a réservataire.
        columns = -np.expm1(-expected) * np.diff(pairs.first)
        by_commune = np.bincount(pairs.classes.commune, columns, communes)
        room = settings.columns / max(1.0, by_commune.sum())
        if room >= settings.scenarios:
            return np.ones(communes, dtype=bool), int(min(settings.most, room))
        near = np.zeros(communes, dtype=bool)
        near[todays] = True
        for footprint in self._scarce(pairs, expected, account):
            wider = near | footprint
            if by_commune[wider].sum() * settings.scenarios <= settings.columns:
                near = wider
        room = settings.columns / max(1.0, by_commune[near].sum())
        return near, int(np.clip(room, settings.fewest, settings.scenarios))

    def _scarce(self, pairs: Pairs, expected: Floats, account: Accounts) -> list[NDArray[np.bool_]]:
        """Return where small réservataires may still be served by few dwellings, the fewest first."""
        promises, world = self.frame.promises, self.world
        communes = len(self.frame.instance.territoires)
        coming = np.bincount(pairs.classes.commune, expected, communes)
        cibles, exists = promises.cibles(account.assiette + coming)
        cells = np.arange(len(promises))[promises.petits]
        owed = exists[cells] & (cibles[cells] > account.counted[cells])
        left = world.footprint[cells] @ coming
        scarce = np.flatnonzero(owed & (left < self.settings.scarce))
        return [world.footprint[cell] for cell in cells[scarce[np.argsort(left[scarce], kind="stable")]]]

    def _weights(self) -> Floats:
        """Return the weight of each tier: its resolution over the next, in a unit of its own."""
        tiers = self.frame.model.tiers
        steps = max(1, len(tiers) - 1)
        resolution = min(self.settings.resolution, LARGEST ** (1.0 / steps))
        units = [max(goal.poids * max(goal.manque, goal.exces) for goal in tier.goals) for tier in tiers]
        return np.array(
            [
                resolution ** (len(tiers) - 1 - rank) / (unit if unit > 0 else 1.0)
                for rank, unit in enumerate(units)
            ]
        )

    def _taste(self, situation: Situation, todays: Pairs) -> Floats:
        """Return the tie-break: of two choices as good, the réservataire further behind its pro-rata."""
        morning = Morning(self._quotas, situation)
        for commune in situation.today.commune[~situation.again].tolist():
            morning.release(commune)
        taste = np.zeros(len(todays.holder))
        for pair, holder in enumerate(todays.holder.tolist()):
            cells = self._quotas.cells[todays.classes.commune[todays.of_class[pair]]]
            own = cells[self._quotas.reservataire[cells] == holder]
            taste[pair] = -morning.lags(own).max(initial=-np.inf) if len(own) else 0.0
        return self.settings.taste * taste


def _lots(situation: Situation) -> tuple[Classes, Rows, NDArray[np.bool_] | None]:
    """Gather today's dwellings that nothing tells apart; return their lots, the lot of each, and who is barred."""
    today = situation.today
    traits = np.stack([today.commune, today.typologie, today.financement, today.qpv], axis=1).astype(np.int64)
    if situation.barred is not None:
        traits = np.concatenate([traits, situation.barred], axis=1)
    unique, first, lot = np.unique(traits, axis=0, return_index=True, return_inverse=True)
    commune, typologie, financement, qpv = unique[:, :4].T
    barred = None if situation.barred is None else situation.barred[first]
    return Classes(commune, typologie, financement, qpv), lot.ravel(), barred


def _trimmed(coming: Outlook, negligible: float) -> Floats:
    """Return the expected dwellings of each class, negligible ones handed to the others of their commune."""
    expected = coming.expected
    communes = int(coming.commune.max(initial=-1)) + 1
    kept = np.where(expected >= negligible, expected, 0.0)
    whole = np.bincount(coming.commune, expected, communes)
    left = np.bincount(coming.commune, kept, communes)
    scale = np.divide(whole, left, out=np.ones(communes), where=left > 0)
    # A commune of which every class is negligible keeps them all: it is small, not empty.
    return np.where((left > 0)[coming.commune], kept * scale[coming.commune], expected)


def _same(one: Classes, other: Classes) -> bool:
    return len(one) == len(other) and all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("commune", "typologie", "financement", "qpv")
    )
