"""The codes of the RPLS, and the field's own words, mean what the arrêté and the contract say."""

import pytest

from allocator.domain.vocabulary import FINANCEMENTS, TYPOLOGIES
from allocator.ledger.importing import rpls
from allocator.ledger.importing.words import plain

# arrêté du 5 janvier 2010, article 3, tableau 2: financement initial du logement locatif social
CODES = {"10", "11", "12", "13", "14", "15", "16", "17", "49", "50", "51", "52", "53", "54", "55", "99"}


def test_every_code_of_the_arrete_is_known_and_no_other() -> None:
    assert {pret.code for pret in rpls.PRETS} == CODES


@pytest.mark.parametrize(
    ("financement", "words"),
    [
        ("PLAI", ["10", "11", "PLAI", "PLA-I", "PLA-LM", "PLATS", "pla d’intégration", "PLAI adapté"]),
        (
            "PLUS",
            ["12", "13", "50", "51", "52", "PLUS", "plus-cd", "PLA", "HBM", "PLR", "PSR", "HLMO", "HLM/O"],
        ),
        ("PLS", ["14", "15", "17", "53", "54", "55", "PLS", "PPLS", "PCLS", "PLA CFF", "ILM", "ILN", "PCL"]),
        ("PLI", ["16", "PLI", "LLI"]),
    ],
)
def test_older_loans_are_counted_under_those_of_today(financement: str, words: list[str]) -> None:
    assert {word: rpls.financement(word) for word in words} == dict.fromkeys(words, financement)


@pytest.mark.parametrize(
    ("label", "financement"),
    [
        ("PLA Loyer Minoré / PLA Très Social / PLA Insertion", "PLAI"),
        ("PLA d’intégration/LLTS dans les DOM", "PLAI"),
        ("PLUS (LLS dans les DOM)", "PLUS"),
        ("PLS/PPLS/PCLS/PLA CFF", "PLS"),
        ("PCL (conventionné ou non)", "PLS"),
        ("PLR/PSR", "PLUS"),
    ],
)
def test_the_labels_of_the_published_files_are_known_too(label: str, financement: str) -> None:
    assert rpls.financement(label) == financement


@pytest.mark.parametrize("word", ["49", "99", "autre financement"])
def test_another_loan_does_not_say_which_ceiling_it_has(word: str) -> None:
    assert rpls.financement(word) == ""


def test_an_unknown_loan_is_unknown() -> None:
    assert rpls.financement("PZZ") is None
    assert rpls.financement("18") is None


def test_no_name_is_that_of_two_loans_and_each_is_counted_under_a_financing_of_the_contract() -> None:
    words = [plain(word) for pret in rpls.PRETS for word in {*map(plain, pret.noms), pret.code}]
    assert len(words) == len(set(words))
    assert {pret.financement for pret in rpls.PRETS} == {*FINANCEMENTS, ""}


def test_no_loan_for_the_middle_classes_leaves_the_flux_by_a_guess() -> None:
    assert {pret.financement for pret in rpls.PRETS if pret.appui == "hypothese"} == {"PLS"}


@pytest.mark.parametrize("form", ["{}", "T{}", "F{}", "t{}", "{} pièces", "{}P"])
def test_rooms_are_the_typology_and_six_is_six_and_more(form: str) -> None:
    found = [rpls.PIECES.get(plain(form.format(rooms))) for rooms in range(11)]
    assert found == [None, *TYPOLOGIES, "T6", "T6", "T6", None]


@pytest.mark.parametrize("word", ["Studio", "T1 bis", "F1bis", "1 pièce", "T1"])
def test_one_room_has_many_names(word: str) -> None:
    assert rpls.PIECES[plain(word)] == "T1"


@pytest.mark.parametrize(
    ("text", "qpv", "perimetre"),
    [
        ("QP093028", "oui", "2015"),
        ("QN09328M", "oui", "2024"),
        ("qn07501m", "oui", "2024"),
        ("QP02A001", "oui", "2015"),
        ("1", "oui", None),
        ("2", "non", None),
        ("O", "oui", None),
        ("FAUX", "non", None),
        ("2024", None, "2024"),
        ("2019", None, None),
        ("QX093028", None, None),
    ],
)
def test_a_quartier_says_oui_and_the_year_of_its_list(
    text: str, qpv: str | None, perimetre: str | None
) -> None:
    assert (rpls.qpv(text), rpls.perimetre(text)) == (qpv, perimetre)
