"""What a school's roster says beside names: UPN and admission number, and when a pupil left."""

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them. A pupil who is there already has none of them until the next roster import."""
    op.add_column("pupils", sa.Column("upn", sa.Text(), nullable=True))
    op.add_column("pupils", sa.Column("admission_number", sa.Text(), nullable=True))
    op.add_column("pupils", sa.Column("left_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("pupils") as pupils:
        for name in ("left_on", "admission_number", "upn"):
            pupils.drop_column(name)
