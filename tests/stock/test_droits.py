"""The ledger of rights: balances that add up, nothing below zero, what ends first used first."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.formats import BadInput
from allocator.stock.droits.mouvements import Mouvement, read_cloture, read_mouvements
from allocator.stock.droits.registre import build_registre
from allocator.stock.droits.tableaux import tableaux, with_droits, with_soldes

CLE = ("als", "departement:93")
HEADER = "annee,reservataire,territoire,nature,droits,fin,origine,source\n"


def move(annee: int, nature: str, droits: int, fin: int | None = None, *, cloture: bool = False) -> Mouvement:
    return Mouvement(annee, *CLE, nature, droits, fin, "", "un document", "m.csv", 2, cloture)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_opening_acquired_consumed_and_expired_make_the_balance() -> None:
    registre = build_registre(
        [
            move(2026, "ouverture", 10),
            move(2026, "acquis", 4),
            move(2026, "consomme", 3),
            move(2027, "expire", 2),
            move(2027, "consomme", 5),
        ]
    )
    soldes = tableaux(registre)[1]
    assert [row[2:] for row in soldes.rows] == [(2026, 10, 4, 3, 0, 11), (2027, 11, 0, 5, 2, 4)]
    assert registre.solde(CLE) == 4


def test_every_line_has_its_source_and_the_balance_after_it() -> None:
    (registre, *_) = tableaux(build_registre([move(2026, "ouverture", 3), move(2026, "consomme", 1)]))
    assert [(row[7], row[8]) for row in registre.rows] == [("un document", 3), ("un document", 2)]


def test_rights_that_end_first_are_used_first_and_what_is_left_of_them_expires() -> None:
    registre = build_registre(
        [
            move(2026, "ouverture", 5),
            move(2026, "acquis", 4, 2027),
            move(2026, "consomme", 3),
            move(2028, "consomme", 2),
        ]
    )
    assert [row[2:] for row in tableaux(registre)[1].rows] == [
        (2026, 5, 4, 3, 0, 6),
        (2027, 6, 0, 0, 1, 5),
        (2028, 5, 0, 2, 0, 3),
    ]


def test_a_balance_never_passes_below_zero_without_a_fault(tmp_path: Path) -> None:
    path = write(
        tmp_path / "m.csv",
        HEADER
        + "2026,als,departement:93,ouverture,5,,,conversion\n"
        + "2027,als,departement:93,consomme,4,,,bilan 2027\n"
        + "2027,als,departement:93,consomme,3,,,bilan 2027\n",
    )
    with pytest.raises(BadInput, match=r"m\.csv:4: droits: 3 droits consommés .* 1 restaient"):
        build_registre(read_mouvements([path]))


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    first = write(tmp_path / "a.csv", HEADER + "2026,als,93,acquis,-1,2025,,x\n")
    second = write(tmp_path / "b.csv", HEADER + "2026,als,departement:93,donne,1,,,\n")
    with pytest.raises(BadInput) as caught:
        read_mouvements([first, second])
    told = caught.value.render()
    for where in (
        "a.csv:2: territoire",
        "a.csv:2: droits",
        "a.csv:2: fin",
        "b.csv:2: nature",
        "b.csv:2: source",
    ):
        assert where in told


CLOTURE = "reservataire,territoire,du,logements,solde,ecart,report,utilises,acquis,droits\n"


def test_the_end_of_a_year_says_what_was_used(tmp_path: Path) -> None:
    path = write(
        tmp_path / "cloture.csv",
        CLOTURE + "als,departement:93,5,5,0,0,0,5,2,7\nville,commune:93048,1,1,0,0,0,1,0,\n",
    )
    moves, found = read_cloture(2026, path)
    registre = build_registre([move(2026, "ouverture", 10), *moves], found)
    assert (registre.solde(CLE), registre.avis) == (7, ())
    assert list(registre.ecritures) == [CLE], "a promise without rights is not in the ledger"
    other = build_registre([move(2026, "ouverture", 11), *moves], found)
    assert other.avis == (
        "cloture.csv:2: als/departement:93 : 7 droits d'après la clôture de 2026, 8 d'après le registre",
    )


def test_what_two_sources_say_counts_once_and_must_agree() -> None:
    opening = move(2026, "ouverture", 10)
    said_twice = [opening, move(2026, "acquis", 2), move(2026, "acquis", 2, cloture=True)]
    assert build_registre(said_twice).solde(CLE) == 12
    with pytest.raises(BadInput, match=r"3 droits acquis .* 2 d'après les mouvements"):
        build_registre([opening, move(2026, "acquis", 2), move(2026, "acquis", 3, cloture=True)])


def test_the_forecast_of_exhaustion_is_at_the_pace_of_the_last_three_years() -> None:
    moves = [move(2026, "ouverture", 100)] + [
        move(year, "consomme", used) for year, used in ((2026, 40), (2027, 6), (2028, 7), (2029, 8))
    ]
    (row,) = tableaux(build_registre(moves))[2].rows
    assert row[2:6] == (39, 7.0, pytest.approx(39 / 7), 2035)


def test_balances_bound_the_next_year(tmp_path: Path) -> None:
    registre = build_registre([move(2026, "ouverture", 10, 2030), move(2026, "consomme", 3)])
    conventions = write(
        tmp_path / "conventions.csv",
        "reservataire,territoire,part,solde\nals,departement:93,21.5,10\netat,departement:93,30,\n",
    )
    dus = write(
        tmp_path / "dus_annuels.csv",
        "reservataire,territoire,annuel,droits\nals,departement:93,0.5,10\nemp,departement:93,0.5,\n",
    )
    assert [(row[0], row[3], row[6]) for row in with_soldes(conventions, registre).rows] == [
        ("als", "21.5", 7),
        ("etat", "30", ""),
    ]
    assert [(row[0], row[5], row[6]) for row in with_droits(dus, registre).rows] == [
        ("als", 7, 2030),
        ("emp", "", ""),
    ]


@given(
    st.lists(st.tuples(st.integers(2026, 2030), st.integers(0, 9), st.integers(0, 9)), max_size=8),
    st.integers(0, 9),
)
def test_whatever_happens_the_years_follow_each_other(flows: list[tuple[int, int, int]], opened: int) -> None:
    moves = [move(2026, "ouverture", opened)]
    for year, gained, used in flows:
        moves += [
            move(year, "acquis", gained, year + 1 if gained % 2 else None),
            move(year, "consomme", used),
        ]
    try:
        soldes = tableaux(build_registre(moves))[1].rows
    except BadInput:
        # then some year used more than all that had come by then, or than had not expired
        total_used = sum(used for _, _, used in flows)
        assert total_used > 0
        return
    balance = opened
    for _, _, _, before, gained, used, expired, after in soldes:
        assert before == balance
        assert after == before + gained - used - expired >= 0
        balance = after
