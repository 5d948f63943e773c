"""From the events of a journal to its accounts."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from allocator.formats import BadInput
from allocator.ledger.accounts.actes import ouverture_of, tours_of
from allocator.ledger.accounts.comptes import comptes
from allocator.ledger.accounts.issues import EN_COURS, ISSUES
from allocator.ledger.accounts.livre import Livre
from allocator.ledger.accounts.regle_reader import read_regle
from allocator.ledger.accounts.taux import Hypotheses
from allocator.ledger.conventions.actes import regles_of, soldes_of, versions_of
from allocator.ledger.conventions.exercice import exercice
from allocator.ledger.conventions.unicite import refuse_faults
from allocator.ledger.events.event import Entree
from allocator.ledger.events.fold import fold
from allocator.ledger.state.columns import registre_of
from allocator.ledger.state.registre import Registre
from allocator.policies.situation import frame
from tests.builders import Commune, Holder, make_instance
from tests.ledger.account_books import MODEL
from tests.ledger.lives import COMMUNES, HOLDERS, OUVERTURE, entry, liberation, orientation, sealed

DEFAUT = read_regle()
ALS = "als/departement:93"


def convention(objet: str, **said: Any) -> Entree:
    holder, _, territoire = objet.partition("/")
    lignes = [{"territoire": territoire, "part": 40}]
    return entry(
        "convention", objet, "2025-01-01", reservataire=holder, territoire=territoire, lignes=lignes, **said
    )


ENTRIES = [
    OUVERTURE,
    convention(ALS, limite="2025-02-28", delai=20),
    convention("etat/departement:93", acte="arrete"),
    entry("signature", ALS, "2025-02-01"),
    entry("regle", "", "2025-01-01", comptage={"mode": "mixte", "proposition": 0.5}),
    entry(
        "solde_ouverture",
        "",
        "2025-01-01",
        reservataire="als",
        territoire="departement:93",
        propositions=3,
        points=2.5,
        assiette=10,
    ),
    liberation("L1", "2025-03-01"),
    liberation("L2", "2025-03-02"),
    liberation("L3", "2025-03-03"),
    liberation("L4", "2025-03-03"),
    orientation("als", 1, "L1", "2025-03-03"),
    entry("envoi", "L1", "2025-03-04", delai=20),
    entry("decline", "L1", "2025-03-10"),
    orientation("etat", 2, "L1", "2025-03-10"),
    orientation(None, 1, "L2", "2025-03-03"),
    orientation("als", 1, "L3", "2025-03-05"),
    entry("retrait", "L4", "2025-03-20", motif="vente"),
]


def journal() -> Registre:
    return registre_of(fold(sealed(ENTRIES)))


def book(known: Registre) -> Livre:
    versions = versions_of(known.actes, DEFAUT)
    instance = make_instance(
        communes=[Commune(code, departement=code[:2]) for code in COMMUNES],
        holders=[Holder(name) for name in HOLDERS],
        promises=(),
        releases=(),
    )
    year = exercice(instance, versions, soldes_of(known.actes, 2025))
    return Livre(
        year,
        frame(year.instance, MODEL),
        known.liberations,
        tours_of(known),
        regles_of(known.actes, versions, DEFAUT),
        DEFAUT,
        Hypotheses((1.0, *(0.0,) * 7), 1e15, 0.0),
        known.suivi.retire,
        ouverture_of(known.actes, year),
    )


def test_tours_have_the_outcomes_and_clocks_of_the_journal() -> None:
    tours = tours_of(journal())
    assert [ISSUES[code] if code != EN_COURS else "" for code in tours.issue] == ["decline", "", "", ""]
    assert tours.liberation.tolist() == [0, 0, 1, 2]
    assert tours.reservataire.tolist() == [1, 0, -1, 1]
    assert tours.echeance[0] == np.datetime64("2025-03-24")
    assert np.isnat(tours.echeance[1:]).all()


def test_the_accounts_of_a_journal() -> None:
    known = comptes(book(journal()), np.datetime64("2025-03-31"))
    mesures = known.lignes.mesures
    assert known.assiette.tolist() == [3, 3]
    assert mesures.propositions.tolist() == [1, 2 + 3]
    assert mesures.en_cours.tolist() == [1, 1]
    # half a point for each of two propositions, and those brought
    assert mesures.points.tolist() == [0.5, 1.0 + 2.5]
    # 1.5 points are expected of a pre-orientation: what was declined and what was brought stands for less
    assert mesures.logements.tolist() == pytest.approx([1.0, 0.5 / 1.5 + 1.0 + 2.5 / 1.5])
    assert known.lignes.du.tolist() == pytest.approx([0.4 * 3, 0.4 * 3 + 0.4 * 10])


def test_acts_that_cannot_stand_together_are_found_out() -> None:
    known = journal()
    instance = book(known).exercice.instance
    with pytest.raises(BadInput, match="arrêté du préfet"):
        refuse_faults(versions_of(known.actes, DEFAUT), instance)
    assert versions_of(known.actes, DEFAUT)[0].signature == date(2025, 2, 1)
