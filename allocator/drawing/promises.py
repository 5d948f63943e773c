"""What was promised to whom: the conventions of a bailleur."""

from dataclasses import replace
from typing import Final

import numpy as np

from allocator.drawing.figures import usages
from allocator.drawing.petits import draw_petits
from allocator.drawing.rights import Holder, Promise, promised
from allocator.drawing.settings import DrawSettings
from allocator.drawing.supply import Supply

PARIS: Final = "75"
"""Commune and département at once: its city holds the rights of both, over its whole territory."""

DROITS: Final = 0.85
"""Chance that a commune holds rights where something is released; half of it elsewhere."""

REPORT: Final = 0.5
"""Spread of the carry-over, in square roots of the due."""

VOLUME: Final = 0.06
"""Share of the collectivités promised a number of dwellings rather than a percent."""

SOLDE: Final = 0.06
"""Share of the collectivités whose rights run out this year or the next."""


def draw_promises(settings: DrawSettings, supply: Supply, rng: np.random.Generator) -> list[Promise]:
    """Return the conventions: État, bailleur, Action Logement, collectivités, then small réservataires."""
    firm = _state(supply) + _bailleur(settings, supply)
    petits = draw_petits(settings, supply, rng)
    shares = _wide(supply, rng) + _local(supply, rng)
    shares = _tightened(settings, supply, firm + petits, shares)
    return [_carried(promise, supply, rng) for promise in firm + shares] + petits


def _usual(famille: str, rng: np.random.Generator) -> float:
    low, high = usages()["parts"][famille]
    return float(rng.uniform(low, high))


def _everywhere(holder: Holder, supply: Supply, part: float) -> list[Promise]:
    return [Promise(holder, f"departement:{code}", part) for code in supply.departements]


def _state(supply: Supply) -> list[Promise]:
    parts = usages()["parts"]
    prefets = Holder("etat", "État (préfets)", "etat", petit=False)
    agents = Holder("etat_agents", "État (agents civils et militaires)", "etat", petit=False)
    return _everywhere(prefets, supply, parts["etat"]) + _everywhere(agents, supply, parts["etat_agents"])


def _bailleur(settings: DrawSettings, supply: Supply) -> list[Promise]:
    own = Holder("bailleur", "Contingent propre du bailleur", "bailleur", petit=False)
    return _everywhere(own, supply, settings.bailleur) if settings.bailleur else []


def _wide(supply: Supply, rng: np.random.Generator) -> list[Promise]:
    """Return the shares held over a département or an EPCI."""
    als = Holder("als", "Action Logement Services", "action_logement", petit=False)
    region = Holder("region", "Région Île-de-France", "region", petit=False)
    promises = [
        Promise(als, f"departement:{code}", _usual("action_logement", rng)) for code in supply.departements
    ]
    promises += _everywhere(region, supply, _usual("region", rng))
    for code in supply.departements:
        nom = usages()["departements"][code]
        council = Holder(f"dep{code}", f"Département ({nom})", "departement", petit=False)
        city = Holder("com75056", "Ville de Paris", "commune", petit=False)
        hospital = Holder(f"hop{code}", f"Groupe hospitalier ({nom})", "autre")
        holder, famille = (city, "paris") if code == PARIS else (council, "departement")
        promises.append(Promise(holder, f"departement:{code}", _usual(famille, rng)))
        promises.append(Promise(hospital, f"departement:{code}", _usual("autre", rng)))
    return promises


def _local(supply: Supply, rng: np.random.Generator) -> list[Promise]:
    """Return the shares of the EPCI and EPT, each on its own territory (R.441-5-3), then of the communes."""
    outside = supply.departement != PARIS
    promises = [
        Promise(Holder(f"epci{siren}", supply.nom_epci[siren], "epci"), f"epci:{siren}", _usual("epci", rng))
        for siren in np.unique(supply.epci[outside])
    ]
    chance = rng.random(len(supply.commune)) / np.where(supply.assiette > 0, DROITS, DROITS / 2)
    return promises + [
        Promise(
            Holder(f"com{supply.commune[row]}", supply.nom[row], "commune"),
            f"commune:{supply.commune[row]}",
            _usual("commune", rng),
        )
        for row in np.flatnonzero(outside & (chance < 1.0))
    ]


def _tightened(
    settings: DrawSettings, supply: Supply, firm: list[Promise], shares: list[Promise]
) -> list[Promise]:
    """Scale the free shares so that the flux is promised to the tension asked for, on average."""
    before, free, assiette = promised(supply, firm), promised(supply, shares), supply.assiette
    wanted = 100.0 * settings.tension * assiette.sum() - before @ assiette
    factor = max(0.1, float(wanted) / max(1e-9, float(free @ assiette)))
    scaled = [
        replace(promise, part=min(100.0, round((promise.part or 0.0) * factor, 1))) for promise in shares
    ]
    if settings.tension > 1.0:
        return scaled
    # Where all could be kept, no commune is promised more than it has: its own share gives way, or else the
    # largest one.
    for famille in ("commune", "action_logement"):
        excess = np.maximum(0.0, before + promised(supply, scaled) - 100.0)
        scaled = [
            _cut(promise, float(excess[supply.members(promise.territoire)].max()))
            if promise.holder.famille == famille
            else promise
            for promise in scaled
        ]
    return [promise for promise in scaled if promise.part]


def _cut(promise: Promise, excess: float) -> Promise:
    tenths = np.floor(10.0 * ((promise.part or 0.0) - excess) + 1e-9)
    return replace(promise, part=max(0.0, float(tenths) / 10.0)) if excess > 1e-9 else promise


def _carried(promise: Promise, supply: Supply, rng: np.random.Generator) -> Promise:
    """Give half of the promises a carry-over, and a few collectivités a volume or an end to their rights."""
    due = promise.due(supply.released(promise.territoire))
    owed_before, kind = rng.random(2)
    noise = float(rng.standard_normal())
    if owed_before < 0.5:
        promise = replace(promise, report=round(REPORT * due**0.5 * noise, 2) + 0.0)
    if promise.holder.famille not in ("commune", "epci") or due < 2.0:
        return promise
    if kind < VOLUME:
        return replace(promise, part=None, volume=float(round(due)))
    if kind < VOLUME + SOLDE:
        return replace(promise, solde=max(1, round(due * rng.uniform(0.6, 1.4))))
    return promise
