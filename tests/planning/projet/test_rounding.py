"""Expected supply made whole: totals close, nothing strays, what is whole stays."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import Territoires
from allocator.drawing import DrawSettings, draw
from allocator.planning.projet import Offre, projet_of, whole
from allocator.planning.projet.projet import Projet
from allocator.planning.projet.rounding import apportion, transport
from allocator.planning.projet.whole import expected
from tests.builders import make_instance

RATES = st.lists(
    st.lists(st.floats(0, 4).map(lambda x: round(x, 3)), min_size=3, max_size=3), min_size=1, max_size=8
)


@given(RATES)
def test_parts_follow_what_is_expected_within_one_dwelling_and_sum_to_the_total(
    years: list[list[float]],
) -> None:
    rates = np.array(years)
    total = np.diff(np.floor(rates.sum(axis=1).cumsum() + 0.5 + 1e-9), prepend=0).astype(np.int64)
    numbers = apportion(rates, total)
    assert (numbers >= 0).all()
    assert (numbers.sum(axis=1) == total).all()
    assert (np.abs(numbers.cumsum(axis=0) - rates.cumsum(axis=0)) < 1 + 1e-6).all()


def test_what_is_expected_every_third_year_comes_every_third_year() -> None:
    rates = np.tile([1 / 3, 2 / 3], (6, 1))
    assert apportion(rates, np.ones(6, dtype=np.int64))[:, 0].sum() == 2


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_table_keeps_its_rows_and_no_table_is_nearer(data: st.DataObject) -> None:
    overdue = np.array(data.draw(st.lists(st.floats(-0.9, 1.9), min_size=4, max_size=4)))
    rows = np.array(data.draw(st.tuples(st.integers(0, 2), st.integers(0, 2))), dtype=np.int64)
    first = data.draw(st.integers(0, int(rows.sum())))
    columns = np.array([first, rows.sum() - first])
    row, column = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    found = transport(overdue, row, column, rows, columns)
    tables = [
        np.array([a, rows[0] - a, b, rows[1] - b])
        for a, b in product(range(rows[0] + 1), range(rows[1] + 1))
        if a + b == first
    ]
    assert found.tolist() in [table.tolist() for table in tables]
    assert np.abs(found - overdue).sum() <= min(np.abs(table - overdue).sum() for table in tables) + 1e-6


def test_a_column_that_its_cells_cannot_fill_is_missed_and_rows_still_close() -> None:
    found = transport(
        np.array([0.5, 0.5]), np.array([0, 1]), np.array([0, 1]), np.array([1, 1]), np.array([2, 0])
    )
    assert found.tolist() == [1, 1]


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_totals_close_by_commune_and_in_all(seed: int) -> None:
    rng = np.random.default_rng(seed)
    projet = _projet(rng.gamma(0.3, 1.0, (4, 12, 6)))
    counts, attendu = expected(projet)[0], expected(projet)[1].cumsum(axis=0)
    got = whole(projet).nombre.cumsum(axis=0)
    assert (np.abs(got.sum(axis=1) - attendu.sum(axis=1)) <= 0.5 + 1e-6).all()
    for commune in range(12):
        mine = counts.commune == commune
        assert (np.abs(got[:, mine].sum(axis=1) - attendu[:, mine].sum(axis=1)) < 2).all()
    assert (np.abs(got - attendu) < 3).all()


@given(st.integers(0, 50))
@settings(max_examples=5, deadline=None)
def test_what_is_whole_stays_as_it_is(seed: int) -> None:
    instance = draw(DrawSettings(seed=seed, size=80, departements=("94", "93"), communes=5))
    counts = whole(projet_of(instance))
    assert counts.nombre.sum() == len(instance.liberations.en_flux)
    assert (counts.nombre[0] == expected(projet_of(instance))[1][0]).all()


def test_a_year_without_a_liberation_has_no_class() -> None:
    counts = whole(projet_of(make_instance(releases=())))
    assert len(counts) == 0
    assert counts.nombre.shape == (1, 0)


def _projet(attendu: np.ndarray) -> Projet:
    """Return a projet of that supply, years × communes × typologies, in two départements."""
    years, communes = attendu.shape[:2]
    year, commune, size = (part.ravel() for part in np.indices(attendu.shape))
    base = projet_of(make_instance())
    names = tuple(f"{number:05}" for number in range(communes))
    places = tuple(str(number % 2) for number in range(communes))
    blank = ("",) * communes
    return Projet(
        nom="",
        description="",
        source="",
        premiere=2026,
        annees=years,
        territoires=Territoires(names, blank, blank, places, blank, np.full(communes, np.nan)),
        reservataires=base.reservataires,
        conventions=base.conventions * years,
        indicatifs=base.indicatifs * years,
        offre=Offre(
            commune.astype(np.int32),
            size.astype(np.int8),
            np.ones(len(size), dtype=np.int8),
            np.zeros(len(size), dtype=np.int8),
            year.astype(np.int16),
            attendu.ravel(),
        ),
        saison=base.saison,
        historique=None,
    )
