"""From a morning's situation to its plan: what is near, how many scenarios, which lots."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.forecast import Outlook, learn, outlook
from allocator.forecast.chance import strata
from allocator.policies.accounts import Accounts, accounts
from allocator.policies.guard import build_guard
from allocator.policies.lookahead.columns import (
    TRAITS,
    far_columns,
    joined,
    near_columns,
    today_columns,
)
from allocator.policies.lookahead.day_rows import guarded, resolution
from allocator.policies.lookahead.pairs import Classes, Pairs, build_pairs
from allocator.policies.lookahead.plan import Plan, Terms, build_plan
from allocator.policies.lookahead.rows import lay_out, stand
from allocator.policies.lookahead.settings import DEFAULTS, LookaheadSettings
from allocator.policies.lookahead.weights import tier_weights
from allocator.policies.lookahead.world import build_world
from allocator.policies.prix import DEFAULTS as PRICES
from allocator.policies.prix import Prices
from allocator.policies.situation import Frame, Situation, take

Rows = NDArray[np.intp]
Floats = NDArray[np.float64]


THINNING: Final = 17
"""What the uniforms that thin rare classes are for, apart from those of the forecast."""


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
        self.guard = build_guard(self.world)
        self._resolution = resolution(self.guard, settings.resolution)
        self._prior = learn(frame.instance)
        self._pairs: Pairs | None = None

    def sketch(self, situation: Situation) -> Sketch:
        """Return the plan of a morning."""
        frame, world = self.frame, self.world
        account = accounts(frame, situation)
        new = take(situation.today, np.flatnonzero(~situation.again))
        coming = outlook(self._prior, situation.past, situation.date, new)
        pairs = self._known(coming)
        lots, lot_of, barred = _lots(situation)
        near, scenarios = self._near(pairs, coming.expected, lots.commune, account)
        expected = self._thinned(
            pairs.classes,
            np.where(near[coming.commune], 0.0, coming.expected),
            max(self.settings.least, coming.volume / self.settings.finest),
        )
        drawn = (coming.draw(scenarios, frame.seed) * near[coming.commune]).astype(np.float64)
        mean = (account.assiette + np.bincount(coming.commune, coming.expected, len(near))).astype(np.float64)
        seen = np.stack([np.bincount(coming.commune, row, len(near)) for row in drawn]).astype(np.float64)
        layout = lay_out(world, near, scenarios)
        ends: Floats = np.where(near, account.assiette + seen, mean)
        standing = stand(world, layout, account, mean, ends)
        todays = build_pairs(world, lots, barred)
        supply = np.bincount(lot_of, minlength=len(lots)).astype(np.float64)
        giving = joined(
            [
                today_columns(world, layout, todays, supply),
                far_columns(world, layout, pairs, expected, near),
                near_columns(world, layout, pairs, drawn, near),
            ]
        )
        weights = tier_weights(frame.model, self._resolution)
        plan = build_plan(
            Terms(world, layout, standing, weights), giving, self._taste(situation, todays), len(lots)
        )
        if len(self.guard.cells):
            price = self._resolution ** len(frame.model.tiers)
            plan = guarded(plan, self.guard, account, todays, price)
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

    def _thinned(self, classes: Classes, expected: Floats, least: float) -> Floats:
        """Return the expected dwellings of fewer classes: a rare one of a group stands for several, or for none.

        Which ones is drawn once for the period; each mix of traits of which anything is kept keeps its total.
        """
        traits = classes.attributes()
        named, lot = np.unique(self.world.group[classes.commune] * TRAITS + traits, return_inverse=True)
        whole = np.bincount(lot, expected, len(named))
        chance = strata(1, named, self.frame.seed, THINNING)[0]
        stands = np.where(
            whole >= least, 1.0, np.where(chance * least < whole, least, 0.0) / np.maximum(whole, 1e-12)
        )
        kept = expected * stands[lot]
        total, left = (np.bincount(traits, part, TRAITS) for part in (expected, kept))
        return kept * np.divide(total, left, out=np.zeros(TRAITS), where=left > 0)[traits]

    def _taste(self, situation: Situation, todays: Pairs) -> Floats:
        """Return the tie-break: of two choices as good, the one of lower price (:mod:`allocator.policies.prix`).

        Where prices are equal too, the first in the file.
        """
        prices = Prices(self.world, situation, tier_weights(self.frame.model, PRICES.resolution))
        price = prices.of(todays, 0, len(todays.holder))
        # A spent solde has no price that a program could bear: its row forbids more.
        price = np.where(np.isfinite(price), price, 0.0)
        return self.settings.taste * price + self.settings.place * todays.holder


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


def _same(one: Classes, other: Classes) -> bool:
    return len(one) == len(other) and all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("commune", "typologie", "financement", "qpv")
    )
