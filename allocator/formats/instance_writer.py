"""An instance to its folder of plain files (file contract, section 1)."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

import numpy as np

from allocator.domain import (
    SANS_SOLDE,
    Conventions,
    Indicatifs,
    Instance,
    Liberations,
    Reservataires,
    Territoires,
)
from allocator.domain.vocabulary import FINANCEMENTS, QPV, STATUTS, TYPOLOGIES
from allocator.formats.csv_text import exact, write_rows
from allocator.formats.folder import INSTANCE
from allocator.formats.schema import (
    COMPLEMENTS,
    CONVENTIONS,
    HISTORIQUE,
    INDICATIFS,
    LIBERATIONS,
    RESERVATAIRES,
    TABLES,
    TERRITOIRES,
    Schema,
)
from allocator.formats.writing import Write, write_together

Rows = Iterator[tuple[str, ...]]


def write_instance(instance: Instance, folder: Path) -> None:
    """Write the files of an instance into a folder, created if need be; other files there stay.

    An interrupted write leaves the old instance whole, or no ``instance.toml``.

    Raises
    ------
    BadInput
        If the folder is a file or cannot be written.
    """
    holders = instance.reservataires
    files: dict[str, Write] = {
        TERRITOIRES.file: _table(TERRITOIRES, territoires_rows(instance.territoires)),
        RESERVATAIRES.file: _table(RESERVATAIRES, reservataires_rows(holders)),
        CONVENTIONS.file: _table(CONVENTIONS, _conventions(instance.conventions, holders)),
    }
    if len(instance.indicatifs):
        files[INDICATIFS.file] = _table(INDICATIFS, _indicatifs(instance.indicatifs, holders))
    files[LIBERATIONS.file] = liberations_write(instance.liberations, instance.territoires)
    if instance.historique is not None:
        files[HISTORIQUE.file] = liberations_write(instance.historique, instance.territoires)
    files[INSTANCE] = lambda file: _write_description(file, instance)
    write_together(folder, files, [schema.file for schema in TABLES if schema.file not in files])


def _table(schema: Schema, rows: Rows, names: Sequence[str] = ()) -> Write:
    return lambda file: write_rows(file, schema, rows, names)


def _write_description(file: TextIO, instance: Instance) -> None:
    file.write(f"nom = {toml_text(instance.nom)}\n")
    file.write(f"description = {toml_text(instance.description)}\n")
    file.write(f"debut = {instance.debut}\nfin = {instance.fin}\n")
    file.write(f"source = {toml_text(instance.source)}\n")


def toml_text(text: str) -> str:
    """Return a text as TOML quotes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda char: f"\\u{ord(char[0]):04x}", escaped) + '"'


def territoires_rows(table: Territoires) -> Rows:
    """Yield the rows of ``territoires.csv``."""
    tension = map(exact, table.tension.tolist())
    return zip(table.commune, table.nom, table.epci, table.departement, table.zone, tension, strict=True)


def reservataires_rows(table: Reservataires) -> Rows:
    """Yield the rows of ``reservataires.csv``."""
    words = {True: "oui", False: "non", None: ""}
    return zip(table.id, table.nom, table.famille, map(words.__getitem__, table.petit), strict=True)


def _conventions(table: Conventions, reservataires: Reservataires) -> Rows:
    return zip(
        map(reservataires.id.__getitem__, table.reservataire.tolist()),
        table.territoire,
        table.niveau,
        map(exact, table.part.tolist()),
        map(exact, table.volume.tolist()),
        map(exact, table.report.tolist()),
        ("" if solde == SANS_SOLDE else str(solde) for solde in table.solde.tolist()),
        strict=True,
    )


def _indicatifs(table: Indicatifs, reservataires: Reservataires) -> Rows:
    holders = map(reservataires.id.__getitem__, table.reservataire.tolist())
    return zip(holders, table.dimension, table.modalite, map(exact, table.part.tolist()), strict=True)


def liberations_write(table: Liberations, territoires: Territoires) -> Write:
    """Return what writes libérations, with the optional columns that they have."""
    complements = [name for name in COMPLEMENTS if name in table.complements]
    names = ["id", "date", "commune", "typologie", "financement", "qpv", "statut", *complements]
    rows = zip(
        table.id,
        np.datetime_as_string(table.date).tolist(),
        map(territoires.commune.__getitem__, table.commune.tolist()),
        map(TYPOLOGIES.__getitem__, table.typologie.tolist()),
        map(FINANCEMENTS.__getitem__, table.financement.tolist()),
        map(QPV.__getitem__, table.qpv.tolist()),
        map(STATUTS.__getitem__, table.statut.tolist()),
        *(table.complements[name] for name in complements),
        strict=True,
    )
    return _table(LIBERATIONS, rows, names)
