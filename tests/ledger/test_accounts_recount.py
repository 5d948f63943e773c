"""The accounts of random books, figure for figure against a recount in pandas from the definitions."""

import random
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import BAILLEUR
from allocator.ledger.accounts.comptes import comptes
from allocator.ledger.accounts.livre import pointage
from allocator.ledger.accounts.mesures import Mesures
from tests.ledger.account_books import DEBUT, FIN, random_book, random_day
from tests.ledger.account_recount import Recount

seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)
on_random_books = settings(max_examples=40, deadline=None, derandomize=True)


@given(seeds)
@on_random_books
def test_accounts_are_those_of_an_independent_recount(rng: random.Random) -> None:
    livre, versions = random_book(rng)
    day = random_day(rng)
    known = comptes(livre, np.datetime64(day))
    recount = Recount(livre, versions)
    added = recount.added(day)
    opened = livre.ouverture
    brought: dict[str, dict[str, float]] = {holder: {} for holder in recount.ids}
    for row, key in enumerate(recount.keys):
        expected = recount.account(recount.of_row(key, day), added, ["reservataire"])
        if opened is not None and recount.tenant(key, day) == key[0]:
            regle = recount.regle(key, DEBUT)
            here = recount.inside[key[1]]
            attendu = np.mean([recount.attendu(regle, c, recount.parts(day)) for c in here])
            own = {
                "propositions": opened.propositions[row],
                "attributions": opened.attributions[row],
                "points": opened.points[row],
                "logements": opened.points[row] / attendu if attendu > 0 else 0.0,
            }
            for name, number in own.items():
                expected[name] = expected.get(name, 0.0) + number
                brought[key[0]][name] = brought[key[0]].get(name, 0.0) + number
        found = {field.name: getattr(known.lignes.mesures, field.name)[row] for field in fields(Mesures)}
        assert found == pytest.approx({name: expected.get(name, 0.0) for name in found}, abs=1e-9)
        assert recount.ids[known.beneficiaire[row]] == recount.tenant(key, day)
    for row, holder in enumerate(recount.ids):
        mine = recount.tours[recount.tours.sert == holder]
        expected = recount.account(mine, added, ["cle"])
        found = {
            field.name: getattr(known.reservataires.mesures, field.name)[row] for field in fields(Mesures)
        }
        sums = {name: expected.get(name, 0.0) + brought[holder].get(name, 0.0) for name in found}
        assert found == pytest.approx(sums, abs=1e-9)
    shares = list(recount.parts(day).values())
    assert known.parts.tolist() == pytest.approx(shares)


@given(seeds)
@settings(max_examples=20, deadline=None, derandomize=True)
def test_what_is_owed_is_recounted_day_by_day(rng: random.Random) -> None:
    livre, versions = random_book(rng)
    day = rng.choice((random_day(rng), FIN))
    known = comptes(livre, np.datetime64(day))
    recount = Recount(livre, versions)
    of_row, of_holder = recount.dues(day)
    if livre.ouverture is not None:
        for row, key in enumerate(recount.keys):
            before = livre.ouverture.assiette[row] * livre.exercice.part[0, row] / 100
            if recount.tenant(key, day) == key[0]:
                of_row[key] += before
                of_holder[key[0]] += before
    assert known.lignes.du.tolist() == pytest.approx(list(of_row.values()), abs=1e-9)
    assert known.reservataires.du.tolist() == pytest.approx(list(of_holder.values()), abs=1e-9)


@given(seeds)
@on_random_books
def test_what_the_prefet_takes_over_is_owed_and_debited_once(rng: random.Random) -> None:
    livre, versions = random_book(rng)
    day = random_day(rng)
    known = comptes(livre, np.datetime64(day))
    recount = Recount(livre, versions)
    added = recount.added(day)
    opened = (
        0.0
        if livre.ouverture is None
        else sum(
            livre.ouverture.propositions[row]
            for row, key in enumerate(recount.keys)
            if recount.tenant(key, day) == key[0]
        )
    )
    whole = added.propositions.sum() if len(added) else 0.0
    assert known.reservataires.mesures.propositions.sum() == pytest.approx(whole + opened)


@given(seeds)
@on_random_books
def test_lines_by_who_was_served_add_up_to_its_account(rng: random.Random) -> None:
    """Whoever a promise served, then and now: nothing of what is owed or counted is lost between two lines."""
    livre, _ = random_book(rng)
    livre = replace(livre, ouverture=None)
    known = comptes(livre, np.datetime64(random_day(rng)), np.array([9.0, 8.0, 7.0]))
    who = np.concatenate([known.beneficiaire, *(np.full(len(a.rows), a.beneficiaire) for a in known.avant)])
    served = who != BAILLEUR
    holders = len(livre.exercice.instance.reservataires)
    lines = np.concatenate([known.lignes.du, *(each.lignes.du for each in known.avant)])
    sums = np.bincount(who[served], lines[served], holders)
    assert known.reservataires.du.tolist() == pytest.approx(sums.tolist(), abs=1e-9)
    found = pointage(livre, known.jour)
    outside = np.bincount(
        found.debite[(found.ligne < 0) & (found.debite >= 0)],
        found.apports.propositions[(found.ligne < 0) & (found.debite >= 0)],
        holders,
    )
    lines = np.concatenate(
        [known.lignes.mesures.propositions, *(a.lignes.mesures.propositions for a in known.avant)]
    )
    sums = np.bincount(who[served], lines[served], holders) + outside
    assert known.reservataires.mesures.propositions.tolist() == pytest.approx(sums.tolist())


@given(seeds)
@on_random_books
def test_cells_count_what_their_rows_count(rng: random.Random) -> None:
    livre, _ = random_book(rng)
    known = comptes(livre, np.datetime64(random_day(rng)), np.array([9.0, 8.0, 7.0]))
    cells, conventions = known.cellules, livre.exercice.instance.conventions
    opened = livre.ouverture
    for row, territoire in enumerate(conventions.territoire):
        holder = conventions.reservataire[row]
        sur = "total" if conventions.niveau[row] == "commune" else "contractuel"
        cell = next(
            number
            for number in range(len(cells.sur))
            if (cells.reservataire[number], cells.sur[number], cells.territoire[number])
            == (holder, sur, territoire)
        )
        brought = opened.propositions[row] if opened is not None and known.beneficiaire[row] == holder else 0
        assert cells.propositions[cell] == known.lignes.mesures.propositions[row] - brought
        if sur == "contractuel":
            assert cells.cible[cell] == pytest.approx(max(0.0, known.lignes.du[row]), abs=1e-9)
            assert cells.cible_annee[cell] == pytest.approx(max(0.0, known.lignes.du_annee[row]), abs=1e-9)
