"""A drawn dossier is a stock like Île-de-France's, with rights that a reader takes as they stand."""

from collections import Counter

import numpy as np
import pytest
from click.testing import CliRunner

from allocator.cli.instance import instance_command
from allocator.domain.vocabulary import FINANCEMENTS
from allocator.drawing import SettingsError
from allocator.drawing.dossier.drawn import draw_dossier
from allocator.drawing.dossier.settings import DossierSettings
from allocator.drawing.dossier.writing import write_drawn, year_of
from allocator.drawing.figures import figures, usages
from allocator.formats import read_instance
from allocator.stock.dossier.reader import read_dossier

CASE = DossierSettings(seed=15, stock=15_000, departements=("78", "93", "95"))


@pytest.fixture(scope="module")
def drawn():
    return draw_dossier(CASE)


@pytest.fixture(scope="module")
def dossier(drawn, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dossier")
    write_drawn(drawn, folder)
    return read_dossier(folder)


def run(*arguments):
    return CliRunner().invoke(instance_command, ["draw-dossier", *map(str, arguments)])


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_command_writes_the_same_bytes_and_another_seed_others(tmp_path):
    for name, seed in (("one", 7), ("two", 7), ("three", 8)):
        options = ("--seed", seed, "--stock", 800, "--year", tmp_path / name / "year")
        assert run(tmp_path / name, *options).exit_code == 0
    one, two, three = (contents(tmp_path / name) for name in ("one", "two", "three"))
    assert one == two
    assert all(one[name] != three[name] for name in one if name != "year/conventions.csv")


def test_what_is_read_is_what_was_drawn(drawn, dossier):
    assert len(dossier.parc) == 15_000
    assert len(dossier.droits) == len(drawn.droits)
    assert dossier.parc.surface.tolist() == drawn.parc.surface.tolist()
    assert dossier.relocations is not None
    assert len(dossier.relocations) == sum(len(year.logement) for year in drawn.passees)
    assert dossier.relocations.depuis.year == 2023


@pytest.mark.parametrize("code", CASE.departements)
def test_each_departement_is_vacated_at_its_published_rate(drawn, code):
    table, departement = figures(), np.array(drawn.territoires.departement)[drawn.parc.commune]
    inside, everywhere = departement == code, table.departement == code
    published = np.average(table.rotation[everywhere], weights=table.stock[everywhere])
    assert drawn.parc.rotation[inside].mean() == pytest.approx(published)


def test_the_years_drawn_turn_over_at_those_rates():
    large = draw_dossier(DossierSettings(seed=3, stock=40_000, annees=4))
    let = large.parc.en_location & (large.parc.construction < 2022)
    expected = 4 * large.parc.rotation[let].sum()
    assert sum(len(year.logement) for year in large.passees) == pytest.approx(expected, rel=0.06)
    assert 1 - large.parc.en_location.mean() == pytest.approx(usages()["parc"]["hors_location"], abs=0.004)


def test_nobody_leaves_what_is_not_let_or_does_not_stand_yet(drawn):
    for back, year in enumerate(reversed(drawn.passees), start=1):
        assert drawn.parc.en_location[year.logement].all()
        assert (drawn.parc.construction[year.logement] < CASE.annee - back).all()
        assert len(set(year.logement.tolist())) == len(year.logement)


def test_no_dwelling_is_pli(drawn):
    assert not (drawn.parc.financement == FINANCEMENTS.index("PLI")).any()


def test_a_residence_is_in_one_commune_on_one_side_of_the_qpv_and_of_one_year(drawn):
    parc = drawn.parc
    for column in (parc.commune, parc.qpv, parc.construction):
        pairs = np.unique(np.stack([parc.residence, column]), axis=1)
        assert len(pairs[0]) == len(np.unique(parc.residence))


def test_each_famille_holds_about_its_share(drawn):
    held = Counter()
    for droit in drawn.droits:
        held[drawn.reservataires.famille[droit.convention.holder]] += droit.nombre
    for famille, part in usages()["droits"]["part"].items():
        # the shares differ from one résidence to the next: some 400 of them even out
        assert held[famille] / 15_000 == pytest.approx(part, abs=0.05)
    assert sum(held.values()) < 15_000


def test_a_dwelling_has_one_right_at_most(dossier):
    rows = dossier.droits.logement[dossier.droits.logement >= 0]
    assert len(np.unique(rows)) == len(rows)


def test_local_rights_stand_in_the_own_territory(dossier):
    communes = [dossier.territoires.commune[row] for row in dossier.droits.commune]
    sirens = [dossier.territoires.epci[row] for row in dossier.droits.commune]
    for holder, commune, siren in zip(dossier.droits.reservataire, communes, sirens, strict=True):
        famille, name = dossier.reservataires.famille[holder], dossier.reservataires.id[holder]
        if famille in ("commune", "epci"):
            assert name in (f"com{commune}", f"epci{siren}")


def test_rights_begin_before_the_day_of_the_dossier_and_few_have_ended(dossier):
    jour = np.datetime64(dossier.date, "D")
    assert (dossier.droits.debut <= jour).all()
    ended = (dossier.droits.fin < jour).mean()
    assert 0 < ended < 0.05


def test_what_nobody_wrote_down_is_missing_and_the_rest_is_the_same(drawn):
    holes = draw_dossier(DossierSettings(seed=15, departements=CASE.departements, lacunes=0.1))
    assert holes.droits == drawn.droits
    assert np.mean(holes.sans_fin) == pytest.approx(0.1, abs=0.02)
    assert not any(drawn.sans_fin)


def test_small_employers_are_owed_less_than_three_dwellings_a_year(drawn):
    held = Counter()
    for droit in drawn.droits:
        held[drawn.reservataires.famille[droit.convention.holder], droit.convention.holder] += droit.nombre
    assiette = len(drawn.a_venir.logement)
    dues = [count / 15_000 * assiette for (famille, _), count in held.items() if famille == "employeur"]
    assert len(dues) > 10
    assert np.mean([due < 3 for due in dues]) > 0.7
    assert any(due < 1 for due in dues)


def test_the_year_to_come_is_an_instance_that_lacks_its_promises(tmp_path, drawn):
    assert run(tmp_path / "parc", "--seed", 15, "--departements", "78,93,95", "--year", tmp_path / "an")
    read = read_instance(tmp_path / "an")
    expected = year_of(drawn)
    assert len(read.conventions) == 0
    assert read.liberations.id == expected.liberations.id
    statuts = np.bincount(read.liberations.statut, minlength=4)
    size = len(read.liberations)
    assert statuts.tolist() == [size - round(0.14 * size) - round(0.02 * size), round(0.14 * size), 16, 0]
    assert read.historique is not None
    assert len(read.historique) == len(drawn.passees[-1].logement)


@pytest.mark.parametrize(
    "arguments",
    [("--stock", 0), ("--stock", 300_000), ("--annees", 0), ("--lacunes", 2), ("--departements", "69")],
    ids=str,
)
def test_bad_settings_exit_2_and_write_nothing(tmp_path, arguments):
    result = run(tmp_path / "out", *arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(SettingsError, match=r"logements.*lacunes.*départements"):
        DossierSettings(stock=0, lacunes=2.0, departements=("69",))
