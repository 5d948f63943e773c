"""What is told to others: the check after the year, the prévisionnel, the consolidation."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from allocator.assiette import parcours
from allocator.assiette.annonces.consolidation import Depot, consolidation
from allocator.assiette.annonces.document import page
from allocator.assiette.annonces.previsionnel import bilan, previsionnel
from allocator.assiette.calcul import build_assiette, tableaux
from allocator.assiette.controle import controle, read_realises
from allocator.assiette.dossier import DossierAssiette, read_assiette
from allocator.assiette.dossier.fichiers import open_table
from allocator.assiette.dossier.valeurs import Realise
from allocator.domain import Territoires
from allocator.formats import BadInput
from allocator.formats.assiette_schema import CATEGORIES
from allocator.formats.faults import FaultLog
from allocator.formats.projet_schema import HORS_ASSIETTE_PREVU
from allocator.formats.tableau import files
from allocator.formats.writing import write_together
from allocator.ledger.annees.apports import read_hors_assiette
from tests.assiette.dossiers import ASSIETTE, write


def deposit(dossier: DossierAssiette) -> Depot:
    return Depot(dossier, build_assiette(dossier, 1), parcours.etat(dossier, 1))


@pytest.mark.parametrize(
    ("category", "announced", "real", "fits"),
    [
        ("mutation", 40, 44, "oui"),  # ten percent
        ("mutation", 40, 45, "non"),
        ("mutation", 40, 36, "oui"),
        ("vente", 11, 13, "oui"),  # two dwellings at least are tolerated
        ("vente", 11, 8, "non"),
    ],
)
def test_a_gap_is_judged_by_the_tolerance(
    dossier: DossierAssiette, category: str, announced: int, real: int, fits: str
) -> None:
    facts = [Realise("departement:93", category, "", "interne", real)]
    rows = controle(build_assiette(dossier, 1), facts, dossier.reglages).document()
    (row,) = [r for r in rows if r["categorie"] == category and r["mouvement"] == "interne"]
    assert (row["annonce"], row["realise"], row["conforme"]) == (announced, real, fits)


def test_what_was_done_belongs_to_the_line_that_names_its_operation(dossier: DossierAssiette) -> None:
    facts = [
        Realise("commune:93048", "renouvellement_urbain", "La Noue", "interne", 30),
        Realise("commune:93066", "renouvellement_urbain", "Ailleurs", "interne", 4),
    ]
    rows = controle(build_assiette(dossier, 1), facts, dossier.reglages).document()
    assert [r["realise"] for r in rows if r["id"] == "la-noue"] == [30]
    (stray,) = [r for r in rows if r["id"] == ""]
    assert (stray["operation"], stray["annonce"], stray["conforme"]) == ("Ailleurs", 0, "non")


def test_every_dwelling_done_is_in_one_row(dossier: DossierAssiette) -> None:
    facts = [
        Realise(f"commune:{code}", category, "", move, 1)
        for code in dossier.territoires.commune
        for category in CATEGORIES
        for move in ("interne", "inter_bailleurs")
    ]
    rows = controle(build_assiette(dossier, 1), facts, dossier.reglages).document()
    assert sum(row["realise"] for row in rows) == len(facts)


def test_facts_with_a_fault_are_refused(tmp_path: Path, dossier: DossierAssiette) -> None:
    path = tmp_path / "realises.csv"
    path.write_text("territoire,categorie,logements\ndepartement:75,mutation,3\ndepartement:93,vente,-1\n")
    with pytest.raises(BadInput) as refused:
        read_realises(path, dossier.territoires)
    assert refused.value.total == 2


def test_the_previsionnel_says_each_dwelling_taken_out_and_each_attribution_of_the_year_before(
    dossier: DossierAssiette,
) -> None:
    rows = previsionnel(dossier, build_assiette(dossier, 1)).document()
    assert sum(row["prevu"] for row in rows) == 90
    assert sum(row["attributions"] for row in rows) == 35 + 22 + 9 + 8
    (apart,) = [row for row in rows if row["mouvement"] == "inter_bailleurs"]
    assert (apart["prevu"], apart["suivi"]) == (0, 8)


def test_few_households_are_not_published_and_dwellings_are(dossier: DossierAssiette) -> None:
    rows = {row["categorie"]: row for row in bilan(dossier).document()}
    assert rows["habitat_indigne"]["attributions"] == 8
    assert rows["habitat_indigne"]["eligibles_als"] is None  # three households
    assert rows["habitat_indigne"]["publics_prioritaires"] == 7
    assert rows["vente"]["publics_prioritaires"] is None  # not known


def test_the_page_says_that_it_is_not_arretee(dossier: DossierAssiette) -> None:
    depot = deposit(dossier)
    text = page(dossier, depot.assiette, depot.etat, date(2025, 2, 20))
    assert "à l'étape « bailleur » (0 validation(s) sur 1)" in text
    assert "| Relogements de renouvellement urbain (ANRU) | La Noue | 30 | 22 | Convention NPNRU" in text


def test_a_projet_reads_each_year_of_the_plan_and_one_row_a_category(
    dossier: DossierAssiette, tmp_path: Path
) -> None:
    twice = replace(dossier, exclusions=(*dossier.exclusions, replace(dossier.exclusions[0], id="autres")))
    table = tableaux.par_annee(build_assiette(twice, 1), twice.reglages)
    write_together(tmp_path, files([table]))
    log = FaultLog()
    rows = [cells for _, cells in open_table(tmp_path / HORS_ASSIETTE_PREVU.file, HORS_ASSIETTE_PREVU, log)]
    log.raise_if_any()
    by_year = {year: sum(row["volume"] for row in rows if row["annee"] == year) for year in (2025, 2026)}
    assert by_year == {2025: 90 + 40, 2026: 15}


def test_the_closing_of_the_year_reads_what_was_announced_by_commune(
    dossier: DossierAssiette, tmp_path: Path
) -> None:
    found = build_assiette(dossier, 1)
    write_together(tmp_path, files([tableaux.par_commune(found)]))
    announced = read_hors_assiette(tmp_path / "hors_assiette.csv", dossier.territoires)
    assert announced == pytest.approx([float(each) for each in found.exclues], abs=1e-5)


def test_a_consolidation_adds_up_and_names_who_has_not_filed(dossier: DossierAssiette) -> None:
    places = dossier.territoires
    moved = Territoires(
        places.commune, places.nom, places.epci, ("93", "94", "94"), places.zone, places.tension
    )
    lines = tuple(
        replace(line, territoire="epci:200057875") if line.territoire == "departement:93" else line
        for line in dossier.exclusions
    )
    one, other = (
        replace(dossier, reglages=replace(dossier.reglages, bailleur="A")),
        replace(
            dossier, reglages=replace(dossier.reglages, bailleur="B"), territoires=moved, exclusions=lines
        ),
    )
    table = consolidation([deposit(one), deposit(other)], [("C", "94"), ("A", "93")]).document()
    assert [(row["departement"], row["bailleur"], row["depose"]) for row in table] == [
        ("93", "A", "oui"),
        ("93", "B", "oui"),
        ("94", "B", "oui"),
        ("94", "C", "non"),
    ]
    of_b = [row for row in table if row["bailleur"] == "B"]
    assert sum(row["assiette"] for row in of_b) == sum(deposit(other).assiette.logements)
    for row in of_b:
        gone = sum(row[category] for category in CATEGORIES)
        assert row["relocations"] - gone == pytest.approx(row["assiette"], abs=1)
    assert sum(row["inter_bailleurs"] for row in of_b) == pytest.approx(8)


def test_one_departement_may_be_asked_for(dossier: DossierAssiette) -> None:
    assert consolidation([deposit(dossier)], [], "94").rows == ()


def test_a_hand_made_folder_gives_the_same_bytes_twice(tmp_path: Path) -> None:
    texts = []
    for name in ("one", "two"):
        found = read_assiette(write(tmp_path / name, ASSIETTE))
        texts.append((found.sha256, previsionnel(found, build_assiette(found, 1)).rows))
    assert texts[0] == texts[1]
