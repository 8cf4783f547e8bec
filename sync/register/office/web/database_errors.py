"""The errors of a database that can read but not write. Pages that only read are still shown."""

from sqlalchemy.exc import InternalError, OperationalError

CANNOT_WRITE = (OperationalError, InternalError)
"""SQLite raises `OperationalError` when its disk is full or read-only, and PostgreSQL when its disk is full.
A PostgreSQL that only reads (a standby, `default_transaction_read_only`) raises `InternalError`."""
