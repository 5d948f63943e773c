"""The other documents: hors assiette, suivi, CIL, gestion déléguée, offers; each held against the exported journal."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from allocator.reports.reglages import SHIPPED
from tests.ledger.played import run, told
from tests.ledger.year_events import Record, State, read_events
from tests.reports.lived import HOSTILE
from tests.reports.recount import COUNTS, bilan

PREVU = (
    "categorie,operation,mouvement,prevu,suivi,attributions,source\n"
    "renouvellement_urbain,Les Tarterêts,interne,14.5,0,3,Convention p. 12\n"
    "mutation,,inter_bailleurs,0,6,4,Moyenne\n"
)


def one(base: Path, *asked: str | Path) -> dict[str, Any]:
    """Return the only document that a command makes."""
    (document,) = told(run("report", *asked, "--base", base, "--json"))["documents"]
    assert isinstance(document, dict)
    return document


@pytest.fixture(scope="module")
def aside(raw: list[Record]) -> pd.DataFrame:
    """Return the dwellings out of the assiette at the end of the year, with what was recorded of each."""
    events = [event for event in read_events(raw) if event["effet"] <= "2025-12-31"]
    said = {e["objet"]: e["contenu"] for e in events if e["nature"] == "statut"}
    table = State(events, date(2025, 12, 31)).dwellings.query("statut == 'hors_assiette'")
    for name in ("categorie", "operation", "public_prioritaire", "contingent"):
        table[name] = [said[dwelling].get(name) for dwelling in table.index]
    for nature in ("attribution", "bail"):
        done = {event["objet"] for event in events if event["nature"] == nature}
        table[nature] = table.index.isin(done)
    return table


def test_the_hors_assiette_is_that_of_a_recount(base: Path, aside: pd.DataFrame) -> None:
    document = one(base, "hors-assiette", "--annee", "2025")
    shown = pd.DataFrame(document["realise_hors_assiette"]).set_index(["categorie", "operation"])
    groups = aside.groupby(["categorie", "operation"])
    expected = pd.DataFrame(
        {"liberes": groups.size(), "attributions": groups.attribution.sum(), "baux": groups.bail.sum()}
    )
    pd.testing.assert_frame_equal(shown.sort_index(), expected, check_dtype=False)
    assert "previsionnel" not in document


def test_few_households_are_masked_and_so_is_the_total_that_would_tell(
    base: Path, aside: pd.DataFrame
) -> None:
    document = one(base, "hors-assiette", "--annee", "2025")
    *parts, whole = document["publics_hors_assiette"]
    given = aside[aside.attribution]
    for column, field in (
        ("publics_prioritaires", "public_prioritaire"),
        ("eligibles_contingents", "contingent"),
    ):
        counts = given[given[field].notna()].groupby("categorie").size()
        for row in parts:
            count = int(counts.get(row["categorie"], 0))
            assert row[column] == (count if count == 0 or count >= 5 else None)
        assert (whole[column] is None) == any(row[column] is None for row in parts)
    assert any(row["publics_prioritaires"] is None for row in parts)
    assert [row["attributions"] for row in parts] == [
        int((given.categorie == row["categorie"]).sum()) for row in parts
    ]
    assert whole["attributions"] == len(given)


def test_a_smaller_secret_shows_more(base: Path, tmp_path: Path) -> None:
    shipped = SHIPPED.read_text("utf-8")
    (tmp_path / "mien.toml").write_text(shipped.replace("masque = 5", "masque = 1"), "utf-8")
    document = one(base, "hors-assiette", "--annee", "2025", "--reglages", tmp_path / "mien.toml")
    assert all(row["publics_prioritaires"] is not None for row in document["publics_hors_assiette"])


def test_the_previsionnel_is_that_of_the_assiette(base: Path, tmp_path: Path) -> None:
    (tmp_path / "prevu.csv").write_text(PREVU, "utf-8")
    document = one(base, "hors-assiette", "--annee", "2025", "--previsionnel", tmp_path / "prevu.csv")
    assert [(row["operation"], row["prevu"], row["suivi"]) for row in document["previsionnel"]] == [
        ("Les Tarterêts", 14.5, 0.0),
        ("", 0.0, 6.0),
    ]
    assert "prévisionnel 2026" in document["titre"]
    (tmp_path / "prevu.csv").write_text(
        PREVU.replace("14.5", "beaucoup").replace("mutation", "autre"), "utf-8"
    )
    done = run(
        "report", "hors-assiette", "--base", base, "--annee", "2025", "--previsionnel", tmp_path / "prevu.csv"
    )
    assert done.exit_code == 2
    assert "prevu.csv:2: prevu" in done.stderr
    assert "prevu.csv:3: categorie" in done.stderr


def test_the_ledgers_are_kept_apart(base: Path, raw: list[Record]) -> None:
    shown = pd.DataFrame(one(base, "hors-assiette", "--annee", "2025")["registres"])
    expected = bilan(raw, date(2025, 12, 31)).groupby(["registre", "commune"])[COUNTS].sum()
    found = shown.set_index(["registre", "commune"]).sort_index()
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_the_suivi_is_the_accounts_and_where_they_are_heading(base: Path) -> None:
    day = "2025-09-30"
    accounts = told(run("accounts", "--base", base, "--date", day, "--json"))
    document = one(base, "suivi", "--date", day, "--destinataire", "ensemble")
    for name, of in (("suivi", "comptes_territoires"), ("suivi_reservataires", "comptes_reservataires")):
        assert len(document[name]) == len(accounts[of])
        for row, account in zip(document[name], accounts[of], strict=True):
            assert {key: row[key] for key in row.keys() & account.keys()} == {
                key: account[key] for key in row.keys() & account.keys()
            }
            if account["du"] > 0:
                projection = account["logements"] * account["du_annee"] / account["du"]
                assert row["projection"] == pytest.approx(projection, abs=1e-5)
                assert row["solde_projete"] == pytest.approx(account["du_annee"] - projection, abs=1e-5)
            else:
                assert row["projection"] is None


def test_the_months_of_the_suivi_add_up(base: Path, raw: list[Record]) -> None:
    months = pd.DataFrame(
        one(base, "suivi", "--date", "2025-12-31", "--destinataire", "ensemble")["suivi_mois"]
    )
    facts = bilan(raw, date(2025, 12, 31)).query("registre == 'flux'").groupby("reservataire")[COUNTS].sum()
    found = months.groupby("reservataire")[["proposes", "attribues"]].sum()
    expected = facts.loc[facts[["proposes", "attribues"]].any(axis=1), ["proposes", "attribues"]]
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    assert months.mois.is_monotonic_increasing


def test_a_cil_sees_its_territory_and_no_household(base: Path, raw: list[Record]) -> None:
    facts = bilan(raw, date(2025, 9, 30))
    places = pd.DataFrame(raw[0]["contenu"]["territoires"]).groupby("epci").commune.agg(set)
    found = told(run("report", "cil", "--base", base, "--date", "2025-09-30", "--json"))["documents"]
    assert len(found) == len(places)
    for document in found:
        epci = document["document"].rpartition("-")[2]
        mine = facts[facts.commune.isin(places[epci])]
        shown = pd.DataFrame(document["registres"])
        assert shown[COUNTS].sum().tolist() == mine[COUNTS].sum().tolist()
        assert set(shown.commune) <= places[epci]
        assert set(document) & {"publics_hors_assiette", "realise_hors_assiette"} == set()


def test_delegates_are_told_by_the_ends_of_what_they_were_sent(base: Path, raw: list[Record]) -> None:
    (row,) = one(base, "delegation", "--annee", "2025")["delegation"]
    turns = State(read_events(raw), date(2025, 12, 31)).turns
    mine = turns[(turns.reservataire == "emp91_01") & (turns.statut == "flux")]
    ends = Counter("en_cours" if issue is None else issue for issue in mine.issue)
    assert (row["delegataire"], row["reservataire"]) == ("als", "emp91_01")
    assert row["propositions"] == len(mine) > 20
    assert (row["baux"], row["refus"], row["en_cours"]) == (ends["bail"], ends["refus"], ends["en_cours"])
    assert (row["rendus"], row["autres"]) == (ends["decline"] + ends["rendu"], ends["retrait"])
    received = mine[mine.recu.notna()]
    days = [(turn.recu - turn.envoye).days for turn in received.itertuples()]
    assert (row["candidats"], row["delai_median"]) == (len(received), pd.Series(days).median())
    month = pd.DateOffset(months=1)
    in_time = [pd.Timestamp(turn.recu) <= pd.Timestamp(turn.envoye) + month for turn in received.itertuples()]
    assert row["dans_le_delai"] == sum(in_time) < len(days)


def test_what_waits_for_candidates_is_offered_with_its_clock(base: Path, raw: list[Record]) -> None:
    day = date(2025, 9, 30)
    found = told(run("report", "offre", "--base", base, "--date", str(day), "--json"))["documents"]
    turns = State(read_events(raw), day).turns
    waits = turns[turns.fin.isna() & turns.recu.isna() & turns.reservataire.notna() & turns.attribue.isna()]
    assert {doc["offres"][0]["liberation"] for doc in found} == set(waits.liberation)
    clocks = told(run("accounts", "--base", base, "--date", str(day), "--json"))["horloges"]
    expected = {(each["liberation"], each["tour"]): (each["acteur"], each["echeance"]) for each in clocks}
    rows = [document["offres"][0] for document in found]
    sent = [row for row in rows if (row["liberation"], row["tour"]) in expected]
    assert len(sent) > 10
    for row in sent:
        assert expected[row["liberation"], row["tour"]] == (row["acteur"], row["echeance"])
        assert row["adresse"] == HOSTILE


def test_what_is_not_sent_yet_is_offered_from_the_day(base: Path, raw: list[Record]) -> None:
    turns = State(read_events(raw), date(2025, 6, 30)).turns
    (first, *_) = [
        turn for turn in turns.itertuples() if turn.envoye != turn.oriente and turn.reservataire == "als"
    ]
    asked = ("offre", "--date", str(first.oriente), "--liberation", first.liberation)
    (row,) = one(base, *asked)["offres"]
    assert row["envoye"] == str(first.oriente)
    assert row["echeance"] == str((pd.Timestamp(first.oriente) + pd.DateOffset(months=1)).date())


def test_what_cannot_be_offered_is_told(base: Path) -> None:
    done = run("report", "offre", "--base", base, "--date", "2025-09-30", "--liberation", "inconnu")
    assert done.exit_code == 2
    assert "« inconnu »" in done.stderr
