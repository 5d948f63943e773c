"""The état des lieux: what it lacks is told, each sees its own lines, answers are read back, counts close."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.formats import BadInput
from allocator.formats.tableau import Tableau
from allocator.formats.workbook_writer import workbook
from allocator.stock.dossier import Dossier
from allocator.stock.dossier.ouverts import ouverts
from allocator.stock.etat_des_lieux.extraits import extraits
from allocator.stock.etat_des_lieux.incompletudes import incompletudes, incompletudes_tableau
from allocator.stock.etat_des_lieux.objectifs import objectifs
from allocator.stock.etat_des_lieux.reponses import read_reponses, reponses_tableau
from allocator.stock.etat_des_lieux.synthese import synthese
from tests.stock.dossier_files import VALID, dossier_of

HEADER = "droit,reservataire,nature,logement,residence,commune,nombre,origine,debut,fin,utilise,typologie,surface\n"
WHOLE = "T1,etat,suite,M1,,,,contingent,1975-01-01,2040-12-31,,,\n"


def codes(dossier: Dossier, droit: str) -> set[str]:
    return {
        one.constat.code
        for one in incompletudes(dossier)
        if one.droit >= 0 and dossier.droits.droit[one.droit] == droit
    }


def with_rights(folder: Path, *lines: str) -> Dossier:
    return dossier_of(folder, reservations=HEADER + "".join(f"{line}\n" for line in lines))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("T,etat,suite,M1,,,,contingent,1975-01-01,2040-12-31,,,", set()),
        ("T,etat,suite,M1,,,,,1975-01-01,2040-12-31,,,", {"origine_inconnue"}),
        ("T,etat,suite,M1,,,,contingent,,2040-12-31,,,", {"debut_inconnu"}),
        ("T,etat,suite,M1,,,,contingent,1975-01-01,,,,", {"fin_inconnue"}),
        ("T,etat,simple,M1,,,,contingent,1975-01-01,,,,", set()),
        ("T,etat,simple,M1,,,,contingent,1975-01-01,,oui,,", {"consomme"}),
        ("T,etat,suite,M1,,,,contingent,1975-01-01,2040-12-31,oui,,", {"utilise_sans_objet"}),
        ("T,etat,suite,M1,,,,contingent,1975-01-01,2025-12-30,,,", {"echu"}),
        ("T,etat,suite,M1,,,,contingent,1975-01-01,2025-12-31,,,", set()),
        ("T,etat,suite,M1,,,,contingent,2026-01-01,2040-12-31,,,", {"a_venir"}),
        ("T,etat,suite,C2,,,,contingent,1975-01-01,2040-12-31,,,", {"hors_location"}),
        ("T,etat,suite,C3,,,,contingent,1975-01-01,2040-12-31,,,", {"surface_inconnue", "loyer_inconnu"}),
        ("T,etat,suite,,Le Port,94028,,terrain,1975-01-01,2040-12-31,,T4,80", {"nombre_inconnu"}),
        ("T,etat,suite,,Le Port,94028,2,terrain,1975-01-01,2040-12-31,,T4,80", set()),
        ("T,etat,suite,,Le Port,94028,3,terrain,1975-01-01,2040-12-31,,T4,80", {"nombre_excessif"}),
        ("T,etat,suite,,Les Lilas,93048,1,terrain,1975-01-01,2040-12-31,,,62", {"typologie_inconnue"}),
        (
            "T,etat,suite,,Le Port,93048,1,terrain,1975-01-01,2040-12-31,,T4,80",
            {"programme_inconnu", "financement_inconnu", "qpv_inconnu", "loyer_inconnu"},
        ),
    ],
)
def test_what_a_right_lacks_is_told(tmp_path: Path, line: str, found: set[str]) -> None:
    assert codes(with_rights(tmp_path, line), "T") == found


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("2000-01-01,2030-01-01", "2010-01-01,2040-01-01", True),
        ("2000-01-01,2030-01-01", "2030-01-01,2040-01-01", True),
        ("2000-01-01,2030-01-01", "2030-01-02,2040-01-01", False),
        ("2000-01-01,2020-01-01", "2010-01-01,2040-01-01", False),
        (",", "2010-01-01,2040-01-01", True),
    ],
    ids=["overlapping", "on one day", "one after the other", "one is over", "days unknown"],
)
def test_two_rights_on_one_dwelling_at_once_are_told_to_both(
    tmp_path: Path, first: str, second: str, together: bool
) -> None:
    dossier = with_rights(
        tmp_path,
        f"A,etat,suite,M1,,,,contingent,{first},,,",
        f"B,ville,suite,M1,,,,garantie,{second},,,",
    )
    found = {
        dossier.droits.droit[one.droit]: one.voir
        for one in incompletudes(dossier)
        if one.constat.code == "double"
    }
    assert found == ({"A": ("B",), "B": ("A",)} if together else {})


def test_a_programme_reserved_beyond_its_dwellings_names_the_rights_that_share_it(tmp_path: Path) -> None:
    dossier = dossier_of(tmp_path)
    (found,) = (one for one in incompletudes(dossier) if one.constat.code == "programme_surreserve")
    assert (dossier.droits.droit[found.droit], found.voir) == ("D4", ("D3",))
    assert "3 logements, et il en a 2" in found.texte


def test_the_report_is_by_reservataire_and_ends_with_the_register(tmp_path: Path) -> None:
    dossier = dossier_of(tmp_path)
    rows = incompletudes_tableau(dossier, incompletudes(dossier)).document()
    order = [*dossier.reservataires.id, ""]
    assert [row["reservataire"] for row in rows] == sorted(
        (row["reservataire"] for row in rows), key=order.index
    )
    assert [row["constat"] for row in rows if not row["reservataire"]] == [
        "logements du parc sans surface : 1",
        "logements du parc sans loyer : 1",
        "logements du parc sans année de construction : 1",
    ]


def test_an_extract_has_the_lines_of_its_reservataire_and_no_word_of_the_others(tmp_path: Path) -> None:
    dossier = with_rights(
        tmp_path,
        "A,etat,suite,M1,,,,contingent,1975-01-01,2040-12-31,,,",
        "B,ville,suite,M1,,,,garantie,1975-01-01,2040-12-31,,,",
    )
    found = incompletudes(dossier)
    text = str(extraits(dossier, found)[0].rows)
    assert "'A'" in text
    assert "un autre droit porte sur ce logement" in text
    assert "'B'" not in text
    assert "ville" not in text
    assert "garantie" not in text


def filled(tableau: Tableau, *answers: tuple[str, str, str, str]) -> Tableau:
    rows = tuple((*row[:-4], *answer) for row, answer in zip(tableau.rows, answers, strict=True))
    return Tableau(tableau.schema, rows)


def saved(tableau: Tableau, path: Path) -> Path:
    if path.suffix == ".xlsx":
        path.write_bytes(workbook([tableau], []))
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            tableau.write(file)
    return path


def of_als(dossier: Dossier) -> Tableau:
    return extraits(dossier, incompletudes(dossier))[dossier.reservataires.id.index("als")]


@pytest.mark.parametrize("name", ["extrait-als.csv", "extrait-als.xlsx"])
def test_an_extract_that_was_filled_in_is_read_back(tmp_path: Path, name: str) -> None:
    dossier = dossier_of(tmp_path)
    form = filled(
        of_als(dossier),
        ("confirme", "", "2026-01-10", "agence 93"),
        ("conteste", "trois logements, selon l'acte", "2026-01-11", "agence 93"),
    )
    answers = read_reponses(dossier, [saved(form, tmp_path / name)])
    rows = {row["droit"]: row for row in reponses_tableau(dossier, answers).document()}
    assert [rows[f"D{k}"]["etat"] for k in range(1, 6)] == [
        "sans réponse",
        "sans réponse",
        "confirmée",
        "contestée",
        "sans réponse",
    ]
    assert rows["D4"]["motif"] == "trois logements, selon l'acte"
    assert (rows["D3"]["date"], rows["D3"]["par"]) == ("2026-01-10", "agence 93")


def test_the_last_answer_holds(tmp_path: Path) -> None:
    dossier = dossier_of(tmp_path)
    none = ("", "", "", "")
    late = filled(of_als(dossier), ("confirme", "", "2026-02-01", "agence"), none)
    early = filled(of_als(dossier), ("conteste", "quel droit ?", "2026-01-10", "agence"), none)
    paths = [saved(late, tmp_path / "late.csv"), saved(early, tmp_path / "early.csv")]
    assert {row: answer.etat for row, answer in read_reponses(dossier, paths).items()} == {2: "confirmée"}


def test_an_answer_to_a_line_that_has_changed_since_is_to_be_asked_again(tmp_path: Path) -> None:
    dossier = dossier_of(tmp_path / "before")
    answer = ("confirme", "", "2026-01-10", "agence")
    path = saved(filled(of_als(dossier), answer, answer), tmp_path / "als.csv")
    text = VALID["reservations.csv"].replace("94028,2,financement", "94028,1,financement")
    corrected = dossier_of(tmp_path / "after", reservations=text)
    answers = read_reponses(corrected, [path])
    assert {row: found.etat for row, found in answers.items()} == {2: "confirmée", 3: "périmée"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("D3,als", "D2,als", "als.csv:2: reservataire: le droit « D2 » n'est pas à « als »"),
        ("D3,als", "D2,ville", "als.csv:3: reservataire: « als » dans un fichier de « ville »"),
        ("D3,als", "D9,als", "als.csv:2: droit: « D9 » absent de reservations.csv"),
        ("2026-01-10,agence", ",agence", "als.csv:2: date: jour de la réponse attendu"),
        ("2026-01-10,agence", "2025-01-10,agence", "als.csv:2: date: réponse antérieure à l'état des lieux"),
        ("2026-01-10,agence", "2026-01-10,", "als.csv:2: par: nom de qui répond attendu"),
        ("confirme,,", "conteste,,", "als.csv:2: motif: motif attendu"),
        ("confirme,,", ",faux,", "als.csv:2: reponse: motif sans réponse"),
        ("confirme,,", "oui,,", "als.csv:2: reponse: « oui » inconnu"),
    ],
)
def test_nobody_answers_for_another_nor_without_saying_who_and_when(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    dossier = dossier_of(tmp_path)
    form = filled(of_als(dossier), ("confirme", "", "2026-01-10", "agence"), ("", "", "", ""))
    path = saved(form, tmp_path / "als.csv")
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_reponses(dossier, [path])
    assert said in caught.value.render()


def test_two_answers_of_one_day_that_differ_are_refused(tmp_path: Path) -> None:
    dossier = dossier_of(tmp_path)
    none = ("", "", "", "")
    yes = saved(filled(of_als(dossier), ("confirme", "", "2026-01-10", "a"), none), tmp_path / "yes.csv")
    no = saved(filled(of_als(dossier), ("conteste", "non", "2026-01-10", "a"), none), tmp_path / "no.csv")
    with pytest.raises(BadInput, match="deux réponses différentes du 2026-01-10"):
        read_reponses(dossier, [yes, no])


KINDS = st.tuples(
    st.sampled_from(["etat", "als", "ville"]),
    st.sampled_from(["simple", "suite"]),
    st.sampled_from(["Les Lilas,93048", "Le Port,94028", "Ailleurs,94028"]),
    st.integers(1, 9),
    st.sampled_from(["", "2020-01-01", "2031-06-30", "2044-01-01"]),
    st.sampled_from(["oui", ""]),
    st.sampled_from(["", "T1", "T3", "T5"]),
)


def drawn(rows: list[tuple[str, str, str, int, str, str, str]]) -> str:
    return HEADER + "".join(
        f"R{k},{who},{nature},,{place},{count},,,{fin},{used},{size},\n"
        for k, (who, nature, place, count, fin, used, size) in enumerate(rows)
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(KINDS, max_size=12))
def test_the_synthesis_counts_every_open_right_once_and_names_no_dwelling(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str, int, str, str, str]]
) -> None:
    dossier = dossier_of(tmp_path_factory.mktemp("d"), reservations=drawn(rows))
    table = synthese(dossier).document()
    expected: Counter[tuple[str, str, str]] = Counter()
    for who, nature, place, count, fin, used, _ in rows:
        if fin != "2020-01-01" and not (nature == "simple" and used == "oui"):
            expected[who, nature, place.partition(",")[2]] += count
    found: Counter[tuple[str, str, str]] = Counter()
    for row in table:
        found[row["reservataire"], row["nature"], row["commune"]] += row["logements"]
    assert found == expected
    assert len({tuple(row.values())[:-1] for row in table}) == len(table)
    assert not {"droit", "logement", "residence"} & {name for row in table for name in row}


@settings(max_examples=60, deadline=None)
@given(st.lists(KINDS, max_size=12))
def test_indicative_shares_close_at_100_within_a_tenth_of_the_truth(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str, int, str, str, str]]
) -> None:
    dossier = dossier_of(tmp_path_factory.mktemp("d"), reservations=drawn(rows))
    live, droits = ouverts(dossier), dossier.droits
    sums: Counter[tuple[str, str]] = Counter()
    for row in objectifs(dossier).document():
        sums[row["reservataire"], row["dimension"]] += round(10 * row["part"])
    assert set(sums.values()) <= {1000}
    for row in objectifs(dossier).document():
        if row["dimension"] != "qpv":
            continue
        holder = dossier.reservataires.id.index(row["reservataire"])
        own = live & (droits.reservataire == holder) & (droits.qpv >= 0)
        inside = own & (droits.qpv == ("non", "oui").index(row["modalite"]))
        assert abs(row["part"] - 100 * droits.nombre[inside].sum() / droits.nombre[own].sum()) < 0.1


def test_objectives_are_read_back_as_indicatifs(tmp_path: Path) -> None:
    path = saved(objectifs(dossier_of(tmp_path)), tmp_path / "indicatifs.csv")
    with path.open(encoding="utf-8") as file:
        assert next(csv.reader(file)) == ["reservataire", "dimension", "modalite", "part"]
