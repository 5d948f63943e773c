"""What the daily job reads of a journal: the same however it was read, and all that still counts in the year."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from allocator.ledger.accounts.comptes import comptes
from allocator.ledger.accounts.issues import ISSUES, Effet
from allocator.ledger.accounts.regle_reader import read_regle
from allocator.ledger.accounts.taux import read_hypotheses
from allocator.ledger.daily.periode import bounds, ouverture_on
from allocator.ledger.daily.releve import Releve, past_releve, read_releve
from allocator.ledger.daily.window import of_period
from allocator.ledger.state.registre import Registre
from allocator.ledger.store.journal import Journal, open_journal
from tests.builders import same
from tests.ledger.daily_desk import BAILLEUR, announced, opened, oriented, said, small
from tests.ledger.played import play

FIN = date(2025, 12, 31)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("played") / "journal.db"
    play(where)
    return where


@pytest.mark.parametrize("day", [date(2025, 1, 1), date(2025, 4, 17), date(2025, 9, 2), FIN])
def test_a_past_day_is_read_as_it_is_folded(played: Path, day: date) -> None:
    with open_journal(str(played), BAILLEUR) as journal:
        quick, folded = read_releve(journal, day, au=day).registre, journal.registre(au=day)
        debut, fin = bounds(ouverture_on(folded.actes, day))
        assert len(quick.tours) > 0 or day == debut
        assert same(quick, of_period(plain(folded), debut, fin))


def test_now_is_read_as_it_is_folded(played: Path) -> None:
    with open_journal(str(played), BAILLEUR) as journal:
        now, then = read_releve(journal, FIN), past_releve(journal, FIN, journal.tete.rang)
        assert same(now.registre, then.registre)
        assert now.vu == then.vu


@pytest.fixture
def old(tmp_path: Path) -> Journal:
    """Return a journal with dwellings released long before the year: still pending, let in the year, let before it."""
    more = [
        each
        for name in ("EN_COURS", "LOUE", "AVANT")
        for each in (announced(name, "2023-05-02"), oriented(name, "2023-05-03", "als"))
    ]
    more += [each for name in ("LOUE", "AVANT") for each in (said("attribution", name, "2023-07-01"),)]
    more += [said("bail", "AVANT", "2023-08-01"), said("bail", "LOUE", "2025-02-01")]
    more += [announced("NEUF", "2025-01-10"), announced("ATTEND", "2022-05-02")]
    return opened(str(tmp_path / "journal.db"), small(), more)


def test_a_tour_of_an_old_dwelling_counts_in_the_year_in_which_it_ends(old: Journal) -> None:
    with old as journal:
        for day, pending, signed in (("2025-01-31", 2, 0), ("2025-02-01", 1, 1)):
            releves = (read_releve(journal, date.fromisoformat(day), au=date.fromisoformat(day)),)
            if day > "2025-01-31":
                releves += (read_releve(journal, date.fromisoformat(day)),)
            for releve in releves:
                mesures = comptes(releve.livre, releve.day).reservataires.mesures
                assert (mesures.en_cours.sum(), mesures.attributions.sum()) == (pending, signed)


def test_an_old_dwelling_that_waits_has_nothing_else_read_again(old: Journal) -> None:
    with old as journal:
        releve = read_releve(journal, FIN)
    assert set(releve.registre.liberations.id) == {"EN_COURS", "LOUE", "NEUF", "ATTEND"}
    # what a forecast learns from is a whole year, not what happens to be left of earlier ones
    assert years(releve) == {2025}


def test_accounts_rest_on_what_the_opening_recorded_of_the_program(tmp_path: Path) -> None:
    """A later version with other assumptions and other effects of outcomes gives the figures of then."""
    with opened(str(tmp_path / "journal.db"), small()) as journal:
        livre = read_releve(journal, FIN).livre
        assert (livre.hypotheses, livre.defaut) == (read_hypotheses(), read_regle())
        (first,) = (event for event in journal.events() if event.nature == "ouverture")
        livres = json.loads(json.dumps(first.contenu["livres"]))
        assert len(livres["seuils_sha256"]) == 64
        livres["hypotheses"] |= {"force": 7.0}
        livres["regle"]["issues"]["refus"]["compte"] = "demi"
        journal.append([said("ouverture", "", first.effet, **first.contenu | {"livres": livres})])
        then = read_releve(journal, FIN).livre
    assert then.hypotheses == replace(livre.hypotheses, force=7.0)
    assert then.defaut.effets[ISSUES.index("refus")] == Effet(0.5)


def years(releve: Releve) -> set[int]:
    history = releve.livre.exercice.instance.historique
    dates = np.empty(0, dtype="datetime64[D]") if history is None else history.date
    return {2025, *(dates.astype("datetime64[Y]").astype(int) + 1970).tolist()}


def plain(registre: Registre) -> Registre:
    return replace(registre, liberations=replace(registre.liberations, complements={}))
