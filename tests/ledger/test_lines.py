"""A journal as JSON Lines: out and in again byte for byte, and nothing taken in that is not a chain."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.formats import BadInput
from allocator.ledger.events.event import Event, Tete, to_line
from allocator.ledger.events.lines import compare, parse_lines
from allocator.ledger.events.recording import EntriesRefused, record
from allocator.ledger.store.journal import Journal, open_journal
from tests.builders import same
from tests.ledger.lives import BAILLEUR, OUVERTURE, empty, entry, liberation, random_journal, sealed


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with open_journal(str(tmp_path / "source.db"), BAILLEUR, create=True) as opened:
        yield opened


def test_an_exported_journal_comes_in_again_whole_on_either_database(journal: Journal, database: str) -> None:
    journal.append(random_journal(random.Random(1), 80))
    lines = list(journal.export_lines())
    with open_journal(database, BAILLEUR, create=True) as copy:
        assert copy.import_lines(lines, "journal.jsonl") == 80
        assert list(copy.export_lines()) == lines
        assert copy.tete == journal.tete
        assert copy.verify()
        assert same(copy.registre(), journal.registre())


def test_the_same_file_twice_changes_nothing_and_a_longer_one_adds_its_end(journal: Journal) -> None:
    lines = [to_line(event) for event in sealed(random_journal(random.Random(2), 30))]
    assert journal.import_lines(lines[:20], "journal.jsonl") == 20
    assert journal.import_lines(lines[:20], "journal.jsonl") == 0
    assert journal.import_lines(lines, "journal.jsonl") == 10
    assert journal.verify()


EVENTS = sealed([OUVERTURE, liberation("L1"), liberation("L2")])


def changed(event: Event, **said: object) -> str:
    return json.dumps(
        {**json.loads(to_line(event)), **said}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


LINES = [to_line(event) for event in EVENTS]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([], "journal.jsonl:1: aucun événement"),
        ([LINES[0], "{"], "journal.jsonl:2: ce n'est pas du JSON"),
        ([LINES[0], "[" * 100_000], "journal.jsonl:2: ce n'est pas du JSON"),
        ([LINES[0], "[]"], "journal.jsonl:2: un événement était attendu"),
        (
            [LINES[0], LINES[1].replace(":", ": ", 1)],
            "journal.jsonl:2: la ligne n'est pas écrite sous sa forme",
        ),
        ([LINES[0], LINES[2]], "journal.jsonl:2: rang: 3, attendu 2"),
        ([LINES[0], changed(EVENTS[1], auteur="B. Durand"), LINES[2]], "journal.jsonl:2: empreinte"),
        ([LINES[0], changed(EVENTS[1], precedent="0" * 64)], "journal.jsonl:2: empreinte"),
        ([changed(EVENTS[0], bailleur="autre")], "journal.jsonl:1: bailleur: « autre », attendu « oph »"),
        ([changed(EVENTS[0], nature="fin")], "journal.jsonl:1: nature « fin » inconnue"),
        ([changed(EVENTS[0], inscrit="hier")], "journal.jsonl:1: inscrit: un moment comme"),
        ([changed(EVENTS[0], auteur=3)], "journal.jsonl:1: auteur: un texte était attendu"),
        (
            [to_line(event) for event in sealed([OUVERTURE, entry("bail")])],
            "journal.jsonl:2: L1 : bail signé",
        ),
    ],
)
def test_what_is_no_chain_is_refused_with_its_line_and_nothing_comes_in(
    journal: Journal, lines: list[str], fault: str
) -> None:
    with pytest.raises(BadInput) as bad:
        journal.import_lines(lines, "journal.jsonl")
    assert str(bad.value).startswith(fault)
    assert journal.tete == Tete()


@given(st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_change_of_any_line_is_refused(rng: random.Random) -> None:
    number, known = rng.randrange(len(LINES)), empty()
    line = LINES[number]
    at, char = rng.randrange(len(line)), rng.choice('"\\{}[]:,0e-é\x00 x')
    other = rng.choice([line[:at] + char + line[at:], line[:at] + char + line[at + 1 :], line[:at]])
    if other == line:
        return
    with pytest.raises((BadInput, EntriesRefused)):
        lines = [*LINES[:number], other, *LINES[number + 1 :]]
        parsed = list(parse_lines(lines, "journal.jsonl", BAILLEUR, Tete()))
        lot = record([(each.entree, each.inscrit) for each in parsed], BAILLEUR, known)
        compare(parsed, lot.events, "journal.jsonl")


def test_a_journal_that_parts_from_the_stored_one_is_refused(journal: Journal) -> None:
    journal.import_lines(LINES[:2], "journal.jsonl")
    other = [to_line(event) for event in sealed([OUVERTURE, liberation("L9"), liberation("L2")])]
    with pytest.raises(BadInput, match=r"autre\.jsonl:2: empreinte: ce journal n'est pas la suite"):
        journal.import_lines(other, "autre.jsonl")
    with pytest.raises(BadInput, match="1 événements, la base en a déjà 2"):
        journal.import_lines(LINES[:1], "court.jsonl")
