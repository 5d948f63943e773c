"""``allocator journal``: damage told, exports that solvers read, a copy that is the same, a day made again."""

import json
import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from allocator.ledger.store.journal import open_journal
from tests.ledger.daily_desk import BAILLEUR, announcements, opened, oriented, said, until
from tests.ledger.played import demo, events, play, run, told

DAY = date(2025, 3, 14)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("played") / "journal.db"
    play(where)
    return where


@pytest.fixture
def base(played: Path, tmp_path: Path) -> Path:
    """Return a journal of its own."""
    return Path(shutil.copy(played, tmp_path / "journal.db"))


def test_an_intact_journal_is_told_with_its_head(base: Path) -> None:
    found = told(run("journal", "verify", "--base", base, "--json"))
    last = events(base)[-1]
    assert found == {
        "bailleur": "oph",
        "intact": True,
        "rang": last["rang"],
        "empreinte": last["empreinte"],
        "anomalies": [],
    }


def test_damage_is_named_and_the_code_is_1(base: Path) -> None:
    with sqlite3.connect(base) as connection:
        connection.execute("UPDATE evenements SET contenu = contenu || ' ' WHERE rang = 60")
        connection.execute("UPDATE evenements SET auteur = 'B. Petit' WHERE rang = 700")
    done = run("journal", "verify", "--base", base, "--json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)
    assert not found["intact"]
    assert [text.partition(" : ")[0] for text in found["anomalies"]] == ["événement 60", "événement 700"]


def test_a_chain_made_anew_is_betrayed_by_a_digest_noted_elsewhere(base: Path) -> None:
    noted = events(base)[40]
    right = f"{noted['rang']}:{noted['empreinte']}"
    assert run("journal", "verify", "--base", base, "--empreinte", right).exit_code == 0
    for wrong in (f"{noted['rang']}:{'0' * 64}", f"999999:{noted['empreinte']}"):
        assert run("journal", "verify", "--base", base, "--empreinte", wrong).exit_code == 1
    assert run("journal", "verify", "--base", base, "--empreinte", "tête").exit_code == 2


def test_an_export_is_taken_in_once_and_exported_the_same(base: Path, tmp_path: Path) -> None:
    first, second, copy = tmp_path / "a.jsonl", tmp_path / "b.jsonl", tmp_path / "copy.db"
    assert told(run("journal", "export", "--base", base, "--out", first, "--json"))["evenements"] == len(
        events(base)
    )
    for expected in (len(events(base)), 0):
        done = told(run("journal", "import", first, "--base", copy, "--json"))
        assert (done["bailleur"], done["nouveaux"]) == ("oph", expected)
    run("journal", "export", "--base", copy, "--out", second)
    assert second.read_bytes() == first.read_bytes() == run("journal", "export", "--base", copy).stdout_bytes


def test_an_altered_export_is_refused_with_its_line(base: Path, tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    run("journal", "export", "--base", base, "--out", path)
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[80] = lines[80].replace("A. Martin", "B. Petit")
    path.write_text("\n".join(lines), encoding="utf-8")
    done = run("journal", "import", path, "--base", tmp_path / "copy.db")
    assert (done.exit_code, done.stderr.partition(": ")[0]) == (2, "export.jsonl:81")
    for content in ("", "{}\n", "\udcff"):
        path.write_text(content, encoding="utf-8", errors="surrogateescape")
        assert run("journal", "import", path, "--base", tmp_path / "other.db").exit_code == 2
    assert run("journal", "import", tmp_path / "absent.jsonl", "--base", tmp_path / "other.db").exit_code == 2


def test_a_year_comes_out_as_an_instance_that_the_other_commands_read(base: Path, tmp_path: Path) -> None:
    folder, out = tmp_path / "instance", tmp_path / "resultat"
    found = told(
        run("journal", "export", "--base", base, "--instance", folder, "--date", "2025-06-01", "--json")
    )
    assert found["liberations"] < len(demo().liberations)
    assert run("solve", folder, "--model", "reference", "--out", out).exit_code == 0
    assert run("check", folder, out, "--model", "reference").exit_code == 0
    assert run("simulate", folder, "--model", "reference", "--policy", "pratique").exit_code == 0
    assert (folder / "decisions.csv").read_text(encoding="utf-8").count("\n") > 50


@pytest.mark.parametrize(
    "arguments",
    [["--out", "a.jsonl", "--instance", "dossier"], ["--json"], ["--instance", "x", "--date", "hier"]],
)
def test_what_cannot_be_asked_for_is_told(base: Path, arguments: list[str]) -> None:
    assert run("journal", "export", "--base", base, *arguments).exit_code == 2


@pytest.fixture
def mornings(tmp_path: Path) -> Path:
    """Return a journal of which ``today`` was asked twice on a day, by two rules, and that went on since."""
    instance, base = demo(), tmp_path / "matins.db"
    days = until(instance, instance.liberations.date[40])
    entrees = announcements(instance, days)
    first = [
        name for name in instance.liberations.id[:8] if instance.liberations.statut[int(name[-6:]) - 1] == 0
    ]
    with opened(str(base), instance, entrees) as journal:
        journal.append([oriented(name, str(DAY), None) for name in first])
    for number, policy in enumerate(("pratique", "prorata"), start=1):
        done = run(
            "today", "--base", base, "--date", DAY, "--policy", policy, "--out", tmp_path / f"{number}"
        )
        assert done.exit_code == 0, done.output
    waiting = sorted({event["objet"] for event in events(base) if event["nature"] == "preorientation"})
    (told_first,) = (e for e in events(base) if (e["objet"], e["nature"]) == (waiting[-1], "liberation"))
    otherwise = {**told_first["contenu"], "typologie": "T1", "qpv": "oui"}
    with open_journal(str(base), BAILLEUR) as journal:
        # what is decided and corrected since is no part of that morning
        journal.append([oriented(name, DAY, None) for name in waiting[:4]])
        journal.append([said("correction", waiting[-1], DAY, de=told_first["rang"], contenu=otherwise)])
    return base


def test_a_day_is_made_again_byte_for_byte_from_the_journal_alone(mornings: Path, tmp_path: Path) -> None:
    export, elsewhere = tmp_path / "export.jsonl", tmp_path / "elsewhere.db"
    run("journal", "export", "--base", mornings, "--out", export)
    run("journal", "import", export, "--base", elsewhere)
    out = tmp_path / "again"
    found = told(run("journal", "replay", "--base", elsewhere, "--date", DAY, "--out", out, "--json"))
    assert [(each["policy"], each["ecarts"]) for each in found["passages"]] == [
        ("pratique", []),
        ("prorata", []),
    ]
    assert all(each["enregistrees"] > 5 for each in found["passages"])
    for number in (1, 2):
        written = {path.name: path.read_bytes() for path in (tmp_path / f"{number}").iterdir()}
        assert written
        assert {path.name: path.read_bytes() for path in (out / f"passage-{number}").iterdir()} == written


def test_a_proposal_that_the_rule_did_not_make_is_told(mornings: Path) -> None:
    (last,) = [event for event in events(mornings) if event["nature"] == "preorientation"][-1:]
    holder = "etat" if last["contenu"]["reservataire"] != "etat" else "als"
    forged = said("preorientation", last["objet"], DAY, **{**last["contenu"], "reservataire": holder})
    with open_journal(str(mornings), "oph") as journal:
        journal.append([forged])
    done = run("journal", "replay", "--base", mornings, "--date", DAY)
    assert done.exit_code == 1
    assert f"{last['objet']} : reservataire {holder} → " in done.stderr
    empty = run("journal", "replay", "--base", mornings, "--date", "2025-03-15")
    assert empty.exit_code == 2
    assert "aucune pré-orientation enregistrée le 15/03/2025" in empty.stderr
