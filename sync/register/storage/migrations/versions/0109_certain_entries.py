"""Columns for whether an entry's pupil and time were certain on arrival.

Until now this was derived from `detail`, which is for display.
"""

import sqlalchemy as sa
from alembic import op

revision = "0109"
down_revision = "0108"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and fill them from `detail`. No other column is changed."""
    for name in ("certain", "time_certain"):
        op.add_column("entries", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.true()))
    # `detail` has the kinds of work item, joined by "; "; no kind that an entry can have contains another.
    entries = sa.table("entries", sa.column("detail"), sa.column("certain"), sa.column("time_certain"))
    asks = entries.c.detail.contains
    clock = asks("clock", autoescape=True)
    uncertain = sa.or_(clock, asks("unknown_pupil", autoescape=True), asks("void", autoescape=True))
    op.execute(sa.update(entries).where(uncertain).values(certain=sa.false()))
    op.execute(sa.update(entries).where(clock).values(time_certain=sa.false()))


def downgrade() -> None:
    """Drop the columns."""
    op.execute("ALTER TABLE entries DROP COLUMN certain")
    op.execute("ALTER TABLE entries DROP COLUMN time_certain")
