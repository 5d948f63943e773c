"""A whole year of ``oph-dept``, drawn from a seed: its accounts, its bilan, its replays, its end, the year after.

Mornings are played in process, and one week of them by the real commands, on one database.
"""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from tests.ledger.played import run, told
from tests.ledger.year_acts import LATE, REVOYURE
from tests.ledger.year_books import (
    CLOSE,
    MODES,
    Year,
    bilan,
    by_holder,
    by_promise,
    cells,
    change_a_byte,
    clocks,
    side_by_side,
)
from tests.ledger.year_events import ENDS
from tests.ledger.year_office import Office, next_year
from tests.ledger.year_play import FIN, WEEK, play
from tests.ledger.year_week import HOUSEHOLD, done, recorded
from tests.pages import ROOT

pytestmark = pytest.mark.slow

SEED = 1
REPLAYED = (WEEK[0], REVOYURE, date(2025, 12, 16))
"""Mornings of which one was played by the commands: its files are there."""

LENGTHS = {"commune": 5, "departement": 2}
"""Of the code of a commune, the digits that name each scale."""

COUNTED = ["propositions", "attributions"]

DAYS = (date(2025, 4, 30), date(2025, 6, 30), FIN)
"""One flux is the préfet's; the eve of another way of counting; the end of the year."""


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    office = play(tmp_path_factory.mktemp("year"), SEED)
    return Year(office.folder, office.base)


@pytest.fixture
def base(year: Year, tmp_path: Path) -> Path:
    """Return a journal of its own."""
    return Path(shutil.copy(year.base, tmp_path / "journal.db"))


def test_a_year_has_all_that_a_year_has(year: Year) -> None:
    seen = Counter(event["nature"] for event in year.raw)
    assert seen["liberation"] == 2000
    assert seen["orientation"] > 1900
    assert seen["bail"] > 900
    for nature, least in {"echeance": 200, "refus": 150, "decline": 50, "rendu": 40, "retrait": 20}.items():
        assert seen[nature] > least, nature
    corrected = {
        year.raw[event["contenu"]["de"] - 1]["nature"]
        for event in year.raw
        if event["nature"] == "correction"
    }
    assert corrected == {"liberation", "decline", "bail", "orientation", "correction"}
    turns = year.recount(FIN).turns
    assert {*turns.issue} == {None, "description", "caleol", *ENDS.values()}
    otherwise = [e for e in year.raw if e["nature"] == "orientation" and e["contenu"].get("motif")]
    assert len(otherwise) > 150
    assert HOUSEHOLD not in year.export.read_text("utf-8")


def test_the_recount_shares_nothing_with_the_program() -> None:
    code = "import sys, tests.ledger.year_dues; print([n for n in sys.modules if n.startswith('allocator')])"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_accounts_are_those_of_an_independent_recount(year: Year, day: date) -> None:
    found, recount = year.accounts(day), year.recount(day)
    by_promise(found, recount)
    by_holder(found, recount)
    cells(found, recount)
    clocks(found, recount)


def test_the_same_year_is_counted_by_other_rules_side_by_side(year: Year) -> None:
    recounts = {"convention": year.recount(FIN)} | {mode: year.recount(FIN, mode) for mode in MODES}
    side_by_side(year.accounts(FIN), recounts)


def test_the_accounts_are_of_all_kinds(year: Year) -> None:
    """What agrees is worth agreeing on: another served, points given back, held back, by three modes of counting."""
    late = tuple(LATE.split("/"))
    assert year.accounts(DAYS[0])["comptes_territoires"].loc[(*late, "etat")].propositions > 0
    end = year.accounts(FIN)["comptes_territoires"]
    # it has signed since, and what the préfet was served meanwhile is still told
    assert end.loc[(*late, late[0])].propositions > 0
    assert end.loc[(*late, "etat")].propositions > 0
    for figure in ("compensations", "rendus", "retenus", "points_attributions", "en_cours"):
        assert end[figure].max() > 0, figure
    assert year.recount(FIN).turns.regle.map(lambda rule: rule["comptage"]["mode"]).nunique() == 3


def test_at_the_end_of_the_year_what_is_due_over_it_is_what_was_due(year: Year) -> None:
    for name in ("comptes_reservataires", "comptes_territoires"):
        table = year.accounts(FIN)[name]
        assert (table.du - table.du_annee).abs().max() < CLOSE


def test_the_margins_of_the_bilan_add_up(year: Year) -> None:
    """Propositions and attributions by réservataire and by the axes of R.441-5-1, against every table of accounts."""
    turns, found = year.recount(FIN).turns, year.accounts(FIN)
    cube = bilan(turns)
    totals = cube.sum()
    assert totals.propositions > 1500
    assert totals.attributions > 750
    assert found["comptes_reservataires"][COUNTED].sum().tolist() == totals.tolist()
    # what the préfet was served in a commune's stead, before the commune signed, is in lines of its own
    assert turns[turns.debite != turns.reservataire][COUNTED].sum().propositions > 0
    assert found["comptes_territoires"][COUNTED].sum().tolist() == totals.tolist()
    by_served = found["comptes_territoires"][COUNTED].groupby("beneficiaire").sum()
    by_holder = found["comptes_reservataires"][COUNTED]
    assert (by_served == by_holder.loc[by_served.index]).all(axis=None)
    cells = found["comptes_souhaits"][COUNTED].groupby(level=[0, 1, 2, 3]).sum()
    whole = cube.groupby("reservataire").sum()
    for axis in ("typologie", "financement", "qpv"):
        wishes = cells.xs(axis, level="sur").droplevel("territoire")
        wishes.index.names = ["reservataire", axis]
        agree(wishes, cube.groupby(["reservataire", axis]).sum())
        # where all that there is was wished for, the wishes add up to all
        complete = wishes.groupby("reservataire").size() == cube.index.unique(axis).size
        assert complete.any()
        agree(wishes.groupby("reservataire").sum()[complete], whole)
    for scale, level in {"commune": "contractuel", "departement": "total"}.items():
        places = cells.xs(level, level="sur").droplevel("modalite").reset_index("territoire")
        inside = places[places.territoire.str.startswith(f"{scale}:")]
        by_place = cube.groupby(
            ["reservataire", cube.index.get_level_values("commune").str[: LENGTHS[scale]]]
        )
        inside.index = pd.MultiIndex.from_arrays([inside.index, inside.territoire.str.partition(":")[2]])
        agree(inside[COUNTED], by_place.sum())


def agree(shown: pd.DataFrame, margin: pd.DataFrame) -> None:
    """Check that what is shown is a margin of the bilan; who was proposed nothing has no line in that."""
    assert len(shown)
    assert (shown == margin.reindex(shown.index, fill_value=0.0)).all(axis=None)


def test_the_year_comes_out_as_an_instance_with_the_same_bilan(year: Year, tmp_path: Path) -> None:
    folder, out = tmp_path / "instance", tmp_path / "resultat"
    asked = ("journal", "export", "--base", year.base, "--instance", folder, "--date", str(FIN), "--json")
    free = year.recount(FIN).state.dwellings
    kept = free[free.retire.isna()]
    assert told(run(*asked))["liberations"] == len(kept)
    liberations = pd.read_csv(folder / "liberations.csv", dtype=str).set_index("id")
    assert liberations.statut.value_counts().to_dict() == kept.statut.value_counts().to_dict()
    decisions = pd.read_csv(folder / "decisions.csv", dtype=str).join(liberations, on="liberation")
    decisions = decisions[decisions.reservataire.notna()]
    decisions["propositions"], decisions["attributions"] = 1.0, (decisions.issue == "bail") * 1.0
    turns = year.recount(FIN).turns
    pd.testing.assert_frame_equal(bilan(decisions), bilan(turns[turns.retire.isna()]))
    for words in (("solve", folder, "--out", out), ("check", folder, out)):
        done = run(*words, "--model", "reference")
        assert done.exit_code == 0, done.output


def test_the_journal_is_whole_and_any_changed_byte_is_found(year: Year, base: Path) -> None:
    assert told(run("journal", "verify", "--base", base, "--json"))["rang"] == len(year.raw)
    rng = Random(SEED)
    altered = sorted(rng.sample(range(1, len(year.raw) + 1), 60))
    for batch in (altered[:1], altered):
        with sqlite3.connect(base) as connection:
            for rang in batch:
                change_a_byte(connection, rang, rng)
        connection.close()
        done = run("journal", "verify", "--base", base, "--json")
        assert done.exit_code == 1
        named = {int(text.split(" ")[1]) for text in json.loads(done.stdout)["anomalies"]}
        # an event that names another than the one before it is told too
        assert set(altered[: len(batch)]) <= named <= {rang + after for rang in altered for after in (0, 1)}


def test_past_mornings_come_again_from_the_export_alone(year: Year, tmp_path: Path) -> None:
    elsewhere = tmp_path / "ailleurs.db"
    done = told(run("journal", "import", year.export, "--base", elsewhere, "--json"))
    assert done["nouveaux"] == len(year.raw)
    for day in REPLAYED:
        out = tmp_path / str(day)
        asked = ("journal", "replay", "--base", elsewhere, "--date", str(day), "--out", out, "--json")
        (again,) = told(run(*asked))["passages"]
        recorded = [e for e in year.raw if (e["nature"], e["effet"]) == ("preorientation", str(day))]
        assert again["enregistrees"] == len(recorded) > 0
        assert again["ecarts"] == []
        written = {path.name: path.read_bytes() for path in out.iterdir()}
        morning = year.folder / "matins" / str(day)
        assert not morning.exists() or written == {path.name: path.read_bytes() for path in morning.iterdir()}
        table = pd.read_csv(out / "propositions.csv", dtype=str, keep_default_na=False)
        proposed = dict(zip(table.liberation, table.reservataire, strict=True))
        for event in recorded:
            assert proposed[event["objet"]] == (event["contenu"]["reservataire"] or "")


def test_the_year_is_closed_with_the_balances_of_the_recount(year: Year, base: Path) -> None:
    recount = year.recount(FIN)
    end = told(run("close-year", "--base", base, "--annee", "2025", "--json"))
    assert [entree["nature"] for entree in end["entrees"]] == ["cloture", "ouverture"]
    territoires = year.accounts(FIN)["comptes_territoires"]
    (first,) = (event["contenu"] for event in year.raw if event["nature"] == "cloture")
    rights = {(row["reservataire"], row["territoire"]): row for row in first["lignes"]}
    for row in end["cloture"]:
        key = (row["reservataire"], row["territoire"])
        turns = recount.turns[(recount.turns.cle == key) & (recount.turns.debite == key[0])]
        assert row["report"] == row["solde"] == pytest.approx(territoires.solde[*key, key[0]], abs=CLOSE)
        held = int((turns.fin.isna() | (turns.issue == "bail")).sum())
        before = rights.get(key, {}).get("droits")
        assert row["utilises"] == held
        assert row["droits"] == (None if before is None else max(0, before - held))


def test_the_first_mornings_of_the_next_year(year: Year, base: Path, tmp_path: Path) -> None:
    """What was pending ends, what comes free is imported, proposed and decided; the accounts are those of a recount."""
    told(run("close-year", "--base", base, "--annee", "2025", "--json"))
    office = Office(tmp_path, SEED, base)
    day = date(2026, 1, 2)
    office.rows = [next_year(row) for row in office.rows]
    office.days = [free.replace(year=2026) for free in office.days]
    pending = year.recount(FIN).turns
    pending = pending[pending.fin.isna()]
    let = pending[pending.attribue.notna()].liberation.head(12).tolist()
    lost = pending[pending.recu.isna() & pending.envoye.notna()].liberation.head(5).tolist()
    assert len(let) == 12
    assert len(lost) == 5
    done(office, "import", office.extract(day), "--correspondance", office.mapping, "--date", day)
    recorded(office, "record", "bail", *let, "--date", day)
    recorded(office, "record", "decline", *lost, "--date", day)
    done(office, "today", "--policy", "prix", "--date", day, "--out", tmp_path / "matin")
    proposed = tmp_path / "matin" / "propositions.csv"
    events = recorded(office, "decide", "--fichier", proposed, "--date", day)
    assert any(event["objet"].startswith("2026-") for event in events)
    assert any(event["objet"].startswith("2025-") for event in events)
    done(office, "journal", "verify")
    done(office, "journal", "replay", "--date", day)
    after = Year(tmp_path, base, date(2026, 1, 1))
    later = date(2026, 1, 9)
    found, recount = after.accounts(later), after.recount(later)
    assert recount.turns.propositions.sum() == sum(1 for e in events if e["contenu"]["reservataire"])
    assert recount.turns.attributions.sum() == len(let)
    by_promise(found, recount)
    by_holder(found, recount)
    cells(found, recount)
    clocks(found, recount)
