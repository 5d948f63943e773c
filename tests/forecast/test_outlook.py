"""What is still to come: totals that add up, evidence that counts as it should, and no look at the future."""

from dataclasses import fields, replace
from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.forecast import learn, outlook
from allocator.forecast.settings import USUAL_TYPOLOGIES
from tests.builders import Commune, Release
from tests.forecast.years import COMMUNES, DEBUT, FIN, rows, steady, thinned, told, year

EVE = np.datetime64(DEBUT) - 1
MARCH = np.datetime64("2025-03-01")


def day(text):
    return np.datetime64(text)


@pytest.fixture(scope="module")
def drawn():
    return thinned(3, 500)


def same_outlook(left, right):
    return all(np.array_equal(getattr(left, f.name), getattr(right, f.name)) for f in fields(left))


@pytest.mark.parametrize("today", [EVE, day("2025-01-01"), MARCH, day("2025-08-15"), day("2025-12-30")])
def test_expected_counts_sum_to_the_volume(drawn, today):
    ahead = outlook(learn(drawn), drawn.liberations, today)
    assert ahead.expected.sum() == pytest.approx(ahead.volume)
    assert ahead.by_commune().sum() == pytest.approx(ahead.volume)
    assert ahead.by_typologie().sum() == pytest.approx(ahead.volume)
    assert (ahead.expected > 0).all()
    assert ahead.spread**2 > ahead.volume
    low, high = ahead.interval()
    assert low < ahead.volume < high


def test_the_classes_are_the_same_all_year_and_stand_once(drawn):
    prior = learn(drawn)
    first, last = (outlook(prior, drawn.liberations, today) for today in (EVE, day("2025-12-30")))
    for name in ("commune", "typologie", "financement", "qpv"):
        assert np.array_equal(getattr(first, name), getattr(last, name))
    identity = set(zip(first.commune.tolist(), first.mode.tolist(), strict=True))
    assert len(identity) == len(first) == len(drawn.territoires) * 36


def test_nothing_is_to_come_after_the_end(drawn):
    for today in (FIN, FIN + timedelta(days=40)):
        ahead = outlook(learn(drawn), drawn.liberations, np.datetime64(today))
        assert ahead.volume == ahead.spread == ahead.expected.sum() == 0.0
        assert ahead.interval() == (0.0, 0.0)
        assert not ahead.draw(4, 1).any()


def test_before_the_period_all_of_it_is_to_come(drawn):
    prior = learn(drawn)
    eve, long_before = (outlook(prior, drawn.liberations, today) for today in (EVE, day("2024-06-01")))
    assert same_outlook(eve, long_before)
    table = drawn.historique
    assert eve.volume == pytest.approx(len(table.en_flux), rel=0.03)


@given(st.integers(-3, 370))
def test_the_future_does_not_matter(offset):
    today = np.datetime64(DEBUT) + offset
    instance = told(steady(year(2025), 1), steady(year(2024), 1))
    table = instance.liberations
    past = rows(table, table.date < today)
    blind = learn(replace(instance, liberations=rows(table, np.zeros(len(table), dtype=bool))))
    assert same_outlook(outlook(blind, past, today), outlook(learn(instance), table, today))


def test_only_flux_counts():
    releases = steady(year(2024), 1)
    noise = [
        replace_statut(release, statut)
        for release in releases
        for statut in ("neuf", "stock", "hors_assiette")
    ]
    quiet, noisy = told(releases, releases), told(releases + noise, releases + noise)
    left, right = (
        outlook(learn(instance), shifted(instance.liberations, 366), MARCH) for instance in (quiet, noisy)
    )
    assert same_outlook(left, right)


def replace_statut(release, statut):
    return release._replace(statut=statut)


def shifted(table, days):
    return replace(table, date=table.date + days)


def test_what_is_announced_today_is_evidence_and_is_not_forecast():
    instance = told(steady(year(2025), 2), steady(year(2024), 1))
    prior, table = learn(instance), instance.liberations
    friday = day("2025-02-28")
    announced = rows(table, table.date == friday)
    known = outlook(prior, table, friday, announced)
    unknown = outlook(prior, table, friday)
    assert known.volume > unknown.volume
    # In the evening, nothing else has been learned than by the next morning, when the day is over.
    by_saturday = outlook(prior, table, friday + 1, rows(table, table.date == friday + 1))
    assert known.volume > by_saturday.volume == pytest.approx(known.volume, rel=0.01)
    nothing = outlook(prior, table, friday, rows(table, np.zeros(len(table), dtype=bool)))
    assert nothing.volume < unknown.volume


@pytest.mark.parametrize(("a_day", "left"), [(1, 0.6), (8, 0.2)])
@pytest.mark.parametrize("wrong", [0.7, 1.3])
def test_a_history_wrong_by_a_third_is_corrected_within_two_months(a_day, left, wrong):
    """More than nine tenths at 8 a day, half at one a day: evidence is counted in libérations, not in months."""
    now = steady(year(2025), 10 * a_day)[::10]
    before = steady(year(2024), 10 * a_day)
    before = [before[round(i)] for i in np.arange(0, len(before), 10 / wrong)[:-1]]
    instance = told(now, before)
    prior, table = learn(instance), instance.liberations
    first, later = outlook(prior, table, EVE), outlook(prior, table, MARCH)
    truth = (table.date > MARCH).sum()
    assert first.volume / len(table) == pytest.approx(wrong, rel=0.03)
    assert abs(later.volume / truth - 1) < left * abs(wrong - 1)
    low, high = later.interval(0.95)
    assert low <= truth <= high


def test_the_current_year_outweighs_the_history_of_a_commune():
    before = steady(year(2024), 1, COMMUNES[:1]) + steady(year(2024), 1, COMMUNES[1:2])
    now = steady(year(2025), 2, COMMUNES[:1])
    prior = learn(told(now, before))
    table = told(now, before).liberations
    shares = [
        outlook(prior, table, today).by_commune()[:2] / outlook(prior, table, today).volume
        for today in (EVE, day("2025-07-01"))
    ]
    assert shares[0] == pytest.approx([0.5, 0.5], abs=0.03)
    assert shares[1][0] > 0.85


def test_a_commune_without_history_may_release_any_usual_dwelling():
    instance = told([], steady(year(2024), 1, COMMUNES[:3]))
    ahead = outlook(learn(instance), instance.liberations, EVE)
    by_commune = ahead.by_commune()
    assert (by_commune[3:] > 0).all()
    assert (by_commune[3:] < by_commune[:3].min() / 5).all()
    there = ahead.commune == 7
    found = zip(ahead.typologie[there], ahead.financement[there], ahead.qpv[there], strict=True)
    assert set(found) == set(product(range(6), range(3), range(2)))


def test_a_mode_never_heard_of_joins_the_classes_when_it_is_seen():
    pli = Release("93000", financement="PLI", day=date(2025, 1, 15))
    instance = told([pli], steady(year(2024), 1))
    prior = learn(instance)
    code = FINANCEMENTS.index("PLI")
    assert code not in outlook(prior, instance.liberations, EVE).financement
    assert code in outlook(prior, instance.liberations, MARCH).financement


def test_the_mix_follows_the_history_and_then_the_year():
    before = [release._replace(typologie="T2") for release in steady(year(2024), 2)]
    now = [release._replace(typologie="T4") for release in steady(year(2025), 2)]
    instance = told(now, before)
    prior = learn(instance)
    first, later = (outlook(prior, instance.liberations, today) for today in (EVE, day("2025-07-01")))
    t2, t4 = TYPOLOGIES.index("T2"), TYPOLOGIES.index("T4")
    assert first.by_typologie()[t2] / first.volume > 0.8
    assert later.by_typologie()[t4] / later.volume > 0.3


def test_a_share_of_qpv_belongs_to_its_commune():
    before = [
        release._replace(qpv=QPV[release.commune == COMMUNES[0].code]) for release in steady(year(2024), 1)
    ]
    instance = told([], before)
    ahead = outlook(learn(instance), instance.liberations, EVE)
    inside = np.bincount(ahead.commune, ahead.expected * ahead.qpv) / ahead.by_commune()
    assert inside[0] > 0.8
    assert (inside[1:] < 0.15).all()


def test_a_building_emptied_in_a_week_is_no_new_pace():
    calm = steady(year(2025), 1)
    emptied = [Release("93003", "T3", day=date(2025, 2, 3) + timedelta(days=i % 5)) for i in range(30)]
    instance = told(calm + emptied, steady(year(2024), 1))
    prior = learn(instance)
    without, shocked = (
        outlook(prior, told(releases, None).liberations, MARCH) for releases in (calm, calm + emptied)
    )
    # Raw counts would have it at 43 + 30 against 43 in two months: half as much again for the year.
    assert without.volume < shocked.volume < 1.1 * without.volume
    assert shocked.by_commune()[3] < 1.6 * without.by_commune()[3]


def test_crowded_weeks_that_repeat_are_a_pace():
    now = steady(year(2025), 1) + steady(year(2025), 3, COMMUNES[:1])
    instance = told(now, steady(year(2024), 1))
    ahead = outlook(learn(instance), instance.liberations, day("2025-07-01"))
    came = (instance.liberations.date > day("2025-07-01")).sum()
    assert ahead.volume == pytest.approx(came, rel=0.2)
    # From an eighth; in truth three quarters, that 23 libérations' worth of history in each of the others delay.
    assert ahead.by_commune()[0] / ahead.volume > 0.55


def test_a_shock_in_the_history_is_moderated_too():
    emptied = [Release("93003", day=date(2024, 6, 3)) for _ in range(60)]
    instance = told([], steady(year(2024), 1) + emptied)
    assert outlook(learn(instance), instance.liberations, EVE).volume < 262 + 20


def test_without_history_the_pace_of_the_period_is_all():
    instance = told(steady(year(2025), 4), None)
    prior, table = learn(instance), instance.liberations
    first = outlook(prior, table, EVE)
    assert first.volume == pytest.approx(12 * len(COMMUNES), rel=0.01)
    assert first.spread > 0.9 * first.volume
    assert first.by_commune() == pytest.approx(np.full(8, 12.0), rel=0.01)
    assert first.by_typologie() / first.volume == pytest.approx(USUAL_TYPOLOGIES)
    # Twelve a commune weigh one libération: a tenth of the first month's eleven-fold surprise, then nothing.
    for today, error in ((day("2025-02-01"), 0.1), (day("2025-06-01"), 0.03)):
        assert outlook(prior, table, today).volume == pytest.approx((table.date > today).sum(), rel=error)


def test_an_empty_history_is_none():
    empty, none = told(steady(year(2025), 1), []), told(steady(year(2025), 1), None)
    stock = told(steady(year(2025), 1), [replace_statut(r, "stock") for r in steady(year(2024), 1)])
    for other in (empty, stock):
        assert same_outlook(
            outlook(learn(none), none.liberations, MARCH), outlook(learn(other), none.liberations, MARCH)
        )


def test_several_years_are_pooled_and_the_last_counts_most():
    two = steady(year(2023), 1) + steady(year(2024), 3)
    volume = outlook(learn(told([], two)), told([], two).liberations, EVE).volume
    assert 2 * 261 < volume < 2.25 * 261


@pytest.mark.parametrize("months", [3, 6])
def test_a_period_of_some_months_gets_its_part_of_the_year(months):
    debut, fin = date(2025, 4, 1), date(2025, 4 + months, 1) - timedelta(days=1)
    instance = told([], steady(year(2024), 2), debut=debut, fin=fin)
    ahead = outlook(learn(instance), instance.liberations, np.datetime64(debut) - 1)
    assert ahead.volume == pytest.approx(2 * np.busday_count(debut, fin + timedelta(days=1)), rel=0.05)


def test_a_history_that_ends_before_the_period_does_is_not_stretched():
    instance = told([], steady(year(2023), 2), debut=date(2024, 7, 1), fin=date(2025, 6, 30))
    ahead = outlook(learn(instance), instance.liberations, day("2024-06-30"))
    assert ahead.volume == pytest.approx(2 * 261, rel=0.03)


def test_half_a_year_of_history_is_half_a_year():
    instance = told([], [r for r in steady(year(2024), 2) if r.day >= date(2024, 7, 1)])
    assert outlook(learn(instance), instance.liberations, EVE).volume == pytest.approx(2 * 261, rel=0.05)


def test_a_leap_year_has_its_day():
    instance = told([], steady(year(2023), 2), debut=date(2024, 1, 1), fin=date(2024, 12, 31))
    prior = learn(instance)
    assert prior.jours == 366
    assert outlook(prior, instance.liberations, day("2023-12-31")).volume == pytest.approx(2 * 262, rel=0.02)


def test_one_commune_and_one_liberation_are_enough():
    lone = (Commune("93048"),)
    instance = told([Release(day=date(2025, 2, 3))], [Release(day=date(2024, 5, 6))], lone)
    ahead = outlook(learn(instance), instance.liberations, MARCH)
    assert 0.2 < ahead.volume < 4
    assert ahead.draw(8, 0).shape == (8, 36)
