"""A model read whole: every fault with its line, or its values (file contract, section 4)."""

import hashlib
from pathlib import Path

from allocator.domain import Goal, Model, Tier
from allocator.domain.vocabulary import FAMILLES, NORMES, PETIT, REPORTS, SUR, UNITES
from allocator.formats.cells import quote
from allocator.formats.comptage_reader import read_comptage
from allocator.formats.faults import FaultLog
from allocator.formats.keys import Keys
from allocator.formats.source import read_bytes
from allocator.formats.toml_document import LIMIT, load_toml

FORMAT = 1
"""The version of the contract that models are written in."""


def read_model(path: Path) -> Model:
    """Return the model in a TOML file; ``sha256`` is the digest of its bytes.

    Raises
    ------
    BadInput
        With every fault: what is out of range, misspelt, unknown, empty or given twice.

    Notes
    -----
    Source: the file contract, section 4.
    """
    log = FaultLog()
    data = read_bytes(path, LIMIT, log)
    document = None if data is None else load_toml(data, path.name, log)
    if data is None or document is None:
        raise log.bad_input()
    model = model_of_keys(Keys(document, (), document.values, log), hashlib.sha256(data).hexdigest())
    log.raise_if_any()
    return model


def model_of_keys(keys: Keys, sha256: str) -> Model:
    """Return the model in a TOML document, of which ``sha256`` is the digest; faults go to the log of ``keys``."""
    keys.constant("format", FORMAT)
    model = Model(
        nom=keys.text("nom"),
        titre=keys.text("titre", ""),
        description=keys.text("description", ""),
        seuil=_seuil(keys.table("petits")),
        tiers=_tiers(keys),
        comptage=read_comptage(keys.table("comptage")),
        ecart_max=_ecart_max(keys.table("quotidien")),
        report=_report(keys.table("trajectoire")),
        sha256=sha256,
    )
    keys.refuse_others()
    return model


def _seuil(keys: Keys | None) -> float | None:
    if keys is None:
        return None
    seuil = keys.number("seuil")
    keys.refuse_others()
    return seuil


def _ecart_max(keys: Keys | None) -> float | None:
    """Return the bound of the daily rules: a key of the project's own, beyond those of the contract."""
    if keys is None:
        return None
    ecart_max = keys.number("ecart_max", positive=True)
    keys.refuse_others()
    return ecart_max


def _report(keys: Keys | None) -> str:
    """Return what becomes of a gap from one year to the next: a key of the project's own, too."""
    if keys is None:
        return REPORTS[0]
    report = keys.choice("report", REPORTS)
    keys.refuse_others()
    return report


def _tiers(keys: Keys) -> tuple[Tier, ...]:
    tiers: list[Tier] = []
    for table in keys.tables("priorite"):
        name = table.text("nom")
        if name and name in {tier.name for tier in tiers}:
            table.fault(f"{quote(name)} est déjà le nom d'une priorité", "nom")
        tiers.append(Tier(name, _goals(table)))
        table.refuse_others()
    return tuple(tiers)


def _goals(keys: Keys) -> tuple[Goal, ...]:
    goals: list[Goal] = []
    for table in keys.tables("objectif"):
        sur = table.choice("sur", SUR)
        goal = Goal(
            sur=sur,
            manque=table.number("manque", 1.0),
            exces=table.number("exces", 0.0 if sur == PETIT else 1.0),
            norme=table.choice("norme", NORMES, "somme"),
            unite=table.choice("unite", UNITES, "logements"),
            poids=table.number("poids", 1.0),
            familles=table.words("familles", FAMILLES),
        )
        table.refuse_others()
        if goal in goals:
            table.fault("objectif donné deux fois dans la même priorité")
        goals.append(goal)
    return tuple(goals)
