"""A school's kiosks: enrolment codes, tokens, heartbeats."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from sync.register import audit
from sync.register.actor import Actor, kiosk_actor
from sync.register.entries import numbering
from sync.register.errors import UnknownSchoolError
from sync.register.kiosks import clocks, storage
from sync.register.schools import plans, roster_size
from sync.register.storage.models import (
    EnrolmentCodeRow,
    EntryRow,
    KioskRow,
    SchoolRow,
    WorkItemRow,
)
from sync.register.storage.work_items import UnsentEntries
from sync.register.typed_codes import random_code
from sync.wire import EnrolResponse, Heartbeat

CODE_LASTS = timedelta(minutes=15)
CODE_GROUPS, CODE_GROUP = 2, 5
"""Ten letters are 49 bits (31^10): safe at five guesses a minute for fifteen minutes."""
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class EnrolmentCode:
    """A code to type at a kiosk, and the instant until which it is valid."""

    code: str
    expires_at: datetime


def make_enrolment_code(
    session: Session, school: str, *, now: datetime, by: Actor | None = None
) -> EnrolmentCode:
    """A new code for one kiosk of that school. It works once, for 15 minutes, and only its hash is stored.

    With `by`, the audit records who made it.

    Raises:
        UnknownSchoolError: there is no such school.
    """
    if session.get(SchoolRow, school) is None:
        known = ", ".join(session.scalars(select(SchoolRow.id).order_by(SchoolRow.id))) or "none yet"
        raise UnknownSchoolError(f"there is no school {school!r}; the register has: {known}")
    code = EnrolmentCode(random_code(CODE_GROUPS, CODE_GROUP), now + CODE_LASTS)
    session.execute(delete(EnrolmentCodeRow).where(EnrolmentCodeRow.expires_at <= now))
    session.add(
        EnrolmentCodeRow(
            hash=_hash_code(code.code), school_id=school, created_at=now, expires_at=code.expires_at
        )
    )
    if by is not None:
        audit.note(session, by, audit.Action.ENROLMENT_CODE, now=now)
    return code


def enrol(
    session: Session, code: str, name: str, *, now: datetime, address: str = ""
) -> EnrolResponse | None:
    """Enrol a kiosk and record it in the audit; `None` when the code is wrong, used or expired."""
    query = select(EnrolmentCodeRow).where(EnrolmentCodeRow.hash == _hash_code(code)).with_for_update()
    row = session.scalars(query).one_or_none()
    if row is None or row.used_at is not None or row.expires_at <= now:
        return None
    row.used_at = now
    token = secrets.token_urlsafe(TOKEN_BYTES)
    kiosk = KioskRow(
        id=uuid.uuid4(),
        school_id=row.school_id,
        name=name,
        token_hash=hash_token(token),
        enrolled_at=now,
        last_seen_at=now,
    )
    session.add(kiosk)
    actor = kiosk_actor(row.school_id, name, address)
    audit.note(session, actor, audit.Action.ENROLMENT, now=now, subject=str(kiosk.id))
    return EnrolResponse(kiosk_id=str(kiosk.id), token=token)


def revoke(session: Session, kiosk: uuid.UUID, *, now: datetime, by: Actor | None = None) -> None:
    """Revoke a kiosk's token. Its entries stay, and the kiosk keeps its own queue; the office gets a work
    item about entries still waiting there, because the kiosk can no longer report them.

    Args:
        session: a session that writes.
        kiosk: the kiosk's id.
        now: the instant, UTC.
        by: the user, for the audit; their school must be the kiosk's.

    Raises:
        sqlalchemy.exc.NoResultFound: there is no such kiosk, or it is another school's.
    """
    row = session.get_one(KioskRow, kiosk)
    if by is not None and by.school != row.school_id:
        raise NoResultFound
    if row.revoked_at is None:
        row.revoked_at = now
        waiting, _ = unsent(session, row)
        if waiting:
            item = UnsentEntries(waiting=waiting)
            session.add(
                WorkItemRow(
                    school_id=row.school_id,
                    kind=item.kind.value,
                    kiosk_id=kiosk,
                    entry_id=None,
                    detail=item.detail(),
                    opened_at=now,
                )
            )
        if by is not None:
            audit.note(session, by, audit.Action.REVOCATION, now=now, subject=str(kiosk))


def hash_token(token: str) -> str:
    """The stored hash of a token. Tokens are found by it, so timing cannot reveal how close a guess was."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def note_heartbeat(session: Session, kiosk: uuid.UUID, heartbeat: Heartbeat, *, now: datetime) -> None:
    """Store a kiosk's heartbeat, and open work items for what the office must see."""
    row = session.get_one(KioskRow, kiosk)
    numbering.note_heartbeat(session, row, heartbeat, now=now)
    roster_size.note_heartbeat(session, row, heartbeat, now=now)
    clocks.note_heartbeat(session, row, heartbeat, now=now)
    storage.note_heartbeat(session, row, heartbeat, now=now)
    plans.note_heartbeat(session, row, now=now)
    row.heartbeat = heartbeat.model_dump(mode="json")
    row.last_seen_at = row.heartbeat_at = now


def unsent(session: Session, row: KioskRow) -> tuple[int, datetime | None]:
    """How many entries still wait on a kiosk, and the instant (UTC) of the oldest if known.

    A heartbeat is up to half a minute old, so entries that have arrived since are subtracted: their `seq` is
    no higher than the newest that the heartbeat named.
    """
    heartbeat = Heartbeat.model_validate(row.heartbeat) if row.heartbeat else None
    if heartbeat is None or heartbeat.queue.waiting == 0:
        return 0, None
    arrived = _arrived_since(session, row.id, row.heartbeat_at, heartbeat.last_seq)
    waiting = max(0, heartbeat.queue.waiting - arrived)
    # Entries are sent oldest first: once some have arrived, the oldest of the rest is not known.
    return waiting, heartbeat.queue.oldest_at if arrived == 0 else None


def _arrived_since(session: Session, kiosk: uuid.UUID, since: datetime | None, last_seq: int) -> int:
    if since is None:
        return 0
    query = select(func.count()).where(
        EntryRow.kiosk_id == kiosk, EntryRow.received_at > since, EntryRow.seq <= last_seq
    )
    return session.scalar(query) or 0


def _hash_code(code: str) -> str:
    """The hash of a code as typed: case, spaces and hyphens are ignored."""
    letters = "".join(character for character in code.upper() if character.isalnum())
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()
