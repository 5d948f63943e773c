"""Which clocks run, who is told so in which words, and what is recorded when one is over."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.formats import BadInput
from allocator.ledger.accounts.actes import ATTEND_CANDIDATS
from allocator.ledger.daily.releve import read_releve
from allocator.ledger.echeances.courriers import courriers
from allocator.ledger.echeances.delais import Delai, delais, lapses
from allocator.ledger.echeances.gabarit import LETTRE, LOGEMENT, SHIPPED, Gabarit, read_gabarit
from allocator.ledger.events.closed import closed_through
from allocator.ledger.events.event import Entree
from allocator.ledger.store.journal import Journal
from tests.ledger.daily_desk import OFFICER, announced, opened, oriented, said, small

DAY = date(2025, 3, 14)
DELEGUEE = said(
    "convention",
    "als/departement:93",
    "2025-01-01",
    reservataire="als",
    territoire="departement:93",
    lignes=[{"territoire": "departement:93", "part": 40}],
    gestion="deleguee",
    delegataire="Agence du logement",
)


def sent(name: str, holder: str, day: str, **envoi: int) -> list[Entree]:
    return [
        announced(name, day, adresse="3, rue du Port", surface=61.5, loyer=420.25),
        oriented(name, day, holder),
        said("envoi", name, day, **envoi),
    ]


def running(journal: Journal, day: date = DAY) -> tuple[Delai, ...]:
    return delais(journal.waiting(ATTEND_CANDIDATS), read_releve(journal, day))


def test_a_clock_runs_from_the_sending_to_the_candidates_or_the_end_of_the_tour(sqlite_file: str) -> None:
    more = [
        *sent("A", "als", "2025-02-10"),
        *sent("B", "etat", "2025-03-01", delai=20),
        *sent("C", "ville", "2025-03-02"),
        said("candidats", "C", "2025-03-05", nombre=2),
        *sent("D", "als", "2025-03-03"),
        said("decline", "D", "2025-03-06"),
        *sent("E", "als", "2025-03-04"),
        said("attribution", "E", "2025-03-07"),
        announced("F", "2025-03-05"),
        oriented("F", "2025-03-05", "als"),
    ]
    with opened(sqlite_file, small(), more) as journal:
        found = running(journal)
    assert [(each.liberation, each.echeance, each.reste) for each in found] == [
        ("A", date(2025, 3, 10), -4),
        ("B", date(2025, 3, 21), 7),
    ]


def test_the_delegate_is_told_and_the_reservataire_is_debited(sqlite_file: str) -> None:
    more = [DELEGUEE, *sent("A", "als", "2025-03-01"), *sent("B", "etat", "2025-03-01")]
    with opened(sqlite_file, small(), more) as journal:
        found = running(journal)
    assert [(each.reservataire, each.acteur) for each in found] == [
        ("als", "Agence du logement"),
        ("etat", "etat"),
    ]


def test_the_delegate_of_one_orientation_goes_first(sqlite_file: str) -> None:
    given_to = said(
        "orientation", "A", "2025-03-01", reservataire="als", tour=1, delegataire="Ville de Saint-Denis"
    )
    more = [announced("A", "2025-03-01"), given_to, said("envoi", "A", "2025-03-01")]
    with opened(sqlite_file, small(), [DELEGUEE, *more]) as journal:
        (only,) = running(journal)
    assert (only.reservataire, only.acteur) == ("als", "Ville de Saint-Denis")


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.none() | st.integers(1, 60), st.booleans()), min_size=1, max_size=12
    )
)
@settings(max_examples=15, deadline=None)
def test_what_is_over_is_recorded_once_and_frees_the_dwelling(
    tmp_path_factory: pytest.TempPathFactory, lives: list[tuple[int, int | None, bool]]
) -> None:
    where = str(tmp_path_factory.mktemp("journal") / "journal.db")
    entrees, over = [], set()
    for number, (start, delai, answered) in enumerate(lives):
        day = date(2025, 1, 15) + timedelta(days=start)
        entrees += sent(f"L{number}", "als", str(day), **({} if delai is None else {"delai": delai}))
        # a month from the 15th to the 24th of February ends on the same day of the next
        month = (
            day.replace(month=day.month + 1, day=min(day.day, 28)) if day.month == 1 else day.replace(month=3)
        )
        last = month if delai is None else day + timedelta(days=delai)
        if answered:
            entrees.append(said("candidats", f"L{number}", str(day), nombre=1))
        elif last < DAY:
            over.add((f"L{number}", str(last + timedelta(days=1))))
    with opened(where, small(), sorted(entrees, key=lambda entree: entree.effet)) as journal:
        recorded = journal.append(lapses(running(journal), OFFICER))
        assert {(event.objet, event.effet) for event in recorded} == over
        assert not lapses(running(journal), OFFICER)
        assert set(journal.waiting().liberations.id) == {name for name, _ in over}
        assert journal.verify()


def test_what_was_over_in_a_year_closed_since_lapses_in_the_next_one(sqlite_file: str) -> None:
    closing = said("cloture", "", "2025-03-31", annee=2025)
    with opened(sqlite_file, small(), [*sent("A", "als", "2025-02-01"), closing]) as journal:
        clocks = running(journal, date(2025, 4, 10))
        (event,) = journal.append(lapses(clocks, OFFICER, closed_through(journal.waiting().actes)))
        assert (event.objet, event.effet) == ("A", "2025-04-01")


def test_each_actor_gets_one_letter_with_its_own_dwellings(sqlite_file: str) -> None:
    more = [
        DELEGUEE,
        *sent("A", "als", "2025-02-01"),
        *sent("B", "etat", "2025-03-01"),
        *sent("C", "als", "2025-03-02"),
    ]
    with opened(sqlite_file, small(), more) as journal:
        registre = journal.waiting(ATTEND_CANDIDATS)
        found = courriers(registre, delais(registre, read_releve(journal, DAY)), DAY, read_gabarit())
    assert [(each.acteur, each.fichier) for each in found] == [
        ("Agence du logement", "Agence_du_logement.txt"),
        ("etat", "etat.txt"),
    ]
    letter = found[0].texte
    assert letter.startswith("Objet : Logements proposés : 2 délai(s) à échéance\n")
    assert "Le 14/03/2025" in letter
    name = registre.reservataires.nom[registre.reservataires.id.index("als")]
    assert f"- A ({name}) : T3, PLUS, 61,5 m², 420,25 € par mois, hors QPV\n  3, rue du Port, " in letter
    assert "délai échu le 01/03/2025" in letter
    assert "à pourvoir jusqu'au 02/04/2025 inclus (reste 19 jour(s))" in letter
    assert "- B" not in letter
    assert "$" not in letter


def test_actors_whose_names_look_alike_in_a_file_name_keep_their_letters(sqlite_file: str) -> None:
    with opened(sqlite_file, small(), sent("A", "als", "2025-03-01")) as journal:
        registre = journal.waiting(ATTEND_CANDIDATS)
        (one,) = delais(registre, read_releve(journal, DAY))
    others = [Delai(one.row, "A", 1, "als", name, one.envoye, one.echeance, 1) for name in ("a/b", "a b", "")]
    names = [each.fichier for each in courriers(registre, others, DAY, read_gabarit())]
    assert names == ["a_b.txt", "a_b-2.txt", "destinataire.txt"]


def test_the_shipped_template_may_be_replaced(tmp_path: Path, sqlite_file: str) -> None:
    path = tmp_path / "courriel.toml"
    path.write_text(
        'format = 1\nobjet = "Relance $nombre"\ntexte = "$logements, 5 $$"\nlogement = "$liberation"\necho = 1\n',
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as bad:
        read_gabarit(path)
    assert sorted(str(fault.column) for fault in bad.value.faults) == ["echo", "echu"]
    path.write_text(
        path.read_text(encoding="utf-8").replace("echo = 1", 'echu = "$liberation !"'), encoding="utf-8"
    )
    assert read_gabarit(path) == Gabarit(
        "Relance $nombre", "$logements, 5 $$", "$liberation", "$liberation !"
    )
    with opened(sqlite_file, small(), sent("A", "als", "2025-03-01")) as journal:
        registre = journal.waiting(ATTEND_CANDIDATS)
        (letter,) = courriers(registre, delais(registre, read_releve(journal, DAY)), DAY, read_gabarit(path))
    assert letter.texte == "Objet : Relance 1\n\nA, 5 $\n"


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("objet", "$logement", f"$logement inconnu, attendu {', '.join('$' + word for word in LETTRE)}"),
        ("echu", "$nombre", f"$nombre inconnu, attendu {', '.join('$' + word for word in LOGEMENT)}"),
        ("texte", "100 $ par mois", "un dollar qui n'introduit aucun mot s'écrit $$"),
    ],
)
def test_a_word_that_stands_for_nothing_is_told_with_its_line(
    tmp_path: Path, key: str, text: str, words: str
) -> None:
    values = {"objet": "a", "texte": "b", "logement": "c", "echu": "d", key: text}
    path = tmp_path / "courrier.toml"
    lines = ["format = 1", *(f'{name} = "{value}"' for name, value in values.items())]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadInput) as bad:
        read_gabarit(path)
    assert str(bad.value) == f"courrier.toml:{2 + list(values).index(key)}: {key}: {words}"


def test_the_shipped_template_uses_words_that_it_documents() -> None:
    comment = "\n".join(
        line for line in SHIPPED.read_text(encoding="utf-8").splitlines() if line.startswith("#")
    )
    assert all(f"${word}" in comment for word in (*LETTRE, *LOGEMENT))
