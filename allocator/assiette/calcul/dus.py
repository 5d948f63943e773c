"""What each réservataire is due in the year, in whole dwellings that close (formula 4; R.441-5-2 for the caps)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor, isnan

from allocator.assiette.calcul.assiette import ZERO, Assiette
from allocator.assiette.dossier.valeurs import DossierAssiette
from allocator.assiette.lieux import Lieux
from allocator.domain import Conventions, Reservataires
from allocator.ledger.conventions.seuils import Seuil, at
from allocator.stock.conversion.arrondi import largest_remainder, nearest


@dataclass(frozen=True, slots=True)
class Du:
    """A promise in dwellings: ``exact`` is ``part % × assiette`` or the volume, with the report; ``du`` is whole.

    ``part`` is ``None`` for a volume. ``communes`` has the whole due of each commune (its row) where the promise is
    one quota a commune, and is empty otherwise.
    """

    reservataire: str
    territoire: str
    part: Fraction | None
    assiette: int
    exact: Fraction
    du: int
    communes: tuple[tuple[int, int], ...]

    @property
    def reste(self) -> Fraction:
        """What rounding leaves owed (or, below zero, gives in advance)."""
        return self.exact - self.du


@dataclass(frozen=True, slots=True)
class _Row:
    """A promise before rounding; ``most`` is the whole number that is never passed."""

    place: int
    group: str
    famille: str
    exact: Fraction
    most: int


def build_dus(dossier: DossierAssiette, assiette: Assiette, seuils: Sequence[Seuil]) -> tuple[Du, ...]:
    """Return the due of each row of the conventions, none where the folder has no conventions.

    Numbers are rounded by largest remainder: in each département the total to the nearest, then the familles,
    then the rows. Rounding lifts neither the État above its legal share of the flux nor its agents above theirs,
    and no due passes the ``solde``.
    """
    conventions, holders = dossier.conventions, dossier.reservataires
    if conventions is None or holders is None:
        return ()
    lieux = Lieux(dossier.territoires)
    bases = [
        sum(assiette.logements[commune] for commune in lieux.communes(place))
        for place in conventions.territoire
    ]
    exact = _exact(conventions, bases)
    day = date(dossier.reglages.annee, 1, 1)
    agents = at(seuils, "agents", day)
    rows = []
    for place, value in enumerate(exact):
        holder = int(conventions.reservataire[place])
        most = _solde(conventions, place)
        if agents is not None and holders.id[holder] in dossier.reglages.agents:
            most = min(most, _never_above(agents, bases[place], value))
        communes = sorted(lieux.communes(conventions.territoire[place]))
        inside = {dossier.territoires.departement[commune] for commune in communes}
        group = next(iter(inside)) if len(inside) == 1 else conventions.territoire[place]
        rows.append(_Row(place, group, holders.famille[holder], value, most))
    flux = _by_departement(assiette)
    whole = _whole(rows, flux, at(seuils, "etat", day))
    return tuple(
        _du(conventions, holders, place, assiette, lieux, exact[place], whole[place], bases[place])
        for place in range(len(conventions))
    )


def _exact(conventions: Conventions, bases: Sequence[int]) -> list[Fraction]:
    columns = (conventions.part.tolist(), conventions.volume.tolist(), conventions.report.tolist(), bases)
    return [
        max(ZERO, Fraction(repr(report)) + _promised(part, volume, base))
        for part, volume, report, base in zip(*columns, strict=True)
    ]


def _promised(part: float, volume: float, base: int) -> Fraction:
    return Fraction(repr(volume)) if isnan(part) else Fraction(repr(part)) * base / 100


def _solde(conventions: Conventions, place: int) -> int:
    solde = int(conventions.solde[place])
    return solde if solde >= 0 else 10**12


def _never_above(seuil: Seuil, base: int, value: Fraction) -> int:
    """Return the whole number that rounding may not pass: the legal share, or what is due where that is more."""
    return floor(max(Fraction(repr(seuil.valeur)) * base / 100, value))


def _by_departement(assiette: Assiette) -> dict[str, int]:
    flux: dict[str, int] = {}
    for code, number in zip(assiette.territoires.departement, assiette.logements, strict=True):
        flux[code] = flux.get(code, 0) + number
    return flux


def _whole(rows: Sequence[_Row], flux: dict[str, int], etat: Seuil | None) -> list[int]:
    whole = [0] * len(rows)
    for group in dict.fromkeys(row.group for row in rows):
        inside = [row for row in rows if row.group == group]
        familles = list(dict.fromkeys(row.famille for row in inside))
        of_famille = [[row for row in inside if row.famille == famille] for famille in familles]
        sums = [sum((row.exact for row in some), ZERO) for some in of_famille]
        most = [
            _never_above(etat, flux[group], value)
            if famille == "etat" and etat is not None and group in flux
            else 10**12
            for famille, value in zip(familles, sums, strict=True)
        ]
        totals = _capped(sums, most, nearest(sum(sums, ZERO)))
        for some, total in zip(of_famille, totals, strict=True):
            numbers = _capped([row.exact for row in some], [row.most for row in some], total)
            for row, number in zip(some, numbers, strict=True):
                whole[row.place] = number
    return whole


def _capped(values: Sequence[Fraction], most: Sequence[int], total: int) -> tuple[int, ...]:
    """Round to the total, or to as much of it as the whole caps leave."""
    clipped = [min(value, Fraction(cap)) for value, cap in zip(values, most, strict=True)]
    return largest_remainder(clipped, min(total, sum(-floor(-value) for value in clipped)))


def _du(  # noqa: PLR0913, PLR0917 (a row of the conventions, and its numbers)
    conventions: Conventions,
    holders: Reservataires,
    place: int,
    assiette: Assiette,
    lieux: Lieux,
    exact: Fraction,
    whole: int,
    base: int,
) -> Du:
    territoire, part = conventions.territoire[place], float(conventions.part[place])
    communes = sorted(lieux.communes(territoire)) if conventions.niveau[place] == "commune" else []
    return Du(
        holders.id[int(conventions.reservataire[place])],
        territoire,
        None if isnan(part) else Fraction(repr(part)),
        base,
        exact,
        whole,
        tuple(zip(communes, _shared(whole, [assiette.logements[row] for row in communes]), strict=True)),
    )


def _shared(whole: int, weights: Sequence[int]) -> Iterable[int]:
    """Share a whole number in proportion to weights."""
    total = sum(weights)
    if total == 0:
        return largest_remainder([Fraction(0)] * len(weights), 0)
    return largest_remainder([Fraction(whole * weight, total) for weight in weights], whole)
