"""What a database raises that can be read and not written: what must be seen is shown all the same."""

from sqlalchemy.exc import InternalError, OperationalError

CANNOT_WRITE = (OperationalError, InternalError)
"""A full or read-only disk is an `OperationalError` of SQLite's; of PostgreSQL's a full disk is one too, and
a database that only reads (a standby, `default_transaction_read_only`) is an `InternalError`."""
