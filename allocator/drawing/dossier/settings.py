"""What a user may set on the draw of a dossier."""

from dataclasses import dataclass

from allocator.drawing.settings import DEPARTEMENTS, DrawSettings, SettingsError


@dataclass(frozen=True, slots=True)
class DossierSettings:
    """Settings of a drawn dossier; the same settings give the same files, to the byte.

    Parameters
    ----------
    seed
        Seed of every random stream. Streams are apart: changing ``lacunes`` leaves the dwellings alone.
    stock
        Dwellings, exactly.
    departements, communes
        Where the bailleur works, as in :class:`~allocator.drawing.settings.DrawSettings`.
    annee
        The year to come; the day of the état des lieux is the eve of its first.
    annees
        Whole years of re-lettings before it.
    lacunes
        Share of the rights whose end, or whose origin, nobody wrote down.
    hors_assiette, en_stock
        Shares of the year's libérations with those statuts.

    Raises
    ------
    SettingsError
        Where a setting is out of range; all of them are named.
    """

    seed: int = 0
    stock: int = 15_000
    departements: tuple[str, ...] = DEPARTEMENTS
    communes: int | None = None
    annee: int = 2026
    annees: int = 3
    lacunes: float = 0.0
    hors_assiette: float = 0.14
    en_stock: float = 0.02
    nom: str = ""
    bailleur: str = ""

    def __post_init__(self) -> None:
        rules = {
            "il faut de 1 à 200 000 logements": 1 <= self.stock <= 200_000,
            "il faut de 1 à 10 années de relocations": 1 <= self.annees <= 10,
            "la part des lacunes va de 0 à 1": 0.0 <= self.lacunes <= 1.0,
        }
        broken = [message for message, holds in rules.items() if not holds]
        try:
            self.portfolio()
        except SettingsError as others:
            broken.append(str(others))
        if broken:
            raise SettingsError(" ; ".join(broken))

    def portfolio(self) -> DrawSettings:
        """Return what the draw of a year asks about the same stock."""
        return DrawSettings(
            seed=self.seed,
            stock=self.stock,
            departements=self.departements,
            communes=self.communes,
            annee=self.annee,
            hors_assiette=self.hors_assiette,
            en_stock=self.en_stock,
            neuf=0.0,
        )
