"""An index of entries by outcome and day, for the marks that count as no lateness."""

from alembic import op

revision = "0114"
down_revision = "0113"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.create_index("ix_entries_school_id_outcome_date", "entries", ["school_id", "outcome", "date"])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_entries_school_id_outcome_date", "entries")
