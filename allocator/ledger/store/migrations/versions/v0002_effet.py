"""What took effect last is found by its day: dwellings of earlier years in which this one saw something happen."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("liberations_effet", "liberations", ["bailleur", "effet", "date"])
