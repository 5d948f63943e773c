"""The bilan of R.441-5-1 against a recount in plain pandas: every figure, every recipient, every axis."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import load_workbook

from tests.ledger.played import run, told
from tests.ledger.year_events import Record
from tests.reports.lived import LATE
from tests.reports.recount import AXES, COUNTS, bilan

FIN = date(2025, 12, 31)
LEGAL = ("commune", "qpv", "typologie", "financement", "construction")
"""Axes of the article, besides the réservataire."""


@pytest.fixture(scope="module")
def facts(raw: list[Record]) -> pd.DataFrame:
    return bilan(raw, FIN)


@pytest.fixture(scope="module")
def folder(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the bilans of all recipients, in the formats that are made in no time."""
    out = tmp_path_factory.mktemp("bilan")
    formats = ("--format", "csv", "--format", "json")
    done = run("report", "bilan", "--base", base, "--annee", "2025", "--out", out, *formats)
    assert done.exit_code == 0, done.output
    return out


def table(folder: Path, stem: str, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"bilan-2025-{stem}.{name}.csv", dtype=str, keep_default_na=False)


def cube(folder: Path, stem: str) -> pd.DataFrame:
    return table(folder, stem, "bilan").set_index(AXES).astype(int)


def same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    assert len(found)
    pd.testing.assert_frame_equal(found.sort_index(), expected.sort_index(), check_dtype=False)


def recipients(folder: Path) -> Iterator[str]:
    for path in folder.glob("bilan-2025-*.json"):
        yield path.stem.removeprefix("bilan-2025-")


def test_what_is_counted_is_of_all_kinds(facts: pd.DataFrame) -> None:
    """What agrees is worth agreeing on."""
    seen = facts.groupby("registre")[COUNTS].sum()
    assert set(seen.index) == {"flux", "hors_assiette", "stock", "neuf"}
    assert (seen.attribues > 0).all()
    assert (seen.proposes > 0).to_dict() == {
        "flux": True,
        "hors_assiette": False,
        "stock": True,
        "neuf": False,
    }
    assert {"", "etat"} < set(facts.reservataire)
    assert facts.construction.nunique() == 7


def test_the_whole_bilan_is_the_recount(folder: Path, facts: pd.DataFrame) -> None:
    same(cube(folder, "ensemble"), facts.groupby(AXES).sum())


def test_a_reservataire_has_its_lines_and_only_its_lines(folder: Path, facts: pd.DataFrame) -> None:
    for holder in ("etat", "als", "hop91"):
        same(cube(folder, holder), facts[facts.reservataire == holder].groupby(AXES).sum())


def test_an_epci_has_the_lines_of_its_communes(folder: Path, facts: pd.DataFrame, raw: list[Record]) -> None:
    places = pd.DataFrame(raw[0]["contenu"]["territoires"])
    for epci, inside in places.groupby("epci"):
        same(cube(folder, f"epci-{epci}"), facts[facts.commune.isin(inside.commune)].groupby(AXES).sum())


def test_everyone_whom_the_law_names_has_a_document(folder: Path, raw: list[Record]) -> None:
    opening = raw[0]["contenu"]
    holders = {row["id"] for row in opening["reservataires"] if row["famille"] != "bailleur"}
    epcis = {f"epci-{row['epci']}" for row in opening["territoires"]}
    assert set(recipients(folder)) == {"ensemble"} | holders | epcis


def test_margins_add_up_on_every_axis(folder: Path, facts: pd.DataFrame) -> None:
    whole = facts.groupby(["registre", "reservataire"])[COUNTS].sum()
    shown = table(folder, "ensemble", "bilan_axes").astype(dict.fromkeys(COUNTS, int))
    assert set(shown.axe) == {"ensemble", *LEGAL}
    for axe in ("ensemble", *LEGAL):
        same(shown[shown.axe == axe].groupby(["registre", "reservataire"])[COUNTS].sum(), whole)
    for axe in LEGAL:
        found = shown[shown.axe == axe].groupby(["registre", "reservataire", "modalite"])[COUNTS].sum()
        same(
            found,
            facts.groupby(["registre", "reservataire", axe])[COUNTS].sum().rename_axis(found.index.names),
        )


def test_a_reservataire_is_told_the_totals_of_all_others(folder: Path, facts: pd.DataFrame) -> None:
    shown = table(folder, "als", "bilan_axes").astype(dict.fromkeys(COUNTS, int))
    same(
        shown[shown.axe == "ensemble"].set_index(["registre", "reservataire"])[COUNTS],
        facts.groupby(["registre", "reservataire"])[COUNTS].sum(),
    )
    assert set(shown[shown.axe != "ensemble"].reservataire) == {"als"}


def test_the_bilan_and_the_accounts_say_the_same(base: Path, folder: Path, tmp_path: Path) -> None:
    done = run("accounts", "--base", base, "--date", str(FIN), "--out", tmp_path)
    assert done.exit_code == 0, done.output
    accounts = pd.read_csv(tmp_path / "comptes_reservataires.csv").set_index("reservataire")
    flux = cube(folder, "ensemble").xs("flux", level="registre").groupby("reservataire").sum()
    for account, counted in (("propositions", "proposes"), ("attributions", "attribues")):
        expected = flux[counted].reindex(accounts.index, fill_value=0)
        assert accounts[account].tolist() == expected.tolist()


def test_who_was_served_in_another_s_stead_is_debited(raw: list[Record], facts: pd.DataFrame) -> None:
    late = LATE.partition("/")[0]
    named = [e for e in raw if e["nature"] == "orientation" and e["contenu"]["reservataire"] == late]
    after = [e for e in named if e["effet"] > "2025-03-31"]
    assert after
    assert facts[facts.reservataire == late].proposes.sum() == len(named) - len(after)


def test_every_figure_is_stamped(base: Path, folder: Path, raw: list[Record], facts: pd.DataFrame) -> None:
    for path in folder.glob("*.json"):
        methode = json.loads(path.read_text("utf-8"))["methode"]
        assert raw[-1]["empreinte"] in methode["Empreinte du journal"]
        assert "31/12/2025" in methode["Chiffres arrêtés au"]
        assert "R.441-5-1" in methode["Texte"]
        for axe in (
            "réservataire",
            "commune",
            "politique de la ville",
            "typologie",
            "financement",
            "construction",
        ):
            assert axe in methode["Axes de l'article"]
    released = facts[facts.registre == "flux"].liberes.sum()
    whole = json.loads((folder / "bilan-2025-ensemble.json").read_text("utf-8"))["methode"]
    assert whole["Dénominateur : flux"] == f"{released} logements libérés dans la période"
    assert told(run("journal", "verify", "--base", base, "--json"))["empreinte"] == raw[-1]["empreinte"]


def test_thresholds_warn_and_tell_what_they_are_shares_of(
    folder: Path, facts: pd.DataFrame, raw: list[Record]
) -> None:
    shown = table(folder, "ensemble", "reperes")
    states = [row["id"] for row in raw[0]["contenu"]["reservataires"] if row["famille"] == "etat"]
    flux = facts[facts.registre == "flux"]
    mine = flux[flux.reservataire.isin(states)]
    part, outside, *others = shown.to_dict("records")
    assert (int(part["numerateur"]), int(part["denominateur"])) == (mine.liberes.sum(), flux.liberes.sum())
    assert int(outside["numerateur"]) == mine[mine.qpv == "non"].attribues.sum()
    assert int(outside["denominateur"]) == mine.attribues.sum()
    assert all(each["valeur"] == "" and "non mesuré" in each["lecture"] for each in others)
    assert not (folder / "bilan-2025-als.reperes.csv").exists()


def test_the_workbook_has_the_figures_of_the_files(base: Path, folder: Path, tmp_path: Path) -> None:
    asked = ("--destinataire", "als", "--format", "xlsx")
    done = run("report", "bilan", "--base", base, "--annee", "2025", "--out", tmp_path, *asked)
    assert done.exit_code == 0, done.output
    book = load_workbook(tmp_path / "bilan-2025-als.xlsx")
    assert book.sheet_names == ["bilan", "bilan_axes", "comptes_territoires", "Colonnes", "Méthode"]
    header, *rows = book.get_sheet_by_name("bilan").to_python()
    found = pd.DataFrame(rows, columns=header).set_index(AXES).astype(int)
    same(found, cube(folder, "als"))
    methode = {row[0]: row[1] for row in book.get_sheet_by_name("Méthode").to_python()}
    expected = json.loads((folder / "bilan-2025-als.json").read_text("utf-8"))["methode"]
    assert expected.items() <= methode.items()


def test_the_same_journal_gives_the_same_bytes(base: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        asked = ("--destinataire", "als", "--out", tmp_path / name)
        assert run("report", "bilan", "--base", base, "--annee", "2025", *asked).exit_code == 0
    written = [{path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in "ab"]
    assert written[0] == written[1]
    assert {Path(name).suffix for name in written[0]} == {".csv", ".json", ".xlsx", ".pdf"}


def test_who_is_nobody_is_told_and_nothing_is_written(base: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = ("--destinataire", "personne", "--destinataire", "als", "--out", out)
    done = run("report", "bilan", "--base", base, "--annee", "2025", *asked)
    assert done.exit_code == 2
    assert "« personne » inconnu" in done.stderr
    assert not out.exists()


def test_a_year_that_was_never_opened_is_told(base: Path) -> None:
    done = run("report", "bilan", "--base", base, "--annee", "2019")
    assert done.exit_code == 2
    assert "31/12/2019" in done.stderr
