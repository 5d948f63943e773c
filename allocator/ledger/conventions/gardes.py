"""What the law says of the conventions in force on a day: breaches, as errors or warnings (R.441-5 to R.441-5-4)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain.french import short
from allocator.ledger.conventions.exercice import Exercice
from allocator.ledger.conventions.promesses import Promesses, promesses
from allocator.ledger.conventions.seuils import DENOMINATEURS, ERREUR, GRAVITES, Seuil, at
from allocator.ledger.conventions.version import Version

Floats = NDArray[np.float64]
SLACK: Final = 1e-9
AVERTISSEMENT: Final = GRAVITES[1]
COLLECTIVITES: Final = ("commune", "epci", "departement", "region")
"""Familles that hold rights for a loan guarantee."""


@dataclass(frozen=True, slots=True)
class Alerte:
    """A breach of ``seuil`` in a territory; ``gravite`` is ``erreur`` or ``avertissement``, the message French."""

    gravite: str
    seuil: str
    territoire: str
    message: str


def gardes(  # noqa: PLR0913, PLR0917 (what the law looks at, and when)
    exercice: Exercice,
    versions: Sequence[Version],
    day: date,
    assiette: Floats,
    hors_qpv: Floats,
    seuils: Sequence[Seuil],
) -> tuple[Alerte, ...]:
    """Return what breaks the law on a day, errors first.

    What only a volume breaks is a warning, whatever the threshold says: a volume is a share of what is forecast.

    Parameters
    ----------
    exercice, versions
        The year's promises, and the versions that they come from.
    assiette, hors_qpv
        Dwellings expected over the year by commune, and those of them outside QPV. In a département where none is
        expected every commune weighs the same, and volumes are no share of anything: that is said instead.
    seuils
        The thresholds; of a name that has none on the day nothing is said.
    """
    known = promesses(exercice, versions, day, assiette, hors_qpv)
    rules = {
        "etat": _etat,
        "agents": _agents,
        "uniforme": _uniforme,
        "hors_qpv": _hors_qpv,
        "garantie": _garantie,
        "total": _total,
    }
    sure = replace(known, due=known.parts)
    found = [*_unsigned(known), *_blind(known)]
    for nom, rule in rules.items():
        seuil = at(seuils, nom, day)
        if seuil is not None:
            broken = {alerte.territoire for alerte in rule(sure, seuil)}
            found += [
                alerte if alerte.territoire in broken else replace(alerte, gravite=AVERTISSEMENT)
                for alerte in rule(known, seuil)
            ]
    return tuple(sorted(found, key=lambda alerte: alerte.gravite != ERREUR))


def _etat(known: Promesses, seuil: Seuil) -> Iterator[Alerte]:
    for code, inside, owed in known.of_state():
        share = 100 * owed.sum() / known.assiette[inside].sum()
        if share > seuil.valeur + SLACK and not _lifted(known, code):
            message = (
                f"l'État a {short(share)} % du flux du département {code}, {short(seuil.valeur)} % au plus"
            )
            yield _alerte(seuil, f"departement:{code}", message)
    for version in known.versions:
        exception = version.derogation
        if exception is not None and exception.too_long:
            message = f"la dérogation du {exception.debut:%d/%m/%Y} au {exception.fin:%d/%m/%Y} dépasse un an"
            yield _alerte(seuil, version.territoire, message)


def _lifted(known: Promesses, departement: str) -> bool:
    return any(
        version.derogation is not None
        and version.territoire == f"departement:{departement}"
        and version.derogation.debut <= known.day <= version.derogation.fin
        for version in known.versions
    )


def _agents(known: Promesses, seuil: Seuil) -> Iterator[Alerte]:
    for code, inside, owed in known.of_state():
        agents = sum(v.agents for v in known.versions if v.territoire == f"departement:{code}")
        if agents > seuil.valeur + SLACK:
            message = f"les agents de l'État ont {short(agents)} points dans le {code}, {short(seuil.valeur)} au plus"
            yield _alerte(seuil, f"departement:{code}", message)
        share = 100 * owed.sum() / known.assiette[inside].sum()
        if agents > share + SLACK:
            points = short(agents)
            message = (
                f"les {points} points des agents dépassent la part de l'État, {short(share)} % dans le {code}"
            )
            yield _alerte(seuil, f"departement:{code}", message)


def _uniforme(known: Promesses, seuil: Seuil) -> Iterator[Alerte]:
    noms = known.instance.territoires.nom
    for code, inside, owed in known.of_state():
        here = inside[known.assiette[inside] > 0]
        share = 100 * owed[known.assiette[inside] > 0] / known.assiette[here]
        least, most = int(share.argmin()), int(share.argmax())
        if share[most] - share[least] > seuil.valeur + SLACK:
            message = (
                f"l'État a {short(share[most])} % du flux de {noms[here[most]]} et {short(share[least])} % de celui de "
                f"{noms[here[least]]} : sans clause contraire, sa part est la même dans chaque commune du {code}"
            )
            yield _alerte(seuil, f"departement:{code}", message)


def _hors_qpv(known: Promesses, seuil: Seuil) -> Iterator[Alerte]:
    for code, inside, owed in known.of_state():
        outside, whole = known.hors_qpv[inside], owed.sum()
        if outside.sum() <= 0 or whole <= 0:
            continue
        wished = _wished_outside(known)
        held = (
            float(owed @ (outside / known.assiette[inside].clip(min=SLACK)))
            if wished is None
            else whole * wished
        )
        of_prefet = seuil.denominateur == DENOMINATEURS[0]
        share = 100 * held / (whole if of_prefet else outside.sum())
        if share < seuil.valeur - SLACK:
            what = (
                f"{short(share)} % des logements du préfet sont hors QPV"
                if of_prefet
                else f"le préfet a {short(share)} % du flux hors QPV"
            )
            message = f"{what} dans le {code}, {short(seuil.valeur)} % au moins"
            yield _alerte(seuil, f"departement:{code}", message)


def _wished_outside(known: Promesses) -> float | None:
    """Return the share of its dwellings that the État wishes outside QPV, or ``None`` where it says nothing."""
    wishes, holders = known.instance.indicatifs, known.instance.reservataires
    rows = zip(wishes.reservataire, wishes.dimension, wishes.modalite, wishes.part, strict=True)
    told = [
        float(part) / 100
        for holder, dimension, modalite, part in rows
        if holders.famille[holder] == "etat" and (dimension, modalite) == ("qpv", "non")
    ]
    return told[0] if told else None


def _garantie(known: Promesses, seuil: Seuil) -> Iterator[Alerte]:
    points = np.zeros(len(known.assiette))
    for version in known.versions:
        if known.famille(version) in COLLECTIVITES:
            points[known.inside(version.territoire)] += version.garantie
    yield from _over(known, seuil, points, "les garanties d'emprunt donnent {} % du flux de {}, {} % au plus")


def _total(known: Promesses, seuil: Seuil) -> Iterator[Alerte]:
    owed = known.due.sum(axis=0)
    share = np.divide(100 * owed, known.assiette, out=np.zeros(len(owed)), where=known.assiette > 0)
    yield from _over(known, seuil, share, "les conventions promettent {} % du flux de {}, {} % au plus")


def _over(known: Promesses, seuil: Seuil, share: Floats, message: str) -> Iterator[Alerte]:
    codes, noms = known.instance.territoires.commune, known.instance.territoires.nom
    for row in np.flatnonzero(share > seuil.valeur + SLACK).tolist():
        yield _alerte(
            seuil, f"commune:{codes[row]}", message.format(short(share[row]), noms[row], short(seuil.valeur))
        )


def _unsigned(known: Promesses) -> Iterator[Alerte]:
    for version in known.versions:
        if version.forfeited(known.day) and known.famille(version) != "etat":
            message = f"la convention de {version.reservataire} n'est pas signée : son flux va au préfet"
            yield Alerte(AVERTISSEMENT, "signature", version.territoire, message)
    ruled = {
        v.territoire for v in known.versions if known.famille(v) == "etat" and not v.forfeited(known.day)
    }
    for code in dict.fromkeys(known.instance.territoires.departement):
        if f"departement:{code}" not in ruled:
            message = (
                f"l'État n'a pas de convention dans le {code} : le préfet règle par arrêté (R.441-5-2, IV)"
            )
            yield Alerte(AVERTISSEMENT, "signature", f"departement:{code}", message)


def _blind(known: Promesses) -> Iterator[Alerte]:
    for territoire, volume in known.sans_prevision.items():
        told = "logements par an sont promis là où aucun n'est prévu : quelle part c'est, rien ne le dit"
        yield Alerte(AVERTISSEMENT, "prevision", territoire, f"{short(volume)} {told}")


def _alerte(seuil: Seuil, territoire: str, message: str) -> Alerte:
    return Alerte(seuil.gravite, seuil.nom, territoire, f"{message} ({seuil.article})")
