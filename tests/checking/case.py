"""A small case on disk: an instance, a model and a correct result, for the tests to tamper with."""

from pathlib import Path
from textwrap import dedent

import numpy as np

from allocator.checking import evaluate
from allocator.domain import Solution, TierValue
from allocator.formats import read_instance, read_model, write_solution
from tests.oracle import best

FILES = {
    "instance.toml": """\
        nom = "cas"
        description = "Deux communes, quatre réservataires, huit libérations dont une hors assiette."
        debut = 2025-01-01
        fin = 2025-12-31
        source = "inventée"
        """,
    "territoires.csv": """\
        commune,nom,epci,departement,zone
        93001,Aubervilliers,200057867,93,A
        93048,Montreuil,200057875,93,A
        """,
    "reservataires.csv": """\
        id,nom,famille,petit
        etat,État,etat,non
        als,Action Logement Services,action_logement,non
        com93048,Montreuil,commune,
        emp,Hôpital,employeur,
        """,
    "conventions.csv": """\
        reservataire,territoire,niveau,part,volume,report,solde
        etat,departement:93,commune,30,,,
        als,departement:93,territoire,40,,,
        com93048,commune:93048,,20,,0.5,1
        emp,commune:93001,,,1,,
        """,
    "indicatifs.csv": """\
        reservataire,dimension,modalite,part
        als,typologie,T3,50
        als,typologie+qpv,T4+non,25
        etat,epci,200057867,60
        """,
    "liberations.csv": """\
        id,date,commune,typologie,financement,qpv,statut
        l1,2025-01-10,93001,T3,PLUS,oui,flux
        l2,2025-02-10,93001,T4,PLUS,non,flux
        l3,2025-03-10,93048,T3,PLAI,oui,flux
        l4,2025-03-12,93048,T2,PLUS,non,hors_assiette
        l5,2025-05-10,93048,T4,PLUS,non,flux
        l6,2025-06-10,93001,T2,PLAI,oui,flux
        l7,2025-07-10,93048,T3,PLUS,non,flux
        l8,2025-08-10,93001,T3,PLS,oui,flux
        """,
}

MODEL = """\
    format = 1
    nom = "cas"
    titre = "Cas"
    description = "Trois priorités."
    [petits]
    seuil = 2.0
    [[priorite]]
    nom = "petits"
    [[priorite.objectif]]
    sur = "petit"
    [[priorite]]
    nom = "contractuel"
    [[priorite.objectif]]
    sur = "contractuel"
    [[priorite.objectif]]
    sur = "total"
    [[priorite]]
    nom = "souhaits"
    [[priorite.objectif]]
    sur = "typologie"
    unite = "relatif"
    [[priorite.objectif]]
    sur = "croise"
    [[priorite.objectif]]
    sur = "epci"
    norme = "max"
    """


def write_case(root: Path, status: str = "optimal") -> None:
    """Write ``root/instance``, ``root/model.toml`` and the best result by brute force in ``root/result``."""
    (root / "instance").mkdir()
    for name, text in FILES.items():
        (root / "instance" / name).write_text(dedent(text), encoding="utf-8")
    (root / "model.toml").write_text(dedent(MODEL), encoding="utf-8")
    instance, model = read_instance(root / "instance"), read_model(root / "model.toml")
    orientation = np.array(best(instance, model)[1], dtype=np.int32)
    ecarts, values = evaluate(instance, model, orientation)
    tiers = tuple(
        TierValue(tier.name, value, value if status == "optimal" else None)
        for tier, value in zip(model.tiers, values, strict=True)
    )
    write_solution(
        root / "result", instance, model, Solution(orientation, ecarts, tiers, status, "force brute", {})
    )
