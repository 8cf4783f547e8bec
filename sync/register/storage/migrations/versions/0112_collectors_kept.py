"""What the family's list said when the office answered a request, and how the releaser knew."""

import sqlalchemy as sa
from alembic import op

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None

COLUMNS = ("family", "listed", "grounds")


def upgrade() -> None:
    """Add the columns; of earlier answers only the audit has them."""
    for name in COLUMNS:
        op.add_column("departures", sa.Column(name, sa.Text(), nullable=True))


def downgrade() -> None:
    """Remove the columns."""
    for name in COLUMNS:
        op.execute(f"ALTER TABLE departures DROP COLUMN {name}")
