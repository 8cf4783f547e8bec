"""Removes from the stored bundle what a kiosk does not need: families' contacts, which earlier versions kept,
and the appointments of days long past."""

import sqlite3
from datetime import date

import structlog
from sqlite_utils import Database

from kiosk.journal.seals import seal
from kiosk.journal.transactions import number_of, transaction

log = structlog.get_logger()


def drop_contacts(db: Database) -> None:
    """Remove the contacts from the stored bundle, and from the pages in which earlier bundles lay.

    Does nothing in a journal of this version. Without room for it now, the next start tries again: a full
    disk must not keep a kiosk from opening.

    Args:
        db: the open journal, with `secure_delete` on.
    """
    found = db.execute(
        "SELECT etag, json_set(body, '$.contacts', json('[]')) FROM bundle"
        " WHERE json_valid(body) AND json_array_length(body, '$.contacts') > 0"
    ).fetchone()
    if found is None:
        return
    etag, body = found
    try:
        db.execute("VACUUM")  # first: once the bundle has none, nothing shows that free pages may have some
        _replace(db, etag, body)
    except sqlite3.OperationalError as error:
        log.warning("journal.contacts_not_dropped", error=error.sqlite_errorname)
    else:
        log.info("journal.contacts_dropped")


def drop_appointments(db: Database, before: date) -> None:
    """Remove the appointments of days before that one from the stored bundle."""
    found = db.execute(
        "SELECT etag, json_set(body, '$.appointments', (SELECT json_group_array(json(value))"
        " FROM json_each(body, '$.appointments') WHERE value ->> 'date' >= ?1)) FROM bundle"
        " WHERE json_valid(body) AND EXISTS (SELECT 1 FROM json_each(body, '$.appointments')"
        " WHERE value ->> 'date' < ?1)",
        [before.isoformat()],
    ).fetchone()
    if found is not None:
        _replace(db, *found)


def _replace(db: Database, etag: str, body: str) -> None:
    with transaction(db):
        sealed = seal(number_of(db), etag, body)
        db.execute("UPDATE bundle SET body = ?, seal = ?", [body, sealed])
