"""Conversions by hand, and what holds of any: the worked figures of the field's own file (§1.5)."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.formats import BadInput
from allocator.stock.conversion.avis import avis
from allocator.stock.conversion.conversion import course, exhaustion
from allocator.stock.conversion.durees import QUANTUM, years_left
from allocator.stock.conversion.etude import Etude, study
from allocator.stock.conversion.flux import ZERO, by_holder
from allocator.stock.conversion.reglages import EN_LOCATION, ReglagesConversion
from allocator.stock.conversion.tableaux import tableaux
from tests.stock.conversion_cases import DAY, HOLDERS, Right, make_dossier

SIX = ReglagesConversion(taux_assiette=6.0)


def row_of(etude: Etude, table: str, **keys: object) -> dict[str, object]:
    (document,) = (each.document() for each in tableaux(etude) if each.schema.name == table)
    (row,) = (row for row in document if all(row[name] == value for name, value in keys.items()))
    return row


def test_a_hundred_rights_at_six_percent_for_twelve_years_are_seventy_two() -> None:
    etude = study(make_dossier([Right(nombre=100)]), SIX, ["6"], 3)
    row = row_of(etude, "conversion", reservataire="ville")
    assert (row["exact"], row["droits"], row["annees"], row["taux"]) == (72.0, 72, 12.0, 6.0)


def test_ten_thousand_dwellings_at_six_percent_less_ninety_owe_the_etat_153_of_which_25_agents() -> None:
    settled = ReglagesConversion(taux_assiette=6.0, hors_assiette=90.0, etat=30.0)
    etude = study(make_dossier([Right()], [("69259", 10_000)]), settled, ["6"], 3)
    assert etude.flux.assiette == 510
    assert row_of(etude, "conversion", reservataire="etat")["annuel_entier"] == 153
    assert etude.flux.agents == 25
    assert sum(etude.flux.entier) + etude.flux.bailleur == 510


def test_236_rights_of_13_000_dwellings_are_1_8_percent() -> None:
    etude = study(make_dossier([Right(nombre=236)], [("69259", 13_000)]), SIX, ["6"], 3)
    assert row_of(etude, "conversion", reservataire="ville")["part"] == pytest.approx(1.8, abs=0.05)
    assert row_of(etude, "conventions", reservataire="ville") == {
        "reservataire": "ville",
        "territoire": "commune:69259",
        "niveau": "territoire",
        "part": pytest.approx(100 * 236 / 13_000, abs=1e-6),
        "volume": None,
        "report": None,
        "solde": 170,  # 236 × 6 % × 12 = 169,92
    }


def test_what_gives_nothing_is_listed_and_what_is_not_known_is_never_guessed() -> None:
    dossier = make_dossier(
        [
            Right(nombre=10),
            Right(fin="2025-12-31"),
            Right(fin=""),
            Right("als", nature="simple"),
            Right("als", nature="simple", utilise=True),
        ]
    )
    etude = study(dossier, SIX, ["10"], 3)
    assert [why for _, why in etude.lots.ecartes] == ["expiré", "fin inconnue", "utilisé"]
    assert row_of(etude, "conversion", reservataire="ville")["exact"] == pytest.approx(10 * 0.10 * 12)
    assert row_of(etude, "conversion", reservataire="als")["droits"] == 1
    assert any("fin inconnue" in text for text in avis(etude))
    guessed = study(dossier, ReglagesConversion(taux_assiette=6.0, fin_inconnue=5.0), ["10"], 3)
    assert row_of(guessed, "conversion", reservataire="ville")["exact"] == pytest.approx(12.0 + 0.5)


def test_rates_stand_side_by_side_on_the_same_rights_and_the_same_due() -> None:
    etude = study(make_dossier([Right(nombre=100)]), SIX, ["6", "5", "7,5"], 3)
    rows = [
        row_of(etude, "conversion", choix=f"{rate} %", reservataire="ville") for rate in ("6", "5", "7,5")
    ]
    assert [row["droits"] for row in rows] == [72, 60, 90]
    assert [row["ecart"] for row in rows] == [0, -12, 18]
    assert {row["annuel"] for row in rows} == {6.0}
    assert [row["epuisement"] for row in rows] == [2037, 2035, 2040]


def test_steps_of_rate_and_duration_move_the_rights_by_what_they_say() -> None:
    etude = study(make_dossier([Right(nombre=100)]), SIX, ["6"], 3)
    moved = {
        (variante, pas): row_of(etude, "sensibilite", variante=variante, pas=pas)["ecart"]
        for variante, pas in (("taux", 1.0), ("taux", -0.5), ("duree", 1.0), ("duree", -1.0))
    }
    assert moved == {("taux", 1.0): 12, ("taux", -0.5): -6, ("duree", 1.0): 6, ("duree", -1.0): -6}


def test_the_denominator_is_a_setting() -> None:
    dossier = make_dossier([Right(nombre=100)], out_of_letting=200)
    whole = study(dossier, SIX, ["6"], 3)
    let = study(dossier, ReglagesConversion(taux_assiette=6.0, denominateur=EN_LOCATION), ["6"], 3)
    assert row_of(whole, "conversion", reservataire="ville")["part"] == 10.0
    # the hundred rights are on dwellings out of letting
    assert row_of(let, "conversion", reservataire="ville")["part"] == 0.0
    assert let.lots.parc == 800


def test_a_contractual_share_has_no_balance_and_holds_where_there_are_no_rights() -> None:
    parc = [("69259", 500), ("01004", 500)]
    settled = ReglagesConversion(taux_assiette=6.0, etat=30.0)
    etude = study(make_dossier([Right("etat", 50)], parc), settled, ["6"], 3)
    for place in ("departement:69", "departement:01"):
        row = row_of(etude, "conventions", reservataire="etat", territoire=place)
        assert (row["part"], row["niveau"], row["solde"]) == (30.0, "commune", None)


def test_without_re_lettings_nor_a_rate_nothing_says_what_the_assiette_is() -> None:
    with pytest.raises(BadInput, match="taux_assiette"):
        study(make_dossier([Right()]), ReglagesConversion(), ["6"], 3)


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        ("2026-01-01", "2037-12-31", Fraction(12)),
        ("2026-01-01", "2026-01-01", Fraction(1, 365)),
        ("2024-01-01", "2024-01-01", Fraction(1, 366)),
        ("2024-02-29", "2025-02-28", Fraction(1)),
        ("2026-03-15", "2027-03-15", 1 + Fraction(1, 366)),
        ("2026-05-02", "2026-05-01", Fraction(0)),
    ],
)
def test_years_left_are_counted_to_the_day(first: str, last: str, years: Fraction) -> None:
    days = (np.array([day], "datetime64[D]") for day in (first, last))
    assert Fraction(int(years_left(*days)[0]), QUANTUM) == years


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(-400, 20_000))
def test_a_day_more_is_always_more(first: date, length: int) -> None:
    ends = np.array([first + timedelta(length), first + timedelta(length + 1)], "datetime64[D]")
    before, after = years_left(np.array([first] * 2, "datetime64[D]"), ends).tolist()
    assert before < after if length >= -1 else before == after == 0
    assert abs(after / QUANTUM - max(0, length + 2) / 365.2425) < 0.01


some_rights = st.lists(
    st.builds(
        lambda holder, nombre, fin, commune, nature: Right(holder, nombre, str(fin), commune, nature),
        st.sampled_from([name for name, _ in HOLDERS]),
        st.integers(1, 6),
        st.dates(date(2024, 1, 1), date(2060, 12, 31)),
        st.sampled_from(("69259", "69266", "01004")),
        st.sampled_from(("suite", "suite", "suite", "simple")),
    ),
    min_size=1,
    max_size=8,
)
PARC = [("69259", 60), ("69266", 60), ("01004", 60)]


@settings(max_examples=60, deadline=None)
@given(some_rights, st.decimals(0, 30, places=2))
def test_totals_close_and_nobody_gets_less_than_its_whole_part(rights: list[Right], rate: object) -> None:
    etude = study(make_dossier(rights, PARC), SIX, [str(rate)], 3)
    (conversion,) = etude.conversions
    exact = by_holder(etude.lots, conversion.exact, len(HOLDERS))
    whole = by_holder(etude.lots, tuple(map(Fraction, conversion.droits)), len(HOLDERS))
    assert sum(conversion.droits) == floor(sum(exact, start=ZERO) + Fraction(1, 2))
    assert all(floor(value) <= number <= ceil(value) for value, number in zip(exact, whole, strict=True))
    assert all(
        floor(value) <= number <= ceil(value)
        for value, number in zip(conversion.exact, conversion.droits, strict=True)
    )
    due = sum(etude.flux.entier) + etude.flux.bailleur
    assert due == floor(max(etude.flux.assiette, sum(etude.flux.exact, start=ZERO)) + Fraction(1, 2))


@settings(max_examples=60, deadline=None)
@given(some_rights, st.data(), st.integers(1, 4000))
def test_more_years_left_never_give_fewer_rights(rights: list[Right], data: st.DataObject, days: int) -> None:
    place = data.draw(st.integers(0, len(rights) - 1))
    own = rights[place]
    later = own._replace(fin=str(date.fromisoformat(own.fin) + timedelta(days)))
    before, after = (
        study(make_dossier(some, PARC), SIX, ["5,25"], 3)
        for some in (rights, [*rights[:place], later, *rights[place + 1 :]])
    )
    totals = [
        by_holder(each.lots, tuple(map(Fraction, each.conversions[0].droits)), len(HOLDERS))
        for each in (before, after)
    ]
    holder = [name for name, _ in HOLDERS].index(own.reservataire)
    assert totals[0][holder] <= totals[1][holder]


@given(st.integers(0, 300), st.fractions(0, 40, max_denominator=50), st.integers(1, 30))
def test_the_course_uses_the_rights_up_in_the_year_that_was_forecast(
    droits: int, annuel: Fraction, annees: int
) -> None:
    rows = course(droits, annuel, annees)
    assert rows[0][0] == droits
    assert all(before - used == after >= 0 for before, used, after in rows)
    assert all(left == after for (_, _, left), (after, _, _) in pairwise(rows))
    ended = next((year for year, row in enumerate(rows) if row[0] and not row[2]), None)
    forecast = exhaustion(Fraction(droits), annuel, 0)
    if ended is not None:
        # rounding the last right to the nearest may end a year early, never late
        assert forecast is not None
        assert ended <= forecast <= ended + ceil(Fraction(1, 2) / annuel)


def test_the_day_is_a_setting() -> None:
    later = ReglagesConversion(taux_assiette=6.0, date=date(DAY.year + 2, 1, 1))
    etude = study(make_dossier([Right(nombre=100)]), later, ["6"], 3)
    assert row_of(etude, "conversion", reservataire="ville")["droits"] == 60
    assert etude.premiere == 2028
