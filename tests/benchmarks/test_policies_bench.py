"""The benchmark of daily rules: its figures add up, and it goes on where it was interrupted."""

from dataclasses import replace
from datetime import date
from math import nan
from pathlib import Path

import click
import numpy as np
import pytest
from click.testing import CliRunner

from allocator.cli.simulate_report import OPTIMUM
from allocator.domain import BAILLEUR, Goal, Instance, Model, Tier
from allocator.policies.pratique import pratique
from allocator.policies.replaying.replay import conclude, decided_at_once, replay
from allocator.policies.situation import frame
from benchmarks.policies import main, numbers_in
from benchmarks.policies_measure import measure_case, pace, petits
from benchmarks.policies_report import extras, growth, quality, slope
from benchmarks.policies_rows import TIER, Case, Row, Rows, columns
from benchmarks.policies_stats import (
    better,
    closed,
    interval,
    no_worse,
    pooled,
    same_years,
    score,
    slopes,
)
from tests.builders import Holder, Promise, Release, make_instance

MODEL = Model(
    "essai",
    "",
    "",
    (
        Tier("petits", (Goal("petit", 1.0, 0.0),)),
        Tier("contractuel", (Goal("contractuel", 1.0, 1.0),)),
    ),
    seuil=3.0,
)
MEASURED = columns(MODEL)


# What is measured.


def of_december(december: int, *, volume: bool) -> Instance:
    """Two dwellings in a commune, the second on a day of December; one small holder is owed one of them."""
    promise = (
        Promise("petit", "commune:93048", volume=1) if volume else Promise("petit", "commune:93048", part=50)
    )
    return make_instance(
        holders=[Holder("petit", "employeur", petit=True)],
        promises=[promise],
        releases=[Release("93048", day=day) for day in (date(2025, 3, 1), date(2025, 12, december))],
    )


@pytest.mark.parametrize(
    ("december", "volume", "due"),
    [(1, False, 1), (2, False, 0), (2, True, 1)],
    ids=["share", "late", "volume"],
)
def test_a_small_promise_is_due_when_what_is_known_a_month_before_the_end_makes_it_so(
    december: int, volume: bool, due: int
) -> None:
    instance = of_december(december, volume=volume)
    known = frame(instance, MODEL)
    outcomes = {}
    for name, given in (("best", [BAILLEUR, 0]), ("none", [BAILLEUR, BAILLEUR])):
        result = decided_at_once(known, instance, np.array(given, dtype=np.int32))
        outcomes[name] = (result, conclude(instance, result, name, {}).ecarts)
    (result, best), (_, none) = outcomes["best"], outcomes["none"]
    held = {"petits": 1, "petits_held": 1, "due_held": due}
    assert petits(instance, result, best, best) == {**held, "petits_kept": 1, "due_kept": due}
    assert petits(instance, result, none, best) == {**held, "petits_kept": 0, "due_kept": 0}
    assert petits(instance, result, best, none)["petits_held"] == 0


def test_the_pace_tells_busy_days_apart() -> None:
    days = [*[date(2025, 1, 2)] * 30, *[date(2025, 1, 3)] * 2]
    result = replay(make_instance(releases=[Release(day=day) for day in days]), MODEL, pratique)
    told = pace(replace(result, day_ms=np.array([60.0, 10.0])))
    assert told["day_median"] == 35.0
    assert (told["busy_days"], told["busy_median"]) == (1, 60.0)
    assert told["dwelling_mean"] == 70 / 32
    assert told["dwelling_median"] == (60 / 30 + 10 / 2) / 2


def test_hindsight_is_measured_as_a_rule_that_no_rule_betters_first() -> None:
    best, hand = (measure_case(Case(policy, "plain", 60, 3, "reference")) for policy in (OPTIMUM, "pratique"))
    assert tuple(best) == tuple(hand)
    assert best["proven"] == 1.0
    first = [name for name in best if name.startswith(TIER)]
    differs = [name for name in first if abs(best[name] - hand[name]) > 1e-6]
    assert differs
    assert best[differs[0]] < hand[differs[0]]
    assert best["petits_kept"] == best["petits_held"] >= hand["petits_kept"]


# Rows kept from one run to the next.


def row(policy: str, seed: int, contractuel: float, size: int = 100, **others: float) -> Row:
    measures = dict.fromkeys(MEASURED, nan) | {"tier_petits": 0.0, "tier_contractuel": contractuel}
    measures |= {"flux": float(size), **others}
    return Row(Case(policy, "longer", size, seed, "reference"), "0123abcd", measures)


def equal(one: Row, other: Row) -> bool:
    """Tell whether two rows are the same, NaN taken for NaN."""
    return (one.case, one.code, list(one.measures)) == (other.case, other.code, list(other.measures)) and (
        np.array_equal(list(one.measures.values()), list(other.measures.values()), equal_nan=True)
    )


def test_rows_are_read_back_as_they_were_appended(tmp_path: Path) -> None:
    rows, kept = (
        [row("pratique", 1, 12.5), row("prix", 1, 1 / 3, proven=1.0)],
        Rows(tmp_path / "new" / "rows", MEASURED),
    )
    assert kept.read() == []
    for one in rows:
        kept.append(one)
    assert all(equal(one, other) for one, other in zip(rows[:1], kept.read(), strict=False))
    assert kept.read()[1].measures["tier_contractuel"] == pytest.approx(1 / 3, rel=1e-9)
    kept.drop(lambda case: case.policy == "prix")
    assert [one.case.policy for one in kept.read()] == ["pratique"]


def test_rows_of_another_model_are_not_mixed_in(tmp_path: Path) -> None:
    Rows(tmp_path / "rows", MEASURED).append(row("prix", 1, 1.0))
    with pytest.raises(click.ClickException, match="other columns"):
        Rows(tmp_path / "rows", MEASURED[1:]).read()


def test_an_interrupted_table_goes_on_where_it_stopped(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="extra bench")
    out, path = tmp_path / "bench", tmp_path / "bench.csv"

    def run(*options: str) -> str:
        asked = [
            "table",
            "--sizes",
            "30",
            "--seeds",
            "1-2",
            "--policies",
            "prix",
            "--out",
            str(out),
            *options,
        ]
        result = CliRunner().invoke(main, asked, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    assert "6/6" in run()
    whole = path.read_text().splitlines()
    assert len(whole) == 1 + 2 * 3
    path.write_text("\n".join(whole[:4]) + "\n")
    assert "3 rows of 6 are missing" in run("--jobs", "0")
    # Three are missing, and one that is there is to be measured anew.
    assert "4/4" in run("--redo", "prix")
    measured = [line.split(",")[:9] for line in path.read_text().splitlines()]
    assert sorted(measured) == sorted(line.split(",")[:9] for line in whole)
    report = (tmp_path / "bench-table.md").read_text()
    assert "| plain | 30 | 2 | prix | indicatif |" in report
    assert (tmp_path / "bench-table.svg").is_file()


def test_numbers_are_read_in_ranges() -> None:
    assert numbers_in("1-3,7,2") == (1, 2, 3, 7)
    for wrong in ("", "3-1", "a", "1-"):
        with pytest.raises(ValueError):
            numbers_in(wrong)


# How rules compare.


def three_years() -> list[Row]:
    """Hindsight at 10, the hand rule at 20, 30 and 10, a rule at 12, 15 and 11."""
    values = {OPTIMUM: (10, 10, 10), "pratique": (20, 30, 10), "prix": (12, 15, 11)}
    return [
        row(policy, seed, float(value))
        for policy, course in values.items()
        for seed, value in enumerate(course, start=1)
    ]


def test_the_share_closed_is_that_of_the_gap_and_none_without_a_gap() -> None:
    years = same_years(three_years(), "prix")
    assert np.array_equal(closed(years, "contractuel"), [0.8, 0.75, nan], equal_nan=True)
    assert pooled(years, "contractuel") == pytest.approx(22 / 30)
    assert np.isnan(closed(years, "petits")).all()
    assert score(years, "contractuel") == pytest.approx([0.98, 0.95, 0.99])


def test_years_are_compared_as_the_contract_compares_values() -> None:
    years = same_years(three_years(), "prix")
    assert (no_worse(years, "contractuel"), better(years, "contractuel")) == (2, 2)
    assert (no_worse(years, "petits"), better(years, "petits")) == (3, 0)
    within = same_years([*three_years()[:6], row("prix", 1, 20.0 + 1e-6)], "prix")
    assert (no_worse(within, "contractuel"), better(within, "contractuel")) == (1, 0)


def test_years_that_some_rule_lacks_are_left_out() -> None:
    rows = [one for one in three_years() if (one.case.policy, one.case.seed) != ("pratique", 2)]
    assert [one.case.seed for one in same_years(rows, "prix").rule] == [1, 3]
    assert len(same_years(rows, "prix", "glouton")) == 0


def test_the_interval_holds_the_mean_is_the_same_each_time_and_narrows() -> None:
    sample = np.random.default_rng(5).normal(10.0, 2.0, 40)
    low, high = interval(sample) or (nan, nan)
    assert low < sample.mean() < high
    assert high - low == pytest.approx(2 * 1.96 * 2.0 / 40**0.5, rel=0.25)
    assert interval(sample) == (low, high)
    assert interval(sample[:1]) is None
    assert interval(np.array([3.0, 3.0])) == (3.0, 3.0)


def test_a_power_law_has_its_power_for_a_slope() -> None:
    sizes = np.array([500.0, 1000.0, 4000.0])
    found = slopes(sizes, np.stack([3 * sizes**0.5, sizes, np.array([1.0, 0.0, 2.0])]))
    assert found[:2] == pytest.approx([0.5, 1.0])
    assert np.isnan(found[2])


def test_growth_takes_the_seeds_that_have_every_size() -> None:
    rows = [
        row(policy, seed, 10.0 + (size**0.5 if policy == "prix" else 0.0), size)
        for seed in (1, 2, 3)
        for size in (100, 400)
        for policy in (OPTIMUM, "pratique", "prix")
        if (seed, size) != (3, 400)
    ]
    sizes, flux, extra = extras(rows, "longer", "contractuel", "prix")
    assert sizes == [100, 400]
    assert extra.tolist() == [[10.0, 20.0], [10.0, 20.0]]
    fitted, bounds = slope(flux, extra)
    assert fitted == pytest.approx(0.5)
    assert bounds == pytest.approx((0.5, 0.5))
    line = next(line for line in growth(rows).rows if line[1:3] == ("contractuel", "prix"))
    assert line[3:] == ("2", "10.00", "20.00", "0.50 (0.50 to 0.50)")


def test_the_table_of_quality_leaves_out_a_tier_where_nobody_is_above_hindsight() -> None:
    lines = quality(three_years()).rows
    assert {line[4] for line in lines} == {"contractuel"}
    (mine,) = (line for line in lines if line[3] == "prix")
    assert mine[5:9] == ("12.67", "10.00", "78 % (75 to 80), 2 years", "73 %")
