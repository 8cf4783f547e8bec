"""Roles, the second step of a login, and the audit."""

import sqlalchemy as sa
from alembic import op

revision = "0103"
down_revision = "0102"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table. Existing users get the role `office`."""
    op.add_column("staff", sa.Column("role", sa.Text(), nullable=False, server_default="office"))
    op.add_column("staff", sa.Column("totp_secret", sa.Text(), nullable=True))
    op.add_column("staff", sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("staff", sa.Column("totp_last_step", sa.BigInteger(), nullable=True))
    op.add_column(
        "web_sessions", sa.Column("waits_for_code", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("login", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_audit_school_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_school_id_at", "audit", ["school_id", "at"])
    op.create_index("ix_audit_school_id_subject", "audit", ["school_id", "subject"])


def downgrade() -> None:
    """Drop the columns and the table."""
    op.drop_table("audit")
    op.execute("ALTER TABLE web_sessions DROP COLUMN waits_for_code")
    for name in ("totp_last_step", "totp_confirmed_at", "totp_secret", "role"):
        op.execute(f"ALTER TABLE staff DROP COLUMN {name}")
