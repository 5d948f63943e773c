"""A projet put together from the stock, and the year taken out of it, say what their sources said."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from allocator.cli.project import project_command
from allocator.domain import SANS_SOLDE
from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.drawing.dossier.drawn import draw_dossier
from allocator.drawing.dossier.settings import DossierSettings
from allocator.drawing.dossier.writing import write_drawn, write_year
from allocator.formats import BadInput, read_instance
from allocator.planning.preparation.classes import classes
from allocator.planning.projet import read_projet
from allocator.stock.dossier import INCONNU, read_dossier
from allocator.stock.rotation.taux import taux_unique

TAUX = "typologie,taux\n,5\nT1,11\nT2,7.5\n"
CONVENTIONS = """\
reservataire,territoire,niveau,part,volume,report,solde
etat,departement:94,commune,30,,,
als,departement:94,territoire,20.5,,,300
{petit},departement:94,territoire,0.4,,,6
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cas")
    drawn = draw_dossier(DossierSettings(seed=4, stock=1500, departements=("94",)))
    write_drawn(drawn, folder / "parc")
    write_year(drawn, folder / "annee")
    petit = next(each for each in drawn.reservataires.id if each.startswith("emp"))
    (folder / "taux.csv").write_text(TAUX, encoding="utf-8")
    (folder / "conventions.csv").write_text(CONVENTIONS.format(petit=petit), encoding="utf-8")
    nommees = f"reservataire,annee,territoire,volume\n{petit},2027,departement:94,1\n"
    (folder / "nommees.csv").write_text(nommees, encoding="utf-8")
    prevu = "annee,territoire,categorie,volume,source\n2026,departement:94,vente,4,plan\n"
    (folder / "prevu.csv").write_text(prevu, encoding="utf-8")
    return folder


def run(*arguments):
    return CliRunner().invoke(project_command, list(map(str, arguments)))


def init(folder, *more, out="projet"):
    return run(
        "init", folder / "parc", "--rates", folder / "taux.csv", "--conventions", folder / "conventions.csv",
        "--nommees", folder / "nommees.csv", "--hors-assiette", folder / "prevu.csv",
        "--historique", folder / "annee" / "historique.csv", "--annees", 2, *more, "--out", folder / out,
    )  # fmt: skip


@pytest.fixture(scope="module")
def projet(folder):
    done = init(folder)
    assert done.exit_code == 0, done.output
    return read_projet(folder / "projet")


def test_classes_count_every_dwelling_let_once_at_its_own_rate(folder):
    dossier = read_dossier(folder / "parc")
    parc, told = dossier.parc, classes(dossier, taux_unique(6.0))
    counted = defaultdict(int)
    for row in np.flatnonzero(parc.en_location).tolist():
        where = dossier.territoires.commune[parc.commune[row]]
        what = (TYPOLOGIES[parc.typologie[row]], FINANCEMENTS[parc.financement[row]], QPV[parc.qpv[row]])
        counted[where, *what] += 1
    assert {row[:4]: row[4] for row in told.rows} == counted
    assert {round(row[5], 9) for row in told.rows} == {6.0}


def test_what_is_expected_is_the_stock_at_its_rates_less_what_is_out_of_the_assiette(folder, projet):
    parc = read_dossier(folder / "parc").parc
    rate = np.array([0.11, 0.075, 0.05, 0.05, 0.05, 0.05])[parc.typologie[parc.en_location]]
    expected = [projet.offre.attendu[projet.offre.annee == year].sum() for year in range(2)]
    assert expected == pytest.approx([rate.sum() - 4, rate.sum()], abs=1e-3)


def test_a_small_one_is_owed_in_its_named_year_only(projet):
    ids = projet.reservataires.id
    volumes = []
    for year in projet.conventions:
        row = next(row for row, holder in enumerate(year.reservataire) if ids[holder].startswith("emp"))
        assert np.isnan(year.part[row])
        volumes.append(year.volume[row])
    assert volumes == [0, 1]


def test_the_instance_of_a_year_has_its_promises_and_what_came_free(folder, projet):
    for annee, released in ((2026, True), (2027, False)):
        more = ("--liberations", folder / "annee" / "liberations.csv") if released else ()
        done = run("year", folder / "projet", "--annee", annee, *more, "--out", folder / str(annee))
        assert done.exit_code == 0, done.output
        read, promised = read_instance(folder / str(annee)), projet.conventions[annee - 2026]
        assert read.conventions.territoire == promised.territoire
        assert read.conventions.part.tolist() == pytest.approx(promised.part.tolist(), nan_ok=True)
        assert read.conventions.volume.tolist() == pytest.approx(promised.volume.tolist(), nan_ok=True)
        assert read.conventions.solde.tolist() == [SANS_SOLDE, 300, 6]
        assert (read.debut.year, read.fin.year) == (annee, annee)
        original = read_instance(folder / "annee")
        assert read.liberations.id == (original.liberations.id if released else ())
        assert read.historique is not None
        assert read.historique.id == original.historique.id


@pytest.mark.usefixtures("projet")
def test_the_same_sources_give_the_same_bytes(folder):
    assert init(folder, out="encore").exit_code == 0
    for path in (folder / "projet").iterdir():
        assert path.read_bytes() == (folder / "encore" / path.name).read_bytes()


def test_a_class_that_is_not_known_is_told(folder):
    dossier = read_dossier(folder / "parc")
    holes = dossier.parc.typologie.copy()
    holes[:3] = INCONNU
    lost = replace(dossier, parc=replace(dossier.parc, typologie=holes, en_location=np.ones(1500, bool)))
    with pytest.raises(BadInput, match="typologie: inconnu pour 3 logement"):
        classes(lost, taux_unique(6.0))


@pytest.mark.parametrize("fault", ["absente.csv", "fausse.csv"])
def test_what_is_wrong_exits_2_and_writes_nothing(folder, fault):
    (folder / "fausse.csv").write_text("reservataire,dimension,modalite,part\npersonne,qpv,oui,10\n", "utf-8")
    done = init(folder, "--indicatifs", folder / fault, out="rien")
    assert done.exit_code == 2
    assert "Traceback" not in done.output
    assert fault.startswith("absente") or "indicatifs.csv:2" in done.output
    assert not (folder / "rien").exists()


@pytest.mark.usefixtures("projet")
def test_another_year_than_the_projet_s_is_told(folder):
    done = run("year", folder / "projet", "--annee", 2031, "--out", folder / "2031")
    assert done.exit_code == 2
    assert "de 2026 à 2027" in done.output
