"""Whether ``ecarts.csv`` and ``solution.json`` claim what the orientation really gives."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import numpy as np

from allocator.checking.wording import accord, case, nombre
from allocator.domain import Ecarts, Instance, Model, TierValue
from allocator.formats import EcartRows, Fault, SolutionDocument

LAST_DECIMAL: Final = 1e-6
"""Written numbers have at most six decimals: one unit of the last is allowed."""

RELATIVE: Final = 1e-6
"""Values compare within this times ``max(1, |value|)``: file contract, section 4."""

NUMBERS: Final = ("cible", "valeur", "manque", "exces")

Key = tuple[str, str, str, str]


def check_ecarts(instance: Instance, found: Ecarts, claimed: EcartRows) -> Iterator[Fault]:
    """Yield the cells that are missing, unknown or wrong in ``ecarts.csv``, in the order of the cells found.

    Two rows may name the same cell (a commune covered twice): they count the same dwellings, and are matched
    in the order of their targets.
    """
    holders = [instance.reservataires.id[holder] for holder in found.reservataire.tolist()]
    written = _by_key(claimed.reservataire, claimed)
    cells: list[int] = []
    rows: list[int] = []
    for key, expected in _by_key(holders, found).items():
        lines = written.pop(key, [])
        matched = min(len(expected), len(lines))
        cells += expected[:matched]
        rows += lines[:matched]
        for cell in expected[matched:]:
            target = nombre(float(found.cible[cell]))
            yield Fault(claimed.file, None, None, f"il manque la case « {case(*key)} », de cible {target}")
        for row in lines[matched:]:
            yield _unknown(key, claimed, row)
    for key, lines in written.items():
        for row in lines:
            yield _unknown(key, claimed, row)
    yield from _check_numbers(found, cells, claimed, rows)


def _by_key(holders: tuple[str, ...] | list[str], cells: Ecarts | EcartRows) -> dict[Key, list[int]]:
    """Return the positions of each cell, those of one key in the order of their targets."""
    positions: dict[Key, list[int]] = defaultdict(list)
    for at, key in enumerate(zip(holders, cells.sur, cells.territoire, cells.modalite, strict=True)):
        positions[key].append(at)
    for several in positions.values():
        several.sort(key=lambda at: float(cells.cible[at]))
    return dict(positions)


def _check_numbers(found: Ecarts, cells: list[int], claimed: EcartRows, rows: list[int]) -> Iterator[Fault]:
    """Yield the numbers of ``rows`` that are not those of the ``cells`` that they describe."""
    true = np.stack([getattr(found, name)[cells] for name in NUMBERS], axis=1)
    said = np.stack([getattr(claimed, name)[rows] for name in NUMBERS], axis=1)
    for at, column in np.argwhere(~(np.abs(said - true) <= LAST_DECIMAL)).tolist():
        row = rows[at]
        key = (claimed.reservataire[row], claimed.sur[row], claimed.territoire[row], claimed.modalite[row])
        yield Fault(
            claimed.file,
            int(claimed.line[row]),
            NUMBERS[column],
            f"{nombre(said[at, column])} annoncé pour la case « {case(*key)} », "
            f"{nombre(true[at, column])} trouvé",
        )


def _unknown(key: Key, claimed: EcartRows, row: int) -> Fault:
    message = f"la case « {case(*key)} » n'existe pas dans cette instance avec ce modèle"
    return Fault(claimed.file, int(claimed.line[row]), None, message)


def check_document(
    instance: Instance, model: Model, found: tuple[TierValue, ...], claimed: SolutionDocument
) -> Iterator[Fault]:
    """Yield what ``solution.json`` claims wrongly: digests, number of libérations, tiers, bounds, status.

    An empty digest is no claim.
    """
    for key, digest, source in (
        ("instance_sha256", instance.sha256, "de l'instance lue"),
        ("model_sha256", model.sha256, "du modèle lu"),
    ):
        said = getattr(claimed, key)
        if said and said != digest:
            yield Fault(claimed.file, None, key, f"« {said} » n'est pas l'empreinte {source} ({digest})")
    flux = len(instance.liberations.en_flux)
    if claimed.liberations != flux:
        message = f"{claimed.liberations} annoncé, l'instance compte {accord(flux, 'libération')} en flux"
        yield Fault(claimed.file, None, "liberations", message)
    names, said_names = ([tier.name for tier in tiers] for tiers in (found, claimed.tiers))
    if names != said_names:
        message = f"priorités annoncées : {', '.join(said_names)} ; celles du modèle : {', '.join(names)}"
        yield Fault(claimed.file, None, "tiers", message)
        return
    for true, said_tier in zip(found, claimed.tiers, strict=True):
        yield from _check_tier(claimed, true.value, said_tier)


def _check_tier(claimed: SolutionDocument, true: float, said: TierValue) -> Iterator[Fault]:
    tolerance = RELATIVE * max(1.0, abs(true))
    place = f"tiers.{said.name}"
    if not abs(said.value - true) <= tolerance:
        message = f"valeur {nombre(said.value)} annoncée, {nombre(true)} trouvée"
        yield Fault(claimed.file, None, place, message)
    if said.bound is None:
        if claimed.status == "optimal":
            yield Fault(claimed.file, None, place, "le statut est optimal, mais sans borne qui le prouve")
    elif said.bound > true + tolerance:
        message = f"borne inférieure {nombre(said.bound)} annoncée, la répartition atteint {nombre(true)}"
        yield Fault(claimed.file, None, place, message)
    elif claimed.status == "optimal" and true - said.bound > tolerance:
        message = (
            f"le statut est optimal, mais la borne {nombre(said.bound)} reste sous la valeur {nombre(true)}"
        )
        yield Fault(claimed.file, None, place, message)
