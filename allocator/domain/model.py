"""A model: what "well allocated" means, as the partners agreed it (file contract, section 4).

The code and the literature call a *priorité* a tier and an *objectif* a goal.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """One term of a tier: a weighted deviation over the cells of one kind.

    ``manque`` and ``exces`` weigh a unit below and above the target; ``norme`` is ``somme`` or ``max``;
    ``unite`` is ``logements`` or ``relatif`` (divided by ``max(target, 1)``); ``poids`` multiplies the goal
    within its tier; ``familles`` restricts it to the cells of those families, ``None`` for all.
    """

    sur: str
    manque: float
    exces: float
    norme: str = "somme"
    unite: str = "logements"
    poids: float = 1.0
    familles: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """A priority: its value is the sum of its goals; tiers are minimized lexicographically."""

    name: str
    goals: tuple[Goal, ...]


@dataclass(frozen=True, slots=True)
class PointsDeTension:
    """Points of a proposition and an attribution where the territory is tense enough.

    Applies to the communes of ``zone``, or whose tension is above ``au_dessus``; exactly one is given.
    """

    zone: str | None
    au_dessus: float | None
    proposition: float
    attribution: float


@dataclass(frozen=True, slots=True)
class Comptage:
    """How the ledger counts (Th. 2-2); ``solve`` and ``check`` plan and verify in dwellings, one each."""

    mode: str = "propositions"
    proposition: float = 1.0
    attribution: float = 1.0
    cumul: bool = False
    tension: tuple[PointsDeTension, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """Priorities in order, with the definition of a small réservataire.

    ``seuil`` is the due, in dwellings over the period, below which a réservataire is small (``None``: none is
    by that rule). ``ecart_max`` is how far a daily rule may let a réservataire be ahead of its pro-rata or behind,
    at any moment and in dwellings (``None``: as far as it likes): the tables are followed "en temps direct"
    (Th. 2-1), and nobody waits until December. It says nothing of a whole period: ``solve`` and ``check`` do not
    look at it. ``report`` says what becomes of a gap from one year to the next (``vocabulary.REPORTS``); only a
    trajectory looks at it. ``sha256`` is the digest of the file read, empty for a model built in memory.
    """

    nom: str
    titre: str
    description: str
    tiers: tuple[Tier, ...]
    seuil: float | None = None
    comptage: Comptage | None = None
    ecart_max: float | None = None
    report: str = "cumul"
    sha256: str = ""
