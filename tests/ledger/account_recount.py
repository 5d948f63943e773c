"""The accounts recounted in pandas and plain loops, from the definitions: no line is shared with the program."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from allocator.domain import Comptage
from allocator.domain.vocabulary import STATUTS
from allocator.ledger.accounts.issues import ISSUES
from allocator.ledger.accounts.livre import Livre
from allocator.ledger.accounts.regles import Regle
from allocator.ledger.conventions.version import Version

OUTSIDE = ("", "")


def chosen(versions: Sequence[Version], day: date) -> Version | None:
    """Return the version that applies on a day, from the sentences of the law."""
    begun = [v for v in versions if v.effet <= day]
    signed = [v for v in begun if v.acte == "arrete" or (v.signature is not None and v.signature <= day)]
    best = max(signed or begun, key=lambda v: v.effet, default=None)
    return best if best is not None and (best.fin is None or day <= best.fin) else None


class Recount:
    """Everything by name: réservataires, communes, territories."""

    def __init__(self, livre: Livre, versions: Sequence[Version]) -> None:
        self.livre = livre
        instance = livre.exercice.instance
        self.debut, self.fin = instance.debut, instance.fin
        places = instance.territoires
        self.inside = defaultdict(set)
        for commune, epci, departement in zip(places.commune, places.epci, places.departement, strict=True):
            for name in (f"commune:{commune}", f"epci:{epci}", f"departement:{departement}"):
                self.inside[name].add(commune)
        self.zone = dict(zip(places.commune, places.zone, strict=True))
        self.tension = dict(zip(places.commune, places.tension.tolist(), strict=True))
        self.ids, self.familles = instance.reservataires.id, instance.reservataires.famille
        conventions = instance.conventions
        self.keys = [
            (self.ids[r], t) for r, t in zip(conventions.reservataire, conventions.territoire, strict=True)
        ]
        self.report = dict(zip(self.keys, conventions.report.tolist(), strict=True))
        self.versions = defaultdict(list)
        for version in versions:
            self.versions[version.reservataire, version.territoire].append(version)
        free = livre.liberations
        self.free = pd.DataFrame(
            {
                "date": [day.astype(object) for day in free.date],
                "commune": [places.commune[row] for row in free.commune],
                "flux": [STATUTS[statut] == "flux" for statut in free.statut],
                "retire": [None if np.isnat(day) else day.astype(object) for day in livre.retire],  # type: ignore[union-attr]
            }
        )
        tours = livre.tours
        self.tours = pd.DataFrame(
            {
                "liberation": tours.liberation,
                "reservataire": [self.ids[row] if row >= 0 else "" for row in tours.reservataire],
                "oriente": [day.astype(object) for day in tours.oriente],
                "issue": [ISSUES[code] if code >= 0 else "" for code in tours.issue],
                "fin": [None if np.isnat(day) else day.astype(object) for day in tours.fin],
            }
        ).merge(self.free, left_on="liberation", right_index=True)
        self.tours = self.tours[self.tours.flux & (self.tours.reservataire != "")]
        self.tours["cle"] = [
            self._key(*pair) for pair in zip(self.tours.reservataire, self.tours.commune, strict=True)
        ]
        self.tours["sert"] = [
            self.serves(cle, max(day, self.debut)) or holder
            for cle, day, holder in zip(
                self.tours.cle, self.tours.oriente, self.tours.reservataire, strict=True
            )
        ]

    def _key(self, holder: str, commune: str) -> tuple[str, str]:
        return next((k for k in self.keys if k[0] == holder and commune in self.inside[k[1]]), OUTSIDE)

    def serves(self, key: tuple[str, str], day: date) -> str:
        version = chosen(self.versions[key], day)
        if version is None:
            return ""
        bound = version.acte == "arrete" or (version.signature is not None and version.signature <= day)
        if bound or version.limite is None or day <= version.limite:
            return key[0]
        return "etat"

    def tenant(self, key: tuple[str, str], day: date) -> str:
        """Return who a promise serves on a day, or served last in the year."""
        while day >= self.debut:
            served = self.serves(key, day)
            if served:
                return served
            day -= timedelta(1)
        return key[0]

    def regle(self, key: tuple[str, str], day: date) -> Regle:
        name = "/".join(key) if key != OUTSIDE else ""
        for objet in dict.fromkeys((name, "")):
            dated = [r for r in self.livre.regles if r.objet == objet and r.effet <= day]
            if dated:
                return max(dated, key=lambda r: r.effet).regle
        return self.livre.defaut

    def points(self, comptage: Comptage, commune: str) -> tuple[float, float]:
        above = [
            e for e in comptage.tension if e.au_dessus is not None and self.tension[commune] > e.au_dessus
        ]
        zoned = [e for e in comptage.tension if e.zone == self.zone[commune]]
        entry: Any = max(above, key=lambda e: e.au_dessus or 0) if above else (zoned or [comptage])[0]
        return (
            entry.proposition * (comptage.mode != "attributions"),
            entry.attribution * (comptage.mode != "propositions"),
        )

    def parts(self, day: date) -> dict[str, float]:
        """Return the shares of the outcomes, shrunk towards the assumptions."""
        assumed = self.livre.hypotheses
        old = self.tours.oriente.map(lambda d: d <= day - timedelta(assumed.recul))
        seen = self.tours[old & self._ended(day)].issue.value_counts()
        whole = seen.sum() + assumed.force
        prior = dict(zip(ISSUES, assumed.parts, strict=True))
        if not whole:
            return prior
        return {k: (seen.get(k, 0) + assumed.force * prior[k]) / whole for k in ISSUES}

    def _ended(self, day: date) -> "pd.Series[bool]":
        return self.tours.fin.map(lambda d: pd.notna(d) and d <= day).astype(bool)

    def effet(self, regle: Regle, issue: str) -> tuple[float, bool]:
        effet = regle.effets[ISSUES.index(issue)]
        return effet.compte, effet.compensation

    def attendu(self, regle: Regle, commune: str, parts: dict[str, float]) -> float:
        p, a = self.points(regle.comptage, commune)
        left = sum(
            share * compte * (not back)
            for k, share in parts.items()
            for compte, back in [self.effet(regle, k)]
        )
        cumul = regle.comptage.cumul and regle.comptage.mode == "mixte"
        signed = a * parts["bail"]
        return signed + (min(p * left, signed) if cumul else p * left)

    def cumulated(self, day: date) -> pd.DataFrame:
        """Return what each tour had added by the end of a day, since ever, ``cumul`` apart."""
        rows = []
        for tour in self.tours.itertuples():
            regle = self.regle(tour.cle, tour.oriente)
            p, a = self.points(regle.comptage, tour.commune)
            made, ended = tour.oriente <= day, pd.notna(tour.fin) and tour.fin <= day
            compte, back = self.effet(regle, tour.issue) if ended else (1.0, False)
            signed = made and ended and tour.issue == "bail"
            rows.append(
                {
                    "propositions": float(made),
                    "attributions": float(signed),
                    "compensations": float(made and ended and back),
                    "en_cours": float(made and not ended),
                    "points_propositions": made * p * compte,
                    "rendus": made * p * compte * back,
                    "points_attributions": a * signed,
                }
            )
        return pd.DataFrame(rows, index=self.tours.index, dtype=float)

    def added(self, day: date) -> pd.DataFrame:
        """Return what each tour adds in the year, up to the end of a day."""
        now, eve = self.cumulated(day), self.cumulated(self.debut - timedelta(1))
        if now.empty:
            return pd.DataFrame(columns=["logements"], dtype=float)
        added = now - eve
        added["en_cours"] = now["en_cours"]
        added["logements"] = self._logements(day, now, eve)
        return added

    def _logements(self, day: date, now: pd.DataFrame, eve: pd.DataFrame) -> "pd.Series[float]":
        parts = self.parts(day)
        found = now.en_cours.where(eve.en_cours == 0, 0.0)
        ended = self.tours[(now.en_cours == 0) & (now.propositions == 1)]
        ended = ended[ended.fin.map(lambda d: d >= self.debut)]
        running: dict[Any, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for row, tour in sorted(ended.iterrows(), key=lambda item: (item[1].fin, item[0])):
            regle = self.regle(tour.cle, tour.oriente)
            p, a = self.points(regle.comptage, tour.commune)
            compte, back = self.effet(regle, tour.issue)
            gained, left = a * (tour.issue == "bail"), p * compte * (not back)
            if regle.comptage.cumul and regle.comptage.mode == "mixte":
                account = running[tour.sert, tour.cle, regle]
                before = min(account)
                account[0] += left
                account[1] += gained
                left = min(account) - before
            attendu = self.attendu(regle, tour.commune, parts)
            stands = (gained + left) / attendu if attendu > 0 else 1.0
            found[row] = stands - eve.en_cours[row]
        return found

    def account(self, tours: pd.DataFrame, added: pd.DataFrame, keys: list[str]) -> dict[str, float]:
        """Return the sums over some tours; ``cumul`` holds within each group of ``keys`` and rule."""
        mine = added.loc[tours.index]
        sums = mine.sum().to_dict()
        sums["retenus"] = 0.0
        groups = defaultdict(list)
        for row, tour in tours.iterrows():
            groups[(*(tour[key] for key in keys), self.regle(tour.cle, tour.oriente))].append(row)
        for (*_, regle), rows in groups.items():
            if regle.comptage.cumul and regle.comptage.mode == "mixte":
                net = mine.loc[rows].sum()
                beyond = net.points_propositions - net.rendus - net.points_attributions
                sums["retenus"] += max(0.0, beyond)
        sums["points"] = (
            sums.get("points_propositions", 0.0)
            - sums.get("rendus", 0.0)
            - sums["retenus"]
            + sums.get("points_attributions", 0.0)
        )
        return sums

    def of_row(self, key: tuple[str, str], day: date) -> pd.DataFrame:
        mine = self.tours.cle.map(lambda cle: cle == key).astype(bool)
        return self.tours[mine & (self.tours.sert == self.tenant(key, day))]

    def dues(self, day: date) -> tuple[dict[Any, float], dict[str, float]]:
        """Return what each promise owes to who it serves, and what is owed to each réservataire, day by day."""
        year = (self.fin - self.debut).days + 1
        row: dict[Any, float] = dict.fromkeys(self.keys, 0.0)
        holder: dict[str, float] = dict.fromkeys(self.ids, 0.0)
        tenants = {key: self.tenant(key, day) for key in self.keys}
        one = self.debut
        came = self.free[
            self.free.flux & ~self.free.retire.map(lambda d: pd.notna(d) and d <= day).astype(bool)
        ]
        while one <= day:
            here = came[came.date == one].commune.tolist()
            for key in self.keys:
                version = chosen(self.versions[key], one)
                mine = tenants[key]
                if version is not None:
                    ligne = version.lignes[0]
                    owed = (ligne.volume or 0.0) / year
                    owed += (ligne.part or 0.0) / 100 * sum(c in self.inside[key[1]] for c in here)
                    row[key] += owed * (self.serves(key, one) == mine)
                    holder[self.serves(key, one)] += owed
                row[key] += self.report[key] / year * (mine == key[0])
                holder[key[0]] += self.report[key] / year * (mine == key[0])
            one += timedelta(1)
        return row, holder
