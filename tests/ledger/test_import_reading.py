"""An extract is read with its mapping, whatever its dress and in its own words."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from allocator.ledger.importing import Annonce, Correspondance, Issue, Noms, Solde, read_import
from tests.ledger import erp


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> Correspondance:
    return erp.mapping(tmp_path_factory.mktemp("mapping"))


@pytest.fixture(scope="module")
def lines() -> list[tuple[str, ...]]:
    return list(erp.rows(erp.demo()))


def test_the_extract_of_an_erp_says_what_the_instance_says(
    mapping: Correspondance, lines: list[tuple[str, ...]], tmp_path: Path
) -> None:
    lecture = read_import(erp.write(tmp_path / "congés.csv", erp.text(lines)), mapping)
    instance = erp.demo()
    table = instance.liberations
    assert erp.said(lecture) == []
    assert len(lecture.lignes) == len(table)
    for row, annonce in enumerate(lecture.lignes):
        assert isinstance(annonce, Annonce)
        whole = table.row(row, instance.territoires)
        assert annonce.ligne == row + 2
        assert (annonce.id, annonce.date, annonce.commune) == (whole.id, str(whole.date), whole.commune)
        assert (annonce.typologie, annonce.qpv) == (whole.typologie, whole.qpv)
        assert annonce.statut == (None if whole.statut == "flux" else whole.statut)
        assert annonce.financement == whole.financement
        assert annonce.loyer == float(table.complements["loyer"][row])


def test_everything_that_tells_a_dwelling_is_kept(
    mapping: Correspondance, lines: list[tuple[str, ...]], tmp_path: Path
) -> None:
    lecture = read_import(erp.write(tmp_path / "congés.csv", erp.text(lines[:1])), mapping)
    assert lecture.lignes == (
        Annonce(
            ligne=2,
            id="2025-000001",
            date="2025-01-01",
            commune="91161",
            typologie="T3",
            financement="PLUS",
            qpv="non",
            qpv_perimetre=2024,
            construction=1992,
            surface=55.0,
            loyer=385.36,
            residence="Résidence n° 0",
            adresse="1 RUE de l'Église",
            etage="RDC",
            accessible=True,
            disponible="2026-01-01",
        ),
    )


@pytest.mark.parametrize(
    "dress",
    [
        lambda path, lines: erp.write(path, erp.text(lines)),
        lambda path, lines: erp.write(path, erp.text(lines), "utf-8-sig"),
        lambda path, lines: erp.write(path, erp.text(lines).replace(";", "\t")),
        lambda path, lines: erp.write(path, erp.text(lines).replace("\r\n", "\n\n")),
        lambda path, lines: erp.write(
            path, erp.text([(*line, "x") for line in lines], (*erp.HEADER, "de plus"))
        ),
        erp.workbook,
    ],
    ids=["windows-1252", "utf-8 with its mark", "tabs", "blank lines", "one more column", "workbook"],
)
def test_the_dress_of_an_extract_does_not_matter(
    dress: Callable[[Path, list[tuple[str, ...]]], Path],
    mapping: Correspondance,
    lines: list[tuple[str, ...]],
    tmp_path: Path,
) -> None:
    plain = read_import(erp.write(tmp_path / "nu.csv", erp.text(lines[:40])), mapping)
    sheet = replace(mapping, feuille="Export")
    found = read_import(dress(tmp_path / "habillé.csv", lines[:40]), sheet)
    assert erp.said(found) == []
    assert [_without_line(ligne) for ligne in found.lignes] == [
        _without_line(ligne) for ligne in plain.lignes
    ]


def _without_line(ligne: object) -> str:
    return str(ligne).partition("ligne=")[2].partition(",")[2]


def test_a_loan_that_is_counted_by_a_guess_is_told_once(
    mapping: Correspondance, lines: list[tuple[str, ...]], tmp_path: Path
) -> None:
    loans = ["53", "52", "ILM", "54", "13"]
    rows = [erp.changed(line, {"FINAN": loan}) for line, loan in zip(lines, loans, strict=False)]
    lecture = read_import(erp.write(tmp_path / "congés.csv", erp.text(rows)), mapping)
    assert lecture.avertissements == (
        "congés.csv : 2 logement(s) ILM (code RPLS 53) compté(s) en PLS, par hypothèse : à confirmer, "
        "ou à traduire dans [traductions.financement]",
        "congés.csv : 1 logement(s) ILN (code RPLS 54) compté(s) en PLS, par hypothèse : à confirmer, "
        "ou à traduire dans [traductions.financement]",
    )


def test_what_happened_is_read_in_the_words_of_the_erp(tmp_path: Path) -> None:
    mapping = Correspondance(
        "issues",
        {
            "liberation": ("Congé",),
            "date": ("Le",),
            "evenement": ("Étape",),
            "reservataire": ("Réservataire",),
            "nombre": ("Candidats",),
            "motif": ("Note",),
        },
        traductions={"reservataire": {"ALS": "als"}, "evenement": {"E12": "bail"}},
        dates=("JJ/MM/AAAA",),
    )
    content = (
        "Congé,Le,Étape,Réservataire,Candidats,Note\n"
        "L1,03/01/2025,Orientation et proposition,ALS,,\n"
        "L1,20/01/2025,Candidats reçus,ALS,3,\n"
        "L1,01/02/2025,E12,ALS,,\n"
        "L2,04/01/2025,Candidats reçus,ALS,,\n"
        "L9,04/01/2025,Refusé,als,0,trop loin\n"
        "L2,05/01/2025,Perdu,ville,,\n"
    )
    path = erp.write(tmp_path / "suivi.csv", content, "utf-8")
    lecture = read_import(path, mapping, Noms(reservataires={"als"}, liberations={"L1", "L2"}))
    assert lecture.lignes == (
        Issue(2, "L1", "2025-01-03", "orientation_proposition", "als"),
        Issue(3, "L1", "2025-01-20", "candidats", "als", 3),
        Issue(4, "L1", "2025-02-01", "bail", "als"),
    )
    *told, last = erp.said(lecture)
    assert told == [
        "suivi.csv:5: Candidats: valeur absente, attendue pour l'événement candidats",
        "suivi.csv:6: Congé: « L9 » inconnu du journal",
        "suivi.csv:6: Candidats: « 0 » hors limites, attendu un entier de 1 à 10000",
        "suivi.csv:7: Étape: « Perdu » inconnu, attendu orientation, proposition, orientation_proposition, candidats, "
        "decline, rendu, echeance, caleol_attribue, caleol_rejete, caleol_ajourne, refus, refus_caleol, mal_decrit, "
        "attribution, bail, retrait_travaux, retrait_vente, retrait ou reorientation, ou "
        "une traduction dans [traductions.evenement]",
    ]
    assert last == "suivi.csv:7: Réservataire: « ville » inconnu du journal"


def test_the_code_of_a_quartier_may_tell_the_year_of_its_list_too(tmp_path: Path) -> None:
    names = ("id", "date", "commune", "typologie", "financement", "qpv")
    mapping = Correspondance(
        "annonces",
        {name: (name,) for name in names} | {"qpv_perimetre": ("qpv",)},
        traductions={"qpv": {"": "non"}, "qpv_perimetre": {"": "2024"}},
    )
    rows = [
        (f"L{row}", "2025-03-01", "93048", "3", "13", qpv)
        for row, qpv in enumerate(["QP093028", "QN09328M", ""])
    ]
    lecture = read_import(erp.write(tmp_path / "congés.csv", erp.text(rows, names), "utf-8"), mapping)
    assert [(row.qpv, row.qpv_perimetre) for row in lecture.lignes if isinstance(row, Annonce)] == [
        ("oui", 2015),
        ("oui", 2024),
        ("non", 2024),
    ]


def test_opening_balances_are_read(tmp_path: Path) -> None:
    mapping = Correspondance(
        "soldes",
        {
            name: (name,)
            for name in ("reservataire", "territoire", "propositions", "attributions", "assiette")
        },
        {"date": "2025-07-01"},
    )
    content = (
        "reservataire;territoire;propositions;attributions;assiette\n"
        "als;departement:93;12;7,5;60\n"
        "etat;departement:93;;;60\n"
        "als;departement:93;1;1;1\n"
        "als;departement:75;beaucoup;1;1\n"
        "als;93;1;1;1\n"
    )
    path = erp.write(tmp_path / "soldes.csv", content, "utf-8")
    lecture = read_import(path, mapping, Noms(territoires={"departement:93"}))
    assert lecture.lignes == (
        Solde(2, "als", "departement:93", "2025-07-01", 12.0, 7.5, None, 60.0),
        Solde(3, "etat", "departement:93", "2025-07-01", None, None, None, 60.0),
    )
    assert erp.said(lecture) == [
        "soldes.csv:4: territoire: (als, departement:93) déjà donné à la ligne 2",
        "soldes.csv:5: territoire: « departement:75 » inconnu du journal",
        "soldes.csv:5: propositions: « beaucoup » n'est pas un nombre, attendu un nombre de 0 à 1000000000",
        "soldes.csv:6: territoire: « 93 » n'est pas un territoire, "
        "attendu commune:CODE, epci:SIREN ou departement:CODE",
    ]


def test_an_orientation_without_a_column_of_reservataires_is_not_taken_for_one_to_the_bailleur(
    tmp_path: Path,
) -> None:
    mapping = Correspondance("issues", {name: (name,) for name in ("liberation", "date", "evenement")})
    content = "liberation,date,evenement\nL1,2025-01-03,orientation\n"
    lecture = read_import(erp.write(tmp_path / "suivi.csv", content, "utf-8"), mapping)
    assert erp.said(lecture) == [
        "suivi.csv:2: reservataire: valeur absente, attendue pour l'événement orientation"
    ]
