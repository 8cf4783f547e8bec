"""Lists of other pages as files: the kiosks, what waits for the office, the versions of the policy."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from sync.register.context import RegisterDep
from sync.register.office.views.kiosks import kiosks
from sync.register.office.views.needs import questions
from sync.register.office.web.exporting import export_list
from sync.register.office.web.guard import allowed
from sync.register.permissions import Permission, Person, may
from sync.register.schools import policies
from sync.register.storage.models import SchoolRow

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

May = Annotated[Person, allowed(Permission.SEE_TODAY)]


@router.get("/kiosks.csv")
def kiosks_file(request: Request, register: RegisterDep, person: May) -> Response:
    """The kiosks and how they are."""
    with register.database.read() as session:
        zone = ZoneInfo(session.get_one(SchoolRow, person.school).zone)
        shown = kiosks(session, person.school, now=register.now(), zone=zone)
    header = (
        "Kiosk",
        "State",
        "Waiting",
        "Refused",
        "Last contact",
        "Card reader",
        "Slip printer",
        "Clock",
        "Version",
        "Enrolled",
    )
    rows = [
        (
            kiosk.name,
            kiosk.state,
            kiosk.waiting,
            kiosk.rejected,
            kiosk.last_contact,
            kiosk.reader,
            kiosk.printer,
            kiosk.clock,
            kiosk.version,
            kiosk.enrolled,
        )
        for kiosk in shown
    ]
    return export_list(request, register, person, what="kiosks", header=header, rows=rows)


@router.get("/needs.csv")
def needs_file(request: Request, register: RegisterDep, person: May) -> Response:
    """What waits for the office, the oldest first."""
    with register.database.read() as session:
        zone = ZoneInfo(session.get_one(SchoolRow, person.school).zone)
        may_release = may(person.role, Permission.RELEASE)
        asked = questions(session, person.school, zone=zone, may_release=may_release, most=None).here
    header = ("What", "Pupil", "When", "Why", "The kiosk said", "In the register")
    rows = [
        (each.title, each.who, each.when, " ".join(each.why), each.kiosk_says, each.register_says)
        for each in asked
    ]
    return export_list(request, register, person, what="needs the office", header=header, rows=rows)


@router.get("/settings/versions.csv")
def versions_file(request: Request, register: RegisterDep, person: May) -> Response:
    """The versions of the policy that kiosks were given, the newest first."""
    with register.database.read() as session:
        school = session.get_one(SchoolRow, person.school)
        zone, holds = ZoneInfo(school.zone), policies.version_of(school.policy)
        rows = [
            (
                each.version,
                each.name,
                each.first_given_at.astimezone(zone).date().isoformat(),
                "yes" if each.version == holds else "no",
            )
            for each in policies.given(session, school.id)
        ]
    header = ("Version", "Policy", "First on", "Holds now")
    return export_list(
        request,
        register,
        person,
        what="policy versions",
        header=header,
        rows=rows,
        takes=Permission.SEE_TODAY,
    )
