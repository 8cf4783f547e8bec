"""A column for pupils whom kiosks keep out of every list that can be browsed."""

import sqlalchemy as sa
from alembic import op

revision = "0113"
down_revision = "0112"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("pupils", sa.Column("off_lists", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drop the column."""
    op.execute("ALTER TABLE pupils DROP COLUMN off_lists")
