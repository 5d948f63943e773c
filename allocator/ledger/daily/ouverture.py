"""What an opening holds beyond who and where: the period, the wishes, the model, and the years before the journal.

A journal has to give the proposals of any past day again by itself, so the model is in it as text, and the libérations
of earlier years as columns: they are what a forecast looks at, and no dwellings of the journal, since nothing is known
of what became of them.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from allocator.domain import Indicatifs, Instance, Liberations, Model
from allocator.domain.vocabulary import FINANCEMENTS, QPV, STATUTS, TYPOLOGIES
from allocator.formats.faults import FaultLog
from allocator.formats.keys import Keys
from allocator.formats.model_reader import model_of_keys
from allocator.formats.toml_document import load_toml
from allocator.ledger.state.registre import Registre

_WORDS: Final = {"typologie": TYPOLOGIES, "financement": FINANCEMENTS, "qpv": QPV, "statut": STATUTS}


def contenu_of_ouverture(instance: Instance, modele: str) -> dict[str, Any]:
    """Return the contents of an opening: all of an instance but its conventions and its libérations.

    Parameters
    ----------
    instance
        A period of the bailleur's life.
    modele
        Text of the model's TOML file.
    """
    contenu: dict[str, Any] = {
        "nom": instance.nom,
        "description": instance.description,
        "source": instance.source,
        "debut": str(instance.debut),
        "fin": str(instance.fin),
        "territoires": _territoires(instance),
        "reservataires": _reservataires(instance),
        "indicatifs": _indicatifs(instance),
        "modele": modele,
    }
    if instance.historique is not None:
        contenu["historique"] = _columns(instance.historique, instance.territoires.commune)
    return contenu


def _territoires(instance: Instance) -> list[dict[str, Any]]:
    table = instance.territoires
    names = ("commune", "nom", "epci", "departement", "zone")
    rows = zip(*(getattr(table, name) for name in names), table.tension.tolist(), strict=True)
    return [
        dict(zip(names, row, strict=True)) | {"tension": None if np.isnan(tension) else tension}
        for *row, tension in rows
    ]


def _reservataires(instance: Instance) -> list[dict[str, Any]]:
    names = ("id", "nom", "famille", "petit")
    rows = zip(*(getattr(instance.reservataires, name) for name in names), strict=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _indicatifs(instance: Instance) -> list[dict[str, Any]]:
    table, ids = instance.indicatifs, instance.reservataires.id
    rows = zip(table.reservataire.tolist(), table.dimension, table.modalite, table.part.tolist(), strict=True)
    return [
        {"reservataire": ids[holder], "dimension": dimension, "modalite": modalite, "part": part}
        for holder, dimension, modalite, part in rows
    ]


def _columns(table: Liberations, communes: Sequence[str]) -> dict[str, list[str]]:
    words = {
        name: [choices[code] for code in getattr(table, name).tolist()] for name, choices in _WORDS.items()
    }
    return {
        "id": list(table.id),
        "date": np.datetime_as_string(table.date).tolist(),
        "commune": [communes[row] for row in table.commune.tolist()],
        **words,
    }


def model_of(contenu: Mapping[str, Any]) -> Model:
    """Return the model in the contents of an opening; ``sha256`` is the digest of its text.

    Raises
    ------
    BadInput
        With every fault and its line.
    """
    texte, log = contenu["modele"].encode(), FaultLog()
    document = load_toml(texte, "modèle", log)
    if document is None:
        raise log.bad_input()
    model = model_of_keys(Keys(document, (), document.values, log), hashlib.sha256(texte).hexdigest())
    log.raise_if_any()
    return model


def indicatifs_of(contenu: Mapping[str, Any], registre: Registre) -> Indicatifs:
    """Return the wishes in the contents of an opening, numbered as the journal's réservataires."""
    rows, number = contenu["indicatifs"], {name: row for row, name in enumerate(registre.reservataires.id)}
    return Indicatifs(
        np.array([number[row["reservataire"]] for row in rows], dtype=np.int32),
        tuple(row["dimension"] for row in rows),
        tuple(row["modalite"] for row in rows),
        np.array([row["part"] for row in rows], dtype=np.float64),
    )


def historique_of(contenu: Mapping[str, Any], registre: Registre) -> Liberations:
    """Return the libérations of earlier years in the contents of an opening; none where it has no such columns."""
    columns: Mapping[str, list[str]] = contenu.get("historique") or {}
    number = {name: row for row, name in enumerate(registre.territoires.commune)}
    codes = {
        name: np.array([choices.index(word) for word in columns.get(name, ())], dtype=np.int8)
        for name, choices in _WORDS.items()
    }
    return Liberations(
        id=tuple(columns.get("id", ())),
        date=np.array(columns.get("date", ()), dtype="datetime64[D]"),
        commune=np.array([number[commune] for commune in columns.get("commune", ())], dtype=np.int32),
        complements={},
        **codes,
    )
