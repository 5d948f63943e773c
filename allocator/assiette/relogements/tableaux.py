"""A sharing in tables, and in the lines that each bailleur's assiette takes from it."""

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import TextIO

from allocator.assiette.relogements.besoins import Besoins
from allocator.assiette.relogements.partage import Part, Partage
from allocator.formats.assiette_schema import EXCLUSIONS
from allocator.formats.csv_text import six_decimals, write_rows
from allocator.formats.relogements_schema import CHARGES, PARTAGE, RESTES
from allocator.formats.tableau import Tableau, Value
from allocator.formats.writing import Write


def partage_tableau(known: Besoins, found: Partage) -> Tableau:
    """Return who takes how many of which need."""
    return Tableau(
        PARTAGE,
        tuple(
            (
                known.besoins[part.besoin].operation,
                known.bailleurs[part.bailleur].bailleur,
                known.bailleurs[part.bailleur].departement,
                part.logements,
                part.origine,
                mouvement(known, part),
                part.note,
            )
            for part in sorted(found.parts, key=lambda part: (part.besoin, part.bailleur))
        ),
    )


def charges_tableau(known: Besoins, found: Partage) -> Tableau:
    """Return the burdens, heaviest first."""
    taken = found.taken(len(known.bailleurs))
    others = [0] * len(known.bailleurs)
    for part in found.parts:
        if mouvement(known, part) == "inter_bailleurs":
            others[part.bailleur] += part.logements
    heaviest = sorted(range(len(taken)), key=lambda unit: -_ratio(taken[unit], known.bailleurs[unit].base))
    rows: list[tuple[Value, ...]] = []
    for unit in heaviest:
        bailleur, number = known.bailleurs[unit], taken[unit]
        rows.append(
            (
                bailleur.bailleur,
                bailleur.departement,
                float(bailleur.relocations),
                float(bailleur.coefficient),
                number,
                others[unit],
                float(100 * _ratio(number, bailleur.relocations)),
                float(100 * _ratio(number, bailleur.base)) if bailleur.base else None,
            )
        )
    return Tableau(CHARGES, tuple(rows))


def _ratio(number: int, base: Fraction) -> Fraction:
    return number / base if base else Fraction(0)


def restes_tableau(known: Besoins, found: Partage) -> Tableau:
    """Return what finds no place."""
    return Tableau(
        RESTES,
        tuple(
            (need.operation, need.departement, rest)
            for need, rest in zip(known.besoins, found.restes, strict=True)
            if rest
        ),
    )


def mouvement(known: Besoins, part: Part) -> str:
    """Tell whether a part stays in the démolisseur's own stock."""
    own = known.besoins[part.besoin].demolisseur == known.bailleurs[part.bailleur].bailleur
    return "interne" if own else "inter_bailleurs"


def lignes(known: Besoins, found: Partage, document: str) -> Mapping[str, Write]:
    """Return what writes, for each bailleur, the lines that its ``exclusions.csv`` takes from the sharing.

    ``document`` is the identifier that ``documents.csv`` gives to the sharing.
    """
    by_bailleur: dict[str, dict[tuple[str, str, str], int]] = {}
    for part in found.parts:
        unit = known.bailleurs[part.bailleur]
        lines = by_bailleur.setdefault(unit.bailleur, {})
        key = (known.besoins[part.besoin].operation, unit.departement, mouvement(known, part))
        lines[key] = lines.get(key, 0) + part.logements
    return {
        f"exclusions-{bailleur}.csv": partial(
            _write, lines=lines, annee=known.regles.annee, document=document
        )
        for bailleur, lines in sorted(by_bailleur.items())
    }


def _write(file: TextIO, lines: Mapping[tuple[str, str, str], int], annee: int, document: str) -> None:
    rows = [
        (
            f"relogement-{operation}-{departement}",
            f"departement:{departement}",
            "renouvellement_urbain",
            operation,
            move,
            str(annee),
            six_decimals(number),
            document,
            "",
            "",
        )
        for (operation, departement, move), number in sorted(lines.items())
    ]
    write_rows(file, EXCLUSIONS, rows)
