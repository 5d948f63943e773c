"""What an assiette folder says, as plain values; numbers of dwellings are exact fractions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from allocator.assiette.dossier.reglages import Reglages
from allocator.domain import Conventions, Reservataires, Territoires


@dataclass(frozen=True, slots=True)
class Attendu:
    """A part of a commune's stock with its rotation, ``taux`` in percent a year; ``commune`` is a row."""

    commune: int
    segment: str
    parc: int
    taux: Fraction
    version: int


@dataclass(frozen=True, slots=True)
class Passee:
    """Re-lettings of a past year in a commune, of which ``commune`` is the row."""

    annee: int
    commune: int
    relocations: int


@dataclass(frozen=True, slots=True)
class Document:
    """Where figures are read; ``revoyure`` is the day on which they are to be seen again, if any."""

    id: str
    type: str
    titre: str
    jour: date
    reference: str
    revoyure: date | None

    @property
    def cite(self) -> str:
        """How the document is quoted."""
        parts = (self.titre, self.reference, f"{self.jour:%d/%m/%Y}")
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Dwellings announced hors assiette for a year; ``volume`` is ``None`` where the mean stands for it."""

    id: str
    territoire: str
    categorie: str
    operation: str
    mouvement: str
    annee: int
    volume: Fraction | None
    document: str
    page: str
    version: int = 1


@dataclass(frozen=True, slots=True)
class Attribution:
    """Attributions made hors assiette in a past year; the three counts are ``None`` where not known."""

    annee: int
    territoire: str
    categorie: str
    operation: str
    mouvement: str
    attributions: int
    publics_prioritaires: int | None = None
    eligibles_contingents: int | None = None
    eligibles_als: int | None = None


@dataclass(frozen=True, slots=True)
class Realise:
    """Dwellings that a year really took out of the assiette."""

    territoire: str
    categorie: str
    operation: str
    mouvement: str
    logements: int


@dataclass(frozen=True, slots=True)
class Demande:
    """A request to extend the exclusions; ``decision`` is empty, and ``decide_le`` ``None``, while it waits."""

    id: str
    territoire: str
    categorie: str
    motif: str
    volume: Fraction
    demandeur: str
    demande_le: date
    document: str
    decision: str
    decide_par: str
    decide_le: date | None

    def acceptee(self, day: date) -> bool:
        """Tell whether it was accepted by a day."""
        return self.decision == "acceptee" and self.decide_le is not None and self.decide_le <= day


@dataclass(frozen=True, slots=True)
class Version:
    """A dated version of the assiette; it holds from ``effet`` on, once it is arrêtée."""

    numero: int
    effet: date
    motif: str
    auteur: str


@dataclass(frozen=True, slots=True)
class Validation:
    """A decision of a body on a version at a step; ``territoire`` is empty for the whole organisme."""

    version: int
    etape: str
    territoire: str
    organe: str
    decision: str
    jour: date
    par: str
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class DossierAssiette:
    """An assiette folder read whole.

    Rows of tables keep their order; ``versions`` ascend from 1. ``conventions`` and ``reservataires`` are those of
    the contract, ``None`` where the folder has none.
    """

    reglages: Reglages
    territoires: Territoires
    attendus: tuple[Attendu, ...]
    passees: tuple[Passee, ...]
    documents: Mapping[str, Document]
    exclusions: tuple[Exclusion, ...]
    attributions: tuple[Attribution, ...]
    demandes: tuple[Demande, ...]
    versions: tuple[Version, ...]
    validations: tuple[Validation, ...]
    reservataires: Reservataires | None
    conventions: Conventions | None
    sha256: str

    def version(self, numero: int) -> Version:
        """Return the version of a number."""
        return self.versions[numero - 1]
