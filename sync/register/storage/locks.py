"""What is locked where several workers write at once, so that nobody decides from what is about to change.

All of it is for PostgreSQL. On SQLite writes are one at a time, and each of these does nothing.
Whoever takes several locks takes them in this order: a kiosk, then a school, then pupils in the order of
their ids, then work items. Two who wait for each other all the same are told so by the database
(`Database.transact`).
"""

import uuid
from collections.abc import Iterable

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from sync.register.storage.attendance import KioskRow
from sync.register.storage.roster import PupilRow, SchoolRow


def lock_pupils(session: Session, school: str, pupils: Iterable[str]) -> None:
    """Let nobody else change these pupils' marks before this transaction ends.

    A mark that is empty has no row to lock, so it is the pupil's that is locked. One who is not on the roll
    has none either: two who mark such a pupil at once meet at the marks' unique key instead.
    """
    wanted = set(pupils)
    if wanted and _locks_rows(session):
        query = select(PupilRow.id).where(PupilRow.school_id == school, PupilRow.id.in_(wanted))
        session.execute(query.order_by(PupilRow.id).with_for_update(key_share=True)).all()


def lock_kiosk(session: Session, kiosk: uuid.UUID) -> KioskRow:
    """The kiosk's row, as it is now; one batch of a kiosk is taken in at a time."""
    query = select(KioskRow).where(KioskRow.id == kiosk).execution_options(populate_existing=True)
    return session.scalars(query.with_for_update(key_share=True)).one()


def lock_school(session: Session, school: str) -> SchoolRow:
    """The school's row, as it is now; nobody else changes what its kiosks are told before this ends.

    Whatever was read before the wait is read again: somebody may have changed it meanwhile.

    Raises:
        sqlalchemy.exc.NoResultFound: there is no such school.
    """
    session.flush()
    session.expire_all()
    query = select(SchoolRow).where(SchoolRow.id == school)
    return session.scalars(query.with_for_update(key_share=True)).one()


def lock_name(session: Session | Connection, name: str) -> None:
    """Let nobody else hold a lock of that name before this transaction ends."""
    if _locks_rows(session):
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _locks_rows(session: Session | Connection) -> bool:
    bind = session.get_bind() if isinstance(session, Session) else session
    return bind.dialect.name != "sqlite"
