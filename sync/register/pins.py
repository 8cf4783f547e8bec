"""PINs for the kiosk's staff screen: list, draw and end them.

A PIN is drawn and never chosen: a chosen one is a birthday or the digits of a bank card. Every change reaches
the school's kiosks with their next bundle. Callers check the role first.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from sync.register import audit
from sync.register.actor import Actor
from sync.register.errors import PinError
from sync.register.hashing import hash_pin, is_pin_hash_of_today
from sync.register.schools.schools import refresh_bundle
from sync.register.storage.database import Database
from sync.register.storage.locks import lock_school
from sync.register.storage.models import KioskStaffRow, SchoolRow
from sync.wire.pins import TypedPin, salt_of

DIGITS = 6
"""Digits of a PIN."""
SALT_BYTES = 16
"""As RFC 9106 recommends."""


@dataclass(frozen=True, slots=True)
class PinHolder:
    """A member of staff with a PIN."""

    id: str
    name: str
    position: str
    is_earlier: bool = False
    """Whether the PIN is of an earlier version: it may have four digits, and its hash is quickly tried out.
    It works until another is drawn."""


@dataclass(frozen=True, slots=True)
class NewPin:
    """A PIN that was drawn, to be shown once."""

    name: str
    """Its holder's."""
    pin: str


def draw_pin() -> str:
    """Six random digits that are not among the first that anyone would try."""
    while True:
        pin = "".join(str(secrets.randbelow(10)) for _ in range(DIGITS))
        if not is_easy(pin):
            return pin


def holders(session: Session, school: str) -> list[PinHolder]:
    """A school's staff whose PIN opens the staff screen, by name."""
    rows = session.scalars(_open(school).order_by(KioskStaffRow.name, KioskStaffRow.id))
    return [_holder(row) for row in rows]


def holder(session: Session, school: str, holder_id: str) -> PinHolder:
    """One member of staff with a PIN.

    Raises:
        PinError: the school has none with that id, or the PIN has ended.
    """
    return _holder(_row(session, school, holder_id))


def give(
    database: Database,
    actor: Actor,
    *,
    school: str,
    name: str,
    position: str,
    now: datetime,
    draw: Callable[[], str] = draw_pin,
) -> str:
    """Give a PIN to a member of staff.

    Args:
        database: the register's.
        actor: who gives it.
        school: the school at whose kiosks it works.
        name: the holder's name, as it is shown beside what they do.
        position: the holder's job title.
        now: the instant, UTC.
        draw: draws the digits.

    Returns:
        The PIN, which is shown to the holder once: only its hash is stored.

    Raises:
        PinError: the name or the position is empty, or there is no such school.
    """
    _check_not_empty(name, position)
    with database.read() as session:
        if session.get(SchoolRow, school) is None:
            raise PinError(f"there is no school {school!r}; add it first with: latebook register school add")
    row_id = secrets.token_hex(8)
    drawn = _draw(database, school, 1, draw)

    def work(session: Session) -> None:
        _check_still_free(session, school, drawn)
        session.add(
            KioskStaffRow(
                school_id=school,
                id=row_id,
                name=name.strip(),
                position=position.strip(),
                pin_hash=drawn.hashes[0],
            )
        )
        audit.note(session, actor, audit.Action.PIN_GIVEN, now=now, subject=row_id, whose=name.strip())
        refresh_bundle(session, school)

    database.transact(work)
    return drawn.pins[0]


def draw_again(
    database: Database,
    actor: Actor,
    *,
    school: str,
    holder_ids: Sequence[str],
    now: datetime,
    draw: Callable[[], str] = draw_pin,
) -> list[NewPin]:
    """Draw new PINs for holders, for all of them or for none; the old ones end. Otherwise like `give`.

    Raises:
        PinError: one of them has no PIN at this school.
    """
    with database.read() as session:
        for holder_id in holder_ids:
            _row(session, school, holder_id)
    drawn = _draw(database, school, len(holder_ids), draw)

    def work(session: Session) -> list[NewPin]:
        _check_still_free(session, school, drawn)
        given = []
        for holder_id, pin, hashed in zip(holder_ids, drawn.pins, drawn.hashes, strict=True):
            row = _row(session, school, holder_id)
            row.pin_hash = hashed
            audit.note(session, actor, audit.Action.PIN_CHANGED, now=now, subject=row.id, whose=row.name)
            given.append(NewPin(row.name, pin))
        refresh_bundle(session, school)
        return given

    return database.transact(work)


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


def is_easy(pin: str) -> bool:
    """Whether a PIN is among the first that anyone would try: one digit, or a group of them, repeated; or
    digits that count up or down."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    parts = (part for part in range(1, len(pin) // 2 + 1) if len(pin) % part == 0)
    return steps in ({1}, {9}) or any(pin == pin[:part] * (len(pin) // part) for part in parts)


class _DrawnPins(NamedTuple):
    pins: list[str]
    hashes: list[str]
    seen: frozenset[str]
    """The hashes of the school that the PINs were compared with."""


def _draw(database: Database, school: str, count: int, draw: Callable[[], str]) -> _DrawnPins:
    """Different PINs that no holder has.

    Hashing takes a while, so it is done before the transaction that kiosks would have to wait for.
    """
    with database.read() as session:
        seen = frozenset(_hashes(session, school))
    of_today = sorted(each for each in seen if is_pin_hash_of_today(each))
    salt = salt_of(of_today[0]) if of_today else secrets.token_bytes(SALT_BYTES)
    pins: list[str] = []
    while len(pins) < count:
        pin = draw()
        if pin not in pins and not _is_among(pin, seen):
            pins.append(pin)
    return _DrawnPins(pins, [hash_pin(pin, salt) for pin in pins], seen)


def _check_still_free(session: Session, school: str, drawn: _DrawnPins) -> None:
    """Compare PINs also with those given since `_draw` read them; the lock prevents further ones."""
    lock_school(session, school)
    since = _hashes(session, school) - drawn.seen
    if any(_is_among(pin, since) for pin in drawn.pins):
        raise PinError("another PIN was given at the same moment; try again")


def _hashes(session: Session, school: str) -> set[str]:
    return {row.pin_hash for row in session.scalars(_open(school))}


def _is_among(pin: str, hashes: Iterable[str]) -> bool:
    typed = TypedPin(pin)
    return any(typed.is_of(each) for each in hashes)


def _holder(row: KioskStaffRow) -> PinHolder:
    return PinHolder(row.id, row.name, row.position, not is_pin_hash_of_today(row.pin_hash))


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
