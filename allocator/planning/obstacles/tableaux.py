"""Obstacles and mends as tables and sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from allocator.domain import Model
from allocator.domain.french import short
from allocator.formats.tableau import Tableau, Value
from allocator.formats.trajectory_schema import OBSTACLES, REMEDES
from allocator.planning.obstacles.cause import CONFLIT, Cause
from allocator.planning.obstacles.manques import Manque, Promesse
from allocator.planning.obstacles.remede import DROITS, OFFRE, PART, SOUHAIT, VOLUME, Remede
from allocator.planning.projet import Counts, Projet
from allocator.planning.trajectoire.tableaux import class_words

SHOWN = 3
"""Kinds of scarce dwellings that are named."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A promise that is not kept, why (``None``: not looked for) and what would mend it."""

    manque: Manque
    cause: Cause | None = None
    remedes: tuple[Remede, ...] = ()


def obstacles_table(projet: Projet, supply: Counts, model: Model, found: Sequence[Obstacle]) -> Tableau:
    """Return the promises that are not kept, one row each."""
    return Tableau(
        OBSTACLES,
        tuple(
            (
                *_words(projet, one.manque.promesse),
                one.manque.cible,
                one.manque.valeur,
                one.manque.manquants,
                model.tiers[one.manque.priorite].name,
                one.cause.genre if one.cause else "",
                scarcity(projet, supply, one.cause) if one.cause else "",
                _loss(model, one.cause) if one.cause else "",
            )
            for one in found
        ),
    )


def remedes_table(projet: Projet, supply: Counts, found: Sequence[Obstacle]) -> Tableau:
    """Return the mends, one row each."""
    rows: list[tuple[Value, ...]] = []
    for one in found:
        for mend in one.remedes:
            classe = class_words(projet, supply, mend.classe) if mend.genre == OFFRE else ("",) * 4
            rows.append(
                (
                    *_words(projet, one.manque.promesse),
                    mend.genre,
                    mend.nombre / 10 if mend.genre in (PART, SOUHAIT) else float(mend.nombre),
                    *classe,
                    projet.premiere + mend.annee if mend.genre == OFFRE else None,
                    mend.avant,
                    mend.apres,
                    sentence(projet, supply, mend),
                )
            )
    return Tableau(REMEDES, tuple(rows))


def scarcity(projet: Projet, supply: Counts, why: Cause) -> str:
    """Return the scarcest kinds of dwellings in words."""
    return " ; ".join(
        f"{_kind(projet, supply, rare.classe)}, {projet.premiere + rare.annee}" for rare in why.rares[:SHOWN]
    )


def sentence(projet: Projet, supply: Counts, mend: Remede) -> str:
    """Return a mend in a sentence: class, territory and count."""
    if mend.genre == OFFRE:
        what = _kind(projet, supply, mend.classe)
        return f"{mend.nombre} logement(s) de plus en {projet.premiere + mend.annee} : {what}"
    name = projet.reservataires.nom[mend.reservataire]
    if mend.genre == DROITS:
        return f"{mend.nombre} droit(s) de plus pour {name}"
    before, after = (short(value, 6) for value in (mend.avant, mend.apres))
    if mend.genre == SOUHAIT:
        return f"{name}, souhait sur {mend.dimension} {mend.modalite} : {after} % au lieu de {before} %"
    unit = "" if mend.genre == VOLUME else " %"
    noun = "volume" if mend.genre == VOLUME else "part"
    return f"{name}, {noun} {_place(projet, mend.territoire)} : {after}{unit} au lieu de {before}{unit}"


def _kind(projet: Projet, supply: Counts, classe: int) -> str:
    commune, typologie, financement, qpv = class_words(projet, supply, classe)
    name = projet.territoires.nom[supply.commune[classe]]
    return f"{typologie} {financement} {'en QPV' if qpv == 'oui' else 'hors QPV'} à {name} ({commune})"


def _place(projet: Projet, territoire: str) -> str:
    kind, _, code = territoire.partition(":")
    if kind == "commune":
        name = projet.territoires.nom[projet.territoires.commune.index(code)]
        return f"à {name} ({code})"
    return f"dans le département {code}" if kind == "departement" else f"dans l'EPCI {code}"


def _loss(model: Model, why: Cause) -> str:
    if why.genre != CONFLIT:
        return ""
    return f"{model.tiers[len(why.pertes) - 1].name} : +{short(why.pertes[-1], 4)}"


def _words(projet: Projet, promesse: Promesse) -> tuple[Value, ...]:
    return (
        projet.premiere + promesse.annee,
        projet.reservataires.id[promesse.reservataire],
        promesse.sur,
        promesse.territoire,
        promesse.modalite,
    )
