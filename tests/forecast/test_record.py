"""The record judges the forecasts that were made, on what came since."""

from datetime import date

import numpy as np
import pytest

from allocator.forecast import Check, Record, describe, learn, outlook, record
from tests.forecast.years import rows, steady, thinned, told, year

JULY = np.datetime64("2025-07-15")


@pytest.fixture(scope="module")
def drawn():
    return thinned(3, 500)


def test_each_check_is_the_forecast_of_its_morning_up_to_today(drawn):
    table = drawn.liberations
    kept = record(learn(drawn), table, JULY)
    assert [check.day for check in kept.checks] == [date(2025, month, 1) for month in range(1, 8)]
    for check in kept.checks:
        flux = table.date[table.en_flux]
        assert check.realised == ((flux >= np.datetime64(check.day)) & (flux < JULY)).sum()
        assert check.low < check.expected < check.high


def test_at_the_end_the_checks_are_the_outlooks(drawn):
    prior, table = learn(drawn), drawn.liberations
    for check in record(prior, table, np.datetime64("2026-01-01")).checks:
        eve = np.datetime64(check.day) - 1
        ahead = outlook(prior, table, eve, rows(table, table.date == eve))
        assert check.expected == pytest.approx(ahead.volume)
        assert (check.low, check.high) == pytest.approx(ahead.interval())


def test_what_comes_from_today_on_does_not_matter(drawn):
    table = drawn.liberations
    assert record(learn(drawn), table, JULY) == record(learn(drawn), rows(table, table.date < JULY), JULY)


def test_a_year_like_the_last_is_foretold():
    instance = told(steady(year(2025), 2), steady(year(2024), 2))
    kept = record(learn(instance), instance.liberations, np.datetime64("2026-03-01"))
    assert kept.today == date(2026, 1, 1)
    assert kept.coverage == 1.0
    assert kept.commune_error < 3
    assert kept.typologie_error < 6


def test_a_year_unlike_the_last_is_owned_up_to():
    instance = told(steady(year(2025), 6), steady(year(2024), 2))
    kept = record(learn(instance), instance.liberations, np.datetime64("2025-04-01"))
    assert not kept.checks[0].held
    assert kept.coverage < 0.5


def test_before_the_period_there_is_nothing_to_judge(drawn):
    kept = record(learn(drawn), drawn.liberations, np.datetime64("2025-01-01"))
    assert kept.checks == ()
    assert kept.coverage == kept.commune_error == 0.0
    assert describe(kept) == "Aucune prévision à juger : la période n'a pas commencé."


def test_a_period_that_starts_within_a_month_has_its_first_day_checked():
    instance = told([], steady(year(2024), 1), debut=date(2025, 3, 10), fin=date(2025, 12, 31))
    kept = record(learn(instance), instance.liberations, np.datetime64("2025-05-02"))
    assert [check.day for check in kept.checks] == [date(2025, 3, 10), date(2025, 4, 1), date(2025, 5, 1)]


def test_a_record_reads_as_french():
    checks = (
        Check(date(2025, 1, 1), 60.4, 48.0, 73.2, 58, 1.25, 3.0),
        Check(date(2025, 2, 1), 30.0, 22.0, 38.0, 39, 0.75, 2.0),
    )
    assert describe(Record(date(2025, 3, 1), checks)) == (
        "La prévision du 1er janvier 2025 annonçait, jusqu'au 28 février 2025, 60 libérations (huit chances sur dix "
        "d'être entre 48 et 73) ; il y en a eu 58. Des 2 prévisions faites ce jour-là et au début de chaque mois, 1 "
        "encadrait ce qui est venu depuis (on en attend huit sur dix). L'écart moyen est de 1,0 par commune et de "
        "2,5 par typologie."
    )
