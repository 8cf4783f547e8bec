"""Whether a kiosk asked before a PIN released a pupil, and the register's answer."""

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0109"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; for the requests so far no kiosk has asked."""
    op.add_column("departures", sa.Column("pin_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("departures", sa.Column("pin_may", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Remove the columns."""
    op.execute("ALTER TABLE departures DROP COLUMN pin_may")
    op.execute("ALTER TABLE departures DROP COLUMN pin_asked_at")
