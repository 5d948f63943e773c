"""The rotation of a park: what is counted is what a reader would count, and small segments lean as is stated."""

import random
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from allocator.formats import BadInput
from allocator.stock.dossier import Dossier
from allocator.stock.rotation.diagnostic import Diagnostic, diagnose
from allocator.stock.rotation.observations import annees_before, observe, pooled
from allocator.stock.rotation.rapprochement import SPREADS, Rates, lean, whole_rate
from allocator.stock.rotation.tableaux import annees_tableau, rotation_tableau, taux_tableau
from allocator.stock.rotation.tranches import tranches
from tests.stock.dossier_files import VALID, dossier_of

BANDS = {"surface": tranches((50, 70)), "loyer": tranches((6,))}


def diagnosed(*dossiers: Dossier, by: tuple[str, ...] = (), years: int = 3) -> Diagnostic:
    return diagnose(pooled([observe(dossier, years, BANDS) for dossier in dossiers]), by)


def counted(found: Diagnostic) -> dict[tuple[str, ...], tuple[float, float, float]]:
    """Return park, re-lettings and dwelling-years by segment of the narrowest level."""
    last = found.niveaux[-1]
    return {
        names: (
            float(last.parc[row, 0]),
            float(last.relocations[row].sum()),
            round(float(last.temps[row].sum()), 9),
        )
        for row, names in enumerate(last.modalites)
    }


def test_years_end_on_the_day_of_the_dossier() -> None:
    first, second = annees_before(date(2022, 3, 31), 2)
    assert (first.debut, first.fin) == (date(2021, 4, 1), date(2022, 3, 31))
    assert (second.debut, second.fin) == (date(2020, 4, 1), date(2021, 3, 31))
    assert annees_before(date(2024, 2, 29), 1)[0].debut == date(2023, 3, 1)


def test_a_park_counts_what_is_in_letting(tmp_path: Path) -> None:
    found = diagnosed(dossier_of(tmp_path), by=("departement", "typologie"))
    assert counted(found) == {
        ("93", "T2"): (1, 1, 3),
        ("93", "T3"): (2, 1, 6),
        ("94", "T1"): (1, 0, 3),
        ("94", "T4"): (1, 1, 3),
    }
    whole = rotation_tableau(found).document()[0]
    assert (whole["parc"], whole["relocations"], whole["annees"]) == (5, 3, 15)
    assert whole["taux_brut"] == whole["taux"] == 20


def test_surfaces_and_rents_are_cut_into_bands_and_the_unknown_is_last(tmp_path: Path) -> None:
    found = diagnosed(dossier_of(tmp_path), by=("surface",))
    assert [names for (names,) in counted(found)] == ["moins de 50", "50 à 70", "70 et plus", "inconnu"]
    assert [row["surface"] for row in taux_tableau(found).document()] == [
        "",
        "moins de 50",
        "50 à 70",
        "70 et plus",
    ]


def test_a_dwelling_counts_from_the_year_after_it_was_built(tmp_path: Path) -> None:
    parc = VALID["parc.csv"].replace(
        "M3,93048,Les Lilas,T3,PLUS,non,63.5,6.5,1974", "M3,93048,,T3,PLUS,non,63,6,2023"
    )
    found = diagnosed(dossier_of(tmp_path, parc=parc), by=("typologie",))
    assert counted(found)["T3",] == (2, 1, 5)
    rows = [row for row in annees_tableau(found).document() if row["typologie"] == "T3"]
    assert [(row["fin"], row["parc"], row["annees"]) for row in rows] == [
        ("2025-12-31", 2, 2),
        ("2024-12-31", 2, 2),
        ("2023-12-31", 1, 1),
    ]


def test_re_lettings_of_what_is_out_of_letting_are_left_out_and_said(tmp_path: Path) -> None:
    dossier = dossier_of(tmp_path, relocations=VALID["relocations.csv"] + "C2,2024-01-01\n")
    found = diagnosed(dossier)
    assert found.ecartees == 1
    assert counted(found)[()] == (5, 3, 15)


def test_a_family_has_the_dwellings_that_its_rights_are_on_and_its_share_of_programmes(
    tmp_path: Path,
) -> None:
    rows = counted(diagnosed(dossier_of(tmp_path), by=("famille",)))
    assert rows["etat",] == (1, 1, 3)
    # M2, and a third of each of the three dwellings of the programme: M2 is not counted twice over
    assert rows["commune",] == pytest.approx((1 + 2 / 3, 2 / 3, 3 * (1 + 2 / 3)))
    # C1, of which the programme's right has all already
    assert rows["action_logement",] == (1, 1, 3)
    assert rows["aucune",] == pytest.approx((1 + 2 / 3, 2 / 3, 3 * (1 + 2 / 3)))


def test_a_dwelling_may_be_in_the_rights_of_several_families(tmp_path: Path) -> None:
    more = VALID["reservations.csv"] + "D6,als,suite,M1,,,,,,2040-01-01,,,\n"
    rows = counted(diagnosed(dossier_of(tmp_path, reservations=more), by=("famille",)))
    assert rows["etat",] == (1, 1, 3)
    assert rows["action_logement",] == (2, 2, 6)


def test_several_bailleurs_are_one_park(tmp_path: Path) -> None:
    one = dossier_of(tmp_path / "one")
    assert counted(diagnosed(one, one, by=("commune", "qpv"))) == {
        names: tuple(2 * number for number in numbers)
        for names, numbers in counted(diagnosed(one, by=("commune", "qpv"))).items()
    }
    families = counted(diagnosed(one, one, by=("departement", "famille")))
    assert families["93", "etat"] == (2, 2, 6)


def test_dossiers_of_two_dates_are_not_pooled(tmp_path: Path) -> None:
    one = dossier_of(tmp_path / "one")
    text = VALID["dossier.toml"].replace("2025-12-31", "2026-01-31").replace("2023-01-01", "2023-02-01")
    two = dossier_of(tmp_path / "two", dossier=text)
    with pytest.raises(BadInput, match="pas la même date : 2025-12-31, 2026-01-31"):
        diagnosed(one, two)


def test_more_years_than_are_known_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="connues depuis le 2023-01-01, or 4 ans"):
        diagnosed(dossier_of(tmp_path), years=4)


def test_a_park_that_is_not_in_letting_has_no_rate(tmp_path: Path) -> None:
    parc = VALID["parc.csv"].splitlines()[0] + "\nM1,93048,,T2,PLUS,non,45,6.5,1974,non\n"
    empty = {
        "reservations": VALID["reservations.csv"].splitlines()[0] + "\n",
        "relocations": "logement,date\n",
    }
    with pytest.raises(BadInput, match="aucun logement en location"):
        diagnosed(dossier_of(tmp_path, parc=parc, **empty))


@pytest.mark.parametrize("seed", range(8))
def test_counts_are_those_of_a_plain_loop(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    size, years = 40, 3
    last, first = date(2025, 12, 31), date(2023, 1, 1)
    kinds = [(rng.choice(("93048", "94028")), f"T{rng.randint(1, 4)}") for _ in range(size)]
    built = [rng.choice(("", 1970, 2022, 2023, 2024, 2025)) for _ in range(size)]
    let = [rng.random() < 0.9 for _ in range(size)]
    past = {
        (rng.randrange(size), first + timedelta(days=rng.randrange((last - first).days + 1)))
        for _ in range(60)
    }
    parc = "logement,commune,typologie,construction,en_location\n" + "".join(
        f"L{k},{commune},{typologie},{built[k]},{'oui' if let[k] else 'non'}\n"
        for k, (commune, typologie) in enumerate(kinds)
    )
    relocations = "logement,date\n" + "".join(f"L{k},{day}\n" for k, day in sorted(past))
    nothing = VALID["reservations.csv"].splitlines()[0] + "\n"
    dossier = dossier_of(tmp_path, parc=parc, relocations=relocations, reservations=nothing)
    found = diagnosed(dossier, by=("commune", "typologie"), years=years)
    table = {
        (row["commune"], row["typologie"], row["fin"][:4]): (row["parc"], row["relocations"], row["annees"])
        for row in annees_tableau(found).document()
        if row["niveau"] == 2
    }
    for commune, typologie in set(kinds):
        for year in (2023, 2024, 2025):
            inside = [
                k
                for k in range(size)
                if kinds[k] == (commune, typologie) and let[k] and (built[k] or 0) < year
            ]
            seen = sum(k in inside and day.year == year for k, day in past)
            row = table.get((commune, typologie, str(year)), (0, 0, 0))
            assert row == (len(inside), seen, len(inside))
    outside = sum(not let[k] or day.year <= (built[k] or 0) for k, day in past)
    assert found.ecartees == outside


def test_a_rate_is_the_stated_mean_of_the_raw_rate_and_the_parents() -> None:
    parent = Rates(np.full(3, 0.06), np.ones(3), np.full(3, 1e-6))
    seen, years = np.array([2.0, 30.0, 0.0]), np.array([20.0, 900.0, 5.0])
    rates = lean(seen, years, parent)
    assert rates.taux == pytest.approx(rates.poids * seen / years + (1 - rates.poids) * 0.06)
    assert (np.diff(rates.poids[[2, 0, 1]]) > 0).all(), "the more it was seen, the more a segment says itself"


def test_the_mean_and_the_spread_are_those_of_the_stated_model() -> None:
    """Against numerical integration of the posterior, spread by spread, with the marginal likelihood of all."""
    seen, years, mean = np.array([9.0, 2.0, 4.0]), np.array([90.0, 80.0, 30.0]), 0.06
    found = lean(seen, years, Rates(np.full(3, mean), np.ones(3), np.zeros(3)))

    grid = np.linspace(1e-6, 0.6, 40_001)
    densities = np.array(
        [
            stats.gamma(1 / spread**2, scale=mean * spread**2).pdf(grid)
            * stats.poisson.pmf(seen[:, None], years[:, None] * grid)
            for spread in SPREADS
        ]
    )
    evidence, once, twice = (np.trapezoid(densities * grid**power, grid) for power in range(3))
    credit = evidence.prod(axis=1) / evidence.prod(axis=1).sum()
    for k in range(3):
        first, second = once[:, k] / evidence[:, k], twice[:, k] / evidence[:, k]
        assert found.taux[k] == pytest.approx(credit @ first, rel=1e-6)
        assert found.variance[k] == pytest.approx(credit @ second - (credit @ first) ** 2, rel=1e-5)


def test_segments_that_are_alike_lean_more_than_segments_that_differ() -> None:
    parent = Rates(np.full(6, 0.06), np.ones(6), np.zeros(6))
    years = np.full(6, 200.0)
    alike = lean(np.array([12.0, 11, 13, 12, 12, 12]), years, parent)
    unlike = lean(np.array([2.0, 24, 4, 20, 1, 21]), years, parent)
    assert alike.poids.max() < unlike.poids.min()


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 600)), min_size=1, max_size=8),
    st.floats(0.01, 0.2),
)
def test_a_rate_lies_between_the_raw_and_the_parents_and_inside_its_interval(
    rows: list[tuple[int, int]], mean: float
) -> None:
    seen, years = (np.array(column, float) for column in zip(*rows, strict=True))
    rates = lean(seen, years, Rates(np.full(len(seen), mean), np.ones(len(seen)), np.full(len(seen), 1e-6)))
    low, high = np.minimum(seen / years, mean), np.maximum(seen / years, mean)
    assert ((low - 1e-12 <= rates.taux) & (rates.taux <= high + 1e-12)).all()
    assert ((rates.bas <= rates.taux) & (rates.taux <= rates.haut) & (rates.bas >= 0)).all()


def test_a_park_never_vacated_has_a_rate_of_zero_and_says_how_high_it_may_be() -> None:
    rates = whole_rate(0.0, 100.0)
    assert rates.taux[0] == rates.bas[0] == 0
    assert 0.005 < rates.haut[0] < 0.05


def test_nine_true_rates_in_ten_lie_in_their_intervals_and_the_shrunk_are_nearer_than_the_raw() -> None:
    """Parks drawn at random: 2 départements × 6 sizes, 5 to 400 dwellings a segment, three years."""
    rng = np.random.default_rng(11)
    held, raw_error, error = [], 0.0, 0.0
    for _ in range(150):
        spread = rng.uniform(0.05, 0.6)
        true = 0.06 * rng.gamma(1 / spread**2, spread**2, 12)
        years = 3.0 * np.round(np.exp(rng.uniform(np.log(5), np.log(400), 12)))
        seen = rng.poisson(true * years).astype(float)
        whole = whole_rate(seen.sum(), years.sum())
        rates = lean(
            seen,
            years,
            Rates(*(np.repeat(column, 12) for column in (whole.taux, whole.poids, whole.variance))),
        )
        held.append(((rates.bas <= true) & (true <= rates.haut)).mean())
        raw_error += ((seen / years - true) ** 2).sum()
        error += ((rates.taux - true) ** 2).sum()
    assert 0.86 <= np.mean(held) <= 0.94
    assert error < 0.5 * raw_error


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_levels_sum_to_the_level_above(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    found = diagnosed(_drawn(tmp_path_factory.mktemp("d"), seed), by=("departement", "qpv", "typologie"))
    for above, below in zip(found.niveaux, found.niveaux[1:], strict=False):
        for name in ("parc", "temps", "relocations"):
            sums = np.zeros_like(getattr(above, name))
            np.add.at(sums, below.parent, getattr(below, name))
            assert sums == pytest.approx(getattr(above, name))


def _drawn(folder: Path, seed: int) -> Dossier:
    rng = random.Random(seed)
    rows = [
        f"L{k},{rng.choice(('93048', '94028'))},{rng.choice(('T2', 'T3', ''))},{rng.choice(('oui', 'non', ''))}"
        for k in range(rng.randint(1, 15))
    ]
    past = sorted({(rng.randrange(len(rows)), rng.randint(1, 28)) for _ in range(rng.randint(0, 9))})
    return dossier_of(
        folder,
        parc="logement,commune,typologie,qpv\n" + "".join(f"{row}\n" for row in rows),
        relocations="logement,date\n" + "".join(f"L{k},2024-02-{day:02}\n" for k, day in past),
        reservations=VALID["reservations.csv"].splitlines()[0] + "\n",
    )
