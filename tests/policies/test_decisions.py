"""A file of decisions makes of a morning what the books of a replay make of it, and says all that it cannot be."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import BAILLEUR, Comptage, Instance, Model
from allocator.domain.vocabulary import ISSUES
from allocator.formats import BadInput, read_decisions, read_model
from allocator.formats.faults import FaultLog
from allocator.policies.pratique import pratique
from allocator.policies.proposing.decisions import refuse, settle
from allocator.policies.proposing.morning import Morning, morning
from allocator.policies.proposing.page import page
from allocator.policies.proposing.propose import propose
from allocator.policies.replaying.aleas import BAIL, EN_COURS, Aleas
from allocator.policies.replaying.counting import build_counting
from allocator.policies.replaying.replay import Replay, replay
from allocator.policies.situation import Chooser, Frame, Ints, Situation, frame
from tests.builders import Holder, Promise, Release, make_instance
from tests.pages import ROOT
from tests.policies.returns import history, random_aleas
from tests.policies.test_pratique import busier
from tests.tiny import random_tiny_instance

MODEL = read_model(ROOT / "models" / "reference.toml")
HEADER = "liberation,reservataire,issue,issue_le"


def resumed(path: Path, instance: Instance, model: Model, day: np.datetime64, bail: float = 0.78) -> Morning:
    """Return the morning of a day, from a file of decisions."""
    log = FaultLog()
    file = read_decisions(path, instance, log)
    refuse(frame(instance, model), instance, file, day, log)
    return morning(
        instance, day, *settle(instance, file, build_counting(model.comptage, instance.territoires, bail))
    )


def journal(instance: Instance, result: Replay, aleas: Aleas, day: date) -> Iterator[str]:
    """Yield the rows of what is known on a morning of a replay, as its officer would have noted them.

    What came back for the last time stays with the bailleur: that too was decided.
    """
    flux = instance.liberations.en_flux
    names = (*instance.reservataires.id, "")
    yield HEADER
    for row, turns in history(result).items():
        for tour, holder, start, issue, until in turns:
            if start >= day:
                continue
            ended = until is not None and until <= day and issue != EN_COURS
            end = f"{ISSUES[issue]},{until}" if ended else ","
            yield f"{instance.liberations.id[flux[row]]},{names[holder]},{end}"
            if ended and issue != BAIL and tour == aleas.tours:
                yield f"{instance.liberations.id[flux[row]]},,,"


def counts(situation: Situation) -> dict[tuple[str, int], float]:
    """Return what each libération of the past counts for whom."""
    total: dict[tuple[str, int], float] = defaultdict(float)
    moves = situation.mouvements
    for row, holder, amount in zip(moves.row, moves.reservataire, moves.amount, strict=True):
        total[situation.past.id[row], int(holder)] += float(amount)
    return {key: amount for key, amount in total.items() if abs(amount) > 1e-9}


comptages = st.one_of(
    st.none(),
    st.builds(
        Comptage,
        st.sampled_from(["propositions", "attributions", "mixte"]),
        st.just(0.5),
        st.just(1.0),
        st.booleans(),
    ),
)


@given(rng=st.integers(min_value=0, max_value=10**6).map(random.Random), comptage=comptages)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_every_morning_is_the_one_of_the_books(
    rng: random.Random, comptage: Comptage | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    instance, model, seen = busier(rng, random_tiny_instance(rng)), replace(MODEL, comptage=comptage), []

    def watched(known: Frame) -> Chooser:
        choose = pratique(known)

        def answer(situation: Situation) -> Ints:
            seen.append(situation)
            return choose(situation)

        return answer

    aleas = random_aleas(rng)
    result = replay(instance, model, watched, aleas=aleas)
    path = tmp_path_factory.mktemp("decisions") / "decisions.csv"
    for expected in rng.sample(seen, min(5, len(seen))):
        lines = journal(instance, result, aleas, expected.date.astype(date))
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        found = resumed(path, instance, model, expected.date, aleas.bail)
        assert found.waiting == ()
        situation = found.situation
        assert situation.past.id == expected.past.id
        assert situation.today.id == expected.today.id
        assert situation.again.tolist() == expected.again.tolist()
        assert (situation.barred is None) == (expected.barred is None)
        assert situation.barred is None or np.array_equal(situation.barred, expected.barred)
        assert counts(situation) == pytest.approx(counts(expected))


@pytest.fixture
def instance() -> Instance:
    january = make_instance().debut
    return make_instance(
        holders=[Holder("ville", "commune", nom="Ville"), Holder("x", nom="Xi"), Holder("far", "commune")],
        promises=[
            Promise("ville", "commune:93048", part=40, solde=1),
            Promise("x", part=40),
            Promise("far", "commune:93001", part=10),
        ],
        releases=[
            Release("93048", id=name, day=january.replace(day=day))
            for name, day in (("a", 1), ("b", 2), ("c", 5), ("d", 9))
        ],
    )


def written(folder: Path, *rows: str) -> Path:
    path = folder / "decisions.csv"
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return path


def test_what_came_back_is_proposed_until_it_is_decided_and_to_nobody_who_had_it(
    instance: Instance, tmp_path: Path
) -> None:
    back = written(tmp_path, "a,ville,refus,2025-01-04", "b,x,,")
    for day, new in (("2025-01-04", ()), ("2025-01-05", ("c",)), ("2025-01-06", ())):
        found = resumed(back, instance, MODEL, np.datetime64(day)).situation
        assert found.today.id == ("a", *new)
    situation = resumed(back, instance, MODEL, np.datetime64("2025-01-05")).situation
    first, second = propose(frame(instance, MODEL), situation, explained=("a",))
    assert (first.tried, second.tried) == ((0,), ())
    assert {choice.reservataire for choice in (first.chosen, *first.alternatives)} == {1, BAILLEUR}
    text = page(instance, MODEL, situation, (first, second), "anticipation")
    assert "Ce logement est revenu : il n'est plus proposé à Ville, à qui il l'a déjà été." in text
    assert "**Pourquoi pas Ville ?** Ce logement lui a déjà été proposé, et il est revenu." in text
    for held in ("a,x,,", "a,,,"):
        again = written(tmp_path, "a,ville,refus,2025-01-04", "b,x,,", held)
        assert resumed(again, instance, MODEL, np.datetime64("2025-01-06")).situation.today.id == ()


def test_a_right_that_came_back_may_be_used_again_and_a_second_time_it_may_not(
    instance: Instance, tmp_path: Path
) -> None:
    day = np.datetime64("2025-01-09")
    resumed(written(tmp_path, "a,ville,rendu,2025-01-03", "b,ville,,"), instance, MODEL, day)
    with pytest.raises(BadInput, match=r"decisions\.csv:3: reservataire: ville reçoit 2 logements"):
        resumed(written(tmp_path, "a,ville,,", "b,ville,bail,2025-01-03"), instance, MODEL, day)


def test_a_file_of_two_columns_is_one_without_outcomes(instance: Instance, tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text("liberation,reservataire\na,x\nb,\n", encoding="utf-8")
    found = resumed(path, instance, MODEL, np.datetime64("2025-01-05"))
    assert (found.situation.today.id, found.situation.barred) == (("c",), None)
    assert counts(found.situation) == {("a", 1): 1.0}
    path.write_text("liberation,issue\na,refus\n", encoding="utf-8")
    with pytest.raises(BadInput, match="reservataire: colonne obligatoire absente"):
        resumed(path, instance, MODEL, np.datetime64("2025-01-05"))


def test_every_fault_of_cells_and_of_rows_is_told_at_once(instance: Instance, tmp_path: Path) -> None:
    rows = (
        "a,x,refuse,2025-01-03",
        "a,ville,,",
        "b,x,refus,",
        "b,ville,rendu,2025-01-01",
        "c,,refus,2025-01-05",
        "zz,qui,,",
        "d,far,,2025-01-09",
        "c,x,bail,2025-02-01",
        ",x,,",
    )
    with pytest.raises(BadInput) as caught:
        resumed(written(tmp_path, *rows), instance, MODEL, np.datetime64("2025-01-06"))
    assert caught.value.render().splitlines() == [
        "decisions.csv:2: issue: « refuse » inconnu, attendu sans_candidat, refus, rendu ou bail",
        "decisions.csv:4: issue_le: valeur absente, attendu « issue » et « issue_le » ensemble",
        "decisions.csv:5: issue_le: b ne s'est libéré que le 02/01/2025",
        "decisions.csv:6: issue: un logement resté au bailleur n'a pas d'issue, attendu une cellule vide",
        "decisions.csv:7: liberation: zz n'est pas une libération en flux de l'instance",
        "decisions.csv:8: issue: valeur absente, attendu « issue » et « issue_le » ensemble",
        "decisions.csv:8: liberation: d se libère après le 06/01/2025",
        "decisions.csv:8: reservataire: aucune convention de far ne couvre la commune",
        "decisions.csv:8: issue_le: le 09/01/2025 est après le 06/01/2025",
        "decisions.csv:9: issue_le: le 01/02/2025 est après le 06/01/2025",
        "decisions.csv:10: liberation: valeur absente",
    ]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("a,x,,", "a,ville,,", "liberation: a déjà donné à la ligne 2, sans issue : il n'est pas revenu"),
        (
            "a,x,bail,2025-01-03",
            "a,,,",
            "liberation: a déjà donné à la ligne 2, avec l'issue « bail » : il n'est pas revenu",
        ),
        ("a,,,", "a,x,,", "liberation: a déjà donné à la ligne 2, sans issue : il n'est pas revenu"),
        (
            "a,x,refus,2025-01-05",
            "a,ville,refus,2025-01-04",
            "issue_le: avant l'issue de la ligne 2, qui précède",
        ),
    ],
)
def test_a_dwelling_is_given_again_only_once_it_came_back(
    instance: Instance, tmp_path: Path, first: str, second: str, told: str
) -> None:
    with pytest.raises(BadInput) as caught:
        resumed(written(tmp_path, first, second), instance, MODEL, np.datetime64("2025-01-06"))
    assert caught.value.render() == f"decisions.csv:3: {told}"
