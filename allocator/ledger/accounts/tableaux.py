"""The accounts as tables: by réservataire, by réservataire and territory, wishes one by one, rules side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import fields

import numpy as np

from allocator.domain import BAILLEUR, Reservataires
from allocator.formats import ledger_schema as schemas
from allocator.formats.tableau import Tableau, Value
from allocator.ledger.accounts.compte import Cellules, Compte, Comptes
from allocator.ledger.accounts.livre import Livre

_COMPTE = tuple(column.name for column in schemas.COMPTES_RESERVATAIRES.columns[1:])
_COMPARED = tuple(column.name for column in schemas.COMPARAISON.columns[4:])


def comptes_tableaux(livre: Livre, known: Comptes) -> tuple[Tableau, ...]:
    """Return the accounts at a date: by réservataire, by territory, and the wishes."""
    holders = livre.exercice.instance.reservataires
    by_holder = zip(holders.id, _figures(known.reservataires, _COMPTE), strict=True)
    return (
        Tableau(schemas.COMPTES_RESERVATAIRES, tuple((name, *figures) for name, figures in by_holder)),
        Tableau(schemas.COMPTES_TERRITOIRES, tuple(_lignes(livre, known))),
        Tableau(schemas.COMPTES_SOUHAITS, tuple(_cells(holders, known))),
    )


def comparaison_tableau(livre: Livre, compared: Mapping[str, Comptes]) -> Tableau:
    """Return the same tours counted by several rules, rule after rule."""
    return Tableau(
        schemas.COMPARAISON,
        tuple(
            (name, *promise, *figures)
            for name, known in compared.items()
            for promise, _, figures in _served(livre, known, _COMPARED)
        ),
    )


def _lignes(livre: Livre, known: Comptes) -> Iterator[tuple[Value, ...]]:
    for promise, row, figures in _served(livre, known, _COMPTE):
        yield *promise, float(known.assiette[row]), *figures


def _served(
    livre: Livre, known: Comptes, names: tuple[str, ...]
) -> Iterator[tuple[tuple[str, str, str], int, tuple[Value, ...]]]:
    """Yield each promise to who it serves, then what some served to others before: its row, and its figures."""
    holders, conventions = livre.exercice.instance.reservataires, livre.exercice.instance.conventions
    accounts = [(known.beneficiaire, np.arange(len(conventions)), known.lignes)]
    accounts += [(np.full(len(each.rows), each.beneficiaire), each.rows, each.lignes) for each in known.avant]
    for served, rows, compte in accounts:
        for tenant, row, figures in zip(served.tolist(), rows.tolist(), _figures(compte, names), strict=True):
            holder = holders.id[conventions.reservataire[row]]
            yield (holder, conventions.territoire[row], _name(holders, tenant)), row, figures


def _figures(compte: Compte, names: tuple[str, ...]) -> Iterator[tuple[Value, ...]]:
    """Yield the figures of each account, in the order of names of columns."""
    measured = {field.name for field in fields(compte.mesures)}
    columns = [getattr(compte.mesures if name in measured else compte, name).tolist() for name in names]
    yield from zip(*columns, strict=True)


def _cells(holders: Reservataires, known: Comptes) -> Iterator[tuple[Value, ...]]:
    yield from _of_cells(holders, known.cellules, "")
    for each in known.avant:
        yield from _of_cells(holders, each.cellules, _name(holders, each.beneficiaire))


def _of_cells(holders: Reservataires, cells: Cellules, avant: str) -> Iterator[tuple[Value, ...]]:
    numbers = (cells.cible, cells.cible_annee, cells.propositions, cells.attributions, cells.logements)
    yield from zip(
        (holders.id[holder] for holder in cells.reservataire.tolist()),
        cells.sur,
        cells.territoire,
        cells.modalite,
        (avant for _ in cells.sur),
        *map(np.ndarray.tolist, numbers),
        strict=True,
    )


def _name(holders: Reservataires, holder: int) -> str:
    return "" if holder == BAILLEUR else holders.id[holder]
