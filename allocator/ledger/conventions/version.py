"""A version of a convention: what was agreed, from which day, and whether it is signed (R.441-5, Th. 4-3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from allocator.ledger.accounts.regles import Regle, RegleDatee

CONVENTION: Final = "convention"
ARRETE: Final = "arrete"
ACTES: Final = (CONVENTION, ARRETE)
"""What a version is: agreed by both, or ruled by the préfet for an État without convention (R.441-5-2 IV)."""

GESTIONS: Final = ("directe", "deleguee")
"""Who designates candidates: the réservataire, or a delegate whose acts debit it all the same (Th. 4-3)."""

REBASE: Final = "rebase"
REPORTE: Final = "reporte"
ECARTS: Final = (REBASE, REPORTE)
"""What becomes of the gap between the forecast hors assiette and the real one, at the end of a year.

``rebase``: objectives are those of the real assiette, and the gap is nobody's. ``reporte``: the réservataire is
owed its share of the assiette that was announced, and the gap is carried to the next year.
"""


@dataclass(frozen=True, slots=True)
class Ligne:
    """One promise: ``part`` in percent of the assiette or ``volume`` in dwellings a year, the other is ``None``.

    ``territoire`` reads ``commune:93048``; ``niveau`` is ``territoire`` or ``commune``, or ``""`` for what is usual
    in the réservataire's famille.
    """

    territoire: str
    niveau: str = ""
    part: float | None = None
    volume: float | None = None


@dataclass(frozen=True, slots=True)
class Derogation:
    """A préfet's exception to the État's 30 %, both days included, by an act that ``reference`` names (R.441-5-2 I)."""

    debut: date
    fin: date
    reference: str

    @property
    def too_long(self) -> bool:
        """Tell whether it lasts more than the one year that the article allows."""
        return (self.fin.year, self.fin.month, self.fin.day) >= (
            self.debut.year + 1,
            self.debut.month,
            self.debut.day,
        )


@dataclass(frozen=True, slots=True)
class Version:
    """A convention, as it is from the day ``effet``.

    ``territoire`` is what makes it unique with ``reservataire`` (its identifier): the département, or the own
    territory of a commune, an EPCI or an EPT; ``lignes`` are its promises within. ``agents`` are the points of the
    État's share for its agents, ``garantie`` the points held for a loan guarantee; ``derogation`` lifts the bound
    on the État. ``delai`` is in days, ``None`` for the one month of the concertation (Th. 2-3). It is to be signed
    by ``limite`` (included) and was on ``signature``; it ends after ``fin``. ``revoyure`` is when the partners look
    at it again. ``regle`` is how it counts, ``None`` for as the journal's general rule says.
    """

    reservataire: str
    territoire: str
    effet: date
    lignes: tuple[Ligne, ...]
    acte: str = CONVENTION
    signature: date | None = None
    limite: date | None = None
    fin: date | None = None
    revoyure: date | None = None
    delai: int | None = None
    gestion: str = GESTIONS[0]
    delegataire: str = ""
    agents: float = 0.0
    garantie: float = 0.0
    ecart: str = REBASE
    derogation: Derogation | None = None
    regle: Regle | None = None

    @property
    def objet(self) -> str:
        """Identifier of the convention that this is a version of, as events have it."""
        return f"{self.reservataire}/{self.territoire}"

    @property
    def acteur(self) -> str:
        """Who is asked for candidates: the delegate, or the réservataire itself."""
        return self.delegataire if self.gestion == GESTIONS[1] else self.reservataire

    def signed(self, day: date) -> bool:
        """Tell whether it binds on a day: signed by then, or no agreement at all but the préfet's arrêté."""
        return self.acte == ARRETE or (self.signature is not None and self.signature <= day)

    def forfeited(self, day: date) -> bool:
        """Tell whether the flux goes to the préfet on a day, for want of a signature by the date set."""
        return not self.signed(day) and self.limite is not None and day > self.limite


def in_force(versions: Sequence[Version], day: date) -> Version | None:
    """Return the version of one convention that applies on a day, if any does.

    The last signed one; an avenant that nobody signed changes nothing. Where none was ever signed, the last one
    applies as it was negotiated, until its date to be signed by (see :meth:`Version.forfeited`).
    """
    begun = sorted((v for v in versions if v.effet <= day), key=lambda v: v.effet)
    binding = [version for version in begun if version.signed(day)] or begun
    if not binding or (binding[-1].fin is not None and binding[-1].fin < day):
        return None
    return binding[-1]


def regles_datees(versions: Sequence[Version]) -> tuple[RegleDatee, ...]:
    """Return the rules of counting that versions bring with them, each from its day on."""
    return tuple(
        RegleDatee(version.effet, version.objet, version.regle)
        for version in versions
        if version.regle is not None
    )


def regimes(versions: Sequence[Version], day: date) -> dict[str, str]:
    """Return what each convention in force makes of the gap in the hors assiette (:data:`ECARTS`), by identifier."""
    objets = dict.fromkeys(version.objet for version in versions)
    found = {objet: in_force([v for v in versions if v.objet == objet], day) for objet in objets}
    return {objet: version.ecart for objet, version in found.items() if version is not None}
