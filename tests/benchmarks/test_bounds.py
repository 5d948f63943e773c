"""The benchmark of bounds: what it measures is the contract's prefix, and it goes on where it was interrupted."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import SANS_SOLDE, Model
from allocator.policies.pratique import pratique
from allocator.policies.replaying.prefix import prefix
from allocator.policies.replaying.replay import replay
from benchmarks.bounds import MEASURES, main
from benchmarks.bounds_report import price
from benchmarks.bounds_waiting import longest_with_rights
from benchmarks.policies_rows import TIER, Case, Row
from tests.builders import Holder, Promise, Release, make_instance
from tests.policies.test_pratique import busier
from tests.policies.whims import at_random, beyond, whim
from tests.tiny import random_tiny_instance

MODEL = Model("vide", "", "", ())


@given(rng=st.integers(min_value=0, max_value=10**6).map(random.Random))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_without_soldes_it_is_the_prefix(rng: random.Random) -> None:
    instance = busier(rng, random_tiny_instance(rng))
    solde = instance.conventions.solde.copy()
    solde[:] = SANS_SOLDE
    instance = replace(instance, conventions=replace(instance.conventions, solde=solde))
    result = replay(instance, MODEL, pratique)
    assert longest_with_rights(instance, result) == pytest.approx(prefix(instance, result).max, abs=1e-9)


@given(rng=st.integers(min_value=0, max_value=10**6).map(random.Random))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_who_lags_without_rights_is_left_out(rng: random.Random) -> None:
    instance = busier(rng, random_tiny_instance(rng))
    result = replay(instance, MODEL, whim(at_random(rng)))
    counted = [one for one in beyond(instance, result, 0.0) if one.rights_left or one.gap > 0]
    largest = max((abs(one.gap) for one in counted), default=0.0)
    assert longest_with_rights(instance, result) == pytest.approx(largest, abs=1e-9)


def test_one_who_spent_its_right_waits_no_more() -> None:
    instance = make_instance(
        holders=[Holder("a")], promises=[Promise("a", part=90, solde=1)], releases=[Release()] * 10
    )
    result = replay(instance, MODEL, pratique)
    assert prefix(instance, result).max == pytest.approx(8.0)
    assert longest_with_rights(instance, result) == 0.0


def test_a_run_goes_on_and_reports(tmp_path: Path) -> None:
    out = tmp_path / "bounds"
    arguments = ["--policy", "prix", "--sizes", "40", "--out", str(out)]
    first = CliRunner().invoke(main, [*arguments, "--seeds", "1"], catch_exceptions=False)
    assert first.output.count("bound") >= 9
    again = CliRunner().invoke(main, [*arguments, "--seeds", "1-2"], catch_exceptions=False)
    assert "seed 1 " not in again.output
    lines = (tmp_path / "bounds.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 2 * 9
    assert (tmp_path / "bounds.svg").read_text(encoding="utf-8").count("<svg") == 1
    assert "2 years" in (tmp_path / "bounds.md").read_text(encoding="utf-8")


def test_the_price_of_a_bound_is_what_it_adds_to_the_mean() -> None:
    def row(policy: str, bound: str, seed: int, value: float) -> Row:
        measures = {TIER + "tout": value, **dict.fromkeys(MEASURES, 1.0)}
        return Row(Case(policy, bound, 300, seed, "m"), "", measures)

    rows = [
        row("prix", "", 1, 10.0),
        row("prix", "2", 1, 12.0),
        row("prix", "", 2, 30.0),
        row("prix", "2", 2, 34.0),
    ]
    table = price(rows, 300, "prix")
    assert [line[:3] for line in table.rows] == [("prix", "—", "20.00"), ("prix", "2", "23.00 (+15.0 %)")]
