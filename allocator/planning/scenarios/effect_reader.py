"""The effects of a scenario from their tables in ``scenarios.toml``; every fault is noted with its line."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from allocator.domain.vocabulary import FAMILLES, FINANCEMENTS, NIVEAUX, QPV, TYPOLOGIES
from allocator.formats.directory import Directory
from allocator.formats.keys import Keys
from allocator.planning.projet.reading import Inputs
from allocator.planning.projet.supply import Lots
from allocator.planning.scenarios import effects

Effect = Callable[[Inputs], Inputs]


@dataclass(frozen=True, slots=True, eq=False)
class EffectReader:
    """Reads effects from their tables; ``inputs`` and ``directory`` are what they may refer to."""

    inputs: Inputs
    directory: Directory

    @property
    def kinds(self) -> dict[str, Callable[[Keys], Effect]]:
        """What reads each kind of effect, in the order in which effects of a scenario are applied."""
        return {
            "rotation": self._rotation,
            "relogements": self._relogements,
            "demolition": self._demolition,
            "livraison": self._livraison,
            "part": self._part,
            "retire": self._retire,
            "ajoute": self._ajoute,
        }

    def _year(self, keys: Keys, key: str, default: int | None) -> int:
        """Return a year of the projet, 0 for the first."""
        projet = self.inputs.projet
        last = projet.premiere + projet.annees - 1
        value = keys.number(key, None if default is None else float(projet.premiere + default))
        if np.isnan(value):
            return 0
        if not (value.is_integer() and projet.premiere <= value <= last):
            keys.fault(f"« {value:g} » hors du projet, attendu de {projet.premiere} à {last}", key)
            return 0
        return int(value) - projet.premiere

    def _place(self, keys: Keys, key: str) -> str:
        """Return a territory."""
        text = keys.text(key)
        fault = self.directory.place_fault(text) if text else None
        if fault:
            keys.fault(fault, key)
        return text

    def _holder(self, keys: Keys) -> int:
        """Return the row of a réservataire."""
        known = self.inputs.projet.reservataires.id
        text = keys.choice("reservataire", known) if "reservataire" in keys else keys.text("reservataire")
        return known.index(text) if text in known else -1

    def _whole(self, keys: Keys, key: str, default: float | None = None) -> int:
        """Return a whole number."""
        value = keys.number(key, default)
        if not np.isnan(value) and not value.is_integer():
            keys.fault(f"« {value:g} » n'est pas entier", key)
        return 0 if np.isnan(value) else int(value)

    def _rotation(self, keys: Keys) -> Effect:
        facteur = keys.number("facteur")
        place = self._place(keys, "territoire") if "territoire" in keys else None
        typologies = keys.words("typologie", TYPOLOGIES)
        de = self._year(keys, "de", 0)
        a = self._year(keys, "a", self.inputs.projet.annees - 1)
        return partial(
            effects.rotation, selection=effects.Selection(place, typologies, de, a), facteur=facteur
        )

    def _relogements(self, keys: Keys) -> Effect:
        return partial(
            effects.relogements,
            territoire=self._place(keys, "territoire"),
            annee=self._year(keys, "annee", None),
            nombre=keys.number("nombre"),
        )

    def _demolition(self, keys: Keys) -> Effect:
        projet = self.inputs.projet
        commune = keys.choice("commune", projet.territoires.commune)
        typologie, financement = (
            keys.choice("typologie", TYPOLOGIES),
            keys.choice("financement", FINANCEMENTS),
        )
        qpv, day = keys.choice("qpv", QPV), keys.day("date")
        lots = Lots(
            (keys.text("programme", ""),),
            np.array([_index(projet.territoires.commune, commune)], dtype=np.int32),
            np.array([_index(TYPOLOGIES, typologie)], dtype=np.int8),
            np.array([_index(FINANCEMENTS, financement)], dtype=np.int8),
            np.array([_index(QPV, qpv)], dtype=np.int8),
            np.array([self._whole(keys, "logements")], dtype=np.int64),
            np.array([day or f"{projet.premiere}-01-01"], dtype="datetime64[D]"),
            np.array([keys.number("taux")]),
        )
        for key in ("commune", "typologie", "financement", "qpv"):
            if key not in keys:
                keys.fault("clé obligatoire absente", key)
        return partial(effects.demolition, lots=lots, ailleurs=self._whole(keys, "relogements", 0.0))

    def _livraison(self, keys: Keys) -> Effect:
        known = tuple(dict.fromkeys(self.inputs.livraisons.programme))
        programme = keys.text("programme")
        if programme and programme not in known:
            told = ", ".join(known) or "aucun"
            keys.fault(f"« {programme} » n'est pas un programme de livraisons.csv ({told})", "programme")
        return partial(effects.retard, programme=programme, mois=self._whole(keys, "retard_mois"))

    def _part(self, keys: Keys) -> Effect:
        holder, place = self._holder(keys), self._place(keys, "territoire")
        valeur, de = keys.number("part"), self._year(keys, "de", 0)
        if valeur > 100:
            keys.fault(f"« {valeur:g} » hors limites, attendu un nombre de 0 à 100", "part")
        years = self.inputs.projet.conventions[de:]
        there = [
            (holder, place) in zip(year.reservataire.tolist(), year.territoire, strict=True) for year in years
        ]
        if holder >= 0 and place and not any(there):
            keys.fault("aucune promesse de ce réservataire dans ce territoire", "territoire")
        return partial(effects.part, reservataire=holder, territoire=place, valeur=valeur, de=de)

    def _retire(self, keys: Keys) -> Effect:
        return partial(effects.retire, reservataire=self._holder(keys), de=self._year(keys, "de", 0))

    def _ajoute(self, keys: Keys) -> Effect:
        name = keys.text("id")
        if name in self.inputs.projet.reservataires.id:
            keys.fault(f"« {name} » est déjà un réservataire", "id")
        famille = keys.choice("famille", FAMILLES) if "famille" in keys else keys.text("famille")
        usual = "commune" if famille == "etat" else "territoire"
        new = effects.Nouveau(
            name,
            keys.text("nom"),
            famille,
            self._place(keys, "territoire"),
            keys.choice("niveau", NIVEAUX, usual),
            keys.number("part"),
        )
        return partial(effects.ajoute, nouveau=new, de=self._year(keys, "de", 0))


def _index(words: tuple[str, ...], word: str) -> int:
    return words.index(word) if word in words else 0
