"""Further data for kiosks: staff PINs, the language, who leaves alone, and the agreed roster size."""

import sqlalchemy as sa
from alembic import op

revision = "0105"
down_revision = "0104"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table. At first no pupil leaves alone, and every school uses English."""
    op.add_column("schools", sa.Column("language", sa.Text(), nullable=False, server_default="en"))
    op.add_column("schools", sa.Column("agreed_pupils", sa.Integer(), nullable=True))
    op.add_column(
        "pupils", sa.Column("leaves_alone", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "kiosk_staff",
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_kiosk_staff_school_id"),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_kiosk_staff"),
    )


def downgrade() -> None:
    """Drop the columns and the table."""
    op.drop_table("kiosk_staff")
    op.execute("ALTER TABLE pupils DROP COLUMN leaves_alone")
    op.execute("ALTER TABLE schools DROP COLUMN agreed_pupils")
    op.execute("ALTER TABLE schools DROP COLUMN language")
