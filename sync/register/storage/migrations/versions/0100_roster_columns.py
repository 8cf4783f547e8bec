"""Columns from the roster: UPN, admission number, and the day on which a pupil left."""

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. They are empty until the next roster import."""
    op.add_column("pupils", sa.Column("upn", sa.Text(), nullable=True))
    op.add_column("pupils", sa.Column("admission_number", sa.Text(), nullable=True))
    op.add_column("pupils", sa.Column("left_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Drop the columns."""
    with op.batch_alter_table("pupils") as pupils:
        for name in ("left_on", "admission_number", "upn"):
            pupils.drop_column(name)
