"""Instances made from others: permuted, extended, set side by side, as the properties of optima need."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np

from allocator.domain import Conventions, Indicatifs, Instance, Model, Territoires

Table = TypeVar("Table")


def take(table: Table, rows: Sequence[int]) -> Table:
    """Return a table with the rows given, in that order."""
    return replace(table, **{f.name: _rows(getattr(table, f.name), rows) for f in fields(table)})  # type: ignore[type-var,arg-type]


def stack(first: Table, second: Table) -> Table:
    """Return a table with the rows of two, one after the other."""
    columns = {f.name: _stacked(getattr(first, f.name), getattr(second, f.name)) for f in fields(first)}  # type: ignore[arg-type]
    return replace(first, **columns)  # type: ignore[type-var]


def _rows(column: Any, rows: Sequence[int]) -> Any:
    if isinstance(column, Mapping):
        return {name: _rows(inner, rows) for name, inner in column.items()}
    return column[list(rows)] if isinstance(column, np.ndarray) else tuple(column[row] for row in rows)


def _stacked(first: Any, second: Any) -> Any:
    if isinstance(first, Mapping):
        return {name: first[name] + second[name] for name in first}
    return np.concatenate([first, second]) if isinstance(first, np.ndarray) else first + second


def permuted(
    instance: Instance,
    *,
    territoires: Sequence[int],
    reservataires: Sequence[int],
    conventions: Sequence[int],
    indicatifs: Sequence[int],
    liberations: Sequence[int],
) -> Instance:
    """Return the instance whose files list the rows given, in that order."""
    commune, holder = np.argsort(territoires), np.argsort(reservataires)
    rows = take(instance.conventions, conventions)
    wishes = take(instance.indicatifs, indicatifs)
    dwellings = take(instance.liberations, liberations)
    return replace(
        instance,
        territoires=take(instance.territoires, territoires),
        reservataires=take(instance.reservataires, reservataires),
        conventions=replace(rows, reservataire=holder[rows.reservataire].astype(np.int32)),
        indicatifs=replace(wishes, reservataire=holder[wishes.reservataire].astype(np.int32)),
        liberations=replace(dwellings, commune=commune[dwellings.commune].astype(np.int32)),
    )


def beside(first: Instance, second: Instance) -> Instance:
    """Return both instances in one: the second's communes, EPCI, départements and holders are others."""
    communes, holders = len(first.territoires), len(first.reservataires)
    people = second.reservataires
    rows, wishes, dwellings = second.conventions, second.indicatifs, second.liberations
    return replace(
        first,
        territoires=stack(first.territoires, _elsewhere(second.territoires)),
        reservataires=stack(first.reservataires, replace(people, id=tuple(f"{name}x" for name in people.id))),
        conventions=stack(
            first.conventions,
            replace(
                rows,
                reservataire=rows.reservataire + np.int32(holders),
                territoire=tuple(f"{place}x" for place in rows.territoire),
            ),
        ),
        indicatifs=stack(first.indicatifs, _wishes_elsewhere(wishes, holders)),
        liberations=stack(
            first.liberations,
            replace(
                dwellings,
                id=tuple(f"{name}x" for name in dwellings.id),
                commune=dwellings.commune + np.int32(communes),
            ),
        ),
    )


def _elsewhere(territoires: Territoires) -> Territoires:
    return replace(
        territoires,
        commune=tuple(f"{code}x" for code in territoires.commune),
        epci=tuple(f"{code}x" for code in territoires.epci),
        departement=tuple(f"{code}x" for code in territoires.departement),
    )


def _wishes_elsewhere(wishes: Indicatifs, holders: int) -> Indicatifs:
    modalities = []
    for dimension, modalite in zip(wishes.dimension, wishes.modalite, strict=True):
        pairs = zip(dimension.split("+"), modalite.split("+"), strict=True)
        modalities.append("+".join(word + "x" * (name in ("epci", "commune")) for name, word in pairs))
    return replace(wishes, reservataire=wishes.reservataire + np.int32(holders), modalite=tuple(modalities))


def raised(conventions: Conventions, row: int, by: float) -> Conventions:
    """Return the conventions with one row promising ``by`` more dwellings, or points of percent."""
    volume, part = conventions.volume.copy(), conventions.part.copy()
    volume[row] += by
    part[row] = np.minimum(100.0, part[row] + by)  # NaN where the row promises a volume
    return replace(conventions, volume=volume, part=part)


def with_goals(model: Model, **changes: object) -> Model:
    """Return the model with every goal changed alike."""
    return replace(
        model,
        tiers=tuple(
            replace(tier, goals=tuple(replace(goal, **changes) for goal in tier.goals))  # type: ignore[arg-type]
            for tier in model.tiers
        ),
    )
