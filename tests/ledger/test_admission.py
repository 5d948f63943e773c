"""What an entry may say: every ill-formed field is named, all of them at once, in French."""

from typing import Any

import pytest

from allocator.ledger.events.admission import faults
from allocator.ledger.events.event import Entree
from allocator.ledger.events.natures import NATURES
from tests.ledger.lives import COMMUNES, HOLDERS, OUVERTURE, entry, liberation, orientation

GOOD = liberation().contenu


def told(entree: Entree) -> list[str]:
    return faults(entree, set(COMMUNES), set(HOLDERS))


def said(nature: str, **contenu: Any) -> list[str]:
    return told(entry(nature, **contenu))


@pytest.mark.parametrize("entree", [OUVERTURE, liberation(), orientation(), orientation(None)])
def test_what_is_well_formed_has_no_fault(entree: Entree) -> None:
    assert told(entree) == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("date", "2025-02-30", "date : « 2025-02-30 » n'existe pas dans le calendrier"),
        ("date", "14/03/2025", "date : une date AAAA-MM-JJ était attendue"),
        ("date", None, "date : champ obligatoire absent"),
        ("commune", "75056", "commune : commune « 75056 » absente des territoires du journal"),
        ("commune", 93048, "commune : un texte était attendu"),
        ("typologie", "F3", "typologie : « F3 », attendu T1, T2, T3, T4, T5 ou T6"),
        ("qpv", True, "qpv : un texte était attendu"),
        ("construction", 1974.5, "construction : un nombre entier était attendu"),
        ("construction", True, "construction : un nombre entier était attendu"),
        ("construction", -1, "construction : -1 hors limites, attendu 0 au moins"),
        ("surface", float("nan"), "surface : un nombre était attendu"),
        ("surface", 1e300, "surface : un nombre était attendu"),
        ("surface", "45", "surface : un nombre était attendu"),
        ("accessible", "oui", "accessible : vrai ou faux était attendu"),
        ("adresse", "1 rue\x00", "adresse : caractère interdit dans « 1 rue� »"),
        ("adresse", "\ud800", "adresse : caractère interdit dans « � »"),
        ("couleur", "bleu", "couleur : champ inconnu, attendu date, commune, typologie,"),
    ],
)
def test_an_ill_formed_field_is_named(field: str, value: Any, words: str) -> None:
    (fault,) = said("liberation", **{**GOOD, field: value})
    assert fault.startswith(words)


def test_all_faults_of_an_entry_are_told_at_once() -> None:
    wrong = Entree("liberation", "", "hier", " ", {**GOOD, "commune": "75056", "qpv": "peut-être"})
    assert [fault.partition(" :")[0] for fault in told(wrong)] == [
        "objet",
        "auteur",
        "effet",
        "commune",
        "qpv",
    ]


@pytest.mark.parametrize(
    ("nature", "contenu", "words"),
    [
        ("orientation", {"tour": 1}, "reservataire : champ obligatoire absent"),
        ("orientation", {"tour": 1, "reservataire": "x"}, "reservataire : réservataire « x » inconnu"),
        ("orientation", {"tour": 0, "reservataire": None}, "tour : 0 hors limites, attendu 1 au moins"),
        ("statut", {"statut": "flux", "menage": "Dupont"}, "menage : une empreinte sha256"),
        ("bail", {"loyer": 500}, "loyer : champ inconnu, attendu aucun"),
        (
            "convention",
            {"reservataire": "als", "territoire": "x", "a": {"b": [1, {"c": {1}}]}},
            "a.b[2].c : ",
        ),
        ("convention", {"reservataire": "als", "territoire": "x", "a": {"b": "\x01"}}, "a.b : caractère"),
        ("regle", {"comptage": []}, "comptage : une table était attendue"),
        ("regle", {"comptage": {"a": float("inf")}}, "comptage.a : un nombre était attendu"),
        ("fin", {}, "nature « fin » inconnue, attendu ouverture, convention,"),
    ],
)
def test_contents_of_other_natures(nature: str, contenu: dict[str, Any], words: str) -> None:
    (fault,) = said(nature, **contenu)
    assert fault.startswith(words)


def test_rows_of_an_opening_are_told_by_their_number() -> None:
    wrong = {**OUVERTURE.contenu, "reservataires": [{"id": "als", "nom": "ALS", "famille": "x"}, 3]}
    first, second = told(Entree("ouverture", "", "2025-01-01", "A", wrong))
    assert first.startswith("reservataires[1].famille : « x », attendu etat,")
    assert second == "reservataires[2] : une table était attendue"


def test_contents_are_a_table() -> None:
    wrong: Any = ["date"]
    assert told(Entree("bail", "L1", "2025-01-01", "A", wrong)) == ["contenu : une table était attendue"]


def test_every_nature_has_a_french_title() -> None:
    titles = [nature.titre for nature in NATURES.values()]
    assert len(set(titles)) == len(NATURES)
