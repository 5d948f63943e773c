"""First lettings: rights are kept to the dwelling, and the best wishes that leave them kept are found."""

import csv
import json
import random
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from allocator.assiette.livraison import read_programme
from allocator.assiette.livraison.instance import instance_of
from allocator.checking import evaluate
from allocator.cli import main
from allocator.cli.arguments import resolve_model
from allocator.domain import BAILLEUR
from allocator.engine import solve
from allocator.formats import read_model
from tests.assiette.dossiers import PROGRAMME, TERRITOIRES, write

REFERENCE = read_model(resolve_model("reference"))


def run(folder: Path, out: Path, *more: str) -> Result:
    return CliRunner().invoke(
        main, ["first-letting", str(folder), "--model", "reference", "--out", str(out), *more]
    )


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_right_is_served_and_never_passed(tmp_path: Path) -> None:
    done = run(write(tmp_path / "p", PROGRAMME), tmp_path / "out", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    served: dict[str, int] = {}
    for row in told["peuplement"]:
        served[row["reservataire"]] = served.get(row["reservataire"], 0) + row["logements"]
    assert served == {"etat": 4, "als": 3, "montreuil": 2, "defense": 1, "relogements": 2}
    assert (told["status"], told["commission"]) == ("optimal", "commission de coordination")


def test_the_result_can_be_checked_by_anyone(tmp_path: Path) -> None:
    run(write(tmp_path / "p", PROGRAMME), tmp_path / "out")
    again = CliRunner().invoke(
        main, ["check", str(tmp_path / "out/instance"), str(tmp_path / "out"), "--model", "reference"]
    )
    assert again.exit_code == 0, again.output


def test_what_is_kept_in_stock_never_enters_the_flux(tmp_path: Path) -> None:
    run(write(tmp_path / "p", PROGRAMME), tmp_path / "out")
    entering = rows(tmp_path / "out/entree_parc.csv")
    assert [row["flux"] for row in entering if row["reservataire"] == "defense"] == ["non"]
    assert sum(row["flux"] == "oui" for row in entering) == 11
    assert sum(int(row["logements"]) for row in rows(tmp_path / "out/livraisons.csv")) == 11


def test_below_the_threshold_no_commission_meets(tmp_path: Path) -> None:
    toml = PROGRAMME["programme.toml"].replace("seuil = 10", "seuil = 13")
    done = run(write(tmp_path / "p", PROGRAMME, programme=toml), tmp_path / "out", "--json")
    assert json.loads(done.stdout)["commission"] is None
    assert "**examen par le bailleur avec la ville**" in (tmp_path / "out/peuplement.md").read_text("utf-8")


def test_a_programme_whose_rights_pass_it_writes_nothing(tmp_path: Path) -> None:
    rights = PROGRAMME["droits_du_programme.csv"].replace("etat,4", "etat,5")
    done = run(write(tmp_path / "p", PROGRAMME, droits_du_programme=rights), tmp_path / "out")
    assert done.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_what_nobody_has_rights_on_stays_with_the_bailleur(tmp_path: Path) -> None:
    rights = "reservataire,logements\netat,4\n"
    toml = PROGRAMME["programme.toml"].partition("[relogements]")[0]
    run(write(tmp_path / "p", PROGRAMME, droits_du_programme=rights, programme=toml), tmp_path / "out")
    given = [row["reservataire"] for row in rows(tmp_path / "out/entree_parc.csv")]
    assert (given.count("etat"), given.count("")) == (4, 8)


@pytest.mark.parametrize("seed", range(12))
def test_no_other_first_letting_is_better(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    kinds = [(rng.choice(("T2", "T3", "T4")), rng.choice(("PLAI", "PLUS"))) for _ in range(6)]
    holders = ["a"] * rng.randint(1, 3) + ["b"] * rng.randint(1, 2)
    folder = write(
        tmp_path,
        {
            "programme.toml": 'format = 1\nnom = "P"\nbailleur = "B"\nlivraison = 2025-09-01\n',
            "territoires.csv": TERRITOIRES,
            "reservataires.csv": "id,nom,famille,petit\na,A,commune,\nb,B,autre,\n",
            "logements_livres.csv": "logement,commune,typologie,financement,qpv\n"
            + "".join(f"L{n},93048,{kind},{loan},non\n" for n, (kind, loan) in enumerate(kinds)),
            "droits_du_programme.csv": "reservataire,logements\n"
            + "".join(f"{name},{holders.count(name)}\n" for name in ("a", "b")),
            "indicatifs.csv": "reservataire,dimension,modalite,part\n"
            + "".join(
                f"{name},{dimension},{value},{rng.randint(10, 100)}\n"
                for name in ("a", "b")
                for dimension, values in (("typologie", ("T2", "T4")), ("financement", ("PLAI",)))
                for value in rng.sample(values, 1)
            ),
        },
    )
    instance = instance_of(read_programme(folder))
    found = solve(instance, REFERENCE)
    everyone = [0 if name == "a" else 1 for name in holders] + [BAILLEUR] * (6 - len(holders))
    best = min(
        [round(value, 9) for value in evaluate(instance, REFERENCE, np.array(order, np.int32))[1]]
        for order in set(permutations(everyone))
    )
    assert [tier.value for tier in found.tiers] == pytest.approx(best, abs=1e-6)
