"""A journal opened on a small instance or on the demonstration one, and what happens to its dwellings day by day."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np

from allocator.domain import Comptage, Instance
from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.ledger.accounts.regle_reader import read_regle
from allocator.ledger.accounts.regles import Regle
from allocator.ledger.conventions.seuils import read_seuils
from allocator.ledger.daily.opening import Reprise, opening
from allocator.ledger.events.event import Entree
from allocator.ledger.store.journal import Journal, open_journal
from tests.builders import Holder, Promise, make_instance

BAILLEUR = "oph"
OFFICER = "A. Martin"
MODELE = """\
format = 1
nom = "petit"

[[priorite]]
nom = "contractuel"

[[priorite.objectif]]
sur = "contractuel"
"""
"""A model whose plans are quickly made."""

HOLDERS = (Holder("etat", "etat"), Holder("als", "action_logement"), Holder("ville", "commune"))
PROMISES = (
    Promise("etat", part=30),
    Promise("als", part=40, report=1.5),
    Promise("ville", "commune:93048", volume=2, solde=1),
)


def small(**said: Any) -> Instance:
    return make_instance(**{"holders": HOLDERS, "promises": PROMISES, "releases": (), **said})


def reprise(instance: Instance, passer_outre: str = "", effet: date | None = None) -> Reprise:
    regle = Regle(Comptage(), read_regle().effets)
    return Reprise(instance, MODELE, regle, read_seuils(), effet, passer_outre)


def opened(where: str, instance: Instance, more: Sequence[Entree] = ()) -> Journal:
    journal = open_journal(where, BAILLEUR, create=True)
    entrees, _ = opening(reprise(instance), OFFICER)
    journal.append([*entrees, *more])
    return journal


def said(nature: str, objet: str, effet: str | date, **contenu: Any) -> Entree:
    return Entree(nature, objet, str(effet), OFFICER, contenu)


def announced(objet: str, effet: str, commune: str = "93048", **more: Any) -> Entree:
    whole = {"date": effet, "commune": commune, "typologie": "T3", "financement": "PLUS", "qpv": "non"}
    return said("liberation", objet, effet, **{**whole, **more})


def oriented(objet: str, effet: str | date, holder: str | None, tour: int = 1) -> Entree:
    return said("orientation", objet, effet, reservataire=holder, tour=tour)


def announcements(instance: Instance, rows: Iterable[int]) -> list[Entree]:
    """Return some libérations of an instance as its journal would have them, statuts included."""
    table = instance.liberations
    entrees = []
    for row in rows:
        day = str(table.date[row])
        entrees.append(
            announced(
                table.id[row],
                day,
                instance.territoires.commune[table.commune[row]],
                typologie=TYPOLOGIES[table.typologie[row]],
                financement=FINANCEMENTS[table.financement[row]],
                qpv=QPV[table.qpv[row]],
            )
        )
        statut = {
            1: {"statut": "hors_assiette", "categorie": "mutation"},
            2: {"statut": "stock"},
            3: {"statut": "neuf"},
        }
        if int(table.statut[row]):
            entrees.append(said("statut", table.id[row], day, **statut[int(table.statut[row])]))
    return entrees


def until(instance: Instance, day: np.datetime64) -> list[int]:
    """Return the rows of the libérations up to a day."""
    rows: list[int] = np.flatnonzero(instance.liberations.date <= day).tolist()
    return rows
