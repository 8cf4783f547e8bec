"""A transaction of the journal: it also draws the mark by which the log is known as this journal's.

See `kiosk.journal.damage.identity`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlite_utils import Database


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """A transaction, on the disk when this ends; rolled back by an exception.

    Raises:
        sqlite3.Error: the disk does not take it.
    """
    with db.atomic():
        yield
        db.execute("UPDATE counter SET before = mark, mark = random()")


def number_of(db: Database) -> int:
    """The journal's number, on which its seals depend."""
    [number] = db.execute("SELECT journal FROM counter").fetchone()
    return int(number)
