"""A school as it is loaded into the register, and the bundle that its kiosks get."""

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from pydantic import Field
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sync.register.errors import SchoolError
from sync.register.schools.barcodes import card_index
from sync.register.schools.plans import plans_of, take_over, with_plans
from sync.register.storage.database import Database
from sync.register.storage.locks import lock_school
from sync.register.storage.models import (
    AppointmentRow,
    CardRow,
    ContactRow,
    KioskStaffRow,
    PlanRow,
    PupilRow,
    SchoolRow,
)
from sync.wire import (
    Appointment,
    Bundle,
    BundleCalendar,
    BundleCards,
    BundleSchool,
    Message,
    Pupil,
    StaffMember,
)


class ContactRecord(Message):
    """An adult on a pupil's list, and whether they may collect the pupil. Never sent to a kiosk."""

    id: str
    pupil: str
    name: str
    relationship: str
    may_collect: bool


class SchoolRecord(Message):
    """A school's whole roster in the register. Loading it replaces the previous one."""

    school: BundleSchool
    card_key: str = Field(pattern="^([0-9a-f]{2})+$")
    policy: dict[str, Any]
    calendar: BundleCalendar = BundleCalendar()
    pupils: list[Pupil] = Field(default_factory=list)
    cards: dict[str, str] = Field(default_factory=dict)
    """Card hash → pupil's id."""
    contacts: list[ContactRecord] = Field(default_factory=list)
    appointments: list[Appointment] = Field(default_factory=list)


_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""A school's id occurs in addresses, file names and commands."""


def add_school_once(session: Session, record: SchoolRecord) -> None:
    """Add a new school to the register.

    Raises:
        SchoolError: the school exists already, its id is not valid, or its time zone does not exist.
    """
    school = record.school.id
    if not _ID.fullmatch(school):
        raise SchoolError(
            f"{school!r} cannot be a school's id; write lower-case letters, digits and hyphens between them,"
            " for example oak-lane"
        )
    if session.get(SchoolRow, school) is not None:
        raise SchoolError(f"the school {school!r} is in the register already; nothing was changed")
    load_school(session, record)


def load_school(session: Session, record: SchoolRecord) -> None:
    """Add a school to the register, or replace its roster. Kiosks, entries, marks and staff stay.

    What a record does not contain stays too: UPNs, admission numbers, and who has left, with the day; and so
    do plans. A pupil on roll who is not in the record is deleted.

    Raises:
        SchoolError: its time zone does not exist.
        sqlalchemy.exc.IntegrityError: a card, contact or appointment of a pupil who is not in the record.
    """
    school = record.school.id
    if record.school.zone not in _zones():
        raise SchoolError(f"{record.school.zone!r} is not a time zone; write for example Europe/London")
    for table in (AppointmentRow, ContactRow, CardRow):
        session.execute(delete(table).where(table.school_id == school))
    row = session.get(SchoolRow, school) or SchoolRow(id=school, bundle_version="")
    row.name, row.zone, row.card_key = record.school.name, record.school.zone, record.card_key
    row.language = record.school.language
    row.policy, row.calendar = record.policy, record.calendar.model_dump(mode="json")
    session.add(row)
    session.flush()
    _load_pupils(session, school, record.pupils)
    session.add_all(
        CardRow(school_id=school, hash=hash_, pupil=pupil) for hash_, pupil in record.cards.items()
    )
    session.add_all(ContactRow(school_id=school, **contact.model_dump()) for contact in record.contacts)
    session.add_all(
        AppointmentRow(school_id=school, **appointment.model_dump()) for appointment in record.appointments
    )
    refresh_bundle(session, school)


@cache
def _zones() -> set[str]:
    """Every time zone; finding them reads all their files."""
    return available_timezones()


def _load_pupils(session: Session, school: str, pupils: Sequence[Pupil]) -> None:
    known = {row.id: row for row in session.scalars(select(PupilRow).where(PupilRow.school_id == school))}
    for pupil in pupils:
        row = known.pop(pupil.id, None) or PupilRow(school_id=school)
        for name, value in pupil.model_dump(mode="json", exclude={"plans", "starts"}).items():
            setattr(row, name, value)
        session.add(row)
    session.flush()
    now = datetime.now(UTC)
    for pupil in pupils:
        take_over(session, school, pupil, now=now)
    gone = [row for row in known.values() if row.left_on is None]
    of_gone = PlanRow.pupil.in_([row.id for row in gone])
    session.execute(delete(PlanRow).where(PlanRow.school_id == school, of_gone))
    for row in gone:
        session.delete(row)
    session.flush()


def refresh_bundle(session: Session, school: str) -> str:
    """Recompute the bundle's version, which makes kiosks fetch it. Call it after any change of its content.

    Kiosks see it with their next heartbeat; open pages, by `Notifier.changed` after the commit. From here on
    parallel changes of a school wait for each other, so that the version covers all of them.

    Args:
        session: a session that writes, with the change made in it.
        school: the school's id.

    Returns:
        The version.

    Raises:
        sqlalchemy.exc.NoResultFound: there is no such school.
    """
    row = lock_school(session, school)
    row.bundle_version = bundle(session, school).version
    session.flush()
    return row.bundle_version


def refresh_stale(database: Database) -> None:
    """Recompute each school's version that no longer matches the bundle that kiosks would get now."""
    with database.read() as session:
        kept = session.execute(select(SchoolRow.id, SchoolRow.bundle_version)).all()
        stale = [school for school, version in kept if bundle(session, school).version != version]
    for school in stale:
        database.transact(lambda session, school=school: refresh_bundle(session, school))  # type: ignore[misc]  # mypy infers no type for a lambda with a default


def bundle_version(session: Session, school: str) -> str:
    """The version of the newest bundle, without building it."""
    return session.get_one(SchoolRow, school).bundle_version


def bundle(session: Session, school: str) -> Bundle:
    """The bundle of that school's kiosks: pupils on roll, and no contacts."""
    row = session.get_one(SchoolRow, school)
    on_roll = (PupilRow.school_id == school, PupilRow.left_on.is_(None))
    pupils = session.scalars(select(PupilRow).where(*on_roll).order_by(PupilRow.id)).all()
    plans: dict[str, list[PlanRow]] = {}
    for plan in plans_of(session, school):
        plans.setdefault(plan.pupil, []).append(plan)
    pupil_ids = select(PupilRow.id).where(*on_roll)
    cards = session.scalars(select(CardRow).where(CardRow.school_id == school))
    appointments = select(AppointmentRow).where(
        AppointmentRow.school_id == school, AppointmentRow.pupil.in_(pupil_ids)
    )
    by_date = (AppointmentRow.date, AppointmentRow.pupil, AppointmentRow.kind, AppointmentRow.until)
    with_pin = (KioskStaffRow.school_id == school, KioskStaffRow.ended_at.is_(None))
    staff = select(KioskStaffRow).where(*with_pin).order_by(KioskStaffRow.id)
    index = card_index(row.card_key, pupils, {card.hash: card.pupil for card in cards})
    content = Bundle(
        version="",
        school=BundleSchool(id=row.id, name=row.name, zone=row.zone, language=row.language),
        policy=row.policy,
        calendar=BundleCalendar.model_validate(row.calendar),
        pupils=[_pupil(pupil, plans.get(pupil.id)) for pupil in pupils],
        cards=BundleCards(key=row.card_key, pupils=index),
        appointments=[_appointment(each) for each in session.scalars(appointments.order_by(*by_date))],
        staff=[_staff_member(each) for each in session.scalars(staff)],
        agreed_pupils=row.agreed_pupils,
    )
    return content.model_copy(update={"version": _version(content)})


def _pupil(row: PupilRow, plans: Sequence[PlanRow] | None) -> Pupil:
    pupil = Pupil.model_validate(row, from_attributes=True)
    return with_plans(pupil, plans) if plans else pupil


def _appointment(row: AppointmentRow) -> Appointment:
    return Appointment.model_validate(row, from_attributes=True)


def _staff_member(row: KioskStaffRow) -> StaffMember:
    return StaffMember(id=row.id, name=row.name, position=row.position, pin=row.pin_hash)


def _version(content: Bundle) -> str:
    """A hash of the content: equal content has the same version, whenever and wherever it was loaded."""
    meaning = json.dumps(content.model_dump(mode="json", exclude={"version"}), sort_keys=True)
    return hashlib.sha256(meaning.encode()).hexdigest()[:16]
