"""Scenarios: what each effect does to the years ahead, read from a file with all its faults."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from allocator.cli.arguments import resolve_model
from allocator.formats import BadInput, read_model
from allocator.planning.projet import Inputs, read_inputs
from allocator.planning.scenarios.compare import annees, compare, document, priorites, reservataires
from allocator.planning.scenarios.reading import read_scenarios
from tests.planning.projet.files import write


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    return read_inputs(write(tmp_path / "projet"))


@pytest.fixture
def of(tmp_path: Path, inputs: Inputs) -> Callable[[str], Inputs]:
    """Return what one scenario makes of the inputs, from the text of its effects."""

    def made(effects: str) -> Inputs:
        path = tmp_path / "scenarios.toml"
        path.write_text(f'format = 1\n[[scenario]]\nnom = "s"\ntitre = "Essai"\n{effects}', encoding="utf-8")
        (scenario,) = read_scenarios(path, inputs)
        return scenario.of(inputs)

    return made


def supply(inputs: Inputs) -> np.ndarray:
    """Return what is expected, years × communes."""
    offre = inputs.projet.offre
    found = np.zeros((inputs.projet.annees, 2))
    np.add.at(found, (offre.annee, offre.commune), offre.attendu)
    return found


def test_a_rotation_falls_where_and_when_it_is_said_to(inputs: Inputs, of: Callable[[str], Inputs]) -> None:
    before, after = supply(inputs), supply(of("[[scenario.rotation]]\nfacteur = 0.9\n"))
    assert after == pytest.approx(0.9 * before)
    after = supply(
        of('[[scenario.rotation]]\nfacteur = 0.5\nterritoire = "commune:93048"\nde = 2027\na = 2027\n')
    )
    expected = before.copy()
    expected[1, 0] *= 0.5
    assert after == pytest.approx(expected)
    after = supply(of('[[scenario.rotation]]\nfacteur = 0\ntypologie = ["T2"]\n'))
    assert after[:, 1] == pytest.approx(np.zeros(3))
    assert after[:, 0] == pytest.approx(before[:, 0])


def test_relogements_leave_the_flux_of_their_year(inputs: Inputs, of: Callable[[str], Inputs]) -> None:
    after = supply(of('[[scenario.relogements]]\nterritoire = "departement:93"\nannee = 2026\nnombre = 20\n'))
    before = supply(inputs)
    # 60 and 40 were expected: 12 and 8 of them go.
    assert after[0] == pytest.approx([48, 32])
    assert after[1:] == pytest.approx(before[1:])


def test_more_relogements_than_there_is_are_refused_and_nothing_is_solved(
    tmp_path: Path, inputs: Inputs
) -> None:
    path = tmp_path / "scenarios.toml"
    path.write_text(
        'format = 1\n[[scenario]]\nnom = "trop"\ntitre = "Trop"\n'
        '[[scenario.relogements]]\nterritoire = "departement:93"\nannee = 2026\nnombre = 101\n',
        encoding="utf-8",
    )
    told: list[str] = []
    model = read_model(resolve_model("reference"))
    with pytest.raises(
        BadInput, match=r"scenarios\.toml: trop: il manque 1 logements en 2026 dans departement:93"
    ):
        compare(inputs, read_scenarios(path, inputs), model, path.name, told.append)
    assert told == []


def test_a_demolition_takes_what_its_dwellings_would_release_and_rehouses(
    inputs: Inputs, of: Callable[[str], Inputs]
) -> None:
    after = supply(
        of(
            '[[scenario.demolition]]\ncommune = "93048"\ntypologie = "T3"\nfinancement = "PLUS"\nqpv = "non"\n'
            "logements = 500\ntaux = 6\ndate = 2028-01-01\nrelogements = 10\n"
        )
    )
    before = supply(inputs)
    assert after[2] == pytest.approx(before[2] - [30, 0])
    assert after[1].sum() == pytest.approx(before[1].sum() - 10)
    assert after[0] == pytest.approx(before[0])


def test_a_delayed_delivery_comes_later(inputs: Inputs, of: Callable[[str], Inputs]) -> None:
    made = of('[[scenario.livraison]]\nprogramme = "tilleuls"\nretard_mois = 6\n')
    assert made.livraisons.date.astype(str).tolist() == ["2028-01-02"]
    change = supply(made) - supply(inputs)
    # Half a year of 100 dwellings at 6 % in 2027, one day of 2028.
    assert change[:, 0] == pytest.approx([0, -6 * 183 / 365, -6 / 366], abs=1e-9)


def test_a_share_is_renegotiated_from_its_year(of: Callable[[str], Inputs]) -> None:
    made = of(
        '[[scenario.part]]\nreservataire = "als"\nterritoire = "departement:93"\npart = 20\nde = 2028\n'
    )
    assert [year.part[1] for year in made.projet.conventions] == [40, 35, 20]
    assert [year.solde[1] for year in made.projet.conventions] == [20, 30, 37]


def test_a_reservataire_leaves_and_another_comes(inputs: Inputs, of: Callable[[str], Inputs]) -> None:
    made = of(
        '[[scenario.retire]]\nreservataire = "als"\nde = 2027\n[[scenario.ajoute]]\nid = "epf"\nnom = "EPF"\n'
        'famille = "autre"\nterritoire = "departement:93"\npart = 2\nde = 2027\n'
    ).projet
    assert made.reservataires.id == ("etat", "als", "ch", "epf")
    holders = [set(year.reservataire.tolist()) for year in made.conventions]
    assert holders[0] == {0, 1}
    assert all({0, 3} <= year and 1 not in year for year in holders[1:])
    assert [len(year) for year in made.indicatifs] == [1, 0, 0]
    assert inputs.projet.reservataires.id == ("etat", "als", "ch")


def test_a_scenario_builds_on_others(tmp_path: Path, inputs: Inputs) -> None:
    path = tmp_path / "scenarios.toml"
    path.write_text(
        'format = 1\n[[scenario]]\nnom = "a"\ntitre = "A"\n[[scenario.rotation]]\nfacteur = 0.5\n'
        '[[scenario]]\nnom = "b"\ntitre = "B"\navec = ["a"]\n[[scenario.rotation]]\nfacteur = 0.5\n',
        encoding="utf-8",
    )
    first, second = read_scenarios(path, inputs)
    assert supply(second.of(inputs)) == pytest.approx(0.5 * supply(first.of(inputs)))


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path, inputs: Inputs) -> None:
    path = tmp_path / "scenarios.toml"
    path.write_text(
        "format = 2\n"
        '[[scenario]]\nnom = "base"\ntitre = "Base"\n[[scenario.rotation]]\nfacteur = 0.5\nde = 2031\n'
        '[[scenario]]\nnom = "b"\ntitre = "B"\navec = ["c"]\n'
        '[[scenario.relogements]]\nterritoire = "departement:94"\nannee = 2026\nnombre = -1\n'
        '[[scenario.livraison]]\nprogramme = "chênes"\nretard_mois = 1.5\n'
        '[[scenario.part]]\nreservataire = "ch"\nterritoire = "departement:93"\npart = 101\n'
        '[[scenario.retire]]\nreservataire = "x"\n'
        '[[scenario.ajoute]]\nid = "als"\nnom = "ALS"\nfamille = "autre"\nterritoire = "departement:93"\npart = 1\n',
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as bad:
        read_scenarios(path, inputs)
    told = bad.value.render()
    for expected in (
        "scenarios.toml:1: format: « 2 » inconnu, attendu 1",
        "scenarios.toml:3: scenario[1].nom: « base » donné deux fois, ou réservé",
        "scenarios.toml:7: scenario[1].rotation[1].de: « 2031 » hors du projet, attendu de 2026 à 2028",
        "scenario[2].avec[1]: « c » inconnu",
        "scenario[2].relogements[1].territoire: « departement:94 » n'a aucune commune",
        "scenario[2].relogements[1].nombre: « -1 » hors limites",
        "scenario[2].livraison[1].programme: « chênes » n'est pas un programme de livraisons.csv (tilleuls)",
        "scenario[2].livraison[1].retard_mois: « 1.5 » n'est pas entier",
        "scenario[2].part[1].part: « 101 » hors limites",
        "scenario[2].part[1].territoire: aucune promesse de ce réservataire dans ce territoire",
        "scenario[2].retire[1].reservataire: « x » inconnu",
        "scenario[2].ajoute[1].id: « als » est déjà un réservataire",
    ):
        assert expected in told, (expected, told)


def test_a_scenario_without_an_effect_is_refused(tmp_path: Path, inputs: Inputs) -> None:
    path = tmp_path / "scenarios.toml"
    path.write_text('format = 1\n[[scenario]]\nnom = "s"\ntitre = "Rien"\n', encoding="utf-8")
    with pytest.raises(BadInput, match="scénario sans effet"):
        read_scenarios(path, inputs)


def test_scenarios_are_set_beside_the_base(tmp_path: Path, inputs: Inputs) -> None:
    path = tmp_path / "scenarios.toml"
    path.write_text(
        'format = 1\n[[scenario]]\nnom = "rien"\ntitre = "Rien ne change"\n[[scenario.rotation]]\nfacteur = 1\n'
        '[[scenario]]\nnom = "moins"\ntitre = "Moins"\n[[scenario.rotation]]\nfacteur = 0.5\n',
        encoding="utf-8",
    )
    told: list[str] = []
    model = read_model(resolve_model("reference"))
    cases = compare(inputs, read_scenarios(path, inputs), model, path.name, told.append)
    assert told == ["Le projet tel quel", "Rien ne change", "Moins"]
    tiers = priorites(cases).document()
    assert {row["difference"] for row in tiers if row["scenario"] in ("base", "rien")} == {0.0}
    years = {(row["scenario"], row["annee"]): row for row in annees(cases).document()}
    assert years["moins", 2026]["offre"] == 50
    assert years["base", 2026]["offre"] == 100
    by_holder = reservataires(cases).document()
    for (scenario, year), row in years.items():
        mine = [each for each in by_holder if (each["scenario"], each["annee"]) == (scenario, year)]
        for name in ("du", "recu", "manque"):
            assert sum(each[name] for each in mine) == pytest.approx(row[name], abs=1e-5)
    assert [case["nom"] for case in document(cases)["scenarios"]] == ["base", "rien", "moins"]
