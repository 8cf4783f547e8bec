"""Brings the register's database to this version after an update of the program."""

from sync.register.schools.schools import refresh_stale
from sync.register.storage.database import Database


def bring_up_to_date(database: Database) -> None:
    """Migrate the database, and refresh the versions of the schools' bundles.

    A new version of Latebook may build a different bundle from the same rows, and kiosks fetch a bundle only
    when its version differs.

    Raises:
        DatabaseError: the database cannot be opened or written, or a newer version of Latebook made it.
    """
    database.migrate()
    refresh_stale(database)
