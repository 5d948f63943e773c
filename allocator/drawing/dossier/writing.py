"""A drawn dossier to its folder of plain files, and the year to come to that of an instance."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TextIO

import numpy as np

from allocator.domain import Conventions, Indicatifs, Instance, Liberations
from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.drawing.dossier.drawn import DossierTire
from allocator.drawing.dossier.relocations import Relocations
from allocator.drawing.figures import usages
from allocator.drawing.releases import draw_statuts
from allocator.formats.csv_text import exact, write_rows
from allocator.formats.instance_writer import reservataires_rows, territoires_rows, toml_text, write_instance
from allocator.formats.schema import RESERVATAIRES, TERRITOIRES, Schema
from allocator.formats.stock_schema import PARC, RELOCATIONS, RESERVATIONS
from allocator.formats.writing import Write, write_together

Rows = Iterator[tuple[str, ...]]

DESCRIPTION = "dossier.toml"


def write_drawn(drawn: DossierTire, folder: Path) -> None:
    """Write the files of a dossier into a folder, created if need be.

    Raises
    ------
    BadInput
        If the folder is a file or cannot be written.
    """
    files: dict[str, Write] = {
        TERRITOIRES.file: _table(TERRITOIRES, territoires_rows(drawn.territoires)),
        RESERVATAIRES.file: _table(RESERVATAIRES, reservataires_rows(drawn.reservataires)),
        PARC.file: _table(PARC, _parc(drawn)),
        RESERVATIONS.file: _table(RESERVATIONS, _reservations(drawn)),
        RELOCATIONS.file: _table(RELOCATIONS, _relocations(drawn)),
        DESCRIPTION: lambda file: _describe(file, drawn),
    }
    write_together(folder, files)


def write_year(drawn: DossierTire, folder: Path) -> None:
    """Write the year to come as an instance without any promise: these are what the conversion finds.

    Its ``historique.csv`` is the last year of re-lettings.

    Raises
    ------
    BadInput
        If the folder is a file or cannot be written.
    """
    write_instance(year_of(drawn), folder)


def year_of(drawn: DossierTire) -> Instance:
    """Return the year to come, to which nothing is promised yet."""
    settings = drawn.settings
    return Instance(
        nom=f"{_bailleur(drawn)}, {settings.annee}",
        description=f"Année tirée au sort du parc de {settings.stock} logements, graine {settings.seed}.",
        debut=date(settings.annee, 1, 1),
        fin=date(settings.annee, 12, 31),
        source=str(usages()["source"]),
        territoires=drawn.territoires,
        reservataires=drawn.reservataires,
        conventions=Conventions(
            np.empty(0, np.int32), (), (), np.empty(0), np.empty(0), np.empty(0), np.empty(0, np.int64)
        ),
        indicatifs=Indicatifs(np.empty(0, np.int32), (), (), np.empty(0)),
        liberations=_liberations(drawn, drawn.a_venir, settings.annee),
        historique=_liberations(drawn, drawn.passees[-1], settings.annee - 1),
    )


def _table(schema: Schema, rows: Rows) -> Write:
    return lambda file: write_rows(file, schema, rows)


def _bailleur(drawn: DossierTire) -> str:
    return drawn.settings.bailleur or f"Bailleur tiré au sort n° {drawn.settings.seed}"


def _describe(file: TextIO, drawn: DossierTire) -> None:
    settings = drawn.settings
    nom = settings.nom or f"{_bailleur(drawn)}, état des lieux au {drawn.jour:%d/%m/%Y}"
    file.write(f"nom = {toml_text(nom)}\nbailleur = {toml_text(_bailleur(drawn))}\n")
    file.write(f"date = {drawn.jour}\nsource = {toml_text(str(usages()['source']))}\n")
    file.write(f"relocations_depuis = {settings.annee - settings.annees}-01-01\n")


def _logement(row: int) -> str:
    return f"L{row + 1:06d}"


def _oui_non(flag: bool) -> str:
    return "oui" if flag else "non"


def _parc(drawn: DossierTire) -> Rows:
    parc = drawn.parc
    columns = zip(
        parc.commune.tolist(),
        parc.typologie.tolist(),
        parc.financement.tolist(),
        parc.qpv.tolist(),
        parc.surface.tolist(),
        parc.loyer.tolist(),
        parc.construction.tolist(),
        parc.en_location.tolist(),
        strict=True,
    )
    for row, (commune, typologie, financement, qpv, surface, loyer, built, let) in enumerate(columns):
        yield (
            _logement(row),
            drawn.territoires.commune[commune],
            drawn.residence(row),
            TYPOLOGIES[typologie],
            FINANCEMENTS[financement],
            QPV[qpv],
            str(surface),
            exact(loyer),
            str(built),
            _oui_non(let),
        )


def _reservations(drawn: DossierTire) -> Rows:
    parc, ids = drawn.parc, drawn.reservataires.id
    for number, droit in enumerate(drawn.droits):
        what = droit.convention
        where = droit.premier if droit.logement < 0 else droit.logement
        yield (
            f"D{number + 1:06d}",
            ids[what.holder],
            what.nature,
            "" if droit.logement < 0 else _logement(droit.logement),
            drawn.residence(where),
            drawn.territoires.commune[parc.commune[where]],
            str(droit.nombre),
            "" if drawn.sans_origine[number] else what.origine,
            what.debut,
            "" if drawn.sans_fin[number] else what.fin,
            _oui_non(droit.utilise) if what.nature == "simple" else "",
            # What the dwelling is, the register says.
            *([""] * 5),
        )


def _relocations(drawn: DossierTire) -> Rows:
    for year in drawn.passees:
        days = np.datetime_as_string(year.date).tolist()
        for row, day in zip(year.logement.tolist(), days, strict=True):
            yield _logement(row), day


def _liberations(drawn: DossierTire, vacated: Relocations, annee: int) -> Liberations:
    settings, parc, rows = drawn.settings, drawn.parc, vacated.logement
    size = len(rows)
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([settings.seed, annee])))
    away, kept = round(settings.hors_assiette * size), round(settings.en_stock * size)
    rents = parc.loyer[rows] * parc.surface[rows]
    return Liberations(
        id=tuple(f"{annee}-{number:06d}" for number in range(1, size + 1)),
        date=vacated.date,
        commune=parc.commune[rows].astype(np.int32),
        typologie=parc.typologie[rows].astype(np.int8),
        financement=parc.financement[rows].astype(np.int8),
        qpv=parc.qpv[rows].astype(np.int8),
        statut=draw_statuts(parc.qpv[rows], np.zeros(size, bool), away, kept, rng).astype(np.int8),
        complements={
            "construction": tuple(map(str, parc.construction[rows].tolist())),
            "surface": tuple(map(str, parc.surface[rows].tolist())),
            "loyer": tuple(f"{euros:.2f}" for euros in rents.tolist()),
            "residence": tuple(drawn.residence(row) for row in rows.tolist()),
        },
    )
