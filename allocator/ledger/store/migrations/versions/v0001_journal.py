"""The journal, the references of households, and what is kept of the journal for speed."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "bailleurs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("nom", sa.Text, nullable=False),
        sa.Column("rang", sa.BigInteger, nullable=False),
        sa.Column("empreinte", sa.Text, nullable=False),
    )
    op.create_table(
        "evenements",
        *_key(sa.Column("rang", sa.BigInteger)),
        *_texts("nature", "objet", "effet", "inscrit", "auteur", "contenu", "precedent", "empreinte"),
    )
    op.create_index("evenements_objet", "evenements", ["bailleur", "objet", "rang"])
    op.create_table("menages", *_key(sa.Column("jeton", sa.Text)), *_texts("sel", "reference"))
    op.create_table(
        "actes",
        *_key(sa.Column("rang", sa.BigInteger)),
        *_texts("nature", "objet", "effet", "contenu"),
    )
    op.create_table(
        "liberations",
        *_key(sa.Column("id", sa.Text)),
        sa.Column("rang", sa.BigInteger, nullable=False),
        *_texts("date", "commune", "typologie", "financement", "qpv"),
        sa.Column("qpv_perimetre", sa.Integer),
        sa.Column("construction", sa.Integer),
        sa.Column("surface", sa.Float),
        sa.Column("loyer", sa.Float),
        *_texts("residence", "adresse", "etage", nullable=True),
        sa.Column("accessible", sa.Boolean),
        *_texts("disponible", nullable=True),
        *_texts("statut"),
        *_texts(
            "categorie", "operation", "public_prioritaire", "contingent", "menage", "corps", nullable=True
        ),
        *_texts("phase", "effet"),
        sa.Column("dernier", sa.BigInteger, nullable=False),
        *_texts("derniere", "par", "le"),
        sa.Column("preorientation", sa.BigInteger),
        *_texts("preoriente", "retire", "motif_retrait", "attribution", "bail", nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_index("liberations_date", "liberations", ["bailleur", "date"])
    op.create_index("liberations_phase", "liberations", ["bailleur", "phase"])
    op.create_table(
        "tours",
        *_key(sa.Column("rang", sa.BigInteger), sa.Column("numero", sa.Integer)),
        *_texts("reservataire", nullable=True),
        *_texts("oriente"),
        *_texts("motif", "delegataire", nullable=True),
        sa.Column("preorientation", sa.BigInteger),
        *_texts("preoriente", "envoye", "echeance", "recus", nullable=True),
        sa.Column("candidats", sa.Integer),
        *_texts("caleol", "decision", "attribution", "bail", "issue", "fin", "motif_fin", nullable=True),
        sqlite_with_rowid=False,
    )


def _key(*columns: sa.Column[object]) -> list[sa.schema.SchemaItem]:
    """Return the key of a table that every bailleur has its rows in."""
    first: sa.Column[object] = sa.Column("bailleur", sa.Text, nullable=False)
    return [first, *columns, sa.PrimaryKeyConstraint("bailleur", *(column.name for column in columns))]


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=nullable) for name in names]
