"""Changes to a pupil's record by the office: contacts, agreed absences and more. Plans are in `plans.py`.

Every change is audited with the previous value and sent to the kiosks. Names, year, form and numbers come
from the roster import and are not changed here.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from attendance.clock_time import clock_time
from sync.register import audit
from sync.register.actor import Actor
from sync.register.errors import PupilRecordError, UnknownRecordError
from sync.register.schools.schools import refresh_bundle
from sync.register.storage.locks import lock_school
from sync.register.storage.models import AppointmentRow, ContactRow, PupilRow
from sync.wire import Appointment

KINDS: tuple[str, ...] = get_args(Appointment.model_fields["kind"].annotation)
"""The kinds of an agreed absence: medical, interview, exceptional."""
LONGEST_NAME = 200
LONGEST_RELATIONSHIP = 64


@dataclass(frozen=True, slots=True)
class RecordChange:
    """The member of staff who changes a pupil's record, the pupil, and the instant (UTC)."""

    by: Actor
    pupil: str
    now: datetime

    @property
    def school(self) -> str:
        """The school of both."""
        if self.by.school is None:
            raise UnknownRecordError("only staff of a school may change its pupils")
        return self.by.school


def set_leaves_alone(session: Session, change: RecordChange, *, leaves_alone: bool) -> None:
    """Set whether the pupil may sign out without an adult.

    Raises:
        UnknownRecordError: there is no such pupil.
    """
    row = own_pupil(session, change)
    if row.leaves_alone != leaves_alone:
        row.leaves_alone = leaves_alone
        record_change(session, change, "leaves alone", before=not leaves_alone, after=leaves_alone)


def set_off_lists(session: Session, change: RecordChange, *, off_lists: bool) -> None:
    """Set whether kiosks keep the pupil out of every list that can be browsed.

    Raises:
        UnknownRecordError: there is no such pupil.
    """
    row = own_pupil(session, change)
    if row.off_lists != off_lists:
        row.off_lists = off_lists
        record_change(session, change, "kept off lists", before=not off_lists, after=off_lists)


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """A contact of a pupil, as the office records it."""

    name: str
    relationship: str
    may_collect: bool

    def checked(self) -> "ContactDetails":
        """The details without surplus blanks.

        Raises:
            PupilRecordError: the name is missing, or a text is too long.
        """
        name, relationship = " ".join(self.name.split()), " ".join(self.relationship.split())
        if not name:
            raise PupilRecordError("a contact needs a name")
        if len(name) > LONGEST_NAME or len(relationship) > LONGEST_RELATIONSHIP:
            raise PupilRecordError(
                f"a name has at most {LONGEST_NAME} characters, a relationship {LONGEST_RELATIONSHIP}"
            )
        return ContactDetails(name, relationship, self.may_collect)


def add_contact(session: Session, change: RecordChange, details: ContactDetails) -> str:
    """Add a contact who may or may not collect the pupil. Returns the contact's id.

    Raises:
        PupilRecordError: the name is missing or too long.
        UnknownRecordError: there is no such pupil.
    """
    new = details.checked()
    row = own_pupil(session, change)
    id_ = uuid.uuid4().hex
    session.add(ContactRow(school_id=row.school_id, id=id_, pupil=row.id, **_as_dict(new)))
    record_change(session, change, "contact added", after=_as_dict(new), contact=id_)
    return id_


def change_contact(session: Session, change: RecordChange, contact: str, details: ContactDetails) -> None:
    """Change a contact.

    Raises:
        PupilRecordError: the name is missing or too long.
        UnknownRecordError: the pupil has no such contact.
    """
    new = details.checked()
    row = _contact(session, change, contact)
    before = _as_dict(_details(row))
    if before != _as_dict(new):
        row.name, row.relationship, row.may_collect = new.name, new.relationship, new.may_collect
        record_change(session, change, "contact changed", before=before, after=_as_dict(new), contact=contact)


def remove_contact(session: Session, change: RecordChange, contact: str) -> None:
    """Remove a contact. The audit keeps who it was and whether they might collect.

    Raises:
        UnknownRecordError: the pupil has no such contact.
    """
    row = _contact(session, change, contact)
    before = _as_dict(_details(row))
    session.delete(row)
    record_change(session, change, "contact removed", before=before, contact=contact)


def add_appointment(session: Session, change: RecordChange, day: date, kind: str, until: str) -> None:
    """Add an absence that was agreed in advance.

    Args:
        session: a session that writes.
        change: the member of staff and the pupil.
        day: the day at the school.
        kind: one of `KINDS`.
        until: when the pupil is due back, `HH:MM` at the school; empty if unknown.

    Raises:
        PupilRecordError: it exists already, or the kind or the time is not valid.
        UnknownRecordError: there is no such pupil.
    """
    if kind not in KINDS:
        raise PupilRecordError(f"{kind!r} is not a kind of absence; there are {', '.join(KINDS)}")
    back = clock_text(until) if until.strip() else None
    row = own_pupil(session, change)
    same = select(AppointmentRow).where(
        AppointmentRow.school_id == row.school_id,
        AppointmentRow.pupil == row.id,
        AppointmentRow.date == day,
        AppointmentRow.kind == kind,
        AppointmentRow.until.is_not_distinct_from(back),
    )
    if session.scalars(same).first() is not None:
        raise PupilRecordError("this absence exists already")
    session.add(AppointmentRow(school_id=row.school_id, pupil=row.id, date=day, kind=kind, until=back))
    record_change(session, change, "absence agreed", after=_agreed(day, kind, back))


def remove_appointment(session: Session, change: RecordChange, appointment: int) -> None:
    """Remove an agreed absence.

    Raises:
        UnknownRecordError: the pupil has no such absence.
    """
    pupil = own_pupil(session, change)
    row = session.get(AppointmentRow, appointment)
    if row is None or (row.school_id, row.pupil) != (pupil.school_id, pupil.id):
        raise UnknownRecordError("that absence no longer exists")
    before = _agreed(row.date, row.kind, row.until)
    session.delete(row)
    record_change(session, change, "agreed absence removed", before=before)


def own_pupil(session: Session, change: RecordChange) -> PupilRow:
    """The pupil, with the school locked, so that bundle changes are made one after another.

    Raises:
        UnknownRecordError: there is no such pupil.
    """
    lock_school(session, change.school)
    row = session.get(PupilRow, (change.school, change.pupil))
    if row is None:
        raise UnknownRecordError("there is no such pupil at this school")
    return row


def _contact(session: Session, change: RecordChange, contact: str) -> ContactRow:
    pupil = own_pupil(session, change)
    row = session.get(ContactRow, (pupil.school_id, contact))
    if row is None or row.pupil != pupil.id:
        raise UnknownRecordError("that contact no longer exists")
    return row


def record_change(session: Session, change: RecordChange, what: str, **detail: Any) -> None:
    """Write the change into the audit, and have the kiosks fetch it."""
    audit.note(
        session,
        change.by,
        audit.Action.PUPIL_CHANGED,
        now=change.now,
        subject=change.pupil,
        what=what,
        **detail,
    )
    refresh_bundle(session, change.school)


def clock_text(text: str) -> time:
    """The time of day that a user typed.

    Raises:
        PupilRecordError: the text is not a time.
    """
    try:
        return clock_time(text.strip())
    except ValueError as error:
        raise PupilRecordError(str(error)) from error


def _details(row: ContactRow) -> ContactDetails:
    return ContactDetails(row.name, row.relationship, row.may_collect)


def _as_dict(details: ContactDetails) -> dict[str, Any]:
    return {
        "name": details.name,
        "relationship": details.relationship,
        "may_collect": details.may_collect,
    }


def _agreed(day: date, kind: str, until: time | None) -> dict[str, Any]:
    return {"date": day.isoformat(), "kind": kind, "until": f"{until:%H:%M}" if until else None}
