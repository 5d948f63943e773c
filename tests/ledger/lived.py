"""The year of the demonstration instance as it might have been lived, for the pages of the documentation.

Each dwelling is decided by the hand rule, and ends as the shipped rates of outcomes draw it.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from allocator.domain import BAILLEUR, Instance
from allocator.domain.vocabulary import ISSUES, TYPOLOGIES
from allocator.ledger.daily.ouverture import model_of
from allocator.ledger.events.event import Entree
from allocator.policies.catalogue import load
from allocator.policies.replaying.aleas import BAIL, EN_COURS, SHIPPED, read_aleas
from allocator.policies.replaying.replay import Replay, replay
from tests.ledger.daily_desk import MODELE, announcements, opened, oriented, said
from tests.ledger.played import demo

ENDS: Final = {"sans_candidat": "echeance", "refus": "refus", "rendu": "rendu"}


def live(where: Path, morning: str = "2026-01-01") -> None:
    """Record the year in a journal as it stands on a morning: what came free that day, and nothing decided of it."""
    instance = demo()
    aleas = read_aleas(SHIPPED, instance.reservataires.id)
    known = replay(instance, model_of({"modele": MODELE}), load("pratique"), aleas=aleas)
    announced = announcements(instance, range(len(instance.liberations)))
    entrees = [each for each in announced if each.effet <= morning]
    entrees += [each for each in _turns(instance, known) if each.effet < morning]
    with opened(str(where), instance) as journal:
        journal.append(sorted(entrees, key=lambda each: each.effet))


def write_radiations(exported: Path, extract: Path, without: str) -> None:
    """Write the leases of an exported year, but for one, as an extract of the SNE has them."""
    known = demo()
    about = {name: row for row, name in enumerate(known.liberations.id)}
    decided = csv.DictReader((exported / "decisions.csv").read_text(encoding="utf-8").splitlines())
    lines = ["NUR,Date de signature du bail,Code INSEE,Contingent désignataire,Type"]
    for row in decided:
        at = about[row["liberation"]]
        commune = known.territoires.commune[known.liberations.commune[at]]
        typologie = TYPOLOGIES[known.liberations.typologie[at]]
        if row["issue"] == "bail" and row["liberation"] != without:
            lines.append(f"{at:018},{row['issue_le']},{commune},{row['reservataire']},{typologie}")
    extract.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _turns(instance: Instance, known: Replay) -> Iterator[Entree]:
    table, ids = instance.liberations, instance.reservataires.id
    in_flux = [row for row, statut in enumerate(table.statut) if statut == 0]
    made: dict[str, int] = {}
    back: dict[str, date] = {}
    for row, day, holder, issue, end in zip(
        known.turns.row.tolist(),
        known.turns.date.astype(object),
        known.turns.reservataire.tolist(),
        known.turns.issue.tolist(),
        known.turns.until.astype(object),
        strict=True,
    ):
        name = table.id[in_flux[row]]
        made[name] = made.get(name, 0) + 1
        yield oriented(name, day, None if holder == BAILLEUR else ids[holder], made[name])
        if holder != BAILLEUR:
            yield from _turn(name, day, issue, end)
        if end is not None and issue != BAIL:
            back[name] = end
        else:
            back.pop(name, None)
    # after the last turn the bailleur keeps what came back
    for name, day in back.items():
        yield oriented(name, day, None, made[name] + 1)


def _turn(name: str, day: date, issue: int, end: date | None) -> Iterator[Entree]:
    word = "" if issue == EN_COURS else ISSUES[issue]
    end = end or day
    # a drawn lapse is on the day after the clock's last
    clock = {"delai": (end - day).days - 1} if word == "sans_candidat" else {}
    yield said("envoi", name, day, **clock)
    if word in {"bail", "refus"}:
        yield said("candidats", name, day + timedelta(days=26), nombre=3)
    if word == "bail":
        yield from (said("attribution", name, day + timedelta(days=45)), said("bail", name, end))
    elif word:
        yield said(ENDS[word], name, end)
