"""Made-up lives of dwellings: openings, single entries, and random journals that obey the rules."""

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from allocator.domain.vocabulary import FINANCEMENTS, TYPOLOGIES
from allocator.ledger.events.batch import Connu
from allocator.ledger.events.dossier import Dossier
from allocator.ledger.events.event import Entree, Event, Tete, canonical, seal
from allocator.ledger.events.recording import EntriesRefused, record
from allocator.ledger.events.transitions import SUITES

BAILLEUR = "oph"
OFFICER = "A. Martin"
COMMUNES = ("93048", "93066", "94028")
HOLDERS = ("etat", "als", "93048")
DIGEST = "0" * 64
INSCRIT = "2025-01-01T08:00:00.000000Z"

OUVERTURE = Entree(
    "ouverture",
    "",
    "2025-01-01",
    OFFICER,
    {
        "nom": "OPH de démonstration",
        "debut": "2025-01-01",
        "fin": "2025-12-31",
        "territoires": [
            {"commune": commune, "nom": commune, "epci": "200057875", "departement": commune[:2]}
            for commune in COMMUNES
        ],
        "reservataires": [{"id": holder, "nom": holder, "famille": "autre"} for holder in HOLDERS],
    },
)


def entry(nature: str, objet: str = "L1", effet: str = "2025-03-01", **contenu: Any) -> Entree:
    return Entree(nature, objet, effet, OFFICER, contenu)


def liberation(objet: str = "L1", effet: str = "2025-03-01", **said: Any) -> Entree:
    whole = {"date": effet, "commune": "93048", "typologie": "T3", "financement": "PLUS", "qpv": "non"}
    return entry("liberation", objet, effet, **{**whole, **said})


def orientation(
    holder: str | None = "als", tour: int = 1, objet: str = "L1", effet: str = "2025-03-01"
) -> Entree:
    return entry("orientation", objet, effet, reservataire=holder, tour=tour)


def empty() -> Connu:
    """Return what is known of a journal that is not open yet."""
    return Connu(Tete(), set(), set(), set(), "", {}, {})


def sealed(entrees: list[Entree]) -> list[Event]:
    """Return entries as the events of a journal, whatever they say."""
    events: list[Event] = []
    for each in entrees:
        tete = Tete(events[-1].rang, events[-1].empreinte) if events else Tete()
        events.append(seal(each, canonical(each.contenu), BAILLEUR, tete, INSCRIT))
    return events


def random_journal(rng: random.Random, length: int, dwellings: int = 8) -> list[Entree]:
    """Return that many entries which may follow one another, corrections among them."""
    return list(_walk(rng, length, dwellings))


_RARE: Mapping[str, int] = {"retrait": 1, "statut": 1, "reorientation": 2}


def _walk(rng: random.Random, length: int, dwellings: int) -> Iterator[Entree]:
    known = empty()
    # every object's history is kept, so that any event may be corrected
    known.histoires = _Histories()
    days = {f"L{number}": date(2025, 1, 1) for number in range(dwellings)}
    written = 0
    entree = OUVERTURE
    while written < length:
        try:
            record([(entree, INSCRIT)], BAILLEUR, known)
        except EntriesRefused:
            pass
        else:
            written += 1
            yield entree
        entree = _any_entry(rng, days, known)


class _Histories(dict[str, list[Event]]):
    def __missing__(self, objet: str) -> list[Event]:
        return self.setdefault(objet, [])

    def __contains__(self, objet: object) -> bool:
        return True


def _any_entry(rng: random.Random, days: dict[str, date], known: Connu) -> Entree:
    if rng.random() < 0.12:
        return _any_correction(rng, known)
    if rng.random() < 0.08:
        return _any_act(rng)
    objet = rng.choice(list(days))
    dossier = known.dossiers.get(objet) or Dossier(objet)
    natures = [nature for nature, suite in SUITES.items() if dossier.phase in suite.depuis]
    if not natures:
        return _any_act(rng)
    nature = rng.choices(natures, [_RARE.get(nature, 4) for nature in natures])[0]
    if rng.random() < 0.5:
        days[objet] += timedelta(days=rng.randrange(20))
    return Entree(nature, objet, days[objet].isoformat(), OFFICER, contents(rng, nature, len(dossier.tours)))


def contents(rng: random.Random, nature: str, tours: int) -> dict[str, Any]:
    """Return contents that an event of that nature may have, for a dwelling with that many tours."""
    holder = rng.choice([None, *HOLDERS])
    some: Mapping[str, dict[str, Any]] = {
        "liberation": {
            "date": f"2025-{rng.randint(1, 12):02}-15",
            "commune": rng.choice(COMMUNES),
            "typologie": rng.choice(TYPOLOGIES),
            "financement": rng.choice(FINANCEMENTS),
            "qpv": rng.choice(["oui", "non"]),
            "surface": rng.choice([None, 45, 61.5]),
            "construction": 1974,
            "accessible": rng.choice([True, False, None]),
            "adresse": rng.choice(["1, rue de l’Été", ""]),
        },
        "retrait": {"motif": rng.choice(["travaux", "vente", "autre"])},
        "statut": rng.choice(
            [
                {"statut": "flux"},
                {"statut": "hors_assiette", "categorie": "mutation", "operation": "ANRU", "menage": "a" * 64},
                {"statut": "stock", "corps": "defense"},
                {"statut": "neuf"},
            ]
        ),
        "preorientation": {
            "reservataire": holder,
            "policy": "glouton",
            "model_sha256": DIGEST,
            "entree_sha256": DIGEST,
            "vu": 1,
            "tour": tours + 1,
        },
        "orientation": {"reservataire": holder, "tour": tours + 1, "motif": "choix"},
        "envoi": rng.choice([{}, {"delai": 15}]),
        "candidats": {"nombre": rng.randint(1, 4)},
        "caleol": {"decision": rng.choice(["attribue", "rejete", "ajourne"])},
        "decline": {"motif": "loyer"},
    }
    return some.get(nature, {})


def _any_act(rng: random.Random) -> Entree:
    holder = rng.choice(HOLDERS)
    objet = f"{holder}/departement:93"
    return rng.choice(
        [
            Entree(
                "convention",
                objet,
                "2025-01-01",
                OFFICER,
                {"reservataire": holder, "territoire": "departement:93", "part": rng.randint(1, 30)},
            ),
            Entree("signature", objet, "2025-02-01", OFFICER, {}),
            Entree("regle", "", "2025-01-01", OFFICER, {"comptage": {"mode": "propositions"}}),
            Entree(
                "solde_ouverture",
                objet,
                "2025-01-01",
                OFFICER,
                {"reservataire": holder, "territoire": "departement:93", "points": 1.5},
            ),
            Entree("purge", "", "2025-06-01", OFFICER, {"menage": DIGEST, "motif": "délai échu"}),
        ]
    )


def _any_correction(rng: random.Random, known: Connu) -> Entree:
    history = [event for events in known.histoires.values() for event in events]
    if not history:
        return OUVERTURE
    target = rng.choice(history)
    said: dict[str, Any] = {"de": target.rang}
    if rng.random() < 0.5:
        said["annule"] = True
    else:
        tours = target.contenu.get("tour", 1) - 1
        said["contenu"] = contents(rng, target.nature, tours) or dict(target.contenu)
    return Entree("correction", target.objet, "2025-12-31", OFFICER, said)
