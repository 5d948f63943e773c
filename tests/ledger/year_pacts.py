"""What partners had agreed, by name: who is promised what where, who is served, and by which rule it counts."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from tests.ledger.year_events import Record, day_of

Key = tuple[str, str]
OUTSIDE: Key = ("", "")
"""Where a turn counts that no convention covers."""

SHIPPED: Record = {
    "comptage": {"mode": "propositions", "cumul": False, "proposition": 1.0, "attribution": 1.0}
}
"""How turns count before any rule."""


class Pacts:
    """The conventions, rules and opening balances of a year, from the acts known on a day.

    ``keys`` are the promises (réservataire, territory) with the convention that each belongs to.
    """

    def __init__(self, acts: Sequence[Record], debut: date) -> None:
        opening = [act["contenu"] for act in acts if act["nature"] == "ouverture" and _holds(act, debut)][-1]
        self.debut, self.fin = debut, day_of(opening["fin"])
        self.places: dict[str, Record] = {place["commune"]: place for place in opening["territoires"]}
        self.families = {holder["id"]: holder["famille"] for holder in opening["reservataires"]}
        self.wishes: list[Record] = opening["indicatifs"]
        self._versions = _versions(acts)
        self.keys: dict[Key, str] = {
            (version["reservataire"], ligne["territoire"]): objet
            for objet, versions in self._versions.items()
            for version in versions.values()
            for ligne in version["lignes"]
        }
        closings = [
            a["contenu"] for a in acts if a["nature"] == "cloture" and a["contenu"]["annee"] == debut.year - 1
        ]
        lignes = closings[-1]["lignes"] if closings else []
        self.reports = {(ligne["reservataire"], ligne["territoire"]): ligne["report"] for ligne in lignes}
        self._dated = self._rules(acts)
        self.serves, self.version, self.inside = map(cache, (self._serves, self._version, self._inside))

    def _inside(self, territoire: str) -> list[str]:
        """Return the communes of a territory."""
        scale, _, code = territoire.partition(":")
        return [name for name, place in self.places.items() if place[scale] == code]

    def key(self, holder: str, commune: str) -> Key:
        """Return the promise by which a réservataire receives in a commune."""
        found = [key for key in self.keys if key[0] == holder and commune in self.inside(key[1])]
        return found[-1] if found else OUTSIDE

    def _version(self, key: Key, day: date) -> Record | None:
        """Return the version in force: the last one signed, or where none ever was the last one negotiated."""
        begun = [
            v for day_, v in sorted(self._versions.get(self.keys.get(key, ""), {}).items()) if day_ <= day
        ]
        return ([v for v in begun if _signed(v, day)] or begun or [None])[-1]

    def promise(self, key: Key, day: date) -> Record:
        """Return what a promise is worth on a day: ``part`` in percent, or ``volume`` in dwellings a year."""
        version = self.version(key, day)
        return next((one for one in (version or {"lignes": []})["lignes"] if one["territoire"] == key[1]), {})

    def level(self, key: Key) -> str:
        """Return at which level a promise holds; without a word, the État's is by commune."""
        usual = "commune" if self.families[key[0]] == "etat" else "territoire"
        return str(self.promise(key, self.fin).get("niveau") or usual)

    def _serves(self, key: Key, day: date) -> str:
        version = self.version(key, day)
        if version is None:
            return ""
        late = not _signed(version, day) and "limite" in version and day > day_of(version["limite"])
        return "etat" if late else key[0]

    def tenant(self, key: Key, day: date) -> str:
        """Return who a promise serves on a day, or served last in the year."""
        served = [self.serves(key, each) for each in days(self.debut, day)]
        return ([name for name in served if name] or [key[0]])[-1]

    def _rules(self, acts: Sequence[Record]) -> dict[str, dict[date, Record]]:
        found: defaultdict[str, dict[date, Record]] = defaultdict(dict)
        general: dict[str, Any] = {}
        for act in acts:
            if act["nature"] == "regle":
                general = general or act["contenu"]
                # what a rule does not say is as it was at first
                said = {"comptage": general["comptage"], "issues": general["issues"]} | act["contenu"]
                said["comptage"] = SHIPPED["comptage"] | said["comptage"]
                found[act["objet"]][day_of(act["effet"])] = said
        return found

    def rule(self, key: Key, day: date) -> Record:
        """Return the rule of the day: the convention's own from its first one on, else the one for all."""
        for objet in (self.keys.get(key, ""), ""):
            begun = [day_ for day_ in self._dated.get(objet, {}) if day_ <= day]
            if begun:
                return self._dated[objet][max(begun)]
        return min(self._dated[""].items())[1]


def days(first: date, last: date) -> list[date]:
    """Return the days of a period, both ends included."""
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def _holds(act: Record, day: date) -> bool:
    return day_of(act["contenu"]["debut"]) <= day <= day_of(act["contenu"]["fin"])


def _signed(version: Record, day: date) -> bool:
    return version.get("acte") == "arrete" or ("signature" in version and day_of(version["signature"]) <= day)


def _versions(acts: Sequence[Record]) -> dict[str, dict[date, Record]]:
    """Return the versions of each convention by the day from which they are; a signature signs the last one told."""
    found: defaultdict[str, dict[date, Record]] = defaultdict(dict)
    last: dict[str, date] = {}
    for act in acts:
        if act["nature"] == "convention":
            last[act["objet"]] = day_of(act["effet"])
            found[act["objet"]][last[act["objet"]]] = dict(act["contenu"])
        elif act["nature"] == "signature":
            signed = {"signature": act["effet"]}
            found[act["objet"]][last[act["objet"]]] |= signed
    return found
