"""The settings of a bailleur as the files that the other commands read."""

import tomllib
from collections.abc import Mapping
from typing import Any, Final, TextIO

from allocator.formats.faults import BadInput, Fault, FaultLog
from allocator.formats.source import read_bytes
from allocator.formats.tableau import files
from allocator.formats.toml_document import LIMIT
from allocator.formats.toml_writer import toml_of
from allocator.formats.writing import Write
from allocator.planning.protocole.parametres import clauses_of, partage_of
from allocator.planning.protocole.protocole import Resolu
from allocator.planning.protocole.tableaux import derogations_tableau, reglages_tableau

TAUX: Final = "taux.csv"


def files_of(resolu: Resolu, base: str) -> dict[str, Write]:
    """Return what writes each file, by name.

    ``regle.toml`` is for ``init --regle`` and ``record regle``, ``modele.toml`` for all that takes a model,
    ``clauses.toml`` for ``record convention``, ``seuils.toml`` has the legal thresholds, ``reglages.toml`` what the
    conversion and the naming of years read, ``assiette.toml``, ``partage.toml`` and ``programme.toml`` go into the
    folders of an assiette, of needs for relogements and of a delivered programme, and ``taux.csv`` is the table of
    the agreed rates.

    Parameters
    ----------
    resolu
        The settings on a day.
    base
        Text of the model that ``modele.base`` names, whose priorities are kept.

    Raises
    ------
    BadInput
        If the table of rates cannot be read.
    """
    values, identite = resolu.values, resolu.reglages.identite
    titre = f"{resolu.reglages.protocole.nom}, {resolu.reglages.bailleur}, au {resolu.jour:%d/%m/%Y}"
    head = {"format": 1, "titre": titre}
    documents: dict[str, dict[str, Any]] = {
        "regle.toml": {**head, **_only(values, "comptage", "issues")},
        "modele.toml": _modele(resolu, tomllib.loads(base)),
        "clauses.toml": clauses_of(values),
        "seuils.toml": {**head, **values.get("seuils", {})},
        "reglages.toml": _only(values, "conversion", "petits"),
        "assiette.toml": {"format": 1, **identite, **values.get("assiette", {})},
        "programme.toml": {"format": 1, "bailleur": identite["bailleur"], **values.get("livraison", {})},
    }
    if "partage" in values:
        documents["partage.toml"] = {**partage_of(identite), **values["partage"]}
    found = {name: _text(toml_of(document)) for name, document in documents.items() if document}
    if resolu.parametres.taux:
        found[TAUX] = _text(_taux(resolu))
    return found | files([reglages_tableau(resolu), derogations_tableau(resolu)])


def _text(text: str) -> Write:
    def write(file: TextIO) -> None:
        file.write(text)

    return write


def _only(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _modele(resolu: Resolu, base: Mapping[str, Any]) -> dict[str, Any]:
    """Return the model: the priorities of the base, and what the partners count, call small, and carry over."""
    petits = resolu.values.get("petits", {})
    told = _only(resolu.values, "comptage", "trajectoire")
    small = {"petits": {"seuil": petits["seuil"]}} if "seuil" in petits else {}
    titre = f"{base.get('titre', base['nom'])}, selon le {resolu.reglages.protocole.nom}"
    return {**base, "titre": titre, **small, **told}


def _taux(resolu: Resolu) -> str:
    """Return the text of the table of rates, which stands beside the file that names it."""
    reglages = resolu.reglages
    own = any(each.cle.startswith("rotation") and each.holds(resolu.jour) for each in reglages.derogations)
    beside = reglages.fichier if own else reglages.protocole.fichier
    path, log = beside.parent / resolu.parametres.taux, FaultLog()
    data = read_bytes(path, LIMIT, log)
    if data is None:
        raise BadInput([Fault(beside.name, None, "rotation.taux", f"{path} : illisible ou absent")])
    return data.decode("utf-8")
