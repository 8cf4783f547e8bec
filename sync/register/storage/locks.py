"""Row locks, so that concurrent workers never decide from rows that another worker is changing.

They matter on PostgreSQL only: on SQLite there is one writer at a time, and these functions lock nothing.
Take several locks in this order: a kiosk, a school, pupils in the order of their ids, work items. The
database detects any deadlock that remains, and `Database.transact` retries.
"""

import uuid
from collections.abc import Iterable

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from sync.register.storage.attendance import KioskRow
from sync.register.storage.roster import PupilRow, SchoolRow


def lock_pupils(session: Session, school: str, pupils: Iterable[str]) -> None:
    """Lock these pupils' marks until the transaction ends.

    An empty mark has no row, so the pupils' rows are locked. A pupil who is not on the roll has no row
    either: two transactions that mark such a pupil at once collide at the unique key of marks instead.
    """
    ids = set(pupils)
    if ids and _locks_rows(session):
        query = select(PupilRow.id).where(PupilRow.school_id == school, PupilRow.id.in_(ids))
        session.execute(query.order_by(PupilRow.id).with_for_update(key_share=True)).all()


def lock_kiosk(session: Session, kiosk: uuid.UUID) -> KioskRow:
    """Lock and return the kiosk's current row: one batch of a kiosk is taken in at a time."""
    query = select(KioskRow).where(KioskRow.id == kiosk).execution_options(populate_existing=True)
    return session.scalars(query.with_for_update(key_share=True)).one()


def lock_school(session: Session, school: str) -> SchoolRow:
    """Lock and return the school's current row, which holds what its kiosks are sent.

    Objects read before the lock are expired, since another transaction may have changed them meanwhile.

    Raises:
        sqlalchemy.exc.NoResultFound: there is no such school.
    """
    session.flush()
    session.expire_all()
    query = select(SchoolRow).where(SchoolRow.id == school)
    return session.scalars(query.with_for_update(key_share=True)).one()


def lock_name(session: Session | Connection, name: str) -> None:
    """Hold the lock of that name until the transaction ends."""
    if _locks_rows(session):
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _locks_rows(session: Session | Connection) -> bool:
    bind = session.get_bind() if isinstance(session, Session) else session
    return bind.dialect.name != "sqlite"
