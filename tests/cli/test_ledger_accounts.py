"""``allocator accounts`` on a played year: its files against a recount of the raw events, and its exit codes."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from allocator.formats.ledger_schema import (
    COMPARAISON,
    COMPTES_RESERVATAIRES,
    COMPTES_SOUHAITS,
    COMPTES_TERRITOIRES,
    HORLOGES,
)
from tests.ledger.played import events, play, run, told

END = "2025-12-31"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("played") / "journal.db"
    play(where)
    return where


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def recount(base: Path, day: str) -> tuple[Counter[str], Counter[str], dict[str, str]]:
    """Count by hand the propositions and leases of each réservataire by a day, and find the clocks that run."""
    flux, holder, sent = set(), {}, {}
    made: Counter[str] = Counter()
    signed: Counter[str] = Counter()
    for event in events(base):
        name, said = event["objet"], event["contenu"]
        if event["effet"] > day:
            continue
        match event["nature"]:
            case "liberation":
                flux.add(name)
            case "statut":
                flux.discard(name)
            case "orientation" if name in flux and said["reservataire"]:
                holder[name] = said["reservataire"]
                made[said["reservataire"]] += 1
            case "bail" if name in holder:
                signed[holder[name]] += 1
            case "envoi":
                sent[name] = event["effet"]
            case "candidats" | "decline" | "retrait":
                sent.pop(name, None)
    return made, signed, sent


@pytest.mark.parametrize("day", ["2025-02-28", "2025-09-30", END])
def test_the_files_say_what_a_recount_of_the_events_finds(base: Path, tmp_path: Path, day: str) -> None:
    done = run("accounts", "--base", base, "--date", day, "--out", tmp_path)
    assert done.exit_code == 0, done.output
    made, signed, sent = recount(base, day)
    for row in rows(tmp_path / COMPTES_RESERVATAIRES.file):
        name = row["reservataire"]
        assert (int(row["propositions"]), int(row["attributions"])) == (made[name], signed[name])
    clocks = rows(tmp_path / HORLOGES.file)
    assert {row["liberation"]: row["envoye"] for row in clocks} == sent
    assert [row["echeance"] for row in clocks] == sorted(row["echeance"] for row in clocks)


def test_territories_and_wishes_add_up_to_the_reservataires(base: Path, tmp_path: Path) -> None:
    run("accounts", "--base", base, "--date", END, "--out", tmp_path)
    by_holder = {row["reservataire"]: row for row in rows(tmp_path / COMPTES_RESERVATAIRES.file)}
    for name, row in by_holder.items():
        own = [each for each in rows(tmp_path / COMPTES_TERRITOIRES.file) if each["reservataire"] == name]
        for figure in ("du", "du_annee", "propositions", "attributions", "points", "logements", "solde"):
            assert sum(float(each[figure]) for each in own) == pytest.approx(float(row[figure]), abs=1e-4)
        wishes = [each for each in rows(tmp_path / COMPTES_SOUHAITS.file) if each["reservataire"] == name]
        # typologies share out all that was proposed, where all of them are wished for
        types = [each for each in wishes if each["sur"] == "typologie"]
        if len(types) == 6:
            assert sum(float(each["propositions"]) for each in types) == float(row["propositions"])
        # at the end of the year, what is due over it is what was due
        assert float(row["du"]) == pytest.approx(float(row["du_annee"]), abs=1e-4)


def test_the_document_holds_the_rows_of_the_files(base: Path, tmp_path: Path) -> None:
    found = told(run("accounts", "--base", base, "--date", END, "--out", tmp_path, "--json"))
    assert (found["bailleur"], found["date"]) == ("oph", END)
    for schema in (COMPTES_RESERVATAIRES, COMPTES_TERRITOIRES, COMPTES_SOUHAITS, HORLOGES):
        written = rows(tmp_path / schema.file)
        assert len(written) == len(found[schema.name]) > 0
        for row, each in zip(written, found[schema.name], strict=True):
            assert {name: _number(text) for name, text in row.items()} == {
                name: _number("" if value is None else str(value)) for name, value in each.items()
            }


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def test_the_same_journal_is_counted_by_several_rules_side_by_side(base: Path, tmp_path: Path) -> None:
    rule = tmp_path / "demi.toml"
    rule.write_text('format = 1\n[comptage]\nmode = "mixte"\nproposition = 0.5\n', encoding="utf-8")
    asked = ["propositions", "attributions", "A:2025-07-01", "B:2025-07-01", str(rule)]
    options = [word for each in asked for word in ("--comparer", each)]
    found = told(run("accounts", "--base", base, "--date", END, "--json", *options))[COMPARAISON.name]
    by_rule: dict[str, dict[str, dict[str, Any]]] = {}
    for row in found:
        by_rule.setdefault(row["regle"], {})[f"{row['reservataire']}/{row['territoire']}"] = row
    assert list(by_rule) == ["convention", *asked]
    for key, agreed in by_rule["convention"].items():
        sides = [by_rule[name][key] for name in asked]
        assert all(
            (each["propositions"], each["attributions"]) == (agreed["propositions"], agreed["attributions"])
            for each in sides
        )
        first, leases, variant_a, variant_b, half = (each["points"] for each in sides)
        assert first == agreed["points"]
        assert leases == agreed["attributions"]
        assert half == pytest.approx(0.5 * first + leases)
        # a variant counts one of the two until its clause de revoyure, and both after
        assert first <= variant_a <= first + leases
        assert leases <= variant_b <= first + leases


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--comparer", "tout"], "« tout » inconnu, attendu propositions"),
        (["--comparer", "A:2025-02-30"], "n'existe pas dans le calendrier"),
        (["--date", "14/03/2025"], "n'est pas une date"),
        (["--date", "2031-01-01"], "aucune période ouverte ne contient le 01/01/2031"),
        (["--bailleur", "autre"], "« autre » inconnu de la base, qui a : oph"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(
    base: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    out = tmp_path / "out"
    done = run("accounts", "--base", base, "--date", END, "--out", out, *arguments)
    assert done.exit_code == 2
    assert words in done.stderr
    assert not out.exists()


def test_an_absent_journal_is_told_in_one_line(tmp_path: Path) -> None:
    done = run("accounts", "--base", tmp_path / "absent.db")
    assert done.exit_code == 4
    assert done.stderr == f"{tmp_path}/absent.db : journal absent, à ouvrir par « allocator init »\n"


def test_the_same_accounts_are_the_same_bytes(base: Path) -> None:
    once, again = (run("accounts", "--base", base, "--date", END, "--json").stdout for _ in range(2))
    assert once == again
    assert json.loads(once)["vu"] == len(events(base))
