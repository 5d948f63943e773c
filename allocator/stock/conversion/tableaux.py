"""A studied conversion as tables: per réservataire, per territory, side by side, and what follows from it."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from allocator.formats.conversion_schema import (
    CONVERSION,
    CONVERSION_TERRITOIRES,
    COURS_DROITS,
    DROITS_ECARTES,
    ECHEANCES,
    MOUVEMENTS,
    SENSIBILITE,
)
from allocator.formats.petits_schema import DUS
from allocator.formats.schema import CONVENTIONS
from allocator.formats.tableau import Tableau, Value
from allocator.stock.conversion.conversion import (
    DUREE,
    TAUX,
    course,
    exhaustion,
    moved,
    years_to_exhaust,
)
from allocator.stock.conversion.durees import QUANTUM
from allocator.stock.conversion.etude import Etude
from allocator.stock.conversion.flux import by_holder
from allocator.stock.conversion.lots import ETAT

Row = tuple[Value, ...]


def tableaux(etude: Etude) -> tuple[Tableau, ...]:
    """Return every table of a study; ``conventions.csv`` and what it opens are those of the first choice."""
    return (
        Tableau(CONVERSION, tuple(conversion_rows(etude))),
        Tableau(CONVERSION_TERRITOIRES, tuple(_territoires(etude))),
        Tableau(SENSIBILITE, tuple(_sensibilite(etude))),
        Tableau(COURS_DROITS, tuple(_cours(etude))),
        Tableau(ECHEANCES, tuple(_echeances(etude))),
        Tableau(DROITS_ECARTES, tuple(_ecartes(etude))),
        Tableau(CONVENTIONS, tuple(_conventions(etude))),
        Tableau(DUS, tuple(_dus(etude))),
        Tableau(MOUVEMENTS, tuple(_ouverture(etude))),
    )


def holders_of(etude: Etude) -> tuple[int, ...]:
    """Return the réservataires that have a line, in their order."""
    return tuple(dict.fromkeys(ligne.reservataire for ligne in etude.lots.lignes))


def conversion_rows(etude: Etude) -> Iterator[Row]:
    """Yield a row a choice and réservataire, in the columns of ``conversion.csv``."""
    lots, ids = etude.lots, etude.dossier.reservataires.id
    size = len(ids)
    annuel = by_holder(lots, etude.flux.exact, size)
    entier = by_holder(lots, tuple(map(Fraction, etude.flux.entier)), size)
    reserves = by_holder(lots, tuple(map(Fraction, lots.reserves.tolist())), size)
    first = by_holder(lots, tuple(map(Fraction, etude.conversions[0].droits)), size)
    holder_of_right = np.array([ligne.reservataire for ligne in lots.lignes], np.int64)[lots.ligne]
    for conversion in etude.conversions:
        exact = by_holder(lots, conversion.exact, size)
        droits = by_holder(lots, tuple(map(Fraction, conversion.droits)), size)
        for holder in holders_of(etude):
            own = holder_of_right == holder
            suites = int(lots.nombre[own].sum())
            left = int((lots.nombre * lots.left)[own].sum())
            simples = sum(
                int(count)
                for ligne, count in zip(lots.lignes, lots.simples, strict=True)
                if ligne.reservataire == holder
            )
            yield (
                conversion.choix.nom,
                ids[holder],
                suites,
                simples,
                left / QUANTUM / suites if suites else None,
                float(100 * (exact[holder] - simples) * QUANTUM / left) if left else None,
                float(exact[holder]),
                int(droits[holder]),
                int(droits[holder] - first[holder]),
                float(100 * reserves[holder] / lots.parc) if lots.parc else None,
                float(annuel[holder]),
                int(entier[holder]),
                _years(droits[holder], annuel[holder]),
                exhaustion(droits[holder], annuel[holder], etude.premiere),
            )


def _territoires(etude: Etude) -> Iterator[Row]:
    lots, flux, ids = etude.lots, etude.flux, etude.dossier.reservataires.id
    for conversion in etude.conversions:
        for row, ligne in enumerate(lots.lignes):
            yield (
                conversion.choix.nom,
                ids[ligne.reservataire],
                ligne.territoire,
                int(lots.reserves[row]),
                int(lots.stock[row]),
                float(100 * flux.part[row]),
                float(conversion.exact[row]),
                conversion.droits[row],
                float(flux.exact[row]),
                flux.entier[row],
            )


def _sensibilite(etude: Etude) -> Iterator[Row]:
    lots, ids = etude.lots, etude.dossier.reservataires.id
    steps = [(TAUX, pas) for pas in etude.reglages.pas_taux] + [
        (DUREE, pas) for pas in etude.reglages.pas_duree
    ]
    annuel = by_holder(lots, etude.flux.exact, len(ids))
    for conversion in etude.conversions:
        before = by_holder(lots, conversion.exact, len(ids))
        after = {step: by_holder(lots, moved(lots, conversion.choix, *step), len(ids)) for step in steps}
        for holder in holders_of(etude):
            for (variante, pas), exact in after.items():
                gap = exact[holder] - before[holder]
                yield (
                    conversion.choix.nom,
                    ids[holder],
                    variante,
                    pas,
                    float(exact[holder]),
                    float(gap),
                    float(100 * gap / before[holder]) if before[holder] else None,
                    exhaustion(exact[holder], annuel[holder], etude.premiere),
                )


def _cours(etude: Etude) -> Iterator[Row]:
    lots, ids = etude.lots, etude.dossier.reservataires.id
    annuel = by_holder(lots, etude.flux.exact, len(ids))
    for conversion in etude.conversions:
        droits = by_holder(lots, tuple(map(Fraction, conversion.droits)), len(ids))
        for holder in holders_of(etude):
            rows = course(int(droits[holder]), annuel[holder], etude.reglages.annees)
            for year, (before, used, left) in enumerate(rows):
                if before:
                    yield (conversion.choix.nom, ids[holder], etude.premiere + year, before, used, left)


def _echeances(etude: Etude) -> Iterator[Row]:
    lots, droits, ids = etude.lots, etude.dossier.droits, etude.dossier.reservataires.id
    known = ~np.isnat(droits.fin[lots.suites])
    rows = lots.suites[known]
    years = droits.fin[rows].astype("datetime64[Y]").astype(int) + 1970
    for holder in holders_of(etude):
        own = droits.reservataire[rows] == holder
        left = int(droits.nombre[rows[own]].sum())
        for year in np.unique(years[own]).tolist():
            ending = int(droits.nombre[rows[own & (years == year)]].sum())
            left -= ending
            yield (ids[holder], year, ending, left)


def _ecartes(etude: Etude) -> Iterator[Row]:
    droits, ids = etude.dossier.droits, etude.dossier.reservataires.id
    for row, why in etude.lots.ecartes:
        fin = "" if np.isnat(droits.fin[row]) else str(droits.fin[row])
        yield (droits.droit[row], ids[droits.reservataire[row]], int(droits.nombre[row]), fin, why)


def _conventions(etude: Etude) -> Iterator[Row]:
    """Yield the promises proposed: a contractual share has no balance of rights behind it."""
    lots, flux, holders = etude.lots, etude.flux, etude.dossier.reservataires
    for row, ligne in enumerate(lots.lignes):
        niveau = "commune" if holders.famille[ligne.reservataire] == ETAT else "territoire"
        solde = None if flux.contractuel[row] else etude.conversions[0].droits[row]
        part = float(100 * flux.part[row])
        yield (holders.id[ligne.reservataire], ligne.territoire, niveau, part, None, None, solde)


def _dus(etude: Etude) -> Iterator[Row]:
    lots, flux, holders = etude.lots, etude.flux, etude.dossier.reservataires
    petit = {True: "oui", False: "non", None: ""}
    for row, ligne in enumerate(lots.lignes):
        droits = None if flux.contractuel[row] else etude.conversions[0].droits[row]
        yield (
            holders.id[ligne.reservataire],
            ligne.territoire,
            petit[holders.petit[ligne.reservataire]],
            float(flux.exact[row]),
            None,
            droits,
            None,
        )


def _ouverture(etude: Etude) -> Iterator[Row]:
    conversion = etude.conversions[0]
    source = f"conversion au {etude.lots.jour}, taux {conversion.choix.nom}"
    for row, ligne in enumerate(etude.lots.lignes):
        if not etude.flux.contractuel[row]:
            holder = etude.dossier.reservataires.id[ligne.reservataire]
            number = conversion.droits[row]
            yield (etude.premiere, holder, ligne.territoire, "ouverture", number, None, "conversion", source)


def _years(droits: Fraction, annuel: Fraction) -> float | None:
    years = years_to_exhaust(droits, annuel)
    return None if years is None else float(years)


def as_json(etude: Etude) -> dict[str, Any]:
    """Return what the study stands on, for JSON."""
    lots, flux = etude.lots, etude.flux
    return {
        "bailleur": etude.dossier.bailleur,
        "dossier": etude.dossier.nom,
        "dossier_sha256": etude.dossier.sha256,
        "date": str(lots.jour),
        "premiere": etude.premiere,
        "choix": [conversion.choix.nom for conversion in etude.conversions],
        "denominateur": etude.reglages.denominateur,
        "parc": lots.parc,
        "assiette": round(float(flux.assiette), 6),
        "agents_max": flux.agents,
        "promis": sum(flux.entier),
        "bailleur_ou_non_reserve": flux.bailleur,
        "droits_ecartes": len(lots.ecartes),
    }
