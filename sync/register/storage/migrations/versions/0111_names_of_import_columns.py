"""Name the columns of roster imports after what they hold."""

from alembic import op

revision = "0111"
down_revision = "0110"
branch_labels = None
depends_on = None

RENAMED = {"by": "uploaded_by", "opened": "summary", "said": "result"}


def upgrade() -> None:
    """Rename the columns and the state of a discarded import."""
    for old, new in RENAMED.items():
        op.execute(f'ALTER TABLE imports RENAME COLUMN "{old}" TO {new}')
    op.execute("UPDATE imports SET state = 'discarded' WHERE state = 'put away'")


def downgrade() -> None:
    """Restore the old names."""
    op.execute("UPDATE imports SET state = 'put away' WHERE state = 'discarded'")
    for old, new in RENAMED.items():
        op.execute(f'ALTER TABLE imports RENAME COLUMN {new} TO "{old}"')
