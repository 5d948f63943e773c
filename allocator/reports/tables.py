"""Facts as tables on paper: totals by ledger, by réservataire, by modality, and the two crossed."""

from collections.abc import Sequence
from typing import Final

from allocator.reports.document import Cell, Table
from allocator.reports.faits import ATTRIBUES, PROPOSES, Faits
from allocator.reports.fonds import Fonds
from allocator.reports.methode import REGISTRES
from allocator.reports.noms import name_of

COMPTES: Final = ("libérés", "proposés", "attribués")
TITRES: Final = {
    "typologie": "Par typologie",
    "financement": "Par type de financement",
    "qpv": "Hors et en quartier politique de la ville",
    "construction": "Par période de construction",
    "commune": "Par commune",
}
"""Titles of tables by axis."""

QPV: Final = {"oui": "en QPV", "non": "hors QPV"}


def by_registre(known: Faits) -> Table:
    """Return the totals of each ledger, without a sum: they are kept apart."""
    lines = [
        (REGISTRES[known.mot("registre", number)], *counts) for (number,), counts in known.sommes("registre")
    ]
    return Table("Tous les registres", ("registre", *COMPTES), lines)


def by_holder(fonds: Fonds, known: Faits, titre: str) -> Table:
    """Return the totals of each réservataire, the bailleur's last."""
    lines = [
        (name_of(fonds, number), *counts) for (number,), counts in holders_last(known.sommes("reservataire"))
    ]
    return Table(titre, ("réservataire", *COMPTES), lines, total=("total", *known.total()))


def by_modality(fonds: Fonds, known: Faits, axe: str) -> Table:
    """Return the totals of each modality of an axis."""
    lines = [(modality(fonds, known, axe, number), *counts) for (number,), counts in known.sommes(axe)]
    return Table(
        TITRES[axe], (axe if axe != "qpv" else "QPV", *COMPTES), lines, total=("total", *known.total())
    )


def crossed(fonds: Fonds, known: Faits, axe: str) -> Table:
    """Return propositions and leases of each réservataire by modality of an axis."""
    modalities = [number for (number,), _ in known.sommes(axe)]
    found = dict(known.sommes("reservataire", axe))
    holders = [number for (number,), _ in holders_last(known.sommes("reservataire"))]
    lines: list[list[Cell]] = []
    for holder in holders:
        pairs = [found.get((holder, number), (0, 0, 0)) for number in modalities]
        lines.append([name_of(fonds, holder), *_pairs(pairs)])
    whole = {key[0]: counts for key, counts in known.sommes(axe)}
    return Table(
        f"{TITRES[axe]}, par réservataire",
        ("réservataire", *(name for _ in (*modalities, "") for name in ("prop.", "attr."))),
        lines,
        total=("total", *_pairs([whole[number] for number in modalities])),
        groupes=(*((modality(fonds, known, axe, number), 2) for number in modalities), ("ensemble", 2)),
    )


def _pairs(counts: Sequence[tuple[int, int, int]]) -> list[Cell]:
    """Return propositions and leases of each modality, then of all."""
    pairs = [(each[PROPOSES], each[ATTRIBUES]) for each in counts]
    pairs.append((sum(one for one, _ in pairs), sum(other for _, other in pairs)))
    return [value for pair in pairs for value in pair]


def holders_last(
    sums: Sequence[tuple[tuple[int, ...], tuple[int, int, int]]],
) -> list[tuple[tuple[int, ...], tuple[int, int, int]]]:
    """Return sums by réservataire with the bailleur's, numbered -1, at the end."""
    return sorted(sums, key=lambda each: (each[0][0] < 0, each[0]))


def modality(fonds: Fonds, known: Faits, axe: str, number: int) -> str:
    """Return a modality as people read it."""
    word = known.mot(axe, number)
    if axe == "commune":
        return f"{fonds.registre.territoires.nom[number]} ({word})"
    return QPV[word] if axe == "qpv" else word
