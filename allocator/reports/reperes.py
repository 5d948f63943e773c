"""What the journal lets one say of the legal thresholds that cut across conventions: it warns, it never blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from allocator.formats.reports_schema import REPERES
from allocator.formats.tableau import Tableau, Value
from allocator.ledger.conventions.seuils import DENOMINATEURS, Seuil, at, read_seuils
from allocator.reports.faits import Faits
from allocator.reports.fonds import Fonds

NON_MESURES: Final = (
    ("Ménages DALO et prioritaires : 25 % des attributions de chaque contingent", "L.441-1 du CCH"),
    ("Premier quartile et relogés : 25 % des baux hors QPV, par EPCI ou EPT", "L.441-1 du CCH"),
)
"""Obligations on households, of which the journal says nothing in the flux."""

AILLEURS: Final = (
    "non mesuré : le journal ne dit rien des ménages logés dans le flux ; à suivre par les radiations du SNE"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A share that a threshold bounds: dwellings, of how many, and whether it is to be reached or not exceeded."""

    titre: str
    seuil: Seuil
    numerateur: int
    denominateur: int
    minimum: bool

    def row(self) -> tuple[Value, ...]:
        """Return the row of the table."""
        value = 100 * self.numerateur / self.denominateur if self.denominateur else None
        return (
            self.titre,
            self.seuil.article,
            self.numerateur,
            self.denominateur,
            value,
            self.seuil.valeur,
            self._reading(value),
        )

    def _reading(self, value: float | None) -> str:
        if value is None:
            return "sans objet : rien à rapporter"
        kept = value >= self.seuil.valeur if self.minimum else value <= self.seuil.valeur
        return "dans le seuil" if kept else "à surveiller"


def reperes(fonds: Fonds, known: Faits) -> Tableau:
    """Return the thresholds that are valid on the day, with what was counted in the flux."""
    seuils = read_seuils()
    found = [part.row() for part in _parts(fonds, known.of("registre", "flux"), seuils)]
    others = [(titre, article, None, None, None, None, AILLEURS) for titre, article in NON_MESURES]
    return Tableau(REPERES, (*found, *others))


def _parts(fonds: Fonds, flux: Faits, seuils: Sequence[Seuil]) -> list[Part]:
    holders = fonds.registre.reservataires
    states = [name for name, famille in zip(holders.id, holders.famille, strict=True) if famille == "etat"]
    mine = flux.of("reservataire", *states)
    outside = mine.of("qpv", "non")
    parts = []
    if (seuil := at(seuils, "etat", fonds.jour)) is not None:
        title = "Part de l'État dans le flux : libérations orientées vers lui, ou louées à son titre"
        parts.append(Part(title, seuil, mine.total()[0], flux.total()[0], minimum=False))
    if (seuil := at(seuils, "hors_qpv", fonds.jour)) is not None:
        by_state = seuil.denominateur == DENOMINATEURS[0]
        whole = mine if by_state else flux.of("qpv", "non")
        of = "des baux au titre de l'État" if by_state else "des baux du flux hors QPV"
        title = f"Baux au titre de l'État hors QPV, en part {of}"
        parts.append(Part(title, seuil, outside.total()[2], whole.total()[2], minimum=True))
    return parts
