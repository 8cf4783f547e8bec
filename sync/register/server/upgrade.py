"""The register's database after an update of the program."""

from sync.register.schools.schools import refresh_stale
from sync.register.storage.database import Database


def bring_up_to_date(database: Database) -> None:
    """Give the database this version's form, and kiosks what this version tells them.

    A version that tells kiosks more than the last one did has another bundle of the same rows. Kiosks fetch
    it only where its version is another.

    Raises:
        DatabaseError: it cannot be opened or written, or a newer version of Latebook made it.
    """
    database.migrate()
    refresh_stale(database)
