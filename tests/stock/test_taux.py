"""The agreed rates: each right and dwelling has the rate of the most precise segment, or the table is at fault."""

from math import inf, nan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain.vocabulary import TYPOLOGIES
from allocator.formats import BadInput
from allocator.stock.dossier import Dossier
from allocator.stock.rotation.taux import read_taux, taux_unique
from allocator.stock.rotation.tranches import Tranche, banded, parse_tranche, tranches
from tests.stock.dossier_files import dossier_of


def table(folder: Path, header: str, *rows: str) -> Path:
    path = folder / "taux.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def told(path: Path) -> str:
    with pytest.raises(BadInput) as caught:
        read_taux(path)
    return caught.value.render()


def test_the_most_precise_segment_holds(tmp_path: Path) -> None:
    dossier = dossier_of(tmp_path)
    path = table(
        tmp_path,
        "departement,commune,typologie,surface,taux",
        ",,,,6",
        "93,,,,5",
        "93,,T3,,4",
        ",93048,T3,moins de 63,3",
        "94,,,80 et plus,7",
    )
    rates = read_taux(path).rate(dossier, dossier.parc)
    assert rates.tolist() == pytest.approx([0.05, 0.03, 0.04, 0.07, 0.07, 0.06])


def test_a_right_has_the_rate_of_the_family_of_its_reservataire(tmp_path: Path) -> None:
    dossier = dossier_of(tmp_path)
    path = table(tmp_path, "famille,taux", ",6", "etat,8", "commune,5.5")
    taux = read_taux(path)
    assert taux.rate(dossier, dossier.droits).tolist() == pytest.approx([0.08, 0.055, 0.06, 0.06, 0.055])
    assert taux.rate(dossier, dossier.parc).tolist() == pytest.approx([0.06] * 6)


def test_a_row_that_is_not_retained_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    dossier = dossier_of(tmp_path)
    path = table(tmp_path, "typologie,taux,retenu", ",6,oui", "T3,4,non", "T2,5,")
    assert read_taux(path).rate(dossier, dossier.parc).tolist() == pytest.approx(
        [0.05, 0.06, 0.06, 0.06, 0.06, 0.06]
    )


def test_one_rate_for_all(tmp_path: Path) -> None:
    dossier = dossier_of(tmp_path)
    assert taux_unique(6.0).rate(dossier, dossier.droits).tolist() == [0.06] * 5


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("T3,,,5",), "aucun taux pour 4 lignes, dont « M1 » : une ligne sans segment vaut pour tout"),
        ((",,,6", "T3,,,5", ",oui,,4", ",non,,3"), "« M2 » est dans les segments des lignes 2, 3, 5"),
        ((",,,6", ",,moins de 50,5", ",,40 à 70,4"), "« M1 » est dans les segments des lignes 2, 3, 4"),
    ],
    ids=["none", "crossing", "overlapping"],
)
def test_a_line_without_one_rate_is_a_fault_of_the_table(
    tmp_path: Path, rows: tuple[str, ...], said: str
) -> None:
    dossier = dossier_of(tmp_path)
    taux = read_taux(table(tmp_path, "typologie,qpv,surface,taux", *rows))
    with pytest.raises(BadInput) as caught:
        taux.rate(dossier, dossier.parc)
    assert said in caught.value.render()


def test_the_row_that_crosses_two_settles_them(tmp_path: Path) -> None:
    dossier = dossier_of(tmp_path)
    path = table(tmp_path, "typologie,qpv,taux", ",,6", "T4,,5", ",oui,4", "T4,oui,3")
    assert read_taux(path).rate(dossier, dossier.parc).tolist() == pytest.approx(
        [0.06, 0.06, 0.06, 0.03, 0.03, 0.06]
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("T3,,101,",), "taux.csv:2: taux: « 101 » hors limites"),
        (("T3,,,",), "taux.csv:2: taux: valeur absente"),
        (("T3,30-45,5,",), "taux.csv:2: surface: « 30-45 » n'est pas une tranche, attendu « moins de 30 »"),
        (("T3,45 à 30,5,",), "n'est pas une tranche"),
        (("T9,,5,",), "taux.csv:2: typologie: « T9 » inconnu"),
        (("T3,,5,", "T3,,6,"), "taux.csv:3: taux: segment déjà donné à la ligne 2"),
        (("T3,,5,non",), "taux.csv: retenu: aucun taux retenu"),
    ],
)
def test_a_table_that_is_wrong_is_refused(tmp_path: Path, rows: tuple[str, ...], said: str) -> None:
    assert said in told(table(tmp_path, "typologie,surface,taux,retenu", *rows))


def test_bands_are_written_as_they_are_read() -> None:
    bands = tranches((30, 45.5, 90))
    assert list(map(str, bands)) == ["moins de 30", "30 à 45.5", "45.5 à 90", "90 et plus"]
    assert tuple(map(parse_tranche, map(str, bands))) == bands
    assert parse_tranche("30  à 45,5") == Tranche(30, 45.5)


@given(
    st.lists(st.floats(1, 100), min_size=1, max_size=5, unique=True).map(sorted),
    st.lists(st.one_of(st.floats(0, 200), st.just(nan)), min_size=1, max_size=20),
)
def test_a_value_is_in_one_band_and_in_the_one_that_is_named(
    seuils: list[float], values: list[float]
) -> None:
    bands, column = tranches(seuils), np.array(values)
    named = banded(column, bands)
    inside = np.array([band.holds(column) for band in bands])
    for place, value in enumerate(values):
        held = [str(band) for band, hit in zip(bands, inside[:, place], strict=True) if hit]
        assert held == ([] if np.isnan(value) else [named[place]])
    assert bands[0].bas == -inf


ROW = st.tuples(
    st.sampled_from(["", "93", "94"]),
    st.sampled_from(["", "93048", "94028"]),
    st.sampled_from(["", "T3", "T4"]),
    st.sampled_from(["", "oui", "non"]),
)


def plain_rate(dossier: Dossier, line: int, rows: list[tuple[str, str, str, str]]) -> int | None:
    """Return the row that a dwelling has by the definition, or ``None`` where the table is at fault."""
    parc, places = dossier.parc, dossier.territoires
    commune = int(parc.commune[line])
    own = {
        "departement": places.departement[commune],
        "commune": places.commune[commune],
        "typologie": TYPOLOGIES[parc.typologie[line]],
        "qpv": ("non", "oui")[parc.qpv[line]],
    }
    held = {}
    for place, row in enumerate(rows):
        wanted = {name: text for name, text in zip(own, row, strict=True) if text}
        if all(own[name] == text for name, text in wanted.items()):
            held[place] = set(wanted) | ({"departement"} if "commune" in wanted else set())
    best = [
        place
        for place, names in held.items()
        if all(names > other for rival, other in held.items() if rival != place)
    ]
    return best[0] if best else None


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=8, unique=True))
def test_rates_are_those_of_the_definition(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("t")
    dossier = dossier_of(folder)
    path = table(
        folder,
        "departement,commune,typologie,qpv,taux",
        *(f"{','.join(row)},{place + 1}" for place, row in enumerate(rows)),
    )
    expected = [plain_rate(dossier, line, rows) for line in range(len(dossier.parc))]
    if None in expected:
        with pytest.raises(BadInput):
            read_taux(path).rate(dossier, dossier.parc)
    else:
        found = read_taux(path).rate(dossier, dossier.parc)
        assert found.tolist() == pytest.approx([(place or 0) / 100 + 0.01 for place in expected])
