"""Points by ``[comptage]``, and the dwellings that they stand for, against the definitions in plain loops."""

import io
import random
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import BAILLEUR, Comptage, Instance, Model, PointsDeTension
from allocator.domain.vocabulary import MODES_DE_COMPTAGE
from allocator.policies.accounts import accounts
from allocator.policies.pratique import pratique
from allocator.policies.replaying.aleas import BAIL, EN_COURS
from allocator.policies.replaying.comptes import comptes, totals, write_comptes
from allocator.policies.replaying.counting import Counting, Tally, build_counting
from allocator.policies.replaying.replay import Replay, replay
from allocator.policies.situation import Chooser, Frame, Ints, Mouvements, Situation
from tests.builders import Commune, Holder, Promise, Release, make_instance
from tests.policies.returns import ACCEPTED, only_by_name, random_aleas, refuses
from tests.policies.test_pratique import busier
from tests.tiny import random_tiny_instance

seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)
on_random_cases = settings(max_examples=30, deadline=None, derandomize=True)
points = st.integers(0, 8).map(lambda number: number / 4)


def a_model(comptage: Comptage | None) -> Model:
    return Model("essai", "", "", (), comptage=comptage)


@st.composite
def comptages(draw: st.DrawFn, mode: str | None = None, cumul: bool | None = None) -> Comptage:
    """Draw rules whose propositions weigh no more than attributions, as the file reader requires."""
    less, more = sorted([draw(points), draw(points)])
    return Comptage(
        mode or draw(st.sampled_from(MODES_DE_COMPTAGE)),
        less,
        more,
        draw(st.booleans()) if cumul is None else cumul,
        tuple(
            PointsDeTension(None, above, *sorted([draw(points), draw(points)]))
            for above in draw(st.lists(st.sampled_from([5.0, 10.0, 20.0]), unique=True, max_size=2))
        ),
    )


communes = st.lists(st.sampled_from([1.0, 7.0, 15.0, 30.0, float("nan")]), min_size=1, max_size=3)


def counting_of(comptage: Comptage | None, tensions: list[float], bail: float) -> Counting:
    instance = make_instance(
        communes=[Commune(f"9300{row}", tension=tension) for row, tension in enumerate(tensions)],
        releases=(),
        promises=(),
    )
    return build_counting(comptage, instance.territoires, bail)


def test_without_comptage_a_proposition_is_a_point_and_an_attribution_nothing() -> None:
    rules = counting_of(None, [12.0], 0.7)
    assert (rules.proposition.tolist(), rules.attribution.tolist()) == ([1.0], [0.0])
    assert rules.expected.tolist() == [1.0]


@pytest.mark.parametrize(
    ("mode", "cumul", "expected"),
    [
        ("propositions", False, 0.5),
        ("propositions", True, 0.5),
        ("attributions", False, 1.5),
        ("mixte", False, 2.0),
        ("mixte", True, 2.0),
    ],
)
def test_the_expected_points_of_one_pre_orientation(mode: str, cumul: bool, expected: float) -> None:
    assert counting_of(Comptage(mode, 0.5, 2.0, cumul), [1.0], 0.75).expected.tolist() == [expected]


def test_with_cumul_no_more_is_expected_of_propositions_than_of_attributions() -> None:
    assert counting_of(Comptage("mixte", 1.0, 2.0, cumul=True), [1.0], 0.25).expected.tolist() == [1.0]


def test_the_highest_tension_exceeded_decides_and_the_zone_only_where_none_is() -> None:
    tension = (
        PointsDeTension("A", None, 1.0, 5.0),
        PointsDeTension(None, 10.0, 2.0, 5.0),
        PointsDeTension(None, 20.0, 3.0, 5.0),
    )
    places = [("A", 25.0), ("A", 20.0), ("A", 10.0), ("A", float("nan")), ("C", 30.0), ("C", 3.0), ("", 11.0)]
    instance = make_instance(
        communes=[
            Commune(f"9300{row}", zone=zone, tension=tension) for row, (zone, tension) in enumerate(places)
        ],
        releases=(),
        promises=(),
    )
    rules = build_counting(Comptage("mixte", 0.5, 5.0, False, tension), instance.territoires, 1.0)
    assert rules.proposition.tolist() == [3.0, 2.0, 1.0, 1.0, 3.0, 0.5, 2.0]
    reverse = Comptage("mixte", 0.5, 5.0, False, tension[::-1])
    assert (
        build_counting(reverse, instance.territoires, 1.0).proposition.tolist() == rules.proposition.tolist()
    )


@given(comptages(mode="mixte", cumul=True), communes, st.lists(st.booleans(), max_size=30), seeds)
@on_random_cases
def test_propositions_never_count_for_more_than_attributions(
    comptage: Comptage, tensions: list[float], ends: list[bool], rng: random.Random
) -> None:
    rules = counting_of(comptage, tensions, 0.5)
    proposed = granted = Fraction(0)
    for signed in ends:
        commune = rng.randrange(len(tensions))
        proposed += Fraction(rules.proposition[commune])
        granted += Fraction(rules.attribution[commune]) * signed
        counted = Fraction(rules.points(np.array([float(proposed)]), np.array([float(granted)])).item())
        assert counted == granted + min(proposed, granted)
        assert counted - granted <= granted


@given(comptages(), communes, st.floats(0, 1), st.lists(st.booleans(), max_size=30), seeds)
@on_random_cases
def test_a_lease_stands_for_a_dwelling_at_least_and_a_failure_for_nothing_at_least(
    comptage: Comptage, tensions: list[float], bail: float, ends: list[bool], rng: random.Random
) -> None:
    tally = Tally(counting_of(comptage, tensions, bail), 2)
    for signed in ends:
        stands = tally.settle(rng.randrange(2), rng.randrange(len(tensions)), signed)
        assert stands >= (1.0 - 1e-9 if signed else 0.0)


@given(comptages(cumul=False), communes, st.floats(0, 1))
@on_random_cases
def test_an_ordinary_pre_orientation_stands_for_one_dwelling_on_average(
    comptage: Comptage, tensions: list[float], bail: float
) -> None:
    rules = counting_of(comptage, tensions, bail)
    for commune in range(len(tensions)):
        signed, failed = (Tally(rules, 1).settle(0, commune, end) for end in (True, False))
        assert bail * signed + (1 - bail) * failed == pytest.approx(1.0)


@given(comptages(), st.integers(0, 12), st.integers(0, 12), st.randoms(use_true_random=False))
@on_random_cases
def test_with_cumul_too_when_as_many_sign_as_expected(
    comptage: Comptage, signed: int, failed: int, rng: random.Random
) -> None:
    ends = [True] * signed + [False] * failed
    rng.shuffle(ends)
    tally = Tally(counting_of(comptage, [1.0], signed / len(ends) if ends else 1.0), 1)
    assert sum(tally.settle(0, 0, end) for end in ends) == pytest.approx(len(ends))


def naive(instance: Instance, result: Replay, comptage: Comptage) -> list[tuple[Fraction, ...]]:
    """Return the points of each réservataire (propositions, attributions, all), recounted from the journal."""
    turns, flux = result.turns, instance.liberations.en_flux
    counted = []
    for holder in range(len(instance.reservataires)):
        proposed = granted = Fraction(0)
        for entry in range(len(turns)):
            if turns.reservataire[entry] != holder:
                continue
            tension = instance.territoires.tension[instance.liberations.commune[flux[turns.row[entry]]]]
            above = [e for e in comptage.tension if e.au_dessus is not None and tension > e.au_dessus]
            rule = max(above, key=lambda e: e.au_dessus or 0.0) if above else comptage
            proposed += Fraction(rule.proposition) * (comptage.mode != "attributions")
            granted += (
                Fraction(rule.attribution) * (comptage.mode != "propositions") * (turns.issue[entry] == BAIL)
            )
        capped = min(proposed, granted) if comptage.cumul and comptage.mode == "mixte" else proposed
        counted.append((proposed, granted, granted + capped))
    return counted


@given(comptages(), seeds)
@on_random_cases
def test_the_accounts_are_recounted_from_the_journal(comptage: Comptage, rng: random.Random) -> None:
    instance, aleas = busier(rng, random_tiny_instance(rng)), random_aleas(rng)
    result = replay(instance, a_model(comptage), pratique, aleas=aleas)
    known = comptes(instance, result, aleas)
    found = list(zip(known.points_propositions, known.points_attributions, known.points, strict=True))
    for points_found, exact in zip(found, naive(instance, result, comptage), strict=True):
        assert [float(number) for number in points_found] == pytest.approx([float(n) for n in exact])
    sums = totals(known)
    given_turns = result.turns.reservataire != BAILLEUR
    assert sums["propositions"] == given_turns.sum()
    assert sums["attributions"] == (result.turns.issue == BAIL).sum()
    assert sums["en_cours"] == (given_turns & (result.turns.issue == EN_COURS)).sum()
    ways = ("attributions", "sans_candidat", "refus", "rendus", "en_cours")
    assert sum(sums[way] for way in ways) == sums["propositions"]
    assert known.logements.sum() == (result.decided != BAILLEUR).sum()


@given(comptages(cumul=False), seeds)
@on_random_cases
def test_what_a_rule_counts_is_one_dwelling_under_way_and_then_its_points_over_the_expected_ones(
    comptage: Comptage, rng: random.Random
) -> None:
    instance, aleas = busier(rng, random_tiny_instance(rng)), random_aleas(rng)
    result = replay(instance, a_model(comptage), pratique, aleas=aleas)
    turns = result.turns
    rules = build_counting(comptage, instance.territoires, aleas.bail)
    expected = [0.0] * len(instance.reservataires)
    for entry in range(len(turns)):
        holder, issue = int(turns.reservataire[entry]), int(turns.issue[entry])
        if holder == BAILLEUR:
            continue
        commune = instance.liberations.commune[instance.liberations.en_flux[turns.row[entry]]]
        stands = 1.0
        if issue != EN_COURS and rules.expected[commune] > 0:
            earned = rules.proposition[commune] + rules.attribution[commune] * (issue == BAIL)
            stands = float(earned / rules.expected[commune])
        expected[holder] += stands
    assert result.counted.tolist() == pytest.approx(expected)


@pytest.mark.parametrize("mode", MODES_DE_COMPTAGE)
@given(rng=seeds)
@on_random_cases
def test_where_all_is_accepted_accounts_are_plain_counts_every_morning(mode: str, rng: random.Random) -> None:
    instance = busier(rng, random_tiny_instance(rng))

    def policy(frame: Frame) -> Chooser:
        choose = pratique(frame)

        def watched(situation: Situation) -> Ints:
            answer = choose(situation)
            own = accounts(frame, situation)
            moves = situation.mouvements
            assert moves.amount.tolist() == [1.0] * len(moves)
            plain = Situation(
                situation.date,
                situation.past,
                Mouvements.orientations(np.array(decided, dtype=np.int32)),
                situation.today,
                situation.again,
            )
            assert own.counted.tolist() == accounts(frame, plain).counted.tolist()
            decided.extend(answer.tolist())
            return answer

        return watched

    decided: list[int] = []
    comptage = Comptage(mode, 0.5, 2.0)
    result = replay(instance, a_model(comptage), policy, aleas=ACCEPTED)
    received = np.bincount(result.decided[result.decided >= 0], minlength=len(instance.reservataires))
    assert result.counted.tolist() == received.tolist()


def test_who_refuses_much_is_served_as_before_by_propositions_and_is_made_up_to_by_attributions() -> None:
    instance = make_instance(
        holders=[Holder("a"), Holder("b")],
        promises=[Promise("a", part=50), Promise("b", part=50)],
        releases=[Release(day=date(2025, 1, 1) + timedelta(7 * number)) for number in range(40)],
    )
    aleas = only_by_name(refuses("a", tours=1), instance)
    proposed = {}
    for mode in MODES_DE_COMPTAGE:
        result = replay(instance, a_model(Comptage(mode, 0.5, 1.0)), pratique, aleas=aleas)
        proposed[mode] = np.bincount(result.turns.reservataire[result.turns.reservataire >= 0], minlength=2)
    assert proposed["propositions"].tolist() == [20, 20]
    assert proposed["attributions"][0] > proposed["mixte"][0] > proposed["propositions"][0]


def test_the_accounts_are_written_one_line_a_reservataire() -> None:
    instance = make_instance(
        holders=[Holder("a"), Holder("b")],
        promises=[Promise("a", part=50), Promise("b", volume=1)],
        releases=[Release(id="x"), Release(id="y")],
    )
    aleas = only_by_name(refuses("a"), instance)
    model = a_model(Comptage("mixte", 0.5, 1.0))
    result = replay(
        instance, model, lambda _f: lambda s: np.zeros(len(s.today), np.int32) + s.again, aleas=aleas
    )
    text = io.StringIO()
    write_comptes(text, instance, comptes(instance, result, aleas))
    # a refuses both, b signs for both: 1.5 points each, where one pre-orientation is expected to bring 1
    assert text.getvalue() == (
        "reservataire,du,propositions,attributions,sans_candidat,refus,rendus,en_cours,"
        "points_propositions,points_attributions,points,compte,logements\n"
        "a,1,2,0,0,2,0,0,1,0,1,1,0\n"
        "b,1,2,2,0,0,0,0,1,2,3,3,2\n"
    )
