"""A cap on what may be excluded (Th. 1-1, left to arbitrate): its denominator and its effect are settings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from allocator.assiette.calcul.retenues import Retenue
from allocator.assiette.dossier.reglages import DENOMINATEURS, Plafond
from allocator.domain.french import short


@dataclass(frozen=True, slots=True)
class Depassement:
    """A cap that is passed: ``limite`` dwellings, ``exclus`` before any cut, and the denominator in words."""

    plafond: Plafond
    base: Fraction
    limite: Fraction
    exclus: Fraction

    def __str__(self) -> str:
        of = "relocations attendues" if self.plafond.denominateur == DENOMINATEURS[1] else "logements du parc"
        return (
            f"{short(float(self.exclus))} logements exclus pour un plafond de {short(float(self.limite))} "
            f"({short(float(self.plafond.part))} % de {short(float(self.base))} {of})"
        )


def passed(
    plafond: Plafond | None, lines: Sequence[Retenue], parc: int, attendues: Fraction
) -> Depassement | None:
    """Return by how much a cap is passed, ``None`` where there is none or it is kept."""
    if plafond is None:
        return None
    base = attendues if plafond.denominateur == DENOMINATEURS[1] else Fraction(plafond.logements or parc)
    limite = plafond.part * base / 100
    exclus = sum((line.retenu for line in lines), Fraction(0))
    return Depassement(plafond, base, limite, exclus) if exclus > limite else None


def cut(lines: Sequence[Retenue], depassement: Depassement) -> tuple[Retenue, ...]:
    """Return the lines cut in proportion so that the cap is kept, the protected categories left as they are.

    Where those alone pass it, the others are cut to nothing.
    """
    kept = depassement.plafond.proteges
    firm = sum((line.retenu for line in lines if line.categorie in kept), Fraction(0))
    loose = depassement.exclus - firm
    share = max(Fraction(0), (depassement.limite - firm) / loose) if loose else Fraction(0)
    return tuple(
        line if line.categorie in kept else replace(line, retenu=line.retenu * share) for line in lines
    )
