"""The audit as a list: who did what, to whom or what, when and from where."""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from sync.register.storage.models import AuditRow, KioskRow, KioskStaffRow, PupilRow, SchoolRow

PAGE = 100
"""Lines of one page."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of it."""

    person: str = ""
    """Part of a name, or a login."""
    action: str = ""
    pupil: str = ""
    """Part of a name, for who may know pupils' names, or a pupil's id."""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done. The time is at the school."""

    at: str
    name: str
    position: str
    login: str
    action: str
    subject: str
    detail: str
    address: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The lines, newest first, and the number to go on from for older ones; None where there are none."""

    lines: list[Line]
    older: int | None


def audited(
    session: Session,
    school: str,
    wanted: Wanted,
    *,
    zone: ZoneInfo,
    names_pupils: bool,
    before: int | None = None,
    most: int | None = PAGE,
) -> Shown:
    """What the audit has of a school.

    Args:
        session: a session that reads.
        school: the school's id.
        wanted: which part.
        zone: the school's.
        names_pupils: whether who looks may know pupils' names; otherwise they see ids.
        before: only what is older than that row.
        most: so many lines, or None for all.
    """
    query = _query(session, school, wanted, zone, names_pupils).order_by(AuditRow.id.desc())
    if before is not None:
        query = query.where(AuditRow.id < before)
    rows = session.scalars(query if most is None else query.limit(most + 1)).all()
    here = rows if most is None else rows[:most]
    names = _names(session, school, {row.subject for row in here if row.subject}, names_pupils)
    lines = [_line(row, names, zone) for row in here]
    return Shown(lines, here[-1].id if len(rows) > len(here) else None)


def _query(
    session: Session, school: str, wanted: Wanted, zone: ZoneInfo, names_pupils: bool
) -> Select[AuditRow]:
    # A login that does not exist is of no school: where there is but one, that one is told of the attempts.
    alone = session.scalar(select(func.count()).select_from(SchoolRow)) == 1
    own = AuditRow.school_id == school
    query = select(AuditRow).where(or_(own, AuditRow.school_id.is_(None)) if alone else own)
    if wanted.person:
        query = query.where(
            or_(
                AuditRow.name.icontains(wanted.person, autoescape=True),
                AuditRow.login == wanted.person.lower(),
            )
        )
    if wanted.action:
        query = query.where(AuditRow.action == wanted.action)
    if wanted.pupil:
        query = query.where(AuditRow.subject.in_(_pupils(session, school, wanted.pupil, names_pupils)))
    if wanted.day:
        begins = datetime.combine(wanted.day, time(), zone)
        ends = datetime.combine(wanted.day + timedelta(days=1), time(), zone)
        query = query.where(AuditRow.at >= begins.astimezone(UTC), AuditRow.at < ends.astimezone(UTC))
    return query


def _pupils(session: Session, school: str, text: str, by_name: bool) -> set[str]:
    found = {text}
    if by_name:
        said = [func.coalesce(PupilRow.preferred, PupilRow.first), PupilRow.first]
        matches = [(name + " " + PupilRow.last).icontains(text, autoescape=True) for name in said]
        found.update(session.scalars(select(PupilRow.id).where(PupilRow.school_id == school, or_(*matches))))
    return found


def _names(session: Session, school: str, subjects: Iterable[str], names_pupils: bool) -> dict[str, str]:
    """What the ids of pupils, kiosks and holders of a PIN are called."""
    ids = list(subjects)
    names: dict[str, str] = {}
    if names_pupils:
        for pupil in _some(session, PupilRow, school, PupilRow.id, ids):
            names[pupil.id] = f"{pupil.preferred or pupil.first} {pupil.last} ({pupil.form})"
    for holder in _some(session, KioskStaffRow, school, KioskStaffRow.id, ids):
        names[holder.id] = holder.name
    kiosks = [uuid.UUID(each) for each in ids if _is_uuid(each)]
    for kiosk in _some(session, KioskRow, school, KioskRow.id, kiosks):
        names[str(kiosk.id)] = kiosk.name
    return names


def _some(session: Session, table: Any, school: str, column: Any, ids: Sequence[object]) -> Iterable[Any]:
    for at in range(0, len(ids), 500):  # SQLite has a limit to a statement's values
        yield from session.scalars(
            select(table).where(table.school_id == school, column.in_(ids[at : at + 500]))
        )


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _line(row: AuditRow, names: dict[str, str], zone: ZoneInfo) -> Line:
    subject = row.subject or ""
    return Line(
        at=f"{row.at.astimezone(zone):%d %b %Y, %H:%M:%S}",
        name=row.name,
        position=row.position,
        login=row.login or "",
        action=row.action,
        subject=names.get(subject, subject),
        detail="; ".join(f"{key.replace('_', ' ')}: {_value(value)}" for key, value in row.detail.items()),
        address=row.address,
    )


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " → ".join(str(each) for each in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
