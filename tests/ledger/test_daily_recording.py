"""What is recorded by hand: forms to contents, delays of conventions, corrections, households."""

from datetime import date

import pytest

from allocator.formats import BadInput
from allocator.ledger.daily.releve import read_releve
from allocator.ledger.daily.saisie import SAISIES, contenu_of, correction, saisie
from allocator.ledger.events.dossier import ISSUES
from allocator.ledger.events.event import Entree
from allocator.ledger.events.natures import NATURES
from allocator.ledger.events.recording import EntriesRefused
from allocator.ledger.store.journal import Journal
from tests.ledger.daily_desk import OFFICER, announced, opened, oriented, said, small

DAY = date(2025, 3, 14)
ALS = "als/departement:93"


@pytest.fixture
def journal(sqlite_file: str) -> Journal:
    """Return a journal in which A is with als (20 days), B with the État (one month) and C with the bailleur."""
    lignes = [{"territoire": "departement:93", "part": 40}]
    more = [
        said(
            "convention",
            ALS,
            "2025-01-01",
            reservataire="als",
            territoire="departement:93",
            lignes=lignes,
            delai=20,
        )
    ]
    for name, holder in (("A", "als"), ("B", "etat"), ("C", None)):
        more += [announced(name, "2025-03-01"), oriented(name, "2025-03-02", holder)]
    return opened(sqlite_file, small(), more)


def record(journal: Journal, nature: str, *objets: str, **texts: str) -> None:
    contenu, menages = contenu_of(nature, texts)
    journal.append(saisie(journal, nature, objets, DAY, OFFICER, contenu), menages=menages)


def test_the_clock_of_a_proposition_is_that_of_its_convention(journal: Journal) -> None:
    record(journal, "envoi", "A", "B", "C", "A")
    state = journal.registre().tours
    assert [str(day) for day in state.echeance] == ["2025-04-03", "2025-04-14", "2025-04-14"]


def test_a_delay_that_is_said_holds(journal: Journal) -> None:
    record(journal, "envoi", "A", delai="5")
    assert str(journal.registre().tours.echeance[0]) == "2025-03-19"


def test_a_whole_life_is_recorded_by_hand(journal: Journal) -> None:
    record(journal, "envoi", "A")
    record(journal, "candidats", "A", nombre="3")
    record(journal, "caleol", "A", decision="attribue")
    record(journal, "attribution", "A")
    record(journal, "bail", "A")
    record(journal, "retrait", "B", motif="travaux", precision="désamiantage")
    assert journal.registre().tours.issue.tolist()[:2] == [0, 5]


def test_what_ended_a_tour_is_recorded_by_hand(journal: Journal) -> None:
    record(journal, "refus", "A", issue="caleol")
    record(journal, "rendu", "B", issue="description")
    assert [ISSUES[issue] for issue in journal.registre().tours.issue.tolist()[:2]] == [
        "caleol",
        "description",
    ]
    with pytest.raises(EntriesRefused, match="issue : « caleol », attendu description"):
        record(journal, "decline", "C", issue="caleol")


def test_every_field_that_is_wrong_is_told() -> None:
    with pytest.raises(BadInput) as caught:
        contenu_of("candidats", {"nombre": "trois", "couleur": "bleu"})
    assert [str(fault) for fault in caught.value.faults] == [
        "candidats reçus: nombre: « trois » n'est pas un nombre entier",
        "candidats reçus: couleur: champ inconnu, attendu nombre",
    ]


def test_a_household_is_kept_apart_and_can_be_forgotten(journal: Journal) -> None:
    journal.append([announced("D", "2025-03-03")])
    record(journal, "statut", "D", statut="hors_assiette", categorie="mutation", menage="Mme Durand")
    (token,) = (each for each in journal.registre().suivi.menage if each)
    assert journal.household(token) == "Mme Durand"
    assert not any("Durand" in line for line in journal.export_lines())


def correct(journal: Journal, rang: int, texts: dict[str, str] | None, effet: date | None = None) -> Entree:
    entree, menages = correction(journal, rang, texts, effet, OFFICER, "erreur de saisie")
    journal.append([entree], menages=menages)
    return entree


def rang_of(journal: Journal, nature: str) -> int:
    return max(event.rang for event in journal.events() if event.nature == nature)


def test_a_correction_changes_the_fields_named_and_no_others(journal: Journal) -> None:
    record(journal, "retrait", "B", motif="travaux", precision="désamiantage")
    rang = rang_of(journal, "retrait")
    assert correct(journal, rang, {"motif": "vente"}).contenu["contenu"] == {
        "motif": "vente",
        "precision": "désamiantage",
    }
    # what was corrected before stays so
    assert correct(journal, rang, {"precision": ""}).contenu["contenu"] == {"motif": "vente"}
    assert journal.registre().suivi.motif_retrait[1] == "vente"


def test_a_day_once_corrected_stays_corrected(journal: Journal) -> None:
    record(journal, "retrait", "B", motif="travaux")
    rang = rang_of(journal, "retrait")
    correct(journal, rang, {}, date(2025, 3, 12))
    correct(journal, rang, {"motif": "vente"})
    assert str(journal.registre().suivi.retire[1]) == "2025-03-12"


def test_an_event_is_annulled_and_its_annulment_too(journal: Journal) -> None:
    record(journal, "decline", "A")
    rang = rang_of(journal, "decline")
    correct(journal, rang, None)
    assert journal.registre().tours.issue[0] == -1
    correct(journal, rang_of(journal, "correction"), None)
    assert journal.registre().tours.issue[0] == 2
    assert journal.verify()


def test_an_orientation_to_the_bailleur_is_a_correction_like_another(journal: Journal) -> None:
    rang = min(event.rang for event in journal.events_about("A") if event.nature == "orientation")
    assert correct(journal, rang, {"reservataire": ""}).contenu["contenu"] == {
        "reservataire": None,
        "tour": 1,
    }


def test_clauses_are_corrected_by_the_kind_of_their_field(journal: Journal) -> None:
    rang = min(event.rang for event in journal.events_about(ALS) if event.contenu.get("delai") == 20)
    corrected = correct(journal, rang, {"delai": "25", "garantie": "2,5", "limite": "2025-06-30"}).contenu[
        "contenu"
    ]
    assert (corrected["delai"], corrected["garantie"], corrected["limite"]) == (25, 2.5, "2025-06-30")
    record(journal, "envoi", "A")
    assert str(journal.registre().tours.echeance[0]) == "2025-04-08"
    assert "delai" not in correct(journal, rang, {"delai": ""}).contenu["contenu"]


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("delai", "vingt", "« vingt » n'est pas un nombre entier"),
        ("delai", "0", "0 hors limites"),
        ("garantie", "nan", "attendu un nombre"),
        ("limite", "30/06/2025", "n'est pas une date"),
        ("gestion", "deleguee", "gestion = « deleguee » et delegataire vont ensemble"),
        ("duree", "3", "duree"),
        ("agents", "5", "agents ne se dit que de la convention de l'État"),
        ("lignes", "40", "ne tient pas en une valeur"),
    ],
)
def test_a_correction_by_which_a_convention_could_not_be_read_is_refused(
    journal: Journal, field: str, text: str, words: str
) -> None:
    rang = max(event.rang for event in journal.events_about(ALS))
    with pytest.raises(BadInput) as refused:
        correct(journal, rang, {field: text})
    assert words in refused.value.render()
    correct(journal, rang, {"delai": "30"})
    assert read_releve(journal, DAY).versions


def test_a_correction_by_which_a_rule_could_not_be_read_is_refused(journal: Journal) -> None:
    journal.append([said("regle", "", "2025-01-01", comptage={"mode": "mixte"})])
    rang = rang_of(journal, "regle")
    for field, words in (("comptage", "ne tient pas en une valeur"), ("mode", "mode")):
        with pytest.raises(BadInput, match=words):
            correct(journal, rang, {field: "attributions"})
    correct(journal, rang, {}, date(2025, 2, 1))
    assert read_releve(journal, DAY).livre.regles[-1].effet == date(2025, 2, 1)


def test_there_is_nothing_to_correct_beyond_the_head(journal: Journal) -> None:
    with pytest.raises(BadInput, match="le journal n'a pas d'événement 999"):
        correct(journal, 999, None)


def test_all_that_is_recorded_by_hand_is_a_nature() -> None:
    assert set(SAISIES) <= set(NATURES)
