"""A projet from its folder: what the tables make of it, and every fault in one go."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from allocator.domain import SANS_SOLDE
from allocator.drawing import DrawSettings
from allocator.formats import BadInput
from allocator.planning.projet import read_inputs, read_projet
from allocator.planning.projet.draw import draw_projet
from allocator.planning.projet.writing import write_projet
from tests.builders import same
from tests.planning.projet.files import write


def supply(folder: Path) -> np.ndarray:
    """Return what is expected, years × communes."""
    offre = read_projet(folder).offre
    found = np.zeros((3, 2))
    np.add.at(found, (offre.annee, offre.commune), offre.attendu)
    return found


def test_the_supply_is_rates_times_stock_with_deliveries_less_demolitions_and_hors_assiette(
    tmp_path: Path,
) -> None:
    # 1 000 × 6 %; in 2027 half a year of 100 more, less 12; from 2028 on all of them. 500 × 8 %, half of it from 2028.
    half = 183 / 365
    assert supply(write(tmp_path)) == pytest.approx(np.array([[60, 40], [60 + 6 * half - 12, 40], [66, 20]]))


def test_a_delivery_brings_nothing_before_its_day(tmp_path: Path) -> None:
    there, gone = write(tmp_path / "with"), write(tmp_path / "without", livraisons=None)
    assert supply(there)[0] == pytest.approx(supply(gone)[0])
    assert (supply(there)[1:, 0] > supply(gone)[1:, 0]).all()


def test_a_convention_that_is_revised_holds_from_its_year(tmp_path: Path) -> None:
    years = read_projet(write(tmp_path)).conventions
    als = [dict(zip(year.reservataire.tolist(), year.part.tolist(), strict=True))[1] for year in years]
    assert als == [40, 35, 35]


def test_a_report_is_owed_once(tmp_path: Path) -> None:
    assert [year.report.sum() for year in read_projet(write(tmp_path)).conventions] == [1.5, 0, 0]


def test_rights_acquired_are_added_to_those_left_from_their_year_on(tmp_path: Path) -> None:
    years = read_projet(write(tmp_path)).conventions
    assert [year.solde[1] for year in years] == [20, 30, 37]
    assert all(year.solde[0] == SANS_SOLDE for year in years)


def test_who_has_named_years_is_due_what_they_name_and_nothing_else(tmp_path: Path) -> None:
    conventions = FILES_WITH_A_SHARE
    years = read_projet(write(tmp_path, conventions=conventions)).conventions
    due = [
        {
            place: volume
            for holder, place, volume in zip(
                year.reservataire.tolist(), year.territoire, year.volume.tolist(), strict=True
            )
            if holder == 2
        }
        for year in years
    ]
    share, named = "departement:93", "commune:93048"
    assert due == [{share: 0.0}, {share: 0.0, named: 1.0}, {share: 0.0}]


FILES_WITH_A_SHARE = "reservataire,territoire,part,solde\nals,departement:93,40,9\nch,departement:93,1,\n"


def test_a_wish_holds_in_its_years(tmp_path: Path) -> None:
    assert [year.part.tolist() for year in read_projet(write(tmp_path)).indicatifs] == [[60], [70], [70]]


def test_without_a_stock_the_historique_foretells(tmp_path: Path) -> None:
    past = "id,date,commune,typologie,financement,qpv,statut\n" + "".join(
        f"h{day},2025-{1 + day % 12:02}-{1 + day // 12:02},93048,T3,PLUS,non,flux\n" for day in range(240)
    )
    folder = write(
        tmp_path,
        parc_classes=None,
        hors_assiette_prevu=None,
        livraisons=None,
        demolitions=None,
        historique=past,
    )
    assert supply(folder)[0].sum() == pytest.approx(240, rel=0.02)
    assert supply(folder)[2] == pytest.approx(supply(folder)[0])


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        conventions=(
            "reservataire,territoire,part,report,de,a\n"
            "etat,departement:93,30,,2028,2026\n"
            "als,departement:94,40,,,\n"
            "als,departement:93,140,2,2027,\n"
            "ch,departement:93,1,,,2027\n"
            "ch,departement:93,1,,2027,\n"
        ),
        livraisons=(
            "programme,commune,typologie,financement,qpv,logements,date,taux\n"
            "tilleuls,93048,T6,PLUS,non,100,2027-07-02,\n"
        ),
        hors_assiette_prevu="annee,territoire,categorie,volume\n2031,commune:93048,mutation,12\n,commune:93001,vente,900\n",
        demolitions=(
            "programme,commune,typologie,financement,qpv,logements,date,taux\n"
            "barre,93001,T2,PLAI,oui,501,2028-01-01,\n"
        ),
        droits_acquis="reservataire,territoire,annee,nombre\nals,departement:93,2024,7\nx,departement:93,2026,1\n",
    )
    with pytest.raises(BadInput) as bad:
        read_projet(folder)
    told = bad.value.render().splitlines()
    for expected in (
        "conventions.csv:2: a: 2026 précède « de », 2028",
        "conventions.csv:3: territoire: « departement:94 » n'a aucune commune dans territoires.csv",
        "conventions.csv:4: part: « 140 » hors limites",
        "conventions.csv:4: report: un report n'est dû qu'en 2026",
        "conventions.csv:6: territoire: (ch, departement:93) déjà donné à la ligne 5",
        "livraisons.csv:2: taux: taux absent",
        "hors_assiette_prevu.csv:2: annee: 2031 hors du projet, attendu de 2026 à 2028",
        "hors_assiette_prevu.csv:3: volume: dépasse de",
        "demolitions.csv:2: logements: plus de logements que la classe n'en a",
        "droits_acquis.csv:2: annee: 2024 hors du projet",
        "droits_acquis.csv:3: reservataire: « x » absent de reservataires.csv",
    ):
        assert sum(line.startswith(expected) for line in told) == 1, (expected, told)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {"projet": 'nom = "x"\npremiere_annee = 2026\nannees = 11\n'},
            "projet.toml:3: annees: « 11 » inattendu",
        ),
        ({"projet": 'nom = "x"\npremiere_annee = 2026.5\nannees = 1\n'}, "projet.toml:2: premiere_annee"),
        (
            {"projet": 'nom = "x"\npremiere_annee = 2026\nannees = 1\nanees = 2\n'},
            "projet.toml:4: anees: clé inconnue",
        ),
        ({"parc_classes": None}, "projet.toml: rien ne dit l'offre"),
        (
            {"offre": "commune,typologie,financement,qpv,attendu\n93048,T3,PLUS,non,3\n"},
            "offre.csv: offre.csv et",
        ),
        ({"territoires": None}, "territoires.csv"),
    ],
)
def test_a_fault_is_told_where_it_stands(
    tmp_path: Path, changed: dict[str, str | None], expected: str
) -> None:
    with pytest.raises(BadInput) as bad:
        read_projet(write(tmp_path, **changed))
    assert any(line.startswith(expected) for line in bad.value.render().splitlines()), bad.value.render()


def test_a_folder_was_expected(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="le dossier d'un projet était attendu"):
        read_projet(tmp_path / "none")


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    projet = read_projet(write(tmp_path / "a"))
    write_projet(projet, tmp_path / "b")
    again = read_projet(tmp_path / "b")
    offres = [each.offre for each in (projet, again)]
    assert all(
        same(getattr(offres[0], name), getattr(offres[1], name)) for name in ("annee", "commune", "qpv")
    )
    assert offres[0].attendu == pytest.approx(offres[1].attendu, rel=1e-12)
    bare = [replace(each, offre=offres[0], sha256="", description="") for each in (projet, again)]
    assert [sorted(map(str, _rows(each))) for each in bare[0].conventions] == [
        sorted(map(str, _rows(each))) for each in bare[1].conventions
    ]
    assert all(same(left, right) for left, right in zip(projet.indicatifs, again.indicatifs, strict=True))


def _rows(year: object) -> list[tuple[object, ...]]:
    names = ("reservataire", "territoire", "niveau", "part", "volume", "report", "solde")
    return list(zip(*(list(getattr(year, name)) for name in names), strict=True))


def test_a_drawn_projet_is_the_same_twice_and_reads(tmp_path: Path) -> None:
    settings = DrawSettings(seed=2, size=120, departements=("94",), communes=4, annee=2026)
    for name in ("a", "b"):
        tire = draw_projet(settings, 3)
        write_projet(tire.projet, tmp_path / name, tire.supply)
    files = [{path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("a", "b")]
    assert files[0] == files[1]
    inputs = read_inputs(tmp_path / "a")
    assert inputs.livraisons.programme == ("les-tilleuls",)
    assert inputs.projet.annees == 3
