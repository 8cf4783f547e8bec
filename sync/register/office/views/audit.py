"""The Audit page as data: who did what, when and from where."""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from sync.register.audit import Action
from sync.register.storage.models import AuditRow, KioskRow, KioskStaffRow, PupilRow, SchoolRow

PAGE = 100
"""Lines per page."""
NOT_SHOWN = "shown to the office only"
"""Shown instead of details to users who may not see pupils' records."""
PUPIL_FREE_DETAILS: dict[str, frozenset[str]] = {
    Action.SIGN_IN_FAILED: frozenset({"step"}),
    Action.EXPORT: frozenset({"rows", "how"}),
    Action.PUPIL_SEEN: frozenset({"page"}),
    Action.ROSTER_IMPORT: frozenset({"new", "changed", "gone", "unchanged", "not_taken"}),
    Action.POLICY_CHANGED: frozenset({"before", "after", "name"}),
    Action.SETTINGS_CHANGED: frozenset({"what", "before", "after", "added", "removed"}),
    Action.ACCOUNT_ADDED: frozenset({"role"}),
    Action.ACCOUNT: frozenset({"name", "position", "role"}),
    Action.ACCOUNT_ENDED: frozenset({"name_then"}),
    Action.RECOVERY: frozenset({"new_password"}),
    Action.PIN_GIVEN: frozenset({"whose"}),
    Action.PIN_CHANGED: frozenset({"whose", "before", "after"}),
    Action.PIN_ENDED: frozenset({"whose"}),
    Action.SCHOOL_ADDED: frozenset({"name"}),
    Action.BACKUP: frozenset({"file"}),
    Action.RESTORE: frozenset({"file", "kept"}),
}
"""The details of each action that say nothing about a pupil or a collector. All others require
`Permission.SEE_PUPIL`, so that a new detail is withheld until it is added here."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which actions to list."""

    person: str = ""
    """Part of a name, or a user name."""
    action: str = ""
    pupil: str = ""
    """A pupil's id, or part of a name for users who may see names."""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One action."""

    instant: datetime
    """In the school's time zone."""
    name: str
    position: str
    login: str
    action: str
    subject: str
    detail: str
    address: str

    @property
    def at(self) -> str:
        """The date and time in words."""
        return f"{self.instant:%d %b %Y, %H:%M:%S}"


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of the audit, newest line first."""

    lines: list[AuditLine]
    older: int | None
    """The id before which the next page begins; `None` on the last page."""


def audit_page_of(
    session: Session,
    school: str,
    criteria: AuditFilter,
    *,
    zone: ZoneInfo,
    names_pupils: bool,
    before: int | None = None,
    limit: int | None = PAGE,
) -> AuditPage:
    """A page of a school's audit.

    Args:
        session: a session that reads.
        school: the school's id.
        criteria: which actions.
        zone: the school's.
        names_pupils: whether the user may see pupils' names; otherwise they see ids.
        before: only rows with a lower id than this.
        limit: the page size; `None` for all rows.
    """
    query = _query(session, school, criteria, zone, names_pupils).order_by(AuditRow.id.desc())
    if before is not None:
        query = query.where(AuditRow.id < before)
    rows = session.scalars(query if limit is None else query.limit(limit + 1)).all()
    here = rows if limit is None else rows[:limit]
    names = _names(session, school, {row.subject for row in here if row.subject}, names_pupils)
    lines = [_line(row, names, zone, names_pupils=names_pupils) for row in here]
    return AuditPage(lines, here[-1].id if len(rows) > len(here) else None)


def unknown_login_attempts(session: Session, *, since: datetime) -> int:
    """The number of login attempts since then with an unknown user name, in a register of several schools.

    Such an attempt belongs to no school, so every school sees the total and nothing more. The typed name is
    not stored, because it may be a password. In a register of one school the attempts are lines of its
    audit, and this is 0.
    """
    if _has_one_school(session):
        return 0
    query = select(func.count()).where(
        AuditRow.school_id.is_(None), AuditRow.action == Action.SIGN_IN_FAILED, AuditRow.at >= since
    )
    return session.scalar(query) or 0


def _has_one_school(session: Session) -> bool:
    return session.scalar(select(func.count()).select_from(SchoolRow)) == 1


def _query(
    session: Session, school: str, criteria: AuditFilter, zone: ZoneInfo, names_pupils: bool
) -> Select[AuditRow]:
    # An attempt with an unknown user name belongs to no school; the only school of a register sees it.
    only_school = _has_one_school(session)
    own = AuditRow.school_id == school
    query = select(AuditRow).where(or_(own, AuditRow.school_id.is_(None)) if only_school else own)
    if criteria.person:
        query = query.where(
            or_(
                AuditRow.name.icontains(criteria.person, autoescape=True),
                AuditRow.login == criteria.person.lower(),
            )
        )
    if criteria.action:
        query = query.where(AuditRow.action == criteria.action)
    if criteria.pupil:
        query = query.where(AuditRow.subject.in_(_pupils(session, school, criteria.pupil, names_pupils)))
    if criteria.day:
        begins = datetime.combine(criteria.day, time(), zone)
        ends = datetime.combine(criteria.day + timedelta(days=1), time(), zone)
        query = query.where(AuditRow.at >= begins.astimezone(UTC), AuditRow.at < ends.astimezone(UTC))
    return query


def _pupils(session: Session, school: str, text: str, by_name: bool) -> set[str]:
    ids = {text}
    if by_name:
        first_names = [func.coalesce(PupilRow.preferred, PupilRow.first), PupilRow.first]
        matches = [(name + " " + PupilRow.last).icontains(text, autoescape=True) for name in first_names]
        ids.update(session.scalars(select(PupilRow.id).where(PupilRow.school_id == school, or_(*matches))))
    return ids


def _names(session: Session, school: str, subjects: Iterable[str], names_pupils: bool) -> dict[str, str]:
    """The names of pupils, kiosks and PIN holders by id."""
    ids = list(subjects)
    names: dict[str, str] = {}
    if names_pupils:
        for pupil in _rows(session, PupilRow, school, PupilRow.id, ids):
            names[pupil.id] = f"{pupil.preferred or pupil.first} {pupil.last} ({pupil.form})"
    for holder in _rows(session, KioskStaffRow, school, KioskStaffRow.id, ids):
        names[holder.id] = holder.name
    kiosks = [uuid.UUID(each) for each in ids if _is_uuid(each)]
    for kiosk in _rows(session, KioskRow, school, KioskRow.id, kiosks):
        names[str(kiosk.id)] = kiosk.name
    return names


def _rows(session: Session, table: Any, school: str, column: Any, ids: Sequence[object]) -> Iterable[Any]:
    for at in range(0, len(ids), 500):  # SQLite limits the number of a statement's values
        yield from session.scalars(
            select(table).where(table.school_id == school, column.in_(ids[at : at + 500]))
        )


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _line(row: AuditRow, names: dict[str, str], zone: ZoneInfo, *, names_pupils: bool) -> AuditLine:
    subject = row.subject or ""
    known = PUPIL_FREE_DETAILS.get(row.action, frozenset())
    visible = {key: value for key, value in row.detail.items() if names_pupils or key in known}
    parts = [f"{key.replace('_', ' ')}: {_value(value)}" for key, value in visible.items()]
    if len(visible) < len(row.detail):
        parts.append(NOT_SHOWN)
    return AuditLine(
        instant=row.at.astimezone(zone),
        name=row.name,
        position=row.position,
        login=row.login or "",
        action=row.action,
        subject=names.get(subject, subject),
        detail="; ".join(parts),
        address=row.address,
    )


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " → ".join(str(each) for each in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
