"""The errors that a database raises when it can be read but not written."""

from sqlalchemy.exc import InternalError, OperationalError

CANNOT_WRITE = (OperationalError, InternalError)
"""SQLite raises `OperationalError` when its disk is full or read-only, and PostgreSQL when its disk is full.
A read-only PostgreSQL (a standby, `default_transaction_read_only`) raises `InternalError`."""
