"""Plans in place of individual starts, which are taken over as plans that the office must confirm."""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0115"
down_revision = "0114"
branch_labels = None
depends_on = None

DOWNGRADED = "this version of Latebook has no plans"
NOT_OF_COMPULSORY_AGE = ("N", "12", "13", "14")

_pupils = sa.table(
    "pupils",
    sa.column("school_id", sa.Text()),
    sa.column("id", sa.Text()),
    sa.column("year", sa.Text()),
    sa.column("starts", sa.JSON()),
)
_items = sa.table(
    "work_items",
    sa.column("school_id", sa.Text()),
    sa.column("kind", sa.Text()),
    sa.column("detail", sa.JSON()),
    sa.column("opened_at", sa.DateTime(timezone=True)),
    sa.column("resolved_at", sa.DateTime(timezone=True)),
    sa.column("resolution", sa.Text()),
    sa.column("decision", sa.JSON()),
)


def upgrade() -> None:
    """Create the table, take over the starts with a work item for each pupil, and drop the column."""
    plans = op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("pupil", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("review", sa.Date(), nullable=True),
        sa.Column("agreed_by", sa.Text(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("review_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil"], ["pupils.school_id", "pupils.id"], name="fk_plans_school_id_pupil"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
    )
    op.create_index("ix_plans_school_id_pupil", "plans", ["school_id", "pupil"])
    connection, now = op.get_bind(), datetime.now(UTC)
    for school, pupil, year, starts in connection.execute(sa.select(_pupils)).all():
        if not starts:
            continue
        made = sa.insert(plans).values(
            school_id=school,
            pupil=pupil,
            code="X" if year in NOT_OF_COMPULSORY_AGE else "C2",
            days={day: {"due_in": start, "due_out": None} for day, start in starts.items()},
        )
        plan = connection.scalar(made.returning(plans.c.id))
        connection.execute(
            sa.insert(_items).values(
                school_id=school,
                kind="plan",
                detail={"pupil": pupil, "plan": plan},
                opened_at=now,
            )
        )
    op.execute("ALTER TABLE pupils DROP COLUMN starts")


def downgrade() -> None:
    """Give the pupils their starts back, settle the work items, and drop the table."""
    op.add_column("pupils", sa.Column("starts", sa.JSON(), nullable=False, server_default=json.dumps({})))
    plans = sa.table(
        "plans",
        sa.column("school_id", sa.Text()),
        sa.column("pupil", sa.Text()),
        sa.column("days", sa.JSON()),
    )
    connection = op.get_bind()
    for school, pupil, days in connection.execute(sa.select(plans)).all():
        starts = {day: its["due_in"] for day, its in days.items() if its["due_in"]}
        mine = (_pupils.c.school_id == school, _pupils.c.id == pupil)
        connection.execute(sa.update(_pupils).where(*mine).values(starts=starts))
    settled = {"resolved_at": datetime.now(UTC), "resolution": DOWNGRADED, "decision": {"with": 0}}
    is_open = (_items.c.kind.in_(("plan", "plan_review")), _items.c.resolved_at.is_(None))
    connection.execute(sa.update(_items).where(*is_open).values(settled))
    op.drop_index("ix_plans_school_id_pupil", "plans")
    op.drop_table("plans")
