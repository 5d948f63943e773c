"""An exported journal read in plain Python: what each dwelling lived, and what partners had agreed, on a day.

Nothing here is shared with the program: the lines of the export are all that is looked at.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pandas as pd

Record = dict[str, Any]

ENDS = {
    "decline": "decline",
    "echeance": "sans_candidat",
    "refus": "refus",
    "rendu": "rendu",
    "retrait": "retrait",
    "bail": "bail",
}
"""How a turn ends, by nature of event, unless its contents say it closer."""

AXES = ("typologie", "financement", "qpv", "commune", "construction")
"""What the bilan of R.441-5-1 tells of a dwelling, beside the réservataire."""


TURN = (
    "liberation",
    "tour",
    "reservataire",
    "oriente",
    "issue",
    "fin",
    "envoye",
    "delai",
    "recu",
    "attribue",
)


def day_of(text: str) -> date:
    return date.fromisoformat(text)


def read_events(raw: Sequence[Record]) -> list[Record]:
    """Return the events of an export as they stand once corrected, in their order."""
    corrections: defaultdict[int, list[Record]] = defaultdict(list)
    for event in raw:
        if event["nature"] == "correction":
            corrections[event["contenu"]["de"]].append(event)
    undone = corrections.keys() & {event["rang"] for event in raw if event["nature"] == "correction"}
    return [
        found
        for event in raw
        if event["nature"] != "correction"
        for found in _standing(event, [c for c in corrections[event["rang"]] if c["rang"] not in undone])
    ]


def _standing(event: Record, corrections: Iterable[Record]) -> list[Record]:
    for said in (correction["contenu"] for correction in list(corrections)[-1:]):
        if said.get("annule"):
            return []
        event = {**event, "contenu": said["contenu"], "effet": said.get("effet", event["effet"])}
    return [event]


class State:
    """The journal at the end of a day: dwellings and turns as tables, and the acts of partners.

    ``dwellings`` has one row a libération (index: its identifier): ``date``, the axes of the bilan, ``statut``, and
    ``retire``, the day on which it was withdrawn, if it was. ``turns`` has one row a turn: ``liberation``, ``tour``,
    ``reservataire`` (``None``: the bailleur), ``oriente``, ``issue`` and ``fin`` (``None``: none yet), ``envoye``,
    ``recu`` (the day of the first candidates) and ``attribue``.
    """

    def __init__(self, events: Iterable[Record], jour: date) -> None:
        self.jour = jour
        dwellings: dict[str, Record] = {}
        self._turns: list[Record] = []
        self._last: dict[str, Record] = {}
        self.acts: list[Record] = []
        for event in events:
            nature, objet = event["nature"], event["objet"]
            if nature != "ouverture" and day_of(event["effet"]) > jour:
                continue
            if nature == "liberation":
                free = {"date": day_of(event["contenu"]["date"]), "statut": "flux", "retire": None}
                dwellings[objet] = {axis: event["contenu"].get(axis) for axis in AXES} | free
            elif objet in dwellings:
                self._live(dwellings[objet], event)
            else:
                self.acts.append(event)
        self.dwellings = pd.DataFrame.from_dict(dwellings, orient="index")
        columns = [
            "liberation",
            "tour",
            "reservataire",
            "oriente",
            "issue",
            "fin",
            "envoye",
            "delai",
            "recu",
            "attribue",
        ]
        turns = pd.DataFrame(self._turns, columns=columns, dtype=object)
        order = {name: number for number, name in enumerate(dwellings)}
        turns["ordre"] = turns.liberation.map(order)
        turns = turns.sort_values(["ordre", "tour"]).reset_index(drop=True)
        self.turns = turns.join(self.dwellings.drop(columns="date"), on="liberation")

    def _live(self, dwelling: Record, event: Record) -> None:
        nature, said, day = event["nature"], event["contenu"], day_of(event["effet"])
        turn = self._last.get(event["objet"])
        if nature == "statut":
            dwelling["statut"] = said["statut"]
        if nature == "retrait":
            dwelling["retire"] = day
        if nature == "orientation":
            opened = {"liberation": event["objet"], "tour": said["tour"], "oriente": day, "fin": None}
            self._turns.append(opened | {"reservataire": said["reservataire"], "issue": None})
            self._last[event["objet"]] = self._turns[-1]
        elif turn is not None and nature == "envoi":
            turn |= {"envoye": day, "delai": said.get("delai")}
        elif turn is not None and nature in {"candidats", "caleol", "attribution"}:
            turn.setdefault("recu", day)
            turn |= {"attribue": day} if nature == "attribution" else {}
        elif turn is not None and nature in ENDS:
            turn |= {"issue": said.get("issue") or ENDS[nature], "fin": day}
            del self._last[event["objet"]]

    @property
    def counted(self) -> pd.DataFrame:
        """The turns that count for somebody: in the flux, and not with the bailleur."""
        return self.turns[(self.turns.statut == "flux") & self.turns.reservataire.notna()]
