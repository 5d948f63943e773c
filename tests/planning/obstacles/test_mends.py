"""What cannot be kept on drawn projets: every mend that is claimed mends, and half of it does not."""

from dataclasses import replace

import numpy as np
import pytest

from allocator.domain import Goal, Model, Tier
from allocator.drawing import DrawSettings, draw
from allocator.engine.solve import Options
from allocator.formats import read_model
from allocator.planning.obstacles import Promesse, applied, cause, holds, of_size, remedes, unkept
from allocator.planning.projet import Counts, Projet, projet_of, whole
from allocator.planning.trajectoire import Trajectoire, planned
from allocator.planning.trajectoire.task import prepare
from tests.builders import Commune, Holder, Promise, Release, make_instance
from tests.planning.trajectoire.test_one_year import ROOT

REFERENCE = read_model(ROOT / "models" / "reference.toml")


def drawn(seed: int) -> Projet:
    """Draw two years in which more is promised than comes free, a volume far beyond its territory among it."""
    instance = draw(
        DrawSettings(seed=seed, size=40, departements=("93",), communes=4, tension=1.1, historique=False)
    )
    rng = np.random.default_rng(seed)
    conventions = instance.conventions
    row = int(rng.integers(len(conventions)))
    part, volume = conventions.part.copy(), conventions.volume.copy()
    part[row], volume[row] = np.nan, float(rng.integers(10, 60))
    conventions = replace(conventions, part=part, volume=volume)
    once = projet_of(replace(instance, conventions=conventions))
    offre = once.offre
    kept = rng.random(len(offre)) < 0.8
    names = ("commune", "typologie", "financement", "qpv", "attendu")
    second = {name: np.concatenate([getattr(offre, name), getattr(offre, name)[kept]]) for name in names}
    annee = np.concatenate([offre.annee, np.ones(int(kept.sum()), dtype=np.int16)])
    later = replace(conventions, report=np.zeros(len(conventions)))
    return replace(
        once,
        annees=2,
        conventions=(conventions, later),
        indicatifs=once.indicatifs * 2,
        offre=replace(offre, annee=annee, **second),
    )


@pytest.mark.parametrize(
    "seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(4, 20))]
)
def test_every_claimed_mend_mends_and_half_of_it_does_not(seed: int) -> None:
    projet, model = drawn(seed), replace(REFERENCE, report=("cumul", "annuel")[seed % 2])
    supply = whole(projet)
    plan, prepared = planned(projet, supply, model), prepare(projet, supply, model)

    def resolve(changed: Projet, counts: Counts) -> Trajectoire:
        return planned(changed, counts, model)

    missed = unkept(plan, model, projet.reservataires)
    assert missed, "the draw promises more than there is"
    claimed = 0
    for manque in (missed[0], missed[-1]):
        assert not holds(plan, manque.promesse)
        why = cause(prepared, plan, manque, Options())
        assert why.genre in ("impossible", "conflit", "egalite")
        for mend in remedes((projet, supply), manque, why, resolve):
            claimed += 1
            assert mend.nombre >= 1
            # played again from nothing: the files with the mend, then with half of it
            assert holds(resolve(*applied((projet, supply), mend)), manque.promesse)
            half = of_size(mend, mend.nombre // 2)
            assert not holds(resolve(*applied((projet, supply), half)), manque.promesse)
    assert claimed


MODEL = Model("m", "", "", (Tier("contractuel", (Goal("contractuel", 1.0, 1.0),)),))


def one_year(promises: tuple[Promise, ...], releases: tuple[Release, ...]) -> tuple[Projet, Counts]:
    instance = make_instance(
        communes=(Commune("93048", nom="Montreuil"), Commune("93001", epci="200057867")),
        holders=(Holder("a"), Holder("b")),
        promises=promises,
        releases=releases,
    )
    projet = projet_of(instance)
    return projet, whole(projet)


def test_a_volume_beyond_what_comes_free_is_impossible_and_names_the_dwellings_that_lack() -> None:
    inputs = one_year((Promise("a", "commune:93048", volume=5),), (Release(),) * 3 + (Release("93001"),) * 9)
    plan = planned(*inputs, MODEL)
    (manque,) = unkept(plan, MODEL, inputs[0].reservataires)
    why = cause(prepare(*inputs, MODEL), plan, manque, Options())
    assert (why.genre, why.manquants) == ("impossible", 2)
    assert {int(inputs[1].commune[rare.classe]) for rare in why.rares} == {0}
    more, less = remedes(inputs, manque, why, lambda projet, supply: planned(projet, supply, MODEL))
    assert (more.genre, more.nombre, int(inputs[1].commune[more.classe])) == ("offre", 2, 0)
    assert (less.genre, less.nombre, less.avant, less.apres) == ("volume", 2, 5.0, 3.0)


def test_rights_that_are_spent_are_mended_by_rights() -> None:
    inputs = one_year((Promise("a", "commune:93048", volume=3, solde=1),), (Release(),) * 5)
    plan = planned(*inputs, MODEL)
    (manque,) = unkept(plan, MODEL, inputs[0].reservataires)
    why = cause(prepare(*inputs, MODEL), plan, manque, Options())
    assert (why.genre, why.manquants, why.rares) == ("impossible", 2, ())
    rights, less = remedes(inputs, manque, why, lambda projet, supply: planned(projet, supply, MODEL))
    assert (rights.genre, rights.nombre) == ("droits", 2)
    assert (less.genre, less.nombre) == ("volume", 2)


def test_what_the_other_would_lose_is_told() -> None:
    model = replace(
        MODEL, tiers=(Tier("b", (Goal("contractuel", 1.0, 0.0, familles=("etat",)),)), *MODEL.tiers)
    )
    instance = make_instance(
        communes=(Commune("93048"),),
        holders=(Holder("a"), Holder("b", "etat")),
        promises=(
            Promise("a", "commune:93048", volume=2),
            Promise("b", "commune:93048", volume=3, niveau="territoire"),
        ),
        releases=(Release(),) * 4,
    )
    projet = projet_of(instance)
    inputs = projet, whole(projet)
    plan = planned(*inputs, model)
    (manque,) = unkept(plan, model, projet.reservataires)
    assert manque.promesse == Promesse(0, 0, "contractuel", "commune:93048", "")
    why = cause(prepare(*inputs, model), plan, manque, Options())
    assert why.genre == "conflit"
    assert why.pertes == pytest.approx((1.0,))
    more = remedes(inputs, manque, why, lambda changed, supply: planned(changed, supply, model))[0]
    assert (more.genre, more.nombre) == ("offre", 1)
