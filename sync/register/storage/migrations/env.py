"""Run by Alembic on the connection of `Database.migrate`, within its transaction."""

from alembic import context

from sync.register.storage.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite cannot alter most of a table in place
)
with context.begin_transaction():
    context.run_migrations()
