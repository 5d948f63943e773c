"""A projet read whole from its folder: every fault of every file in one go, or its values."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from allocator.domain import Indicatifs, Liberations
from allocator.formats.directory import Directory
from allocator.formats.faults import FaultLog
from allocator.formats.folder import RawFolder, read_files
from allocator.formats.keys import Keys
from allocator.formats.projet_schema import OFFRE, PARC_CLASSES, PROJET
from allocator.formats.schema import HISTORIQUE, INDICATIFS, RESERVATAIRES, TERRITOIRES
from allocator.formats.tables import read_liberations, read_reservataires, read_territoires
from allocator.planning.projet.history import no_indicatifs, offre_foretold, saison_of
from allocator.planning.projet.projet import Offre, Projet
from allocator.planning.projet.reading_promises import Known, read_promises
from allocator.planning.projet.reading_supply import (
    no_lots,
    read_offre,
    read_stock_supply,
)
from allocator.planning.projet.supply import Lots
from allocator.planning.projet.yearly import (
    Span,
    indicatifs_by_year,
)

DESCRIPTION: Final = "projet.toml"
MOST: Final = 10
"""Years of the longest projet."""


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """A projet, and the deliveries that its supply counts on (none where the supply is given as such)."""

    projet: Projet
    livraisons: Lots


def read_projet(path: Path) -> Projet:
    """Return the projet in a folder.

    Raises
    ------
    BadInput
        With every fault of every file.
    """
    return read_inputs(path).projet


def read_inputs(path: Path) -> Inputs:
    """Return the projet in a folder with its deliveries; raises as :func:`read_projet`."""
    log = FaultLog()
    if not path.is_dir():
        log.add(str(path), None, None, "le dossier d'un projet était attendu")
        raise log.bad_input()
    raw = read_files(path, DESCRIPTION, PROJET, log)
    told = None if raw.document is None else _describe(Keys(raw.document, (), raw.document.values, log))
    tables = raw.tables
    territoires = read_territoires(tables["territoires"], log) if "territoires" in tables else None
    reservataires = read_reservataires(tables["reservataires"], log) if "reservataires" in tables else None
    if told is None or told.span is None or territoires is None or reservataires is None:
        raise log.bad_input()
    directory = Directory.of(
        reservataires if tables[RESERVATAIRES.name].whole else None,
        territoires if tables[TERRITOIRES.name].whole else None,
    )
    inputs = _understand(raw, told, Known(told.span, directory, territoires, reservataires), log)
    if log or inputs is None:
        raise log.bad_input()
    return inputs


@dataclass(frozen=True, slots=True)
class _Told:
    """What ``projet.toml`` says; ``span`` is ``None`` where the years could not be read."""

    nom: str
    description: str
    source: str
    span: Span | None


def _describe(keys: Keys) -> _Told:
    nom = keys.text("nom")
    description, source = keys.text("description", ""), keys.text("source", "")
    premiere, annees = _whole(keys, "premiere_annee", 1900, 2200), _whole(keys, "annees", 1, MOST)
    keys.refuse_others()
    span = None if premiere is None or annees is None else Span(premiere, annees)
    return _Told(nom, description, source, span)


def _whole(keys: Keys, key: str, low: int, high: int) -> int | None:
    value = keys.number(key)
    if np.isnan(value):
        return None
    if not value.is_integer() or not low <= value <= high:
        keys.fault(f"« {value:g} » inattendu, attendu un nombre entier de {low} à {high}", key)
        return None
    return int(value)


def _understand(raw: RawFolder, told: _Told, known: Known, log: FaultLog) -> Inputs | None:
    tables, span, directory = raw.tables, known.span, known.directory
    eve = date(span.premiere - 1, 12, 31)
    past = (
        read_liberations(tables[HISTORIQUE.name], directory, None, eve, log)
        if HISTORIQUE.name in tables
        else None
    )
    conventions = read_promises(raw.tables, known, log)
    indicatifs: tuple[Indicatifs, ...] = (no_indicatifs(),) * span.annees
    if INDICATIFS.name in tables:
        indicatifs = indicatifs_by_year(tables[INDICATIFS.name], span, directory, log)
    supply = _supply(raw, known, past, log)
    if log or supply is None or conventions is None:
        return None
    offre, livraisons = supply
    projet = Projet(
        nom=told.nom,
        description=told.description,
        source=told.source,
        premiere=span.premiere,
        annees=span.annees,
        territoires=known.territoires,
        reservataires=known.reservataires,
        conventions=conventions,
        indicatifs=indicatifs,
        offre=offre,
        saison=saison_of(known.territoires, past, span.premiere),
        historique=past,
        sha256=raw.sha256,
    )
    return Inputs(projet, livraisons)


def _supply(
    raw: RawFolder, known: Known, past: Liberations | None, log: FaultLog
) -> tuple[Offre, Lots] | None:
    """Return the supply and the deliveries: as given, of a stock, or else foretold from the historique."""
    tables, span, directory = raw.tables, known.span, known.directory
    given, stock = OFFRE.name in tables, PARC_CLASSES.name in tables
    if given and stock:
        message = f"{OFFRE.file} et {PARC_CLASSES.file} sont donnés tous deux, un seul des deux était attendu"
        log.add(OFFRE.file, None, None, message)
        return None
    if given:
        return read_offre(tables[OFFRE.name], span, directory, log), no_lots()
    if stock:
        return read_stock_supply(tables, span, directory, known.territoires, log)
    if past is None:
        message = (
            f"rien ne dit l'offre : {OFFRE.file}, {PARC_CLASSES.file} ou {HISTORIQUE.file} était attendu"
        )
        log.add(DESCRIPTION, None, None, message)
        return None
    if log:
        return None
    return offre_foretold(known.territoires, past, span.premiere, span.annees), no_lots()
