"""The default rule: within every right, the same whatever was asked before, on any model and any day."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import BAILLEUR, Comptage, Goal, Instance, Model, Tier
from allocator.domain.vocabulary import TYPOLOGIES
from allocator.drawing import DrawSettings, draw
from allocator.formats import read_model
from allocator.policies.anticipation import Lookahead, anticipation
from allocator.policies.lookahead.settings import LookaheadSettings
from allocator.policies.replaying.overrides import named_overrides
from allocator.policies.replaying.replay import Replay, conclude, replay
from allocator.policies.situation import Chooser, Frame, Ints, Mouvements, Situation, frame, take
from tests.builders import Commune, Holder, Promise, Release, Wish, make_instance
from tests.policies.mornings import random_morning
from tests.policies.returns import random_aleas
from tests.policies.test_pratique import busier
from tests.tiny import random_model, random_tiny_instance

MODELS = sorted(Path(__file__, "../../../models").resolve().glob("*.toml"))
seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)
SHARES = Model("parts", "", "", (Tier("parts", (Goal("contractuel", 1.0, 1.0),)),))
MIXTE = Comptage("mixte", 1.0, 2.0, cumul=True)


def far_sighted(known: Frame) -> Chooser:
    """Return the rule with today's communes alone near."""
    return anticipation(known, LookaheadSettings(columns=1))


@pytest.fixture(scope="module")
def year() -> Instance:
    return draw(DrawSettings(seed=2, size=18, departements=("93",), communes=3))


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(next(path for path in MODELS if path.stem == "reference"))


@pytest.mark.parametrize("comptage", [None, MIXTE])
@pytest.mark.parametrize("policy", [anticipation, far_sighted])
@given(rng=seeds)
@settings(max_examples=6, deadline=None, derandomize=True)
def test_a_year_with_returns_is_replayed_within_every_right(
    policy: Callable[[Frame], Chooser], comptage: Comptage | None, rng: random.Random
) -> None:
    """The replay refuses who is ineligible, barred or out of rights; counted in points, a right may be a fraction."""
    instance, model = busier(rng, random_tiny_instance(rng)), replace(random_model(rng), comptage=comptage)
    replay(instance, model, policy, aleas=random_aleas(rng))


def test_fractions_of_a_right_give_nothing() -> None:
    """Each of two has counted 1.5 of its 3 rights: one whole dwelling of three is left to each."""
    instance = make_instance(
        holders=[Holder("a"), Holder("b")],
        promises=[Promise("a", part=50, solde=3), Promise("b", part=50, solde=3)],
        releases=[Release() for _ in range(7)],
        fin=date(2025, 1, 1),
    )
    libs = instance.liberations
    situation = Situation(
        libs.date[0],
        take(libs, np.arange(4)),
        Mouvements(np.array([0, 1]), np.array([0, 1], dtype=np.int32), np.full(2, 1.5)),
        take(libs, np.arange(4, 7)),
        np.zeros(3, dtype=bool),
    )
    decided = anticipation(frame(instance, SHARES))(situation)
    assert sorted(decided.tolist()) == [BAILLEUR, 0, 1]


def outcome(instance: Instance, result: Replay) -> bytes:
    ecarts = conclude(instance, result, "", {}).ecarts
    return result.decided.tobytes() + ecarts.valeur.tobytes() + ecarts.cible.tobytes()


@pytest.fixture(scope="module")
def before(year: Instance, model: Model) -> Replay:
    return replay(year, model, anticipation)


def test_a_year_replayed_twice_gives_the_same_bytes(year: Instance, model: Model, before: Replay) -> None:
    assert outcome(year, before) == outcome(year, replay(year, model, anticipation))


def test_an_override_changes_nothing_before_its_day(year: Instance, model: Model, before: Replay) -> None:
    libs, flux = year.liberations, year.liberations.en_flux
    given_away = flux[before.decided != BAILLEUR]
    changed = int(given_away[np.argsort(libs.date[given_away], kind="stable")[len(given_away) // 2]])
    override = named_overrides(year, {libs.id[changed]: BAILLEUR})
    after = replay(year, model, anticipation, override=override)
    earlier = libs.date[flux] < libs.date[changed]
    same_day = libs.date[flux] == libs.date[changed]
    assert earlier.any()
    assert after.decided[earlier].tolist() == before.decided[earlier].tolist()
    assert after.proposed[same_day].tolist() == before.proposed[same_day].tolist()


@given(seeds)
@settings(max_examples=20, deadline=None, derandomize=True)
def test_what_was_asked_before_makes_a_plan_no_better_and_no_worse(rng: random.Random) -> None:
    """Solved to the optimum; which of several equal plans it is may depend on the columns known already."""
    morning = random_morning(rng)
    other = random_morning(rng, morning.model, morning.instance)
    warm, cold = Lookahead(morning.known), Lookahead(morning.known)
    warm.choose(other.situation)
    (_, one), (_, same) = warm.solve(morning.situation), cold.solve(morning.situation)
    assert one.outcome.objective == pytest.approx(same.outcome.objective, rel=1e-6, abs=1e-5)


def test_on_a_year_a_rule_that_starts_afresh_answers_as_one_that_was_asked_every_day(
    year: Instance, model: Model
) -> None:
    asked: list[tuple[Situation, Ints]] = []

    def listening(known: Frame) -> Chooser:
        choose = anticipation(known)

        def answer(situation: Situation) -> Ints:
            asked.append((situation, choose(situation)))
            return asked[-1][1]

        return answer

    replay(year, model, listening)
    known = frame(year, model)
    for situation, answer in asked[:: len(asked) // 4]:
        assert counts(situation, anticipation(known)(situation)) == counts(situation, answer)


def counts(situation: Situation, answer: Ints) -> list[tuple[int, ...]]:
    """Return who receives how many dwellings of each kind."""
    today = situation.today
    columns = (today.commune, today.typologie, today.financement, today.qpv, answer)
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


def test_a_batch_of_three_hundred_on_one_day(model: Model) -> None:
    rng = random.Random(7)
    communes = [Commune(f"9300{number}") for number in range(3)]
    instance = make_instance(
        communes=communes,
        holders=[Holder("etat", "etat"), Holder("als", "action_logement"), Holder("ville", "commune")],
        promises=[
            Promise("etat", part=30),
            Promise("als", part=40, solde=100),
            Promise("ville", "commune:93001", part=20),
        ],
        wishes=[Wish("etat", "typologie", "T3", 40), Wish("als", "qpv", "oui", 25)],
        releases=[
            Release(rng.choice(communes).code, rng.choice(TYPOLOGIES[:4]), qpv=rng.choice(("oui", "non")))
            for _ in range(300)
        ],
        fin=date(2025, 1, 1),
    )
    result = replay(instance, model, anticipation)
    ecarts = conclude(instance, result, "", {}).ecarts
    gap = np.abs(ecarts.valeur - ecarts.cible)
    contractuel = [
        number
        for number, sur in enumerate(ecarts.sur)
        if sur == "contractuel" and ecarts.reservataire[number] != 1
    ]
    assert len(contractuel) == 4
    assert (gap[contractuel] <= 0.5 + 1e-9).all()
    assert (result.decided == 1).sum() == 100


def test_without_a_historique_nobody_waits_until_december(model: Model) -> None:
    instance = make_instance(
        holders=[Holder("a", "action_logement"), Holder("b", "employeur", petit=False)],
        promises=[Promise("a", part=50), Promise("b", part=25)],
        releases=[Release(day=date(2025, 1, 5) + timedelta(days=9 * number)) for number in range(40)],
        historique=None,
    )
    decided = replay(instance, model, anticipation).decided
    assert np.bincount(decided[decided >= 0]).tolist() == [20, 10]


@pytest.mark.parametrize("path", MODELS, ids=lambda path: str(path.stem))
@pytest.mark.parametrize("policy", [anticipation, far_sighted])
def test_every_shipped_model_runs(path: Path, policy: Callable[[Frame], Chooser]) -> None:
    instance = draw(DrawSettings(seed=8, size=8, departements=("93",), communes=4))
    result = replay(instance, read_model(path), policy)
    assert (result.decided != BAILLEUR).any()


def test_a_model_that_weighs_nothing_decides_all_the_same() -> None:
    """No column has a cost, and where nobody may receive there is not even a column."""
    instance = make_instance(
        communes=[Commune("93048"), Commune("93001", departement="92")],
        holders=[Holder("a")],
        promises=[Promise("a", part=50)],
        releases=[Release("93048"), Release("93001", day=date(2025, 12, 31))],
    )
    nothing = Model("rien", "", "", (Tier("rien", (Goal("petit", 0.0, 0.0),)),))
    assert replay(instance, nothing, anticipation).decided[1] == BAILLEUR
