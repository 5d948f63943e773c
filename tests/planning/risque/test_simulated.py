"""Simulated years: the same whoever plays them, drawn as they are expected, and counted as ``check`` would."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from allocator.cli.arguments import resolve_model
from allocator.domain import Model
from allocator.drawing import DrawSettings, draw
from allocator.formats import read_model
from allocator.planning.projet import Projet, projet_of, read_projet
from allocator.planning.risque.chances import BANDS, chances, held, wilson
from allocator.planning.risque.course import Played, measure, months, opening
from allocator.planning.risque.simulated import Ask, play, play_all, simulated
from allocator.planning.risque.years import HYPOTHESES, day_shares, draw_counts, expectation
from allocator.policies.catalogue import load
from allocator.policies.replaying.replay import conclude, replay
from tests.builders import Promise, Release, make_instance, same
from tests.planning.projet.files import write


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(resolve_model("reference"))


@pytest.fixture(scope="module")
def drawn() -> Projet:
    return projet_of(draw(DrawSettings(seed=3, size=90, departements=("94",), communes=4, tension=1.1)))


def silent(_text: str) -> None:
    """Hear nothing."""


def test_what_years_are_does_not_depend_on_who_plays_them(drawn: Projet, model: Model) -> None:
    ask = Ask(drawn, model, "prix", 4, 1, 7)
    alone = [play(ask, number) for number in range(4)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        by_two = play_all(ask, processes, silent)
    with ThreadPoolExecutor(1) as thread:
        by_one = play_all(ask, thread, silent)
    for other in (by_two, by_one):
        assert all(
            same(left, right)
            for mine, yours in zip(alone, other, strict=True)
            for left, right in zip(mine, yours, strict=True)
        )


def test_progress_is_told_once_a_year_that_is_done(drawn: Projet, model: Model) -> None:
    told: list[str] = []
    with ThreadPoolExecutor(1) as thread:
        play_all(Ask(drawn, model, "prorata", 3, 1, 0), thread, told.append)
    assert told == [f"{number} années simulées sur 3" for number in (1, 2, 3)]


def test_other_seeds_give_other_years(drawn: Projet, model: Model) -> None:
    first, second = (play(Ask(drawn, model, "prorata", 2, 1, seed), 0)[0] for seed in (1, 2))
    assert not np.array_equal(first.du, second.du)


@pytest.mark.parametrize("known", [True, False])
def test_drawn_years_are_around_what_is_expected(drawn: Projet, known: bool) -> None:
    projet = drawn if known else replace(drawn, historique=None)
    draws = draw_counts(projet, 0, 4000, 1)
    expected = draws.expected
    assert draws.nombre.sum(axis=1).mean() == pytest.approx(expected.volume, rel=0.02)
    by_commune = np.array([draws.nombre[:, expected.commune == each].sum(axis=1).mean() for each in range(4)])
    assert by_commune == pytest.approx(expected.by_commune(), rel=0.08)
    # What is doubted adds to the chance of a Poisson count.
    assert draws.nombre.sum(axis=1).var() > 1.1 * expected.volume


def test_without_a_historique_the_whole_is_as_doubtful_as_the_hypotheses_say() -> None:
    instance = make_instance(releases=[Release("93048", "T3")] * 3000)
    expected = expectation(projet_of(instance), 0)
    totals = expected.draw(20_000, 1).sum(axis=1)
    # One class only: its own doubts are larger than the volume's, which is not added to them.
    doubt = HYPOTHESES.commune**2 + HYPOTHESES.mode**2
    assert totals.var() / 3000**2 == pytest.approx(doubt + 1 / 3000, rel=0.1)


def test_days_follow_the_season() -> None:
    days = np.arange(np.datetime64("2026-01-01"), np.datetime64("2027-01-01"))
    saison = np.arange(1, 13) / 78
    share = day_shares(days, saison)
    month = days.astype("datetime64[M]").astype(int) % 12
    assert np.bincount(month, share) == pytest.approx(saison)


def test_a_year_ends_where_its_recount_ends(drawn: Projet, model: Model) -> None:
    """The last month is what ``check`` counts of the same decisions."""
    ask = Ask(drawn, model, "prix", 2, 1, 5)
    year = simulated(ask, 1, 0, drawn.conventions[0], drawn.historique)
    result = replay(year, model, load("prix"), 5 * 16 + 1)
    went, solution = measure(year, result), conclude(year, result, "prix", {})
    exists = result.frame.promises.cibles(np.bincount(year.liberations.commune, minlength=4))[1]
    assert went.du[-1][exists] == pytest.approx(solution.ecarts.cible)
    assert went.recu[-1][exists].tolist() == solution.ecarts.valeur.tolist()
    assert len(months(year)) == 12
    assert same(went, play(ask, 1)[0])


def test_months_count_what_came_up_to_their_last_day(model: Model) -> None:
    """By hand: one libération in March, one in June, both due to the only réservataire."""
    instance = make_instance(
        releases=[Release(day=date(2025, 3, 31)), Release(day=date(2025, 6, 1))],
        promises=[Promise("als", part=100)],
    )
    went = measure(instance, replay(instance, model, load("prorata")))
    cell = 0
    assert went.du[:, cell].tolist() == [0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2]
    assert went.recu[:, cell].tolist() == went.du[:, cell].tolist()
    assert went.owed.tolist() == [2]
    assert went.given.tolist() == [2]


def test_what_a_year_leaves_is_owed_the_next(tmp_path: Path, model: Model) -> None:
    projet = read_projet(write(tmp_path))
    first = simulated(Ask(projet, model, "prorata", 2, 1, 1), 0, 0, projet.conventions[0], None)
    went = measure(first, replay(first, model, load("prorata")))
    after = opening(projet.conventions[1], [(projet.conventions[0], went)])
    assert after.report[:2] == pytest.approx(went.owed[:2] - went.given[:2])
    # Rights left are counted from the first day of the projet.
    assert after.solde[1] == max(0, 30 - went.given[1])
    # A réservataire of whom nothing was due is owed nothing more.
    assert after.report[2] == 0


def test_a_chained_future_starts_as_a_single_one(tmp_path: Path, model: Model) -> None:
    projet = read_projet(write(tmp_path))
    one, two = (play(Ask(projet, model, "prorata", 2, years, 1), 0) for years in (1, 2))
    assert same(one[0], two[0])
    assert len(two) == 2


def test_chances_are_counted() -> None:
    """Brute force over hand-made years."""
    rng = np.random.default_rng(4)
    years = [
        Played(
            rng.uniform(0, 4, (12, 3)), rng.integers(0, 5, (12, 3)).astype(float), np.zeros(1), np.zeros(1)
        )
        for _ in range(40)
    ]
    told = chances(years)
    for cell in range(3):
        kept = [bool(year.recu[-1, cell] >= np.floor(year.du[-1, cell])) for year in years]
        assert told.kept[cell] == sum(kept)
        for month in range(12):
            gaps = sorted(float(year.recu[month, cell] - year.du[month, cell]) for year in years)
            assert told.ecart[month, cell] == pytest.approx(np.mean(gaps))
            for place, level in enumerate(BANDS):
                assert told.bands[place, month, cell] == gaps[int(np.ceil(level * 40)) - 1]


@pytest.mark.parametrize(
    ("due", "got", "kept"), [(2.9, 2, True), (3.0, 2, False), (3.0 - 1e-12, 2, False), (0.4, 0, True)]
)
def test_a_promise_is_kept_where_its_whole_dwellings_are_received(due: float, got: int, kept: bool) -> None:
    assert held(np.array([due]), np.array([float(got)])).tolist() == [kept]


def test_intervals_hold_the_true_probability_as_often_as_they_say() -> None:
    rng = np.random.default_rng(0)
    for truth in (0.1, 0.5, 0.97):
        low, high = wilson(rng.binomial(200, truth, 4000), 200)
        assert np.mean((low <= truth) & (truth <= high)) == pytest.approx(0.95, abs=0.02)
