"""What the partners of ``oph-dept`` agree in the year, beside the conventions that it begins with."""

from datetime import date
from typing import Any, Final

from allocator.ledger.events.event import Entree
from tests.ledger.daily_desk import OFFICER

LATE: Final = "com95127/commune:95127"
"""The convention of Cergy: to be signed by the end of March, signed in May, served to the préfet meanwhile."""

SIGNED: Final = date(2025, 5, 15)
REVOYURE: Final = date(2025, 7, 1)
"""When the partners change how they count."""


def _convention(day: date, objet: str, part: float, **more: Any) -> Entree:
    holder, _, place = objet.partition("/")
    contenu = {"reservataire": holder, "territoire": place, "lignes": [{"territoire": place, "part": part}]}
    return Entree("convention", objet, str(day), OFFICER, contenu | more)


def _mode(objet: str, **comptage: Any) -> Entree:
    return Entree("regle", objet, str(REVOYURE), OFFICER, {"comptage": comptage})


FIRST: Final = date(2025, 1, 1)
ACTS: Final = {
    FIRST: (
        _convention(FIRST, LATE, 20.5, limite="2025-03-31"),
        _convention(FIRST, "com93048/commune:93048", 17.8, delai=20),
        _convention(FIRST, "emp93_07/departement:93", 0.285, gestion="deleguee", delegataire="als", delai=45),
    ),
    # an avenant: Action Logement gives two points back in the Val-d'Oise
    date(2025, 4, 1): (_convention(date(2025, 4, 1), "als/departement:95", 32.9, signature="2025-03-20"),),
    SIGNED: (Entree("signature", LATE, str(SIGNED), OFFICER, {}),),
    REVOYURE: (
        _mode(
            "",
            mode="mixte",
            proposition=0.5,
            attribution=1.0,
            cumul=True,
            tension=[{"zone": "Abis", "proposition": 1.0, "attribution": 1.5}],
        ),
        _mode("als/departement:93", mode="attributions", proposition=0.0, attribution=1.0),
        _mode("com93048/commune:93048", mode="mixte", proposition=1.0, attribution=1.0),
    ),
}
"""What is recorded in process, by day."""
