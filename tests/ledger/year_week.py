"""The days of an office played by the real commands, on the same database."""

import csv
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from allocator.cli import main
from allocator.domain.vocabulary import STATUTS
from allocator.ledger.daily.choix import Choix
from allocator.ledger.events.event import Entree
from tests.ledger.daily_desk import OFFICER
from tests.ledger.year_office import Due, Office

BY_EXTRACT = 2
"""The day of the week on which outcomes come as an extract."""

ORDER = ("candidats", "caleol", "attribution", "bail", "refus", "rendu", "decline", "retrait", "statut")
"""In which order natures are recorded, since several may befall a dwelling on one day."""

FRIDAY = 4

HOUSEHOLD = "NUR 093042512345611001"
"""Of whom the journal must not have a word."""

PLANNED = 0
"""The day of the week on which the plan of the year proposes, in place of a faster rule."""


def run(office: Office, *arguments: object) -> Result:
    """Run a command on an office's database."""
    env = {"ALLOCATOR_BASE": str(office.base), "ALLOCATOR_AUTEUR": OFFICER}
    return CliRunner().invoke(main, [str(each) for each in arguments], env=env)


def done(office: Office, *arguments: object) -> str:
    """Run a command that ends well, and return what it printed."""
    ended = run(office, *arguments)
    assert ended.exit_code == 0, (arguments, ended.output)
    return ended.stdout


def recorded(office: Office, *arguments: object) -> list[dict[str, Any]]:
    """Run a command that records, and return its events."""
    events: list[dict[str, Any]] = json.loads(done(office, *arguments, "--json"))["evenements"]
    return events


def play_day(office: Office, day: date) -> None:
    """Play a working day: extract, what comes back, clocks, proposals, decisions, and a correction."""
    done(office, "import", office.extract(day), "--correspondance", office.mapping, "--date", day)
    outcomes(office, day)
    over = json.loads(done(office, "deadlines", "--date", day, "--enregistrer", "--json"))
    for clock in over["horloges"]:
        if clock["reste"] < 0:
            office.ended(clock["liberation"])
    out = morning(office, day)
    policy = "anticipation" if day.weekday() == PLANNED else "prix"
    done(office, "today", "--date", day, "--policy", policy, "--out", out)
    with (out / "propositions.csv").open(encoding="utf-8", newline="") as file:
        proposed = {row["liberation"]: row["reservataire"] for row in csv.DictReader(file)}
    decide(office, day, proposed)
    if day.weekday() == FRIDAY:
        mend(office, day)
        rehouse(office, day)


def morning(office: Office, day: date) -> Path:
    """Return where the proposals of a day are written."""
    return office.folder / "matins" / str(day)


def outcomes(office: Office, day: date) -> None:
    """Record what comes back on a day, and take back what was a mistake."""
    due = list(office.due(day))
    if day.weekday() == BY_EXTRACT:
        _imported(office, day, [each for each in due if not each.undone])
        due = [each for each in due if each.undone]
    alike: defaultdict[tuple[str, ...], list[Due]] = defaultdict(list)
    for each in due:
        options = [word for name, value in each.contenu.items() for word in (f"--{name}", str(value))]
        alike[each.nature, *options].append(each)
    for nature, *options in sorted(alike, key=lambda words: (ORDER.index(words[0]), words)):
        some = alike[nature, *options]
        events = recorded(office, "record", nature, *(each.objet for each in some), *options, "--date", day)
        for each, event in zip(some, events, strict=True):
            if each.undone:
                recorded(office, "record", "correction", event["rang"], "--annule", "--motif", "erreur")


def _imported(office: Office, day: date, due: Sequence[Due]) -> None:
    """Bring outcomes as an extract, in the words of a register."""
    rows = [("liberation", "date", "evenement", "nombre", "motif")]
    for each in due:
        said = each.contenu
        word = {"caleol": f"CALEOL {said.get('decision', '')}", "retrait": "retiré"}.get(
            each.nature, each.nature
        )
        if "issue" in said:
            word = "candidats écartés" if said["issue"] == "caleol" else "logement mal décrit"
        rows.append((each.objet, str(day), word, str(said.get("nombre", "")), said.get("motif", "")))
    path = office.folder / "issues.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    done(office, "import", path, "--correspondance", office.issues, "--date", day)


def decide(office: Office, day: date, proposed: dict[str, str]) -> None:
    """Decide a morning by a file, and send the propositions."""
    decided = list(office.choose(proposed))
    path = office.folder / "choix.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("liberation", "reservataire", "motif"), *(_row(each, proposed) for each in decided)]
        )
    events = recorded(office, "decide", "--fichier", path, "--date", day) if decided else []
    entrees = [Entree(e["nature"], e["objet"], e["effet"], e["auteur"], e["contenu"]) for e in events]
    sent = list(office.send(entrees, day))
    if sent:
        recorded(office, "record", "envoi", *sent, "--date", day)


def _row(choix: Choix, proposed: dict[str, str]) -> tuple[str, str, str]:
    holder = proposed[choix.liberation] if choix.suit else choix.reservataire
    return choix.liberation, holder or "", choix.motif or ""


def mend(office: Office, day: date) -> None:
    """Correct what was recorded: a lease a day earlier, a reason, and take one of these corrections back."""
    eve = day - timedelta(days=1)
    events = [json.loads(line) for line in done(office, "journal", "export").splitlines()]
    lease = next(e for e in reversed(events) if e["nature"] == "bail" and e["effet"] == str(day))
    other = next(e for e in reversed(events) if e["nature"] == "orientation" and "motif" in e["contenu"])
    recorded(office, "record", "correction", lease["rang"], "--effet", eve, "--motif", "signé la veille")
    said = recorded(office, "record", "correction", other["rang"], "motif=violences", "--motif", "précision")
    recorded(office, "record", "correction", said[0]["rang"], "--annule", "--motif", "confidentiel")


def rehouse(office: Office, day: date) -> None:
    """Note for whom a dwelling out of the flux is kept, household included."""
    table = office.instance.liberations
    name = next(
        name
        for name, statut, free in zip(table.id, table.statut, office.days, strict=True)
        if STATUTS[statut] == "hors_assiette" and free <= day and office.is_kept(name)
    )
    options = ("--categorie", "habitat_indigne", "--operation", "rue du Port", "--menage", HOUSEHOLD)
    recorded(office, "record", "statut", name, "--statut", "hors_assiette", *options, "--date", day)
