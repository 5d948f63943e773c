"""A database that cannot serve: told in French, whatever the driver said."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError

_BUSY: Final = "base de données occupée par un autre poste ou un autre programme ; réessayez dans un instant"

_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_READONLY: "base de données en lecture seule",
    sqlite3.SQLITE_PERM: "accès refusé",
    sqlite3.SQLITE_FULL: "disque plein",
    sqlite3.SQLITE_IOERR: "lecture ou écriture refusée par le disque (plein, absent ou défaillant)",
    sqlite3.SQLITE_CANTOPEN: "base de données impossible à ouvrir (dossier absent ou accès refusé)",
    sqlite3.SQLITE_NOTADB: "ce fichier n'est pas une base SQLite",
    sqlite3.SQLITE_CORRUPT: "base de données endommagée",
    sqlite3.SQLITE_TOOBIG: "contenu trop gros",
}
"""What SQLite's primary result codes mean."""

_POSTGRESQL: Final = {
    "08": "connexion à la base de données impossible ou perdue",
    "25006": "base de données en lecture seule",
    "28": "connexion à la base de données refusée (identifiant ou mot de passe)",
    "3D": "cette base de données n'existe pas",
    "42501": "droits insuffisants sur la base de données",
    "53100": "disque plein",
    "53": "serveur de base de données à court de ressources",
    "55P03": _BUSY,
    "40": _BUSY,
    "57": "serveur de base de données arrêté, ou requête interrompue",
}
"""What the SQLSTATE of PostgreSQL, or the class that begins it, means."""


class Unavailable(Exception):  # noqa: N818 (the database is at fault, not the program)
    """A database that cannot be read or written; the message is French, and nothing was recorded."""


@contextmanager
def told(place: str) -> Iterator[None]:
    """Turn what a driver raises into :class:`Unavailable`; ``place`` names the database to people.

    Raises
    ------
    Unavailable
        For what the disk, the server or another writer refuses; a slip of this program stays what it is.
    """
    try:
        yield
    except DBAPIError as failure:
        why = _why(failure.orig)
        if why is None:
            raise
        raise Unavailable(f"{place} : {why}. Rien n'a été enregistré.") from failure


def _why(failure: BaseException | None) -> str | None:
    if isinstance(failure, sqlite3.Error):
        # the primary code is the lowest byte of the extended one
        return _SQLITE.get(getattr(failure, "sqlite_errorcode", 0) & 0xFF)
    state = getattr(failure, "sqlstate", None)
    if state is None:
        # psycopg has no state for a server that does not answer
        return _POSTGRESQL["08"] if type(failure).__name__ == "OperationalError" else None
    return next((_POSTGRESQL[part] for part in (state, state[:2]) if part in _POSTGRESQL), None)
