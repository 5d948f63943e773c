"""Leases and radiations matched one to one, and all that does not agree."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from allocator.domain import Reservataires
from allocator.domain.vocabulary import FAMILLES
from allocator.formats.cells import quote
from allocator.formats.ledger_schema import RAPPROCHEMENT
from allocator.formats.tableau import Tableau
from allocator.ledger.importing.rows import Radiation
from allocator.ledger.rapprochement.appariement import Voisins, match
from allocator.ledger.rapprochement.baux import Bail

BAILLEUR = "bailleur"


@dataclass(frozen=True, slots=True)
class Ecart:
    """What does not agree: ``anomalie`` is a word of ``rapprochement.csv``; then what each of the two says."""

    anomalie: str
    radiation: Radiation | None
    liberation: str
    journal: str
    sne: str


@dataclass(frozen=True, slots=True)
class Cadre:
    """What is held against what.

    Leases of the days from ``debut`` to ``fin`` have to have a radiation; dates may differ by ``tolerance`` days;
    ``contingents`` says whether the extract tells whose each radiation is.
    """

    debut: date
    fin: date
    tolerance: int
    contingents: bool


def rapprocher(
    baux: Sequence[Bail], radiations: Sequence[Radiation], holders: Reservataires, cadre: Cadre
) -> tuple[Ecart, ...]:
    """Return what does not agree, leases first and then radiations, each in order.

    A radiation that names its libération is of that dwelling's lease. The others are matched within a commune, with
    the same typologie where it is told and dates near enough, so that the least is told as wrong
    (:func:`~allocator.ledger.rapprochement.appariement.match`): nothing is told of what may be right.
    """
    pairs = {**_named(baux, radiations)}
    pairs |= _nearest(baux, radiations, holders, cadre, pairs)
    matched = {bail: radiation for radiation, bail in pairs.items()}
    return (*_of_leases(baux, radiations, matched, holders, cadre), *_lonely(baux, radiations, pairs))


def agrees(bail: Bail, contingent: str, holders: Reservataires) -> bool:
    """Tell whether a radiation's contingent is that of a lease: a réservataire, its famille, or the bailleur."""
    if not bail.connu:
        return True
    if not bail.designataires:
        return contingent in {"", BAILLEUR} or _famille(holders, contingent) == BAILLEUR
    familles = {_famille(holders, name) for name in bail.designataires}
    return contingent in {*bail.designataires, *familles}


def is_contingent(text: str, holders: Reservataires) -> bool:
    """Tell whether a text may be a contingent: a réservataire, a famille, or nothing."""
    return not text or text in FAMILLES or text in holders.id


def ecarts_tableau(ecarts: Sequence[Ecart]) -> Tableau:
    """Return what does not agree as a table."""
    return Tableau(
        RAPPROCHEMENT,
        tuple(
            (
                each.anomalie,
                None if each.radiation is None else each.radiation.ligne,
                None if each.radiation is None else each.radiation.numero,
                each.liberation,
                each.journal,
                each.sne,
            )
            for each in ecarts
        ),
    )


def _famille(holders: Reservataires, name: str) -> str:
    return holders.famille[holders.id.index(name)] if name in holders.id else ""


def _named(baux: Sequence[Bail], radiations: Sequence[Radiation]) -> dict[int, int]:
    """Return the leases of the radiations that name their libération, the first radiation of each."""
    row_of = {bail.liberation: row for row, bail in enumerate(baux)}
    found: dict[int, int] = {}
    for number, radiation in enumerate(radiations):
        row = row_of.get(radiation.liberation or "")
        if row is not None and row not in found.values():
            found[number] = row
    return found


def _nearest(
    baux: Sequence[Bail],
    radiations: Sequence[Radiation],
    holders: Reservataires,
    cadre: Cadre,
    taken: Mapping[int, int],
) -> dict[int, int]:
    held = set(taken.values())
    free: defaultdict[str, list[int]] = defaultdict(list)
    for row, bail in enumerate(baux):
        if row not in held:
            free[bail.commune].append(row)
    near = []
    for number, radiation in enumerate(radiations):
        if radiation.liberation or number in taken:
            continue
        day = date.fromisoformat(radiation.date)
        for row in free[radiation.commune]:
            bail = baux[row]
            days = abs((bail.date - day).days)
            if days <= cadre.tolerance and radiation.typologie in {None, bail.typologie}:
                wrong = cadre.contingents and not agrees(bail, radiation.contingent or "", holders)
                near.append(Voisins(wrong, days, number, row, cadre.debut <= bail.date <= cadre.fin))
    return match(near)


def _of_leases(
    baux: Sequence[Bail],
    radiations: Sequence[Radiation],
    matched: Mapping[int, int],
    holders: Reservataires,
    cadre: Cadre,
) -> Iterator[Ecart]:
    for row, bail in enumerate(baux):
        number = matched.get(row)
        said = f"bail du {bail.date:%d/%m/%Y}, {bail.contingent}"
        if number is None:
            if cadre.debut <= bail.date <= cadre.fin:
                yield Ecart("bail_sans_radiation", None, bail.liberation, said, "")
            continue
        radiation = radiations[number]
        day = date.fromisoformat(radiation.date)
        if cadre.contingents and not agrees(bail, radiation.contingent or "", holders):
            yield Ecart(
                "contingent", radiation, bail.liberation, bail.contingent, radiation.contingent or BAILLEUR
            )
        if abs(bail.date - day) > timedelta(days=cadre.tolerance):
            yield Ecart("date", radiation, bail.liberation, str(bail.date), str(day))


def _lonely(
    baux: Sequence[Bail], radiations: Sequence[Radiation], pairs: Mapping[int, int]
) -> Iterator[Ecart]:
    leased = {bail.liberation for bail in baux}
    for number, radiation in enumerate(radiations):
        if number in pairs:
            continue
        name = radiation.liberation or ""
        said = ""
        if name:
            twice = name in leased
            said = (
                f"une autre radiation a déjà le bail de {quote(name)}"
                if twice
                else f"aucun bail de {quote(name)}"
            )
        words = (
            radiation.date,
            radiation.commune,
            radiation.typologie or "",
            radiation.contingent or BAILLEUR,
        )
        yield Ecart("radiation_sans_bail", radiation, name, said, ", ".join(word for word in words if word))
