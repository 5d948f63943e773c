"""A park of 600 dwellings with three years of re-lettings, drawn: what the page on rotation is played on."""

import random
from datetime import date, timedelta
from pathlib import Path

from tests.stock.dossier_files import write_files

RATES = {"T1": 0.11, "T2": 0.08, "T3": 0.06, "T4": 0.045, "T5": 0.035}
"""Re-lettings a year of each size."""

SHARES = (0.08, 0.27, 0.37, 0.24, 0.04)
DAYS = 1096


def write_park(folder: Path, seed: int, names: str) -> None:
    """Write a dossier of two départements, where the second one turns over a third faster."""
    rng = random.Random(seed)
    parc, past, rights = [], [], []
    for k in range(600):
        size = rng.choices(tuple(RATES), SHARES)[0]
        place, faster = ("93048", 1.0) if rng.random() < 0.8 else ("94028", 1.33)
        surface = 12 * int(size[1]) + 18 + rng.randrange(8)
        parc.append(f"L{k:03},{place},{size},PLUS,{surface},oui")
        past += [
            f"L{k:03},{_day(day)}" for day in range(DAYS) if rng.random() < RATES[size] * faster / 365.25
        ]
        if k % 3 == 0:
            who = ("etat", "als", "ville")[k // 3 % 3]
            rights.append(f"D{k:03},{who},suite,L{k:03},2000-01-01,2040-12-31")
    write_files(
        folder,
        {
            "dossier.toml": f'nom = "Parc de {names}"\nbailleur = "{names}"\ndate = 2025-12-31\nsource = "inventé"\n'
            "relocations_depuis = 2023-01-01\n",
            "territoires.csv": "commune,nom,epci,departement\n"
            "93048,Montreuil,200057875,93\n94028,Créteil,200058006,94\n",
            "reservataires.csv": "id,nom,famille\netat,État,etat\nals,Action Logement Services,action_logement\n"
            "ville,Montreuil,commune\n",
            "parc.csv": _table("logement,commune,typologie,financement,surface,en_location", parc),
            "reservations.csv": _table("droit,reservataire,nature,logement,debut,fin", rights),
            "relocations.csv": _table("logement,date", past),
        },
    )


def _day(place: int) -> str:
    return str(date(2023, 1, 1) + timedelta(days=place))


def _table(header: str, rows: list[str]) -> str:
    return "\n".join([header, *rows, ""])
