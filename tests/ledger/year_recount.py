"""The accounts of a year counted again in plain pandas, from the sentences that define them and an exported journal.

Nothing here is shared with the program. What an outcome counts for is in the journal's rules; what is assumed of
outcomes before any were seen is data, read from the file that ships it.
"""

import json
import tomllib
from collections import defaultdict
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from tests.ledger.year_events import Record, State
from tests.ledger.year_pacts import Pacts
from tests.pages import ROOT

ASSUMED = ROOT / "allocator" / "ledger" / "accounts" / "taux.toml"
COUNTS = {"entier": 1.0, "demi": 0.5, "non": 0.0}
WHOLE = {"compte": "entier", "compensation": False}
FIGURES = (
    "propositions",
    "attributions",
    "en_cours",
    "compensations",
    "points_propositions",
    "rendus",
    "points_attributions",
    "retenus",
    "points",
    "logements",
)
"""What is counted of turns, by name of column."""


class Recount:
    """The accounts at the end of a day of the year that begins on ``debut``, everything by name.

    ``mode`` is what is counted in place of what was agreed. ``turns`` are those that count, each with its promise
    (``cle``), who it is debited to (``debite``), its rule, and its own figures.
    """

    def __init__(self, events: list[Record], debut: date, jour: date, mode: str = "") -> None:
        self.debut, self.jour = debut, jour
        self.days = (debut.replace(year=debut.year + 1) - debut).days
        self.state = State(events, jour)
        self.pacts = Pacts(self.state.acts, debut)
        turns = self.state.counted.copy()
        turns["cle"] = [self.pacts.key(*pair) for pair in zip(turns.reservataire, turns.commune, strict=True)]
        turns["debite"] = [
            self.pacts.serves(cle, max(day, debut)) or holder
            for cle, day, holder in zip(turns.cle, turns.oriente, turns.reservataire, strict=True)
        ]
        turns["regle"] = [
            in_mode(self.pacts.rule(cle, day), mode)
            for cle, day in zip(turns.cle, turns.oriente, strict=True)
        ]
        self.turns = turns
        self.shares = self._shares()
        for name, column in self._figures().items():
            turns[name] = column

    def _shares(self) -> dict[str, float]:
        """Return the share of each outcome: what was seen of turns that are old enough, and what was assumed."""
        assumed = tomllib.loads(ASSUMED.read_text(encoding="utf-8"))
        taux = {"bail": 1.0 - sum(assumed["taux"].values())} | assumed["taux"]
        old = self.turns[[day <= self.jour - timedelta(assumed["recul"]) for day in self.turns.oriente]]
        seen = old.issue.value_counts()
        names = {*taux, *seen.index}
        whole = seen.sum() + assumed["force"]
        return {k: (seen.get(k, 0) + assumed["force"] * taux.get(k, 0.0)) / whole for k in names}

    def _figures(self) -> dict[str, list[float]]:
        """Return the figures of each turn: what they are now less what they were on the eve of the year."""
        eve = self.debut - timedelta(1)
        rows = [
            {name: now[name] - before[name] for name in now} | {"en_cours": now["en_cours"]}
            for turn in self.turns.itertuples()
            for now, before in [(self._at(turn, self.jour), self._at(turn, eve))]
        ]
        figures = pd.DataFrame(rows, index=self.turns.index, dtype=float)
        figures["logements"] = self._dwellings(eve)
        return {name: figures[name].tolist() for name in figures}

    def _at(self, turn: Any, day: date) -> dict[str, float]:
        made = turn.oriente <= day
        ended = made and turn.fin is not None and turn.fin <= day
        proposal, lease = self.points(turn.regle, turn.commune)
        counts, back = self.effect(turn.regle, turn.issue) if ended else (1.0, False)
        signed = ended and turn.issue == "bail"
        return {
            "propositions": float(made),
            "attributions": float(signed),
            "en_cours": float(made and not ended),
            "compensations": float(ended and back),
            "points_propositions": made * proposal * counts,
            "rendus": made * proposal * counts * back,
            "points_attributions": signed * lease,
        }

    def points(self, rule: Record, commune: str) -> tuple[float, float]:
        """Return the points of a proposition and of a lease in a commune, 0 for what the mode does not count."""
        comptage = rule["comptage"]
        place = self.pacts.places[commune]
        entries = comptage.get("tension", [])
        above = [e for e in entries if (place["tension"] or 0) > e.get("au_dessus", float("inf"))]
        zoned = [e for e in entries if e.get("zone") == place["zone"]]
        told = max(above, key=lambda e: e["au_dessus"]) if above else (zoned or [comptage])[0]
        mode = comptage["mode"]
        return told["proposition"] * (mode != "attributions"), told["attribution"] * (mode != "propositions")

    @staticmethod
    def effect(rule: Record, issue: str) -> tuple[float, bool]:
        """Return the share of a proposition that an outcome leaves, and whether it is given back."""
        said = WHOLE if issue == "bail" else rule["issues"][issue]
        return COUNTS[said["compte"]], said["compensation"]

    def expected(self, rule: Record, commune: str) -> float:
        """Return the points that one pre-orientation is expected to bring."""
        proposal, lease = self.points(rule, commune)
        effects = ((share, *self.effect(rule, issue)) for issue, share in self.shares.items())
        left = proposal * sum(share * counts for share, counts, back in effects if not back)
        signed = lease * self.shares["bail"]
        return signed + (min(left, signed) if capped(rule) else left)

    def _dwellings(self, eve: date) -> "pd.Series[float]":
        """Return the dwellings that each turn stands for: one while it runs, then its points over those expected."""
        found = pd.Series(0.0, self.turns.index)
        accounts: defaultdict[Any, list[float]] = defaultdict(lambda: [0.0, 0.0])
        ended = self.turns[[fin is not None and self.debut <= fin for fin in self.turns.fin]]
        for row, turn in ended.sort_values("fin", kind="stable").iterrows():
            proposal, lease = self.points(turn.regle, turn.commune)
            counts, back = self.effect(turn.regle, turn.issue)
            left, gained = proposal * counts * (not back), lease * (turn.issue == "bail")
            if capped(turn.regle):
                # propositions count up to leases, summed so far in one account under one rule
                account = accounts[turn.debite, turn.cle, name_of(turn.regle)]
                before = min(account)
                account[0] += left
                account[1] += gained
                left = min(account) - before
            whole = self.expected(turn.regle, turn.commune)
            found[row] = (left + gained) / whole if whole > 0 else 1.0
        running = self.turns.fin.isna()
        found[running] = 1.0
        ends = zip(self.turns.oriente, self.turns.fin, strict=True)
        pending = [day <= eve and (fin is None or fin > eve) for day, fin in ends]
        return found - pd.Series(pending, self.turns.index, dtype=float)

    def sums(self, turns: pd.DataFrame) -> dict[str, float]:
        """Return the account of some turns, capped within each promise and rule."""
        found = {name: float(turns[name].sum()) for name in FIGURES if name in turns}
        found["retenus"] = sum(
            max(0.0, float((some.points_propositions - some.rendus - some.points_attributions).sum()))
            for _, some in turns.groupby(["cle", turns.regle.map(name_of)])
            if capped(some.regle.iloc[0])
        )
        found["points"] = found["points_propositions"] - found["rendus"] - found["retenus"]
        found["points"] += found["points_attributions"]
        return found

    @cached_property
    def assiette(self) -> pd.DataFrame:
        """What came free in the year, by the day looked at: the dwellings of the flux that were not withdrawn."""
        free = self.state.dwellings
        return free[
            (free.statut == "flux")
            & free.retire.isna()
            & (free.date >= self.debut)
            & (free.date <= self.jour)
        ]


def capped(rule: Record) -> bool:
    """Tell whether propositions count up to attributions only."""
    return bool(rule["comptage"]["cumul"]) and rule["comptage"]["mode"] == "mixte"


def in_mode(rule: Record, mode: str) -> Record:
    """Return a rule as it is in another mode, if one is given."""
    return {**rule, "comptage": {**rule["comptage"], "mode": mode}} if mode else rule


def name_of(rule: Record) -> str:
    """Return what tells a rule from another."""
    return json.dumps(rule, sort_keys=True)
