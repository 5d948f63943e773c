"""The tables: the heads and the events, which are the truth, and what is kept from them for speed.

Days and moments are ISO texts, contents the canonical text that the digest was made of. ``liberations``, ``tours``
and ``actes`` are projections: rebuilt at will from ``evenements``. ``menages`` alone holds what no event has.
"""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, MetaData, Table, Text

REVISION: Final = "0002"
"""The last migration: the one that makes these tables."""

metadata: Final = MetaData()


def _key(name: str, kind: type[Text] | type[BigInteger] | type[Integer] = Text) -> Column[object]:
    return Column(name, kind, primary_key=True, autoincrement=False)


def _texts(*names: str, nullable: bool = True) -> list[Column[str]]:
    return [Column(name, Text, nullable=nullable) for name in names]


bailleurs: Final = Table(
    "bailleurs",
    metadata,
    _key("id"),
    Column("nom", Text, nullable=False),
    Column("rang", BigInteger, nullable=False),
    Column("empreinte", Text, nullable=False),
)
"""The head of each journal; a writer holds its row."""

evenements: Final = Table(
    "evenements",
    metadata,
    _key("bailleur"),
    _key("rang", BigInteger),
    *_texts(
        "nature", "objet", "effet", "inscrit", "auteur", "contenu", "precedent", "empreinte", nullable=False
    ),
    Index("evenements_objet", "bailleur", "objet", "rang"),
)
"""Every event of every journal: rows are added, never changed."""

menages: Final = Table(
    "menages", metadata, _key("bailleur"), _key("jeton"), *_texts("sel", "reference", nullable=False)
)
"""References of households by the token that events have: what a purge removes."""

actes: Final = Table(
    "actes",
    metadata,
    _key("bailleur"),
    _key("rang", BigInteger),
    *_texts("nature", "objet", "effet", "contenu", nullable=False),
)
"""Acts as corrected, one row each."""

liberations: Final = Table(
    "liberations",
    metadata,
    _key("bailleur"),
    _key("id"),
    Column("rang", BigInteger, nullable=False),
    *_texts("date", "commune", "typologie", "financement", "qpv", nullable=False),
    Column("qpv_perimetre", Integer),
    Column("construction", Integer),
    Column("surface", Float),
    Column("loyer", Float),
    *_texts("residence", "adresse", "etage"),
    Column("accessible", Boolean),
    *_texts("disponible"),
    *_texts("statut", nullable=False),
    *_texts("categorie", "operation", "public_prioritaire", "contingent", "menage", "corps"),
    *_texts("phase", "effet", nullable=False),
    Column("dernier", BigInteger, nullable=False),
    *_texts("derniere", "par", "le", nullable=False),
    Column("preorientation", BigInteger),
    *_texts("preoriente", "retire", "motif_retrait", "attribution", "bail"),
    Index("liberations_date", "bailleur", "date"),
    Index("liberations_phase", "bailleur", "phase"),
    Index("liberations_effet", "bailleur", "effet", "date"),
    sqlite_with_rowid=False,
)
"""Dwellings as their events have them, one row each."""

tours: Final = Table(
    "tours",
    metadata,
    _key("bailleur"),
    _key("rang", BigInteger),
    _key("numero", Integer),
    *_texts("reservataire"),
    *_texts("oriente", nullable=False),
    *_texts("motif", "delegataire"),
    Column("preorientation", BigInteger),
    *_texts("preoriente", "envoye", "echeance", "recus"),
    Column("candidats", Integer),
    *_texts("caleol", "decision", "attribution", "bail", "issue", "fin", "motif_fin"),
    sqlite_with_rowid=False,
)
"""Tours, one row each; ``rang`` is that of the dwelling's libération."""
