"""A year closed in a journal: what the next one begins with, and what people are told to look at first."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allocator.formats import BadInput
from allocator.ledger.accounts.comptes import comptes
from allocator.ledger.annees.apports import read_droits, read_hors_assiette
from allocator.ledger.annees.closing import (
    FinAnnee,
    close_year,
    cloture_tableau,
    hors_assiette,
    refuse_closed,
)
from allocator.ledger.daily.releve import build_releve
from allocator.ledger.events.closed import closed_through
from allocator.ledger.events.event import Entree
from allocator.ledger.store.journal import Journal
from tests.builders import Holder, Promise
from tests.ledger.daily_desk import OFFICER, announced, opened, oriented, said, small

FIN = date(2025, 12, 31)
ALS = ("als", "departement:93")


def one(**promise: Any) -> Any:
    """Return an instance in which als alone is owed half of what comes free."""
    return small(holders=(Holder("als", "action_logement"),), promises=(Promise("als", part=50, **promise),))


def lives(signed: int, pending: int, free: int, hors: int = 0) -> list[Entree]:
    """Return dwellings of June: leases of als, turns of als under way, what stays, and what is hors assiette."""
    day, found = "2025-06-10", []
    for number in range(signed + pending + free + hors):
        name = f"L{number}"
        found.append(announced(name, day))
        if number < signed:
            found += [oriented(name, day, "als"), said("attribution", name, day), said("bail", name, day)]
        elif number < signed + pending:
            found += [oriented(name, day, "als"), said("candidats", name, day, nombre=1)]
        elif number < signed + pending + free:
            found.append(oriented(name, day, None))
        else:
            found.append(said("statut", name, day, statut="hors_assiette", categorie="mutation"))
    return found


def closed(journal: Journal, prevu: Any = None, acquis: Any = None) -> FinAnnee:
    vu = journal.tete.rang
    releve = build_releve(journal.registre(au=FIN, vu=vu), FIN, vu)
    return close_year(releve, journal.waiting().actes, prevu, acquis or {}, OFFICER)


def row(end: FinAnnee, key: tuple[str, str] = ALS) -> dict[str, Any]:
    (found,) = (
        each for each in cloture_tableau(end).document() if (each["reservataire"], each["territoire"]) == key
    )
    return found


def test_the_next_year_begins_with_the_balance_and_the_rights_left(sqlite_file: str) -> None:
    with opened(sqlite_file, one(report=1.5, solde=30), lives(3, 1, 6)) as journal:
        end = closed(journal, acquis={ALS: 2})
        counted = comptes(end.releve.livre, np.datetime64(FIN)).lignes.mesures.logements.item()
        assert 4 <= counted < 4.5
        assert row(end) == {
            "reservataire": "als",
            "territoire": "departement:93",
            "du": 6.5,
            "logements": pytest.approx(counted, abs=1e-6),
            "solde": pytest.approx(6.5 - counted, abs=1e-6),
            "ecart": 0,
            "report": pytest.approx(6.5 - counted, abs=1e-6),
            "utilises": 4,
            "acquis": 2,
            "droits": 28,
        }
        journal.append(end.entrees)
        day = date(2026, 12, 31)
        following = build_releve(journal.registre(), day, 0).livre
        conventions = following.exercice.instance.conventions
        assert (conventions.report.tolist(), conventions.solde.tolist()) == (
            [pytest.approx(6.5 - counted)],
            [28],
        )
        # nothing comes free: what is owed at its end is what was carried
        assert comptes(following, np.datetime64(day)).lignes.solde.tolist() == [pytest.approx(6.5 - counted)]
        assert journal.verify()


def test_the_next_year_has_the_same_partners_wishes_model_and_what_came_free_to_learn_from(
    sqlite_file: str,
) -> None:
    with opened(sqlite_file, one(), lives(3, 1, 6)) as journal:
        before = build_releve(journal.registre(), FIN, 0)
        journal.append(closed(journal).entrees)
        after = build_releve(journal.registre(), date(2026, 1, 1), 0)
    old, new = before.livre.exercice.instance, after.livre.exercice.instance
    assert (new.debut, new.fin) == (date(2026, 1, 1), date(2026, 12, 31))
    assert after.model == before.model
    assert (new.territoires.commune, new.reservataires.id) == (old.territoires.commune, old.reservataires.id)
    assert new.historique is not None
    assert new.historique.id == before.registre.liberations.id
    assert new.conventions.part.tolist() == old.conventions.part.tolist()


def test_what_is_recorded_after_the_end_about_the_year_counts_in_it(sqlite_file: str) -> None:
    late = [oriented("L0", "2025-12-30", "als"), oriented("L1", "2026-01-02", "als")]
    dwellings = [announced(f"L{number}", "2025-12-20") for number in range(2)]
    with opened(sqlite_file, one(), [*dwellings, *late]) as journal:
        assert row(closed(journal))["logements"] == 1  # under way, it counts for one


@pytest.mark.parametrize(("ecart", "carried"), [("rebase", 0.0), ("reporte", -1.0)])
def test_the_gap_of_the_hors_assiette_is_left_or_carried_as_the_convention_says(
    sqlite_file: str, ecart: str, carried: float
) -> None:
    lignes = [{"territoire": "departement:93", "part": 50}]
    agreed = said(
        "convention", "als/departement:93", "2025-01-01",
        reservataire="als", territoire="departement:93", lignes=lignes, ecart=ecart,
    )  # fmt: skip
    with opened(sqlite_file, one(), [agreed, *lives(4, 0, 4, hors=3)]) as journal:
        end = closed(journal, prevu=np.array([5.0, 0.0]))
        assert hors_assiette(end.releve).tolist() == [3.0, 0.0]
        # two fewer were kept out than announced: a larger assiette than the one announced
        assert row(end)["ecart"] == pytest.approx(carried)
        assert row(end)["report"] == pytest.approx(row(end)["solde"] + carried)
        assert end.entrees[0].contenu["hors_assiette"] == [{"commune": "93048", "prevu": 5.0, "reel": 3.0}]
        unknown = closed(journal)
    assert any("reporte l'écart" in text for text in unknown.avertissements) == (ecart == "reporte")


def test_people_are_told_what_balances_do_not_know(sqlite_file: str) -> None:
    lignes = [{"territoire": "departement:93", "part": 50}]
    agreed = said(
        "convention", "als/departement:93", "2025-01-01",
        reservataire="als", territoire="departement:93", lignes=lignes, fin="2025-12-31", revoyure="2025-11-01",
    )  # fmt: skip
    more = [
        announced("A", "2025-06-01"),
        oriented("A", "2025-06-01", "als"),
        said("envoi", "A", "2025-06-01"),
    ]
    with opened(sqlite_file, one(), [agreed, *more]) as journal:
        told = closed(journal).avertissements
        assert [text.partition(" : ")[0] for text in told] == [
            "1 délai(s) échu(s) ne sont pas enregistrés",
            "convention als/departement:93",
            "convention als/departement:93",
        ]
        assert "aucune version ne vaut au 01/01/2026" in told[1]
        assert "revoyure est au 01/11/2025" in told[2]
        renewed = dict(agreed.contenu) | {"fin": None, "revoyure": None}
        journal.append([said("convention", agreed.objet, "2026-01-01", **renewed)])
        assert not any("aucune version" in text for text in closed(journal).avertissements)


def test_a_year_is_closed_once_and_its_successor_opened_once(sqlite_file: str) -> None:
    with opened(sqlite_file, one(), lives(1, 0, 1)) as journal:
        refuse_closed(journal.waiting().actes, 2025)
        end = closed(journal)
        assert [entree.nature for entree in end.entrees] == ["cloture", "ouverture"]
        journal.append(end.entrees)
        with pytest.raises(BadInput, match="l'année 2025 est close"):
            refuse_closed(journal.waiting().actes, 2025)
        again = closed(journal)
        assert [entree.nature for entree in again.entrees] == ["cloture"]
        journal.append(again.entrees)
        assert journal.verify()


def test_balances_brought_from_elsewhere_do_not_close_their_year(sqlite_file: str) -> None:
    brought = said("cloture", "", FIN, annee=2025, lignes=[], reprise=True)
    with opened(sqlite_file, one(), [brought]) as journal:
        refuse_closed(journal.waiting().actes, 2025)
        journal.append(closed(journal).entrees)
        assert closed_through(journal.waiting().actes) == str(FIN)


def test_what_the_end_is_told_is_read_with_every_fault(sqlite_file: str, tmp_path: Path) -> None:
    with opened(sqlite_file, small()) as journal:
        instance = build_releve(journal.registre(), FIN, 0).livre.exercice.instance
    path = tmp_path / "prevu.csv"
    path.write_text("commune;categorie;prevu\n93048;vente;1,5\n93048;mutation;2\n", encoding="utf-8")
    assert read_hors_assiette(path, instance.territoires).tolist() == [3.5, 0.0]
    path.write_text("commune,prevu\n75101,1\n93048,-2\n", encoding="utf-8")
    with pytest.raises(BadInput) as bad:
        read_hors_assiette(path, instance.territoires)
    assert [(fault.line, fault.column) for fault in bad.value.faults] == [(2, "commune"), (3, "prevu")]
    rights = tmp_path / "droits.csv"
    rights.write_text("reservataire,territoire,acquis\nals,departement:93,4\n", encoding="utf-8")
    assert read_droits(rights, instance) == {ALS: 4}
    rights.write_text(
        "reservataire,territoire,acquis\nals,departement:93,4\nals,departement:93,1\nals,commune:93048,1\n",
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as bad:
        read_droits(rights, instance)
    assert [str(fault) for fault in bad.value.faults] == [
        "droits.csv:3: territoire: « als/departement:93 » déjà donné",
        "droits.csv:4: territoire: aucune promesse « als/commune:93048 »",
    ]
