"""Who agrees to a table of rates: the last word of each holder of rights, on this very table."""

from pathlib import Path

import pytest

from allocator.formats import BadInput
from allocator.stock.rotation.signatures import (
    Signature,
    empreinte,
    read_commentaires,
    signatures,
    titulaires,
)
from allocator.stock.rotation.taux import Taux, read_taux
from tests.stock.dossier_files import dossier_of

HOLDERS = ("etat", "als", "ville")
TABLE = "departement,typologie,taux\n,,6\n93,T3,4\n"
VERSION = empreinte(TABLE.encode())


@pytest.fixture
def taux(tmp_path: Path) -> Taux:
    path = tmp_path / "taux.csv"
    path.write_text(TABLE, encoding="utf-8")
    return read_taux(path)


def signed(folder: Path, taux: Taux, *rows: str) -> dict[str, str]:
    return {who.reservataire: who.etat for who in _signed(folder, taux, *rows)}


def _signed(folder: Path, taux: Taux, *rows: str) -> tuple[Signature, ...]:
    path = folder / "commentaires.csv"
    path.write_text("\n".join(["date,par,segment,texte,accord,version", *rows, ""]), encoding="utf-8")
    return signatures(HOLDERS, read_commentaires(path, HOLDERS, taux), VERSION)


def test_those_who_have_rights_are_those_who_sign(tmp_path: Path) -> None:
    dossier = dossier_of(tmp_path)
    assert titulaires([dossier, dossier]) == HOLDERS


def test_the_last_word_of_each_counts(tmp_path: Path, taux: Taux) -> None:
    assert signed(
        tmp_path,
        taux,
        f"2026-02-01,etat,,,oui,{VERSION}",
        "2026-01-15,etat,,trop bas,non,",
        "2026-01-10,als,,,oui,",
        "2026-01-20,als,departement=93+typologie=T3,à revoir,,",
    ) == {"etat": "accord", "als": "accord", "ville": "sans réponse"}


def test_a_refusal_keeps_its_reason(tmp_path: Path, taux: Taux) -> None:
    found = _signed(tmp_path, taux, "2026-01-15,ville,typologie=T3+departement=93,trop bas,non,")
    assert [(who.etat, who.texte) for who in found if who.reservataire == "ville"] == [("refus", "trop bas")]


def test_an_agreement_to_another_version_is_none(tmp_path: Path, taux: Taux) -> None:
    assert signed(tmp_path, taux, "2026-02-01,etat,,,oui,0123456789ab")["etat"] == "autre version"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2026-02-01,region,,,oui,", "par: « region » absent de reservataires.csv parmi les titulaires"),
        ("hier,etat,,,oui,", "date: « hier » n'est pas une date"),
        (
            "2026-02-01,etat,typologie=T4,,oui,",
            "segment: « typologie=T4 » : segment qui n'est pas dans la table",
        ),
        ("2026-02-01,etat,,,peut-être,", "accord: « peut-être » inconnu"),
    ],
)
def test_a_comment_that_is_wrong_is_refused(tmp_path: Path, taux: Taux, row: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        signed(tmp_path, taux, row)
    assert f"commentaires.csv:2: {said}" in caught.value.render()
