"""Fills a register's database with the demo school, its accounts and an enrolment code for a kiosk."""

import secrets
from datetime import date, datetime
from typing import NamedTuple

from demo.school import DemoSchool
from sync.register import pins
from sync.register.accounts.sessions import add_staff
from sync.register.actor import Actor
from sync.register.kiosks.kiosks import make_enrolment_code
from sync.register.permissions import Role
from sync.register.schools.schools import ContactRecord, SchoolRecord, load_school
from sync.register.storage.database import Database

LOGIN = "office"
STAFF = (
    (LOGIN, "Jo Office", "Attendance officer", Role.OFFICE),
    ("head", "Pat Head", "Deputy head", Role.SENIOR),
    ("admin", "Sam Admin", "Network manager", Role.ADMINISTRATOR),
)
PIN = "246813"
"""Jo Office's PIN at the kiosk. Public, which is acceptable only in a demo."""


class DemoAccess(NamedTuple):
    """The login, PIN and codes of a new demo. Its password is random, so that none is in the code."""

    login: str
    """One of the logins in `STAFF`, which share the password."""
    password: str
    enrolment_code: str
    pin: str = PIN


def seed(database_url: str, demo: DemoSchool, day: date, now: datetime) -> DemoAccess:
    """Fill a new register's database.

    Args:
        database_url: for SQLAlchemy.
        demo: the school to load.
        day: the date of the agreed appointments.
        now: the instant (UTC) from which the enrolment code is valid.
    """
    database = Database(database_url)
    database.migrate()
    password = secrets.token_urlsafe(9)
    record = SchoolRecord(
        school=demo.school,
        card_key=demo.cards.key,
        policy=demo.policy,
        calendar=demo.calendar,
        pupils=list(demo.pupils),
        cards=demo.cards.pupils,
        contacts=[
            ContactRecord(
                id=c.id, pupil=c.pupil, name=c.name, relationship=c.relationship, may_collect=c.may_collect
            )
            for c in demo.contacts
        ],
        appointments=list(demo.appointments_on(day)),
    )
    with database.write() as session:
        load_school(session, record)
        for login, name, position, role in STAFF:
            add_staff(
                session,
                school=demo.school.id,
                login=login,
                name=name,
                position=position,
                password=password,
                role=role,
            )
        code = make_enrolment_code(session, demo.school.id, now=now)
    _, name, position, _ = STAFF[0]
    who = Actor("demo", "demo", demo.school.id, address="command line")
    pins.give(database, who, school=demo.school.id, name=name, position=position, now=now, draw=lambda: PIN)
    database.close()
    return DemoAccess(LOGIN, password, code.code)
