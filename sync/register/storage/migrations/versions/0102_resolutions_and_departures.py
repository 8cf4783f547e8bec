"""Decisions of the office, requests to collect a pupil, and the policies sent to kiosks."""

import sqlalchemy as sa
from alembic import op

revision = "0102"
down_revision = "0101"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and tables."""
    op.add_column("work_items", sa.Column("resolved_position", sa.Text(), nullable=True))
    op.add_column("work_items", sa.Column("decision", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "departures",
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kiosk_id", sa.Uuid(), nullable=False),
        sa.Column("pupil", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("answered_position", sa.Text(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_departures_school_id"),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosks.id"], name="fk_departures_kiosk_id"),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_departures"),
    )
    op.create_index("ix_departures_school_id_state", "departures", ["school_id", "state"])
    op.create_table(
        "policies",
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("first_given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_policies_school_id"),
        sa.PrimaryKeyConstraint("school_id", "version", name="pk_policies"),
    )


def downgrade() -> None:
    """Drop the columns and tables."""
    op.drop_table("policies")
    op.drop_table("departures")
    op.execute("ALTER TABLE work_items DROP COLUMN decision")
    op.execute("ALTER TABLE work_items DROP COLUMN resolved_position")
