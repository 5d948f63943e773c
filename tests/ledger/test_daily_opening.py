"""A journal is opened with all of an instance but its libérations, gives it back, and opens only once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from allocator.domain import Conventions, Instance
from allocator.formats import BadInput, read_instance, read_model
from allocator.ledger.daily.fresh import fresh, left_out, unsigned
from allocator.ledger.daily.opening import conventions_of, opening
from allocator.ledger.daily.ouverture import model_of
from allocator.ledger.daily.releve import read_releve
from allocator.ledger.store.journal import Journal, open_journal
from tests.builders import Commune, Holder, Promise, Release
from tests.ledger.daily_desk import BAILLEUR, MODELE, OFFICER, announced, opened, reprise, said, small
from tests.pages import ROOT

DAY = date(2025, 3, 1)
PROMISES_AFTER = (
    Promise("als", part=40, report=1.5),
    Promise("ville", "commune:93048", volume=2, solde=1),
)


def promised(conventions: Conventions, names: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Return the promises in words: a journal has an order of its own."""
    columns = [getattr(conventions, name).tolist() for name in ("part", "volume", "report", "solde")]
    holders = [names[row] for row in conventions.reservataire.tolist()]
    return set(
        zip(holders, conventions.territoire, conventions.niveau, *(map(str, c) for c in columns), strict=True)
    )


def leaves(value: Any) -> Iterator[Any]:
    for name in value.__dataclass_fields__:
        column = getattr(value, name)
        yield column.tolist() if isinstance(column, np.ndarray) else column


@pytest.mark.parametrize("name", ["demo", "oph-dept"])
def test_the_instance_comes_back_from_the_journal(sqlite_file: str, name: str) -> None:
    instance = read_instance(ROOT / "instances" / name)
    with opened(sqlite_file, instance) as journal:
        releve = read_releve(journal, DAY)
    back = releve.livre.exercice.instance
    assert (back.nom, back.debut, back.fin, back.source) == (
        instance.nom,
        instance.debut,
        instance.fin,
        instance.source,
    )
    for part in ("territoires", "reservataires", "indicatifs"):
        assert repr(list(leaves(getattr(back, part)))) == repr(list(leaves(getattr(instance, part))))
    assert back.historique is not None and instance.historique is not None
    assert list(leaves(back.historique)) == list(leaves(replace(instance.historique, complements={})))
    ids = instance.reservataires.id
    assert promised(back.conventions, ids) == promised(instance.conventions, ids)


@pytest.mark.parametrize("path", sorted((ROOT / "models").glob("*.toml")), ids=lambda path: path.stem)
def test_the_model_comes_back_with_the_digest_of_its_file(path: Any) -> None:
    assert model_of({"modele": path.read_text("utf-8")}) == read_model(path)


def test_an_opening_that_says_nothing_new_is_no_event(sqlite_file: str) -> None:
    entrees, _ = opening(reprise(small()), OFFICER)
    with opened(sqlite_file, small()) as journal:
        assert fresh(entrees, journal.waiting().actes) == ()


def test_only_what_changed_is_recorded_again(sqlite_file: str) -> None:
    raised = small(promises=(Promise("etat", part=29), *PROMISES_AFTER))
    with opened(sqlite_file, small()) as journal:
        entrees, _ = opening(reprise(raised), OFFICER)
        new = fresh(entrees, journal.waiting().actes)
        assert [entree.objet for entree in new] == ["etat/departement:93"]
        journal.append(new)
        releve = read_releve(journal, DAY)
    part = dict(zip(releve.livre.exercice.objets, releve.livre.exercice.part[-1].tolist(), strict=True))
    assert part["etat/departement:93"] == 29


def test_an_amendment_takes_effect_on_its_day_and_not_before(sqlite_file: str) -> None:
    raised = small(promises=(Promise("etat", part=29), *PROMISES_AFTER))
    with opened(sqlite_file, small()) as journal:
        entrees, _ = opening(reprise(raised, effet=date(2025, 7, 1)), OFFICER)
        new = fresh(entrees, journal.waiting().actes)
        assert [(entree.objet, entree.effet) for entree in new] == [("etat/departement:93", "2025-07-01")]
        journal.append(new)
        year = read_releve(journal, DAY).livre.exercice
    row = year.objets.index("etat/departement:93")
    assert year.debuts.tolist() == [date(2025, 1, 1), date(2025, 7, 1)]
    assert year.part[:, row].tolist() == [30, 29]
    with pytest.raises(BadInput, match="--effet: le 01/07/2026 n'est pas dans la période"):
        opening(reprise(raised, effet=date(2026, 7, 1)), OFFICER)


TERMS = {"delai": 20, "gestion": "deleguee", "delegataire": "als", "garantie": 12.5}


def enriched(journal: Journal, **more: Any) -> None:
    """Record what the État's convention says beyond the instance's columns, from the same day."""
    (acte,) = (each for each in journal.waiting().actes if each.objet == "etat/departement:93")
    journal.append([said("convention", acte.objet, acte.effet, **{**acte.contenu, **TERMS, **more})])


def test_opening_again_keeps_the_terms_that_an_instance_does_not_tell(sqlite_file: str) -> None:
    raised = small(promises=(Promise("etat", part=29), *PROMISES_AFTER))
    with opened(sqlite_file, small()) as journal:
        enriched(journal)
        journal.append([said("signature", "etat/departement:93", "2025-02-01")])
        same, _ = opening(reprise(small()), OFFICER)
        assert fresh(same, journal.waiting().actes) == ()
        entrees, _ = opening(reprise(raised), OFFICER)
        (new,) = fresh(entrees, journal.waiting().actes)
        assert {name: new.contenu[name] for name in TERMS} == TERMS
        assert unsigned([new], journal.waiting().actes) == ()
        journal.append([new])
        (version,) = (each for each in read_releve(journal, DAY).versions if each.reservataire == "etat")
    # the same version said better: what was signed is signed
    assert (version.lignes[0].part, version.delai, version.signature) == (29, 20, date(2025, 2, 1))


def test_an_amendment_to_what_was_signed_waits_for_its_own_signature(sqlite_file: str) -> None:
    raised = small(promises=(Promise("etat", part=29), *PROMISES_AFTER))
    with opened(sqlite_file, small()) as journal:
        enriched(journal, signature="2025-02-01")
        entrees, _ = opening(reprise(raised, effet=date(2025, 7, 1)), OFFICER)
        (new,) = fresh(entrees, journal.waiting().actes)
        assert "signature" not in new.contenu
        assert new.contenu["delai"] == 20
        assert unsigned([new], journal.waiting().actes) == ("etat/departement:93",)
        journal.append([new])
        for signed, part in ((False, 30), (True, 29)):
            if signed:
                journal.append([said("signature", "etat/departement:93", "2025-07-10")])
            year = read_releve(journal, date(2025, 12, 1)).livre.exercice
            assert year.part[-1, year.objets.index("etat/departement:93")] == part


def test_next_year_is_opened_by_its_own_instance_and_sees_this_one(sqlite_file: str) -> None:
    after = small(debut=date(2026, 1, 1), fin=date(2026, 12, 31))
    with opened(sqlite_file, small(), [announced("A", "2025-11-30")]) as journal:
        entrees, _ = opening(reprise(after), OFFICER)
        journal.append(fresh(entrees, journal.waiting().actes))
        assert read_releve(journal, DAY).livre.exercice.instance.fin == date(2025, 12, 31)
        releve = read_releve(journal, date(2026, 3, 1))
        historique = releve.livre.exercice.instance.historique
    assert releve.livre.exercice.instance.debut == date(2026, 1, 1)
    assert historique is not None and historique.id == ("A",)


def test_what_was_told_of_earlier_years_comes_before_what_the_journal_has(sqlite_file: str) -> None:
    told = (Release(day=date(2024, 5, 1), id="old"), Release(day=date(2024, 12, 31), id="older"))
    with opened(sqlite_file, small(historique=told), [announced("A", "2024-06-01")]) as journal:
        historique = read_releve(journal, DAY).livre.exercice.instance.historique
    assert historique is not None and historique.id == ("old", "older")


def test_a_day_that_no_opened_period_holds_is_told(sqlite_file: str) -> None:
    with (
        opened(sqlite_file, small()) as journal,
        pytest.raises(BadInput, match=r"aucune période .* 01/03/2026"),
    ):
        read_releve(journal, date(2026, 3, 1))


def test_conventions_left_out_of_an_instance_are_named(sqlite_file: str) -> None:
    entrees, _ = opening(reprise(small(promises=PROMISES_AFTER)), OFFICER)
    with opened(sqlite_file, small()) as journal:
        assert left_out(entrees, journal.waiting().actes) == ("etat/departement:93",)


def test_promises_are_gathered_into_the_conventions_of_the_law() -> None:
    communes = (Commune("93048", epci="e1"), Commune("93001", epci="e1"), Commune("92050", "e2", "92"))
    holders = (Holder("als", "action_logement"), Holder("ept", "epci"), Holder("ville", "commune"))
    promises = (
        Promise("als", "commune:93048", part=10),
        Promise("als", "epci:e1", part=20),
        Promise("als", "departement:92", part=30),
        Promise("ept", "commune:93001", part=5),
        Promise("ville", "commune:93048", part=5),
    )
    found = conventions_of(small(communes=communes, holders=holders, promises=promises), DAY)
    assert [(version.objet, len(version.lignes)) for version in found] == [
        ("als/departement:93", 2),
        ("als/departement:92", 1),
        ("ept/epci:e1", 1),
        ("ville/commune:93048", 1),
    ]


def test_a_volume_beyond_what_is_expected_is_told_and_recorded() -> None:
    entrees, alertes = opening(reprise(small()), OFFICER)
    told = {(alerte.gravite, alerte.seuil) for alerte in alertes}
    assert ("avertissement", "prevision") in told
    assert "erreur" not in {gravite for gravite, _ in told}
    assert "convention" in {entree.nature for entree in entrees}


def lawless() -> Instance:
    return small(promises=(Promise("etat", part=31), Promise("als", part=40)))


def test_conventions_that_the_law_refuses_are_not_recorded() -> None:
    with pytest.raises(BadInput, match="l'État a 31 % du flux du département 93, 30 % au plus"):
        opening(reprise(lawless()), OFFICER)


def test_they_are_where_it_is_passed_over_and_the_journal_keeps_why(sqlite_file: str) -> None:
    why = "dérogation du préfet, arrêté 2025-12"
    entrees, alertes = opening(reprise(lawless(), why), OFFICER)
    assert [alerte.gravite for alerte in alertes][:1] == ["erreur"]
    with open_journal(sqlite_file, BAILLEUR, create=True) as journal:
        journal.append(entrees)
        (ouverture,) = journal.waiting().actes_de("ouverture")
    assert (ouverture.contenu["passer_outre"], ouverture.contenu["modele"]) == (why, MODELE)
