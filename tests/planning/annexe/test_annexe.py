"""An annex says what the data say: every number is found again from them, and with what it is a share of."""

import re

import numpy as np
import pytest
from click.testing import CliRunner

from allocator.cli.annex import annex_command
from allocator.cli.init import init_command
from allocator.cli.record import record_command
from allocator.domain.vocabulary import FLUX
from allocator.formats import read_instance
from allocator.formats.assiette_results_schema import ASSIETTE
from allocator.planning.annexe.definitions import DEFINITIONS
from tests.pages import ROOT

DEMO = ROOT / "instances" / "demo"
BAILLEUR = ROOT / "docs" / "planner" / "cas" / "bailleur.toml"


def run(*arguments):
    return CliRunner().invoke(annex_command, list(map(str, arguments)))


def number(text):
    found = re.match(r"−?[\d\u202f]+(,\d+)?", text)
    assert found, text
    return float(found[0].replace("\u202f", "").replace(",", ".").replace("−", "-"))


def rows_after(text, header):
    lines = text.splitlines()
    start = next(row for row, line in enumerate(lines) if line.startswith(f"| {header}"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


@pytest.fixture(scope="module")
def demo():
    return read_instance(DEMO)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("annexes")
    done = run(DEMO, "--protocol", BAILLEUR, "--date", "2026-02-01", "--out", folder)
    assert done.exit_code == 0, done.output
    return {path.stem.removeprefix("annexe-"): path.read_text("utf-8") for path in folder.iterdir()}


def test_there_is_one_page_for_each_who_has_a_convention(demo, pages):
    holders = {demo.reservataires.id[row] for row in demo.conventions.reservataire}
    assert set(pages) == holders


def test_every_promise_is_there_with_its_assiette_and_what_it_is_worth(demo, pages):
    seen = demo.historique
    counts = np.bincount(seen.commune[seen.statut == FLUX], minlength=len(demo.territoires))
    places = demo.territoires
    for row, territoire in enumerate(demo.conventions.territoire):
        echelle, _, code = territoire.partition(":")
        inside = np.array([each == code for each in getattr(places, echelle)])
        text = pages[demo.reservataires.id[demo.conventions.reservataire[row]]]
        (told,) = [
            line
            for line in rows_after(text, "territoire")
            if code in line[0] or len(rows_after(text, "territoire")) == 1
        ]
        assert number(told[3]) == counts[inside].sum()
        part, volume = demo.conventions.part[row], demo.conventions.volume[row]
        due = volume if np.isnan(part) else part / 100 * counts[inside].sum()
        assert number(told[2]) == (volume if np.isnan(part) else part)
        assert number(told[4]) == pytest.approx(due, abs=0.005)
        assert number(told[5]) == pytest.approx(demo.conventions.report[row], abs=0.005)


def test_a_quota_by_commune_sums_to_that_of_its_territory(pages):
    *communes, whole = rows_after(pages["etat"], "commune |")
    assert whole[0] == "ensemble"
    assert sum(number(row[1]) for row in communes) == pytest.approx(number(whole[1]))
    assert sum(number(row[2]) for row in communes) == pytest.approx(
        number(whole[2]), abs=0.005 * len(communes)
    )


def test_wishes_are_shares_of_what_is_owed_reports_included(demo, pages):
    rows = rows_after(pages["als"], "dimension")
    promised = rows_after(pages["als"], "territoire")
    owed = sum(max(0.0, number(row[4]) + number(row[5])) for row in promised)
    assert f"{owed:g}".replace(".", ",") in pages["als"]
    for row in rows:
        assert number(row[3]) == pytest.approx(owed * number(row[2]) / 100, abs=0.011)
    mine = [demo.reservataires.id[holder] == "als" for holder in demo.indicatifs.reservataire]
    assert len(rows) == sum(mine)


def test_clauses_counting_and_derogations_are_those_of_the_protocole(pages):
    for text in pages.values():
        assert "35 jours à compter de l'envoi" in text
        assert "Points : 0,5 par proposition et 1 par attribution." in text
        assert "En zone Abis : 0,4 par proposition et 1 par attribution." in text
        assert "| 01/01/2025 | 28/02/2026 | — | 31/12/2027 | 31/12/2028 |" in text
        assert "| plafond des exclusions | 20 | 25 |" in text
    assert "ce flux va au préfet" in pages["als"]
    assert "ce flux va au préfet" not in pages["etat"]


def test_every_definition_has_its_source(pages):
    for term, meaning, source in DEFINITIONS:
        assert re.search(r"R\.441-5|thème \d", source)
        assert all(f"- **{term}** : {meaning} ({source})." in text for text in pages.values())


def test_the_same_data_give_the_same_bytes(pages, tmp_path):
    run(DEMO, "--protocol", BAILLEUR, "--date", "2026-02-01", "--out", tmp_path)
    assert {
        path.stem.removeprefix("annexe-"): path.read_text("utf-8") for path in tmp_path.iterdir()
    } == pages


def test_an_established_assiette_takes_the_place_of_what_was_observed(demo, tmp_path):
    names = [column.name for column in ASSIETTE.columns]
    code = demo.territoires.commune[0]
    (tmp_path / "assiette.csv").write_text(
        ",".join(names) + f"\n{code},Commune,91,1000,60,9,51,51\n", encoding="utf-8"
    )
    done = run(
        DEMO, "--assiette", tmp_path / "assiette.csv", "--reservataire", "etat", "--out", tmp_path / "out"
    )
    assert done.exit_code == 0, done.output
    text = (tmp_path / "out" / "annexe-etat.md").read_text("utf-8")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["annexe-etat.md"]
    assert "assiette établie pour 2025 (assiette.csv)" in text
    (row,) = rows_after(text, "territoire")
    assert row[3:5] == ["51 logements", "12,75 logements"]


def test_what_the_law_refuses_is_said_with_its_article(tmp_path):
    folder = tmp_path / "instance"
    folder.mkdir()
    for path in DEMO.iterdir():
        if path.suffix in (".csv", ".toml"):
            (folder / path.name).write_bytes(path.read_bytes())
    table = folder / "conventions.csv"
    table.write_text(
        re.sub(r"^(etat,.*?,commune),25(\.0)?,", r"\1,45,", table.read_text("utf-8"), flags=re.M), "utf-8"
    )
    assert run(folder, "--protocol", BAILLEUR, "--out", tmp_path / "out").exit_code == 0
    text = (tmp_path / "out" / "annexe-etat.md").read_text("utf-8")
    assert re.search(r"- erreur : l'État a .* 30 % au plus \(R\.441-5-2, I", text)


def test_the_conventions_of_a_journal_are_told_as_they_are_in_force_on_a_day(tmp_path):
    base = tmp_path / "journal.sqlite"
    who = ("--base", base, "--bailleur", "office", "--auteur", "essai")

    def ledger(command, *arguments):
        done = CliRunner().invoke(command, list(map(str, arguments)))
        assert done.exit_code == 0, done.output

    ledger(init_command, DEMO, "--model", "reference", *who)
    (tmp_path / "clauses.toml").write_text('delai = 21\nrevoyure = "2026-12-31"\n', encoding="utf-8")
    objet = "als/departement:91"
    ledger(record_command, "convention", objet, tmp_path / "clauses.toml", "--date", "2025-06-01", *who)
    told = {}
    for day in ("2025-05-31", "2025-06-01"):
        done = run("--base", base, "--date", day, "--reservataire", "als", "--out", tmp_path / day)
        assert done.exit_code == 0, done.output
        told[day] = (tmp_path / day / "annexe-als.md").read_text("utf-8")
    assert "un mois à compter de l'envoi" in told["2025-05-31"]
    assert "21 jours à compter de l'envoi" in told["2025-06-01"]
    assert "31/12/2026" in told["2025-06-01"]


@pytest.mark.parametrize(
    "arguments",
    [(), (DEMO, "--base", "x"), (DEMO, "--reservataire", "personne"), (DEMO, "--assiette", "absente.csv")],
    ids=str,
)
def test_what_cannot_be_made_exits_2_and_writes_nothing(tmp_path, arguments):
    done = run(*arguments, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert "Traceback" not in done.output
    assert not (tmp_path / "out").exists()
