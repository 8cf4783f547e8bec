"""Numbering by epoch, so that entries from a restored or copied disk are not lost; corrections."""

import sqlalchemy as sa
from alembic import op

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put existing entries in the first epoch, and repeated numbers in later ones."""
    op.create_table(
        "kiosk_epochs",
        sa.Column("kiosk_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosks.id"], name="fk_kiosk_epochs_kiosk_id"),
        sa.PrimaryKeyConstraint("kiosk_id", "epoch", name="pk_kiosk_epochs"),
    )
    op.add_column("entries", sa.Column("epoch", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("entries", sa.Column("corrects", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE entries SET epoch = (SELECT nth FROM (SELECT id, row_number() OVER"
        " (PARTITION BY kiosk_id, seq ORDER BY received_at, id) AS nth FROM entries) AS counted"
        " WHERE counted.id = entries.id)"
    )
    op.execute(
        "INSERT INTO kiosk_epochs (kiosk_id, epoch, first_seq, last_seq, began_at)"
        " SELECT id, 1, 1, last_seq, enrolled_at FROM kiosks"
    )
    op.execute(
        "INSERT INTO kiosk_epochs (kiosk_id, epoch, first_seq, last_seq, began_at)"
        " SELECT kiosk_id, epoch, min(seq), max(seq), min(received_at) FROM entries WHERE epoch > 1"
        " GROUP BY kiosk_id, epoch"
    )
    op.drop_index("ix_entries_kiosk_id_seq", table_name="entries")
    op.create_index("ix_entries_kiosk_id_epoch_seq", "entries", ["kiosk_id", "epoch", "seq"], unique=True)
    op.create_index("ix_entries_corrects", "entries", ["corrects"])
    # Not in batch mode, which recreates the table: foreign keys to it forbid that.
    op.execute("ALTER TABLE kiosks DROP COLUMN last_seq")


def downgrade() -> None:
    """Return to one numbering per kiosk."""
    op.add_column("kiosks", sa.Column("last_seq", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE kiosks SET last_seq = coalesce("
        "(SELECT max(last_seq) FROM kiosk_epochs WHERE kiosk_epochs.kiosk_id = kiosks.id), 0)"
    )
    op.drop_index("ix_entries_corrects", table_name="entries")
    op.drop_index("ix_entries_kiosk_id_epoch_seq", table_name="entries")
    op.create_index("ix_entries_kiosk_id_seq", "entries", ["kiosk_id", "seq"])
    op.execute("ALTER TABLE entries DROP COLUMN corrects")
    op.execute("ALTER TABLE entries DROP COLUMN epoch")
    op.drop_table("kiosk_epochs")
