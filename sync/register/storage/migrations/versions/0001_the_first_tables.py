"""The first tables: roster, kiosks, entries, marks and their changes, staff."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_failures"),
    )
    op.create_index("ix_failures_subject_at", "failures", ["subject", "at"])
    op.create_table(
        "schools",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("card_key", sa.Text(), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("calendar", sa.JSON(), nullable=False),
        sa.Column("bundle_version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_schools"),
    )
    op.create_table(
        "enrolment_codes",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_enrolment_codes_school_id"),
        sa.PrimaryKeyConstraint("hash", name="pk_enrolment_codes"),
    )
    op.create_table(
        "kiosks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_kiosks_school_id"),
        sa.PrimaryKeyConstraint("id", name="pk_kiosks"),
        sa.UniqueConstraint("token_hash", name="uq_kiosks_token_hash"),
    )
    op.create_index("ix_kiosks_school_id", "kiosks", ["school_id"])
    op.create_table(
        "pupils",
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.Column("preferred", sa.Text(), nullable=True),
        sa.Column("year", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("starts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_pupils_school_id"),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_pupils"),
    )
    op.create_table(
        "staff",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_staff_school_id"),
        sa.PrimaryKeyConstraint("login", name="pk_staff"),
    )
    op.create_table(
        "appointments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("pupil", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("until", sa.Time(), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil"], ["pupils.school_id", "pupils.id"], name="fk_appointments_school_id_pupil"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_appointments"),
    )
    op.create_index("ix_appointments_school_id_date", "appointments", ["school_id", "date"])
    op.create_table(
        "cards",
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("pupil", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil"], ["pupils.school_id", "pupils.id"], name="fk_cards_school_id_pupil"
        ),
        sa.PrimaryKeyConstraint("school_id", "hash", name="pk_cards"),
    )
    op.create_table(
        "contacts",
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("pupil", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("relationship", sa.Text(), nullable=False),
        sa.Column("may_collect", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil"], ["pupils.school_id", "pupils.id"], name="fk_contacts_school_id_pupil"
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_contacts"),
    )
    op.create_table(
        "entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("kiosk_id", sa.Uuid(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("pupil", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("suggested", sa.Text(), nullable=True),
        sa.Column("minutes_late", sa.Integer(), nullable=True),
        sa.Column("voids", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("taken_back", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosks.id"], name="fk_entries_kiosk_id"),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_entries_school_id"),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
    )
    op.create_index("ix_entries_kiosk_id_seq", "entries", ["kiosk_id", "seq"])
    op.create_index("ix_entries_school_id_date", "entries", ["school_id", "date"])
    op.create_index("ix_entries_voids", "entries", ["voids"])
    op.create_table(
        "web_sessions",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["login"], ["staff.login"], name="fk_web_sessions_login"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_web_sessions"),
    )
    op.create_table(
        "mark_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("pupil", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("original", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("amended", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_mark_changes_entry_id"),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_mark_changes_school_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mark_changes"),
    )
    op.create_index("ix_mark_changes_entry_id", "mark_changes", ["entry_id"])
    op.create_index(
        "ix_mark_changes_school_id_pupil_date_session",
        "mark_changes",
        ["school_id", "pupil", "date", "session"],
    )
    op.create_table(
        "marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("pupil", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("minutes_late", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_marks_entry_id"),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_marks_school_id"),
        sa.PrimaryKeyConstraint("id", name="pk_marks"),
        sa.UniqueConstraint(
            "school_id", "pupil", "date", "session", name="uq_marks_school_id_pupil_date_session"
        ),
    )
    op.create_table(
        "work_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("kiosk_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_work_items_entry_id"),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosks.id"], name="fk_work_items_kiosk_id"),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_work_items_school_id"),
        sa.PrimaryKeyConstraint("id", name="pk_work_items"),
    )
    op.create_index("ix_work_items_entry_id", "work_items", ["entry_id"])
    op.create_index("ix_work_items_school_id_resolved_at", "work_items", ["school_id", "resolved_at"])


def downgrade() -> None:
    """Drop the tables in reverse order."""
    op.drop_index("ix_work_items_school_id_resolved_at", table_name="work_items")
    op.drop_index("ix_work_items_entry_id", table_name="work_items")
    op.drop_table("work_items")
    op.drop_table("marks")
    op.drop_index("ix_mark_changes_school_id_pupil_date_session", table_name="mark_changes")
    op.drop_index("ix_mark_changes_entry_id", table_name="mark_changes")
    op.drop_table("mark_changes")
    op.drop_table("web_sessions")
    op.drop_index("ix_entries_voids", table_name="entries")
    op.drop_index("ix_entries_school_id_date", table_name="entries")
    op.drop_index("ix_entries_kiosk_id_seq", table_name="entries")
    op.drop_table("entries")
    op.drop_table("contacts")
    op.drop_table("cards")
    op.drop_index("ix_appointments_school_id_date", table_name="appointments")
    op.drop_table("appointments")
    op.drop_table("staff")
    op.drop_table("pupils")
    op.drop_index("ix_kiosks_school_id", table_name="kiosks")
    op.drop_table("kiosks")
    op.drop_table("enrolment_codes")
    op.drop_table("schools")
    op.drop_index("ix_failures_subject_at", table_name="failures")
    op.drop_table("failures")
