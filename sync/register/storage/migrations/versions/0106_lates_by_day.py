"""Indexes for the office page: entries by day of receipt, lates by day, and the newest changes."""

from alembic import op

revision = "0106"
down_revision = "0105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the indexes."""
    op.create_index("ix_entries_school_id_received_at_date", "entries", ["school_id", "received_at", "date"])
    op.create_index("ix_marks_school_id_date", "marks", ["school_id", "date"])
    op.create_index("ix_mark_changes_school_id_id", "mark_changes", ["school_id", "id"])


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index("ix_mark_changes_school_id_id", "mark_changes")
    op.drop_index("ix_marks_school_id_date", "marks")
    op.drop_index("ix_entries_school_id_received_at_date", "entries")
