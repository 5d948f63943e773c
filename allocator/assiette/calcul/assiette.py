"""A = L − H by commune: what the shares of a year apply to (formula 1; Th. 1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from allocator.assiette.calcul.avis import notices
from allocator.assiette.calcul.plafond import Depassement, cut, passed
from allocator.assiette.calcul.relocations import expected, stock_of
from allocator.assiette.calcul.retenues import Retenue, retenues
from allocator.assiette.dossier.valeurs import DossierAssiette
from allocator.assiette.lieux import Lieux
from allocator.domain import Territoires
from allocator.stock.conversion.arrondi import largest_remainder, nearest

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True, eq=False)
class Assiette:
    """A version in numbers. Exact numbers of dwellings by commune, rows of ``territoires``.

    ``parc`` is the stock, ``attendues`` L, ``exclues`` H, ``logements`` the whole numbers that L − H is rounded to:
    the total to the nearest, then départements, then communes, by largest remainder. ``repartition`` is what each of
    ``lignes`` takes out of each commune, ``depassements`` what could
    not be taken out of a commune because no more is expected there. ``avis`` are what people should see.
    """

    version: int
    territoires: Territoires
    parc: tuple[int, ...]
    attendues: tuple[Fraction, ...]
    exclues: tuple[Fraction, ...]
    logements: tuple[int, ...]
    lignes: tuple[Retenue, ...]
    repartition: tuple[Mapping[int, Fraction], ...]
    depassements: tuple[tuple[Retenue, Fraction], ...]
    plafond: Depassement | None
    avis: tuple[str, ...]

    @property
    def exacte(self) -> tuple[Fraction, ...]:
        """L − H before rounding, by commune."""
        return tuple(some - less for some, less in zip(self.attendues, self.exclues, strict=True))


def build_assiette(dossier: DossierAssiette, version: int) -> Assiette:
    """Return a version of the assiette in numbers.

    A line on a territory is spread over its communes in proportion to what narrower lines leave there.
    """
    lieux = Lieux(dossier.territoires)
    attendues = expected(dossier, version, lieux)
    lines = retenues(dossier, version, lieux)
    parc = [0] * len(dossier.territoires)
    for part in stock_of(dossier, version):
        parc[part.commune] += part.parc
    depassement = passed(dossier.reglages.plafond, lines, sum(parc), sum(attendues, ZERO))
    if depassement is not None and depassement.plafond.effet == "ecreter":
        lines = cut(lines, depassement)
    repartition = _spread(lines, attendues, lieux)
    exclues = [ZERO] * len(attendues)
    for taken in repartition:
        for commune, number in taken.items():
            exclues[commune] += number
    excess = tuple(
        (line, line.retenu - sum(taken.values(), ZERO))
        for line, taken in zip(lines, repartition, strict=True)
        if line.retenu != sum(taken.values(), ZERO)
    )
    exacte = [some - less for some, less in zip(attendues, exclues, strict=True)]
    return Assiette(
        version=version,
        territoires=dossier.territoires,
        parc=tuple(parc),
        attendues=attendues,
        exclues=tuple(exclues),
        logements=_rounded(exacte, dossier.territoires.departement),
        lignes=lines,
        repartition=repartition,
        depassements=excess,
        plafond=depassement,
        avis=notices(dossier, version, lines, excess, depassement, lieux),
    )


def _spread(
    lines: Sequence[Retenue], attendues: Sequence[Fraction], lieux: Lieux
) -> tuple[Mapping[int, Fraction], ...]:
    """Return what each line takes out of each commune: all that it retains, or as much as is left."""
    left = list(attendues)
    taken: list[dict[int, Fraction]] = [{} for _ in lines]
    narrow_first = sorted(range(len(lines)), key=lambda place: len(lieux.communes(lines[place].territoire)))
    for place in narrow_first:
        inside = sorted(lieux.communes(lines[place].territoire))
        there = sum((left[commune] for commune in inside), ZERO)
        share = min(Fraction(1), lines[place].retenu / there) if there else ZERO
        for commune in inside:
            taken[place][commune] = left[commune] * share
            left[commune] -= taken[place][commune]
    return tuple(taken)


def _rounded(exact: Sequence[Fraction], departements: Sequence[str]) -> tuple[int, ...]:
    rows: dict[str, list[int]] = {}
    for row, code in enumerate(departements):
        rows.setdefault(code, []).append(row)
    sums = [sum((exact[row] for row in inside), ZERO) for inside in rows.values()]
    whole = [0] * len(exact)
    for inside, total in zip(rows.values(), largest_remainder(sums, nearest(sum(sums, ZERO))), strict=True):
        for row, number in zip(inside, largest_remainder([exact[row] for row in inside], total), strict=True):
            whole[row] = number
    return tuple(whole)
