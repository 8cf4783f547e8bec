"""When a kiosk was last heard about a departure that waits."""

import sqlalchemy as sa
from alembic import op

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; of those that wait now it is not known."""
    op.add_column("departures", sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.execute("ALTER TABLE departures DROP COLUMN heard_at")
