"""The accounts as tables: by réservataire, by réservataire and territory, wishes one by one, rules side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import fields

import numpy as np

from allocator.domain import BAILLEUR, Reservataires
from allocator.formats import ledger_schema as schemas
from allocator.formats.tableau import Tableau, Value
from allocator.ledger.accounts.comptes import Compte, Comptes
from allocator.ledger.accounts.livre import Livre

_COMPTE = tuple(column.name for column in schemas.COMPTES_RESERVATAIRES.columns[1:])
_COMPARED = tuple(column.name for column in schemas.COMPARAISON.columns[3:])


def comptes_tableaux(livre: Livre, known: Comptes) -> tuple[Tableau, ...]:
    """Return the accounts at a date: by réservataire, by territory, and the wishes."""
    holders, conventions = livre.exercice.instance.reservataires, livre.exercice.instance.conventions
    of_rows = zip(
        (holders.id[holder] for holder in conventions.reservataire.tolist()),
        conventions.territoire,
        (_name(holders, holder) for holder in known.beneficiaire.tolist()),
        known.assiette.tolist(),
        _figures(known.lignes, _COMPTE),
        strict=True,
    )
    return (
        Tableau(
            schemas.COMPTES_RESERVATAIRES,
            tuple(
                (name, *figures)
                for name, figures in zip(holders.id, _figures(known.reservataires, _COMPTE), strict=True)
            ),
        ),
        Tableau(
            schemas.COMPTES_TERRITOIRES,
            tuple((*head, *figures) for *head, figures in of_rows),
        ),
        Tableau(schemas.COMPTES_SOUHAITS, tuple(_cells(holders, known))),
    )


def comparaison_tableau(livre: Livre, compared: Mapping[str, Comptes]) -> Tableau:
    """Return the same tours counted by several rules, rule after rule."""
    holders, conventions = livre.exercice.instance.reservataires, livre.exercice.instance.conventions
    keys = [
        (holders.id[holder], territoire)
        for holder, territoire in zip(conventions.reservataire.tolist(), conventions.territoire, strict=True)
    ]
    return Tableau(
        schemas.COMPARAISON,
        tuple(
            (name, *key, *figures)
            for name, known in compared.items()
            for key, figures in zip(keys, _figures(known.lignes, _COMPARED), strict=True)
        ),
    )


def _figures(compte: Compte, names: tuple[str, ...]) -> Iterator[tuple[Value, ...]]:
    """Yield the figures of each account, in the order of names of columns."""
    measured = {field.name for field in fields(compte.mesures)}
    columns = [getattr(compte.mesures if name in measured else compte, name).tolist() for name in names]
    yield from zip(*columns, strict=True)


def _cells(holders: Reservataires, known: Comptes) -> Iterator[tuple[Value, ...]]:
    cells = known.cellules
    numbers = (cells.cible, cells.cible_annee, cells.propositions, cells.attributions, cells.logements)
    yield from zip(
        (holders.id[holder] for holder in cells.reservataire.tolist()),
        cells.sur,
        cells.territoire,
        cells.modalite,
        *map(np.ndarray.tolist, numbers),
        strict=True,
    )


def _name(holders: Reservataires, holder: int) -> str:
    return "" if holder == BAILLEUR else holders.id[holder]
