"""A projet put together from the files of the steps before it, read whole before anything is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TextIO

from allocator.formats.csv_text import write_rows
from allocator.formats.faults import FaultLog
from allocator.formats.instance_writer import reservataires_rows, territoires_rows
from allocator.formats.projet_schema import DROITS_ACQUIS, HORS_ASSIETTE_PREVU, LIVRAISONS, NOMMEES
from allocator.formats.schema import CONVENTIONS, HISTORIQUE, INDICATIFS, RESERVATAIRES, TERRITOIRES
from allocator.formats.source import read_bytes
from allocator.formats.toml_writer import toml_of
from allocator.formats.writing import Write, write_together
from allocator.planning.preparation.classes import classes
from allocator.planning.projet import Projet
from allocator.planning.projet.reading import DESCRIPTION, read_projet
from allocator.stock.dossier import Dossier
from allocator.stock.rotation.taux import Taux

COPIED: Final = (CONVENTIONS, INDICATIFS, HORS_ASSIETTE_PREVU, LIVRAISONS, NOMMEES, DROITS_ACQUIS, HISTORIQUE)
"""The tables that are taken as another command wrote them."""


@dataclass(frozen=True, slots=True)
class Annees:
    """The years of a projet, both included."""

    premiere: int
    nombre: int


def assemble(dossier: Dossier, taux: Taux, annees: Annees, given: Mapping[str, Path], folder: Path) -> Projet:
    """Write a projet into a folder and return it.

    Parameters
    ----------
    dossier, taux
        The stock, and the agreed rates.
    annees
        The years looked at.
    given
        The file of each table of :data:`COPIED` that there is, by its name.

    Raises
    ------
    BadInput
        With every fault of the projet; nothing is written then.
    """
    description = {
        "nom": dossier.bailleur,
        "description": f"Projet de {annees.premiere} à {annees.premiere + annees.nombre - 1}, d'après {dossier.nom}.",
        "source": dossier.source,
        "premiere_annee": annees.premiere,
        "annees": annees.nombre,
    }
    table = classes(dossier, taux)
    files: dict[str, Write] = {
        TERRITOIRES.file: lambda file: write_rows(file, TERRITOIRES, territoires_rows(dossier.territoires)),
        RESERVATAIRES.file: lambda file: write_rows(
            file, RESERVATAIRES, reservataires_rows(dossier.reservataires)
        ),
        table.schema.file: table.write,
        **_copies(given),
        DESCRIPTION: _text(toml_of(description)),
    }
    with TemporaryDirectory() as aside:
        write_together(Path(aside), files)
        projet = read_projet(Path(aside))
    write_together(folder, files, [schema.file for schema in COPIED if schema.file not in files])
    return projet


def _copies(given: Mapping[str, Path]) -> dict[str, Write]:
    log = FaultLog()
    found = {}
    for schema in COPIED:
        path = given.get(schema.name)
        data = None if path is None else read_bytes(path, schema.limit, log)
        if data is not None:
            found[schema.file] = _text(data.decode("utf-8-sig", "replace"))
    log.raise_if_any()
    return found


def _text(text: str) -> Write:
    def write(file: TextIO) -> None:
        file.write(text)

    return write
