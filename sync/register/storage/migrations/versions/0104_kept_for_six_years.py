"""Triggers that refuse to delete or alter the rows that the law requires to be kept.

Reg. 7 of the 2024 regulations: every entry in a register, original and amended, for six years. A row's
age is measured by the database's own clock. Only the columns with the later state of an entry or a work item
may be changed.
"""

from alembic import op

revision = "0104"
down_revision = "0103"
branch_labels = None
depends_on = None

KEPT = {"entries": "received_at", "mark_changes": "at", "audit": "at", "work_items": "opened_at"}
"""Tables whose rows may not be deleted for six years, and the column with a row's age."""
UNCHANGED = {
    "entries": (
        "id, school_id, kiosk_id, raw, content_hash, epoch, seq, kind, pupil, at, date, session, reason, "
        "outcome, code, suggested, minutes_late, voids, corrects, received_at, status, detail"
    ),
    "mark_changes": (
        "id, school_id, pupil, date, session, original, amended, entry_id, reason, at, name, position"
    ),
    "audit": "id, school_id, at, login, name, position, address, action, subject, detail",
    "work_items": "id, school_id, kind, kiosk_id, entry_id, detail, opened_at",
    "policies": "school_id, version, name, body, first_given_at",
}
"""Columns that may not be changed."""
RESOLUTION = "resolved_at, resolution, resolved_by, resolved_position, decision"


def upgrade() -> None:
    """Create the triggers."""
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgres()


def _sqlite() -> None:
    for table, age in KEPT.items():
        op.execute(
            f"CREATE TRIGGER keep_{table} BEFORE DELETE ON {table} "
            f"WHEN OLD.{age} > datetime('now', '-6 years') "
            f"BEGIN SELECT RAISE(ABORT, '{table} are kept for six years'); END"
        )
    op.execute(
        "CREATE TRIGGER keep_policies BEFORE DELETE ON policies "
        "BEGIN SELECT RAISE(ABORT, 'policies are kept for good'); END"
    )
    for table, columns in UNCHANGED.items():
        op.execute(
            f"CREATE TRIGGER unchanged_{table} BEFORE UPDATE OF {columns} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} are never altered'); END"
        )
    op.execute(
        f"CREATE TRIGGER resolved_once BEFORE UPDATE OF {RESOLUTION} ON work_items "
        "WHEN OLD.resolved_at IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'work_items are resolved once'); END"
    )


def _postgres() -> None:
    op.execute(
        "CREATE FUNCTION latebook_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% %', TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; "
        "END $$"
    )
    kept = "EXECUTE FUNCTION latebook_refuse('are kept for six years')"
    for table, age in KEPT.items():
        op.execute(
            f"CREATE TRIGGER keep_{table} BEFORE DELETE ON {table} FOR EACH ROW "
            f"WHEN (OLD.{age} > now() - interval '6 years') {kept}"
        )
        op.execute(f"CREATE TRIGGER keep_all_{table} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {kept}")
    op.execute(
        "CREATE TRIGGER keep_policies BEFORE DELETE OR TRUNCATE ON policies FOR EACH STATEMENT "
        "EXECUTE FUNCTION latebook_refuse('are kept for good')"
    )
    for table, columns in UNCHANGED.items():
        op.execute(
            f"CREATE TRIGGER unchanged_{table} BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW "
            "EXECUTE FUNCTION latebook_refuse('are never altered')"
        )
    op.execute(
        f"CREATE TRIGGER resolved_once BEFORE UPDATE OF {RESOLUTION} ON work_items FOR EACH ROW "
        "WHEN (OLD.resolved_at IS NOT NULL) EXECUTE FUNCTION latebook_refuse('are resolved once')"
    )


def downgrade() -> None:
    """Drop the triggers."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    triggers = [(f"keep_{table}", table) for table in [*KEPT, "policies"]]
    triggers += [(f"unchanged_{table}", table) for table in UNCHANGED] + [("resolved_once", "work_items")]
    if not sqlite:
        triggers += [(f"keep_all_{table}", table) for table in KEPT]
    for name, table in triggers:
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
    if not sqlite:
        op.execute("DROP FUNCTION latebook_refuse()")
