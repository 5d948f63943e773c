"""Nobody waits: what a daily rule may not give any more, and whom it must serve, whatever it would rather do.

A model's ``ecart_max`` bounds how far a réservataire may be ahead of its pro-rata or behind it, at any moment. What
is ahead is held by what may be given. What is behind is held by deadlines, as in R. Tijdeman, "The chairman
assignment problem", Discrete Mathematics 32 (1980): each dwelling that a cell needs to stay within the bound is due
before a certain libération of its territory. An alarm rings where, of the next libérations of a territory, more are
due than there will be (J. R. Jackson's condition for jobs with due dates, 1955): who is due by then goes first.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.flux.promises import SLACK
from allocator.policies.accounts import Accounts
from allocator.policies.lookahead.pairs import Pairs, ranges
from allocator.policies.lookahead.world import World
from allocator.policies.situation import Situation

Rows = NDArray[np.intp]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

AHEAD: Final = 500
"""How many libérations of a territory ahead deadlines are looked at."""

NOW: Final = 5.0
"""Price of a dwelling overdue tonight; all that is due later in the territories of a cell weighs less."""


@dataclass(frozen=True, slots=True, eq=False)
class Alarms:
    """Dwellings due too soon, one entry an alarm.

    At most ``capacity`` of those that alarm ``a`` is about may be left to do after today; each one more costs its
    ``price``. Alarm ``alarm[e]`` is about ``need[e]`` dwellings due to the cell in row ``row[e]`` of the world.
    """

    capacity: Floats
    price: Floats
    alarm: Rows
    row: Rows
    need: Floats

    def relief(self, rows: int) -> Floats:
        """Return what one dwelling to each row of the world is worth in alarms relieved."""
        return np.bincount(self.row, self.price[self.alarm], rows).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Guard:
    """The bound of a model, over the rows of a world; nothing is guarded where the model has none.

    ``cells`` are the rows guarded: the contractuel cells given by a part without report, those of the ``prefix`` of
    the file contract (section 5). ``rate`` is the part of each, ``footprint`` its territory (cells × communes),
    ``closing`` which soldes bound all that it can receive (cells × soldes). ``places`` are these territories, each
    once; cell ``member[e]`` lies within territory ``within[e]``. ``past`` counts the historique by commune.
    """

    world: World
    ecart_max: float
    cells: Rows
    rate: Floats
    footprint: Mask
    closing: Mask
    places: Mask
    member: Rows
    within: Rows
    past: Floats

    def room(self, assiette: Floats, counted: Floats) -> Floats:
        """Return how many dwellings more each row of the world may count, a whole number or infinite.

        ``assiette`` has one entry a commune, ``counted`` one a row of the world.
        """
        world = self.world
        room = np.full(len(world.scopes), np.inf)
        room[world.cells :] = self._rights(counted)
        ahead = self.ecart_max + self._lag(assiette, counted)
        room[self.cells] = np.maximum(0.0, np.floor(ahead + SLACK))
        return room

    def alarms(self, assiette: Floats, counted: Floats, today: NDArray[np.integer]) -> Alarms:
        """Return what is due too soon, if nothing of today is given, in territories that hold a commune of today."""
        lag = self._lag(assiette, counted)
        left = np.where(self.closing, self._rights(counted), np.inf).min(axis=1, initial=np.inf)
        beyond = lag - self.ecart_max
        concerned = self.footprint[:, today].any(axis=1)
        tonight = np.flatnonzero(concerned & (beyond > SLACK) & (left >= 1))
        due = np.minimum(np.ceil(beyond[tonight] - SLACK), left[tonight])
        later = self._later(assiette, beyond, left, today)
        return Alarms(
            np.concatenate([np.zeros(len(tonight)), later.capacity]),
            np.concatenate([NOW + np.minimum(1.0, beyond[tonight]), later.price]),
            np.concatenate([np.arange(len(tonight)), len(tonight) + later.alarm]),
            np.concatenate([self.cells[tonight], later.row]),
            np.concatenate([due, later.need]),
        )

    def _later(self, assiette: Floats, beyond: Floats, left: Floats, today: NDArray[np.integer]) -> Alarms:
        """Return what is due within the next libérations of each territory.

        An alarm is kept where more are late than by any earlier libération: to answer those is to answer all. Those
        of a territory share a price of one.
        """
        places = np.flatnonzero(self.places[:, today].any(axis=1))
        entry = np.flatnonzero(np.isin(self.within, places))
        member, within = self.member[entry], np.searchsorted(places, self.within[entry])
        share, rate = self._pace(assiette, member, self.within[entry])
        of, due = _deadlines(share, rate, beyond[member], left[member])
        table = np.zeros((len(places), AHEAD + 1))
        np.add.at(table, (within[of], due), 1.0)
        late = np.cumsum(table, axis=1) - np.arange(AHEAD + 1)
        before = np.maximum.accumulate(np.pad(late, ((0, 0), (1, 0)))[:, :-1], axis=1)
        place, ahead = np.nonzero(late > before)
        alarm, job = np.nonzero((within[of] == place[:, None]) & (due <= ahead[:, None]))
        names, need = np.unique(alarm * len(entry) + of[job], return_counts=True)
        alarm, at = np.divmod(names, max(1, len(entry)))
        price = 1.0 / np.bincount(place)[place]
        return Alarms(ahead.astype(float), price, alarm, self.cells[member[at]], need.astype(float))

    def _pace(self, assiette: Floats, member: Rows, within: Rows) -> tuple[Floats, Floats]:
        """Return how many of a territory's libérations are in the cell's own, and the rate at which its due grows.

        Where more is promised than there is, the rate is as if all promises were cut alike: no order of service
        keeps those.
        """
        flow = self.past + assiette
        whole = (self.places @ flow)[within]
        own = (self.footprint @ flow)[member]
        share = np.divide(own, whole, out=np.zeros(len(member)), where=whole > 0)
        promised = np.bincount(within, self.rate[member] * share, len(self.places))
        return share, self.rate[member] / np.maximum(1.0, promised)[within]

    def _lag(self, assiette: Floats, counted: Floats) -> Floats:
        lag: Floats = self.rate * (self.footprint @ assiette) - counted[self.cells]
        return lag

    def _rights(self, counted: Floats) -> Floats:
        """Return the whole dwellings that each solde leaves."""
        rights = self.world.solde - counted[self.world.cells :]
        return np.maximum(0.0, np.floor(rights + SLACK))


def build_guard(world: World) -> Guard:
    """Return the guard of a frame's model."""
    frame, bound = world.frame, world.frame.model.ecart_max
    promises, conventions, past = frame.promises, frame.instance.conventions, frame.instance.historique
    row = promises.row[promises.contractuels]
    simple = np.isfinite(conventions.part[row]) & (conventions.report[row] == 0.0)
    cells = np.flatnonzero(simple & (bound is not None))
    footprint, soldes = world.footprint[cells], world.footprint[world.cells :]
    own = world.scopes.reservataire[cells, None] == world.scopes.reservataire[None, world.cells :]
    places = np.unique(footprint, axis=0)
    member, within = np.nonzero(_inside(footprint, places))
    communes = len(frame.instance.territoires)
    seen = np.zeros(communes) if past is None else np.bincount(past.commune[past.en_flux], minlength=communes)
    return Guard(
        world,
        np.inf if bound is None else bound,
        cells,
        promises.rate[cells],
        footprint,
        own & _inside(footprint, soldes),
        places,
        member,
        within,
        seen.astype(np.float64),
    )


def _deadlines(share: Floats, rate: Floats, beyond: Floats, left: Floats) -> tuple[Rows, Rows]:
    """Return the dwellings due to some cells soon: the cell of each, and by which libération of a territory.

    A cell passes the bound at a libération of its own territory, which can serve it just as well; of the other
    territory ``share`` of them are, on average. What is overdue has to wait for its own territory's next ones.
    """
    number = np.minimum(left, np.floor(AHEAD * share + SLACK))
    number = np.minimum(number, np.ceil(beyond + AHEAD * share * rate - SLACK))
    number = np.where(rate > 0, np.maximum(0.0, number), 0.0).astype(np.intp)
    rank, of = ranges(np.zeros(len(share), dtype=np.intp), number)
    own = np.floor((rank - beyond[of]) / rate[of] + SLACK)
    due = np.where(own < 0, np.ceil((rank + 1) / share[of] - SLACK), np.floor(own / share[of] + SLACK) + 1)
    return of, np.minimum(AHEAD, due).astype(np.intp)


def _inside(inner: Mask, outer: Mask) -> Mask:
    """Tell which sets of communes lie within which others: inner × outer."""
    missed = inner.astype(np.int64) @ ~outer.T
    inside: Mask = missed == 0
    return inside


class Watch:
    """A guard through one day, for rules that take its dwellings one by one.

    ``assiette`` counts the flux libérations of each commune so far, up to the dwelling that was asked for last.
    """

    def __init__(self, guard: Guard, situation: Situation, account: Accounts) -> None:
        self._guard, self._situation = guard, situation
        self.assiette = account.assiette.astype(np.float64)
        np.subtract.at(self.assiette, situation.today.commune[~situation.again], 1.0)

    def choices(self, pairs: Pairs, entry: int, counted: Floats) -> tuple[Rows, bool]:
        """Return the pairs of a dwelling that a rule may choose among, and whether it must choose one.

        The dwellings of a day are asked for in turn, each with what the rows of the world count by then.
        """
        commune = self._situation.today.commune[entry : entry + 1]
        if not self._situation.again[entry]:
            self.assiette[commune] += 1.0
        pair = np.arange(pairs.first[entry], pairs.first[entry + 1])
        first, last = pairs.start[pairs.first[entry]], pairs.start[pairs.first[entry + 1]]
        row, of_pair = pairs.row[first:last], np.repeat(np.arange(len(pair)), np.diff(pairs.start)[pair])
        full = self._guard.room(self.assiette, counted)[row] < 1.0
        may = np.bincount(of_pair[full], minlength=len(pair)) == 0
        if not len(self._guard.cells):
            return pair[may], False
        relief = self._guard.alarms(self.assiette, counted, commune).relief(len(counted))
        gain = np.where(may, np.bincount(of_pair, relief[row], len(pair)), 0.0)
        most = gain.max(initial=0.0)
        return (pair[gain >= most - SLACK], True) if most > SLACK else (pair[may], False)
