"""The end of a year: balances carried over, the gap in the hors assiette, rights used up."""

import random
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import SANS_SOLDE, Comptage
from allocator.ledger.accounts.cloture import cloture, contenu_of_cloture, soldes_suivants
from allocator.ledger.accounts.comptes import comptes
from allocator.ledger.accounts.livre import Livre
from allocator.ledger.accounts.regles import Regle
from allocator.ledger.accounts.taux import Hypotheses
from allocator.ledger.conventions.actes import soldes_of
from allocator.ledger.conventions.exercice import Solde, exercice
from allocator.ledger.conventions.version import Ligne, Version, regimes
from allocator.ledger.events.fold import Acte
from allocator.policies.situation import frame
from tests.builders import Commune, Holder, Release, make_instance
from tests.ledger.account_books import ENTIER, FIN, MODEL, Tour, random_book, tours_of

seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)
CERTAIN = Hypotheses((1.0, *(0.0,) * 7), 1e15, 0.0)
KEY = ("als", "departement:93")


def year(number: int, soldes: dict[tuple[str, str], Solde], ecart: str = "rebase") -> Livre:
    """Return a year of 100 dwellings, of which als is owed 20 %, and 18 went to it: 15 leases, 3 under way."""
    instance = make_instance(
        communes=[Commune("93048")],
        holders=[Holder("als", "action_logement")],
        promises=(),
        debut=date(number, 1, 1),
        fin=date(number, 12, 31),
        releases=[Release(day=date(2025, 1, 1) + timedelta(3 * row)) for row in range(100)],
    )
    versions = [
        Version(*KEY, date(2024, 1, 1), (Ligne(KEY[1], part=20.0),), signature=date(2024, 1, 1), ecart=ecart)
    ]
    entries = [
        Tour(row, "als", date(2025, 11, 1), "bail", date(2026 if row >= 15 else 2025, 12, 1))
        for row in range(18)
    ]
    known = exercice(instance, versions, soldes)
    return Livre(
        known,
        frame(known.instance, MODEL),
        instance.liberations,
        tours_of(entries, instance),
        (),
        Regle(Comptage(), ENTIER),
        CERTAIN,
    )


def test_the_balance_is_carried_and_the_rights_are_used_up() -> None:
    livre = year(2025, {KEY: Solde(0.5, 30)})
    fin = cloture(livre, np.zeros(1), {}, {KEY: 4})
    assert fin.du.tolist() == [pytest.approx(20.5)]
    assert fin.logements.tolist() == [18.0]
    assert fin.report.tolist() == [pytest.approx(2.5)]
    assert (fin.utilises[0], fin.acquis[0], fin.droits_suivants[0]) == (18, 4, 16)
    suivants = soldes_suivants(livre, fin)
    assert suivants == {KEY: Solde(pytest.approx(2.5), 16)}  # type: ignore[arg-type]
    following = year(2026, suivants)
    # what was under way counted in 2025 already, and its leases stand for no more than was expected
    assert comptes(following, np.datetime64("2026-12-31")).lignes.mesures.logements.tolist() == [0.0]
    last = cloture(following, np.zeros(1), {}, {})
    assert last.report.tolist() == [pytest.approx(2.5)]
    assert (last.utilises[0], last.droits_suivants[0]) == (0, 16)


@pytest.mark.parametrize(("ecart", "carried"), [("rebase", 0.0), ("reporte", 2.0)])
def test_the_gap_in_the_hors_assiette_is_left_or_carried(ecart: str, carried: float) -> None:
    livre = year(2025, {}, ecart)
    versions = [Version(*KEY, date(2024, 1, 1), (), ecart=ecart)]
    # ten dwellings more than forecast were kept hors assiette: als was announced 20 % of them
    fin = cloture(livre, np.array([10.0]), regimes(versions, FIN), {})
    assert fin.ecart.tolist() == [carried]
    assert fin.solde.tolist() == [pytest.approx(2.0)]
    assert fin.report.tolist() == [pytest.approx(2.0 + carried)]
    assert fin.droits_suivants.tolist() == [SANS_SOLDE]


def test_the_event_of_a_closing_gives_the_next_year_its_balances() -> None:
    livre = year(2025, {KEY: Solde(0.5, 30)})
    fin = cloture(livre, np.zeros(1), {}, {})
    contenu = contenu_of_cloture(livre, fin)
    assert contenu["annee"] == 2025
    assert contenu["lignes"] == [
        {
            "reservataire": "als",
            "territoire": "departement:93",
            "report": pytest.approx(2.5),
            "droits": 12,
            "du": pytest.approx(20.5),
            "logements": 18.0,
            "solde": pytest.approx(2.5),
            "ecart": 0.0,
            "utilises": 18,
            "acquis": 0,
        }
    ]
    actes = [Acte(7, "cloture", "", "2025-12-31", contenu)]
    assert soldes_of(actes, 2026) == soldes_suivants(livre, fin)
    assert soldes_of(actes, 2027) == {}


@given(seeds)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_nothing_is_lost_between_years(rng: random.Random) -> None:
    livre, _ = random_book(rng)
    gap = np.array([rng.randint(-3, 3) * 1.0 for _ in range(3)])
    fin = cloture(livre, gap, dict.fromkeys(livre.exercice.objets, "reporte"), {})
    known = comptes(livre, np.datetime64(FIN))
    own = known.beneficiaire == livre.exercice.instance.conventions.reservataire
    assert fin.solde.tolist() == pytest.approx(known.lignes.solde.tolist())
    expected = np.where(own, fin.du - fin.logements + fin.ecart, 0.0)
    assert fin.report.tolist() == pytest.approx(expected.tolist())
    bounded = fin.droits != SANS_SOLDE
    assert (fin.droits_suivants[bounded] == np.maximum(0, fin.droits - fin.utilises)[bounded]).all()
    assert (fin.droits_suivants[~bounded] == SANS_SOLDE).all()
    assert not fin.utilises[~own].any()
    rebased = cloture(livre, gap, {}, {})
    assert rebased.ecart.tolist() == [0.0] * len(own)


@given(seeds)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_every_dwelling_held_uses_one_right_over_the_years(rng: random.Random) -> None:
    livre, _ = random_book(rng)
    tours = livre.tours
    in_flux = livre.liberations.statut[tours.liberation] == 0
    conventions = livre.exercice.instance.conventions
    row_of = {
        (int(holder), commune): row
        for row, (holder, territoire) in enumerate(
            zip(conventions.reservataire, conventions.territoire, strict=True)
        )
        for commune in livre.frame.places.communes(*livre.frame.places.territory(territoire)).tolist()
    }
    used = cloture(livre, np.zeros(3), {}, {}).utilises
    first = replace(livre.exercice.instance, debut=date(2024, 1, 1))
    since_ever = replace(livre, frame=frame(first, MODEL), exercice=replace(livre.exercice, instance=first))
    whole = cloture(since_ever, np.zeros(3), {}, {}).utilises
    eve = np.datetime64("2024-12-31")
    before = tours.known(eve)
    held_before = np.zeros(len(used), dtype=np.int64)
    for entry in np.flatnonzero((before.signed | before.pending) & in_flux).tolist():
        key = (int(tours.reservataire[entry]), int(livre.liberations.commune[tours.liberation[entry]]))
        if key in row_of:
            held_before[row_of[key]] += 1
    served = livre.exercice.beneficiaire == conventions.reservataire
    always = served.all(axis=0)
    assert (used + held_before)[always].tolist() == whole[always].tolist()
