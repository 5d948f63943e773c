"""``allocator journal purge``: told first, done once confirmed, all or nothing."""

from pathlib import Path

import pytest

from allocator.ledger.store.journal import open_journal
from tests.ledger.daily_desk import BAILLEUR, announced, opened, small
from tests.ledger.played import events, run, told

NAMES = {"A": "Mme Durand", "B": "M. Petit"}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Return a journal with a household in each of two dwellings."""
    base = tmp_path / "journal.db"
    opened(str(base), small(), [announced(name, "2025-03-01") for name in NAMES]).close()
    for name, menage in NAMES.items():
        kept = ("--statut", "hors_assiette", "--categorie", "mutation", "--menage", menage)
        assert run("record", "statut", name, *kept, "--date", "2025-03-02", "--base", base).exit_code == 0
    return base


def tokens(base: Path) -> list[str]:
    return [event["contenu"]["menage"] for event in events(base) if event["nature"] == "statut"]


def references(base: Path) -> list[str | None]:
    with open_journal(str(base), BAILLEUR) as journal:
        return [journal.household(token) for token in tokens(base)]


def test_nothing_is_erased_until_it_is_confirmed(base: Path) -> None:
    before = events(base)
    done = run("journal", "purge", *tokens(base), "--motif", "délai échu", "--base", base)
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        f"{token} : « {name} » serait effacée"
        for token, name in zip(tokens(base), NAMES.values(), strict=True)
    ]
    assert done.stderr == "Rien n'est effacé : --oui le confirme.\n"
    assert references(base) == list(NAMES.values())
    assert events(base) == before


def test_a_household_is_forgotten_and_the_journal_says_so(base: Path) -> None:
    first, _ = tokens(base)
    asked = (
        "journal",
        "purge",
        first,
        first,
        "--motif",
        "délai échu",
        "--auteur",
        "A. Martin",
        "--base",
        base,
    )
    found = told(run(*asked, "--date", "2025-12-01", "--oui", "--json"))
    last = events(base)[-1]
    assert found == {"bailleur": BAILLEUR, "jetons": [first], "effaces": True, "enregistres": [last["rang"]]}
    assert (last["nature"], last["effet"], last["auteur"]) == ("purge", "2025-12-01", "A. Martin")
    assert last["contenu"] == {"menage": first, "motif": "délai échu"}
    assert references(base) == [None, "M. Petit"]
    assert not any(b"Durand" in path.read_bytes() for path in base.parent.iterdir())
    assert run("journal", "verify", "--base", base).exit_code == 0


@pytest.mark.parametrize("confirmed", [(), ("--oui",)])
def test_a_token_that_leads_nowhere_keeps_all_from_being_erased(
    base: Path, confirmed: tuple[str, ...]
) -> None:
    before = events(base)
    wrong = ("0" * 64, "jeton")
    asked = ("journal", "purge", *tokens(base), *wrong, "--motif", "délai échu", "--base", base)
    done = run(*asked, *confirmed)
    assert done.exit_code == 2
    assert all(f"{token}: référence de ménage inconnue, ou déjà effacée" in done.stderr for token in wrong)
    blank = run("journal", "purge", *tokens(base), "--motif", "", "--base", base, *confirmed)
    assert (blank.exit_code, "motif" in blank.stderr) == (2, True)
    assert references(base) == list(NAMES.values())
    assert events(base) == before
