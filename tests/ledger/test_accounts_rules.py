"""Rules of counting as data: the shipped defaults, what is refused, and what is in force on a day."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import Comptage
from allocator.formats import BadInput
from allocator.ledger.accounts.bareme import choose
from allocator.ledger.accounts.issues import BAIL, ISSUES, TITRES, Effet
from allocator.ledger.accounts.regle_reader import contenu_of_regle, read_regle, regle_of_contenu
from allocator.ledger.accounts.regles import Regle, RegleDatee, for_objet, variante
from allocator.ledger.accounts.taux import read_hypotheses
from tests.ledger.account_books import random_regle

DEFAUT = read_regle()


def test_the_shipped_effects_say_all_outcomes() -> None:
    known = {
        code: (effet.compte, effet.compensation) for code, effet in zip(ISSUES, DEFAUT.effets, strict=True)
    }
    assert known == {
        "bail": (1.0, False),
        "sans_candidat": (1.0, False),
        "decline": (1.0, False),
        "rendu": (0.5, False),
        "caleol": (1.0, True),
        "refus": (1.0, False),
        "retrait": (0.0, False),
        "description": (0.0, False),
    }
    assert DEFAUT.comptage == Comptage()
    assert tuple(TITRES) == ISSUES


def test_the_shipped_assumptions_sum_to_one() -> None:
    assumed = read_hypotheses()
    assert sum(assumed.parts) == pytest.approx(1.0)
    assert assumed.parts[BAIL] == pytest.approx(0.78)
    assert (assumed.force, assumed.recul) == (50, 120)


def test_a_file_sets_some_and_leaves_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "regle.toml"
    path.write_text(
        'format = 1\n[comptage]\nmode = "mixte"\nproposition = 0.5\n[issues.rendu]\ncompte = "non"\n',
        encoding="utf-8",
    )
    regle = read_regle(path, DEFAUT)
    assert regle.comptage == Comptage("mixte", 0.5, 1.0)
    assert regle.effets[ISSUES.index("rendu")] == Effet(0.0)
    assert regle.effets[ISSUES.index("caleol")] == Effet(1.0, compensation=True)


def test_every_fault_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "regle.toml"
    path.write_text(
        "format = 1\n"
        "[comptage]\n"
        "proposition = 2\n"
        "[issues.rendu]\n"
        'compte = "tiers"\n'
        'compensation = "oui"\n'
        "[issues.perdu]\n"
        'compte = "non"\n'
        "[issues.bail]\n"
        'compte = "non"\n',
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as refused:
        read_regle(path)
    told = [(fault.line, fault.column) for fault in refused.value.faults]
    assert told == [
        (3, "comptage.proposition"),
        (5, "issues.rendu.compte"),
        (6, "issues.rendu.compensation"),
        (7, "issues.perdu"),
        (9, "issues.bail"),
    ]


@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_rule_reads_back_from_the_contents_of_its_event(rng: object) -> None:
    regle = random_regle(rng)  # type: ignore[arg-type]
    assert regle_of_contenu(contenu_of_regle(regle), DEFAUT, "règle") == regle


def test_the_contents_of_an_event_name_it_in_faults() -> None:
    with pytest.raises(BadInput, match=r"règle générale.*comptage\.mode.*inconnu"):
        regle_of_contenu({"comptage": {"mode": "au hasard"}, "issues": None}, DEFAUT, "règle générale")


def regle(mode: str) -> Regle:
    return Regle(Comptage(mode), DEFAUT.effets)


def test_what_is_said_of_a_convention_goes_before_what_is_said_of_all() -> None:
    rules = (
        RegleDatee(date(2025, 3, 1), "", regle("mixte")),
        RegleDatee(date(2025, 2, 1), "als/departement:93", regle("attributions")),
        RegleDatee(date(2025, 1, 1), "", regle("propositions")),
    )
    own = [(rule.effet.month, rule.regle.comptage.mode) for rule in for_objet(rules, "als/departement:93")]
    assert own == [(1, "propositions"), (2, "attributions")]
    days = np.array(["2024-12-31", "2025-01-01", "2025-02-01", "2025-03-01"] * 2, dtype="datetime64[D]")
    objet = np.repeat(np.array([0, -1]), 4)
    known, chosen = choose(rules, DEFAUT, ["als/departement:93"], objet, days)
    modes = [known[number].comptage.mode for number in chosen]
    assert known[chosen[0]] is DEFAUT
    assert modes[1:4] == ["propositions", "attributions", "attributions"]
    assert modes[5:] == ["propositions", "propositions", "mixte"]


@pytest.mark.parametrize(("nom", "first"), [("A", "propositions"), ("B", "attributions")])
def test_the_variants_count_both_from_the_revoyure_on(nom: str, first: str) -> None:
    steps = variante(nom, date(2025, 1, 1), date(2027, 1, 1), "als/departement:93", regle("mixte"))  # type: ignore[arg-type]
    assert [(step.effet.year, step.regle.comptage.mode) for step in steps] == [(2025, first), (2027, "mixte")]
    assert {step.objet for step in steps} == {"als/departement:93"}


def test_assumptions_beyond_one_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "taux.toml"
    path.write_text(
        "format = 1\nforce = 1\nrecul = -1\n[taux]\nrefus = 0.7\ndecline = 0.7\n", encoding="utf-8"
    )
    with pytest.raises(BadInput) as refused:
        read_hypotheses(path)
    assert [fault.line for fault in refused.value.faults] == [3, 4]
