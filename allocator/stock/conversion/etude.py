"""A conversion studied: every choice of rate on the same rights, the same shares and the same assiette."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from allocator.formats import BadInput, Fault, columns
from allocator.formats.conversion_schema import ASSIETTE_ATTENDUE
from allocator.formats.faults import FaultLog
from allocator.formats.schema import TERRITOIRES
from allocator.formats.table_file import read_table
from allocator.stock.conversion.choix import choose, observed
from allocator.stock.conversion.conversion import Conversion, convert
from allocator.stock.conversion.durees import first_year
from allocator.stock.conversion.flux import ZERO, Flux, expected_assiette, yearly_flux
from allocator.stock.conversion.lots import Lots, sort_rights
from allocator.stock.conversion.reglages import ReglagesConversion
from allocator.stock.dossier import Dossier


@dataclass(frozen=True, slots=True, eq=False)
class Etude:
    """The conversions of one dossier, one a choice, the first being the one that the others are compared with.

    ``premiere`` is the first year of the flux.
    """

    dossier: Dossier
    reglages: ReglagesConversion
    lots: Lots
    flux: Flux
    conversions: tuple[Conversion, ...]
    premiere: int


def study(
    dossier: Dossier,
    reglages: ReglagesConversion,
    choices: Sequence[str],
    years: int,
    assiette: Sequence[Fraction] | None = None,
) -> Etude:
    """Convert a dossier's rights at several choices of rate.

    Parameters
    ----------
    dossier
        The stock and the rights.
    reglages
        What partners settled.
    choices
        Texts of choices (see :func:`~allocator.stock.conversion.choix.choose`), the first being proposed.
    years
        Years of re-lettings that an observed rate is of.
    assiette
        Dwellings a year by commune; ``None``: by the settings.

    Raises
    ------
    BadInput
        If a choice is none, two have one name, or nothing says what the assiette is.
    """
    lots = sort_rights(dossier, reglages)
    conversions = [convert(lots, choose(text, dossier, lots, years)) for text in choices]
    names = [conversion.choix.nom for conversion in conversions]
    if len(set(names)) < len(names):
        raise BadInput([Fault("--rates", None, None, f"deux choix ont le même nom : {', '.join(names)}")])
    due = _assiette(dossier, reglages, years) if assiette is None else assiette
    flux = yearly_flux(dossier, lots, due, reglages)
    premiere = reglages.premiere or first_year(lots.jour)
    return Etude(dossier, reglages, lots, flux, tuple(conversions), premiere)


def read_assiette_attendue(path: Path, dossier: Dossier) -> tuple[Fraction, ...]:
    """Return the assiette of each commune of a dossier, exactly as written.

    Raises
    ------
    BadInput
        With every fault of the file.
    """
    log = FaultLog()
    table = read_table(path, ASSIETTE_ATTENDUE, log)
    index = {commune: row for row, commune in enumerate(dossier.territoires.commune)}
    commune = columns.references(table, "commune", index, TERRITOIRES.file, log)
    assiette = columns.numbers(table, "assiette", log)
    log.raise_if_any()
    found = [ZERO] * len(dossier.territoires)
    for place, dwellings in zip(commune.tolist(), assiette.tolist(), strict=True):
        found[place] += Fraction(repr(dwellings))
    return tuple(found)


def _assiette(dossier: Dossier, reglages: ReglagesConversion, years: int) -> tuple[Fraction, ...]:
    if reglages.taux_assiette is not None:
        rate = Fraction(repr(reglages.taux_assiette)) / 100
    elif dossier.relocations is not None:
        rate = observed(dossier, years)
    else:
        what = "ni relocations.csv ni taux_assiette ; donnez --assiette, ou [conversion] taux_assiette dans --settings"
        raise BadInput([Fault("assiette", None, None, what)])
    return expected_assiette(dossier, rate, Fraction(repr(reglages.hors_assiette)))
