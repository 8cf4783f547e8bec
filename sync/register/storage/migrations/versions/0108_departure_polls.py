"""When a kiosk last polled for the answer to its request."""

import sqlalchemy as sa
from alembic import op

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty for existing requests."""
    op.add_column("departures", sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop the column."""
    op.execute("ALTER TABLE departures DROP COLUMN heard_at")
