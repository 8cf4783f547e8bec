"""PINs for the kiosk's staff screen: list, assign, change and end them.

Every change reaches the school's kiosks with their next bundle. Callers check the role first.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from sync.register import audit, throttle
from sync.register.actor import Actor
from sync.register.errors import PinError, TooManyPinsError
from sync.register.hashing import hash_pin, verify
from sync.register.schools.schools import refresh_bundle
from sync.register.storage.database import Database
from sync.register.storage.locks import lock_school
from sync.register.storage.models import KioskStaffRow, SchoolRow

SHORTEST, LONGEST = 4, 8
RANDOM_DIGITS = 6
"""Digits of a random PIN."""


@dataclass(frozen=True, slots=True)
class PinHolder:
    """A member of staff with a PIN."""

    id: str
    name: str
    position: str


def holders(session: Session, school: str) -> list[PinHolder]:
    """A school's staff whose PIN opens the staff screen, by name."""
    rows = session.scalars(_open(school).order_by(KioskStaffRow.name, KioskStaffRow.id))
    return [PinHolder(row.id, row.name, row.position) for row in rows]


def holder(session: Session, school: str, holder_id: str) -> PinHolder:
    """One member of staff with a PIN.

    Raises:
        PinError: the school has none with that id, or the PIN has ended.
    """
    row = _row(session, school, holder_id)
    return PinHolder(row.id, row.name, row.position)


def give(
    database: Database,
    actor: Actor,
    *,
    school: str,
    name: str,
    position: str,
    pin: str | None,
    now: datetime,
) -> str:
    """Assign a PIN to a member of staff.

    Args:
        database: the register's.
        actor: who assigns it.
        school: the school at whose kiosks it works.
        name: the holder's name, as it is shown beside what they do.
        position: the holder's job title.
        pin: the digits that the holder chose; `None` for random ones.
        now: the instant, UTC.

    Returns:
        The PIN, which is shown to the holder once: only its hash is stored.

    Raises:
        PinError: the PIN is not acceptable or already in use, or there is no such school.
    """
    _check_not_empty(name, position)
    with database.read() as session:
        if session.get(SchoolRow, school) is None:
            raise PinError(f"there is no school {school!r}; add it first with: latebook register school add")
    row_id = secrets.token_hex(8)
    pin, hashed, seen = _free(database, actor, school, pin, except_holder=None, now=now)

    def work(session: Session) -> None:
        _check_still_free(session, school, pin, seen, except_holder=None)
        session.add(
            KioskStaffRow(
                school_id=school, id=row_id, name=name.strip(), position=position.strip(), pin_hash=hashed
            )
        )
        audit.note(session, actor, audit.Action.PIN_GIVEN, now=now, subject=row_id, whose=name.strip())
        refresh_bundle(session, school)

    database.transact(work)
    return pin


def change_pin(
    database: Database, actor: Actor, *, school: str, holder_id: str, pin: str | None, now: datetime
) -> str:
    """Replace a holder's PIN; otherwise like `give`.

    Raises:
        PinError: as for `give`, or there is no holder with that id.
    """
    with database.read() as session:
        _row(session, school, holder_id)
    pin, hashed, seen = _free(database, actor, school, pin, except_holder=holder_id, now=now)

    def work(session: Session) -> None:
        _check_still_free(session, school, pin, seen, except_holder=holder_id)
        row = _row(session, school, holder_id)
        row.pin_hash = hashed
        audit.note(session, actor, audit.Action.PIN_CHANGED, now=now, subject=row.id, whose=row.name)
        refresh_bundle(session, school)

    database.transact(work)
    return pin


def rename(
    database: Database,
    actor: Actor,
    *,
    school: str,
    holder_id: str,
    name: str,
    position: str,
    now: datetime,
) -> None:
    """Change the name or job title of a holder.

    Raises:
        PinError: one is empty, or there is no holder with that id.
    """
    _check_not_empty(name, position)

    def work(session: Session) -> None:
        row = _row(session, school, holder_id)
        before = [row.name, row.position]
        row.name, row.position = name.strip(), position.strip()
        after = [row.name, row.position]
        audit.note(
            session, actor, audit.Action.PIN_CHANGED, now=now, subject=row.id, before=before, after=after
        )
        refresh_bundle(session, school)

    database.transact(work)


def end(database: Database, actor: Actor, *, school: str, holder_id: str, now: datetime) -> None:
    """End a PIN. The holder's name stays, because releases refer to it; the PIN's hash is deleted.

    Raises:
        PinError: there is no holder with that id.
    """

    def work(session: Session) -> None:
        row = _row(session, school, holder_id)
        row.ended_at, row.pin_hash = now, ""
        audit.note(session, actor, audit.Action.PIN_ENDED, now=now, subject=row.id, whose=row.name)
        refresh_bundle(session, school)

    database.transact(work)


def check(pin: str) -> None:
    """Check that a PIN has the right form and is not easily guessed.

    Raises:
        PinError: the text says why not.
    """
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        raise PinError(f"a PIN has {SHORTEST} to {LONGEST} digits and nothing else")
    if len(set(pin)) == 1:
        raise PinError("a PIN that repeats one digit is too easily guessed; choose another")
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if steps in ({1}, {9}):
        raise PinError("a PIN that counts up or down is too easily guessed; choose another")
    parts = (part for part in range(2, len(pin) // 2 + 1) if len(pin) % part == 0)
    if any(pin == pin[:part] * (len(pin) // part) for part in parts):
        raise PinError("a PIN that repeats a group of digits is too easily guessed; choose another")


def _free(
    database: Database,
    actor: Actor,
    school: str,
    pin: str | None,
    *,
    except_holder: str | None,
    now: datetime,
) -> tuple[str, str, frozenset[str]]:
    """A PIN that no other holder has, its hash, and the other hashes it was compared with.

    Hashing takes a while, so it is done before the transaction that kiosks would have to wait for.
    """
    with database.read() as session:
        seen = frozenset(_hashes(session, school, except_holder))
    if pin is None:
        candidate = _random_pin()
        while _is_among(candidate, seen):
            candidate = _random_pin()
        return candidate, hash_pin(candidate), seen
    check(pin)
    subject = throttle.pin_subject(actor.login or actor.address)
    with database.write() as session:
        wait = throttle.attempt(session, {subject: throttle.PIN}, now=now)
    if wait:
        raise TooManyPinsError(f"too many PINs in a short time; wait {wait} seconds, then try again")
    taken = _is_among(pin, seen)
    if taken:  # without the reason: it would reveal another holder's PIN
        with database.write() as session:
            audit.note(session, actor, audit.Action.PIN_REFUSED, now=now)
        raise PinError("that PIN cannot be used; choose another")
    return pin, hash_pin(pin), seen


def _check_still_free(
    session: Session, school: str, pin: str, seen: frozenset[str], *, except_holder: str | None
) -> None:
    """Compare a PIN also with those assigned since `_free` read them; the lock prevents further ones."""
    lock_school(session, school)
    if _is_among(pin, _hashes(session, school, except_holder) - seen):
        raise PinError("that PIN cannot be used; choose another")


def _hashes(session: Session, school: str, except_holder: str | None) -> set[str]:
    return {row.pin_hash for row in session.scalars(_open(school)) if row.id != except_holder}


def _is_among(pin: str, hashes: frozenset[str] | set[str]) -> bool:
    return any(verify(each, pin) for each in hashes)


def _random_pin() -> str:
    while True:
        pin = "".join(str(secrets.randbelow(10)) for _ in range(RANDOM_DIGITS))
        try:
            check(pin)
        except PinError:
            continue
        return pin


def _open(school: str) -> Select[KioskStaffRow]:
    return select(KioskStaffRow).where(KioskStaffRow.school_id == school, KioskStaffRow.ended_at.is_(None))


def _row(session: Session, school: str, holder_id: str) -> KioskStaffRow:
    row = session.get(KioskStaffRow, (school, holder_id))
    if row is None or row.ended_at is not None:
        raise PinError("that PIN has ended or is not of this school")
    return row


def _check_not_empty(name: str, position: str) -> None:
    if not name.strip() or not position.strip():
        raise PinError("a name and a position are needed; neither may be empty")
