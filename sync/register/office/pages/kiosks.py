"""The Kiosks page: their state, enrolment codes for new ones, and removing one."""

import uuid
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import structlog
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.exc import NoResultFound

from sync.register.actor import Person
from sync.register.context import Register, RegisterDep, client_of
from sync.register.kiosks.kiosks import make_enrolment_code, revoke
from sync.register.office.views.kiosks import KioskView, kiosks
from sync.register.office.web.exporting import export_list
from sync.register.office.web.frame import render_fragment, render_page
from sync.register.office.web.guard import allowed, own_form
from sync.register.office.web.navigation import NavigationEntry
from sync.register.permissions import Permission
from sync.register.storage.models import SchoolRow

log = structlog.get_logger()
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
NAVIGATION = NavigationEntry(
    "kiosks", "/kiosks", "Kiosks", "monitor-smartphone", Permission.SEE_TODAY, place=50
)

Viewer = Annotated[Person, allowed(Permission.SEE_TODAY)]
KioskManager = Annotated[Person, allowed(Permission.MANAGE_KIOSKS)]


@router.get("/kiosks")
def kiosks_page(request: Request, register: RegisterDep, person: Viewer) -> Response:
    """The kiosks, and the form for an enrolment code."""
    return render_page(
        "kiosks.html", request, register, person, page_name="kiosks", code=None, **_kiosks(register, person)
    )


@router.get("/kiosks/live")
def kiosks_live(register: RegisterDep, person: Viewer) -> Response:
    """The part of Kiosks that refreshes itself."""
    return render_fragment("kiosks_live.html", register, person, **_kiosks(register, person))


@router.get("/kiosks.csv")
def kiosks_file(request: Request, register: RegisterDep, person: Viewer) -> Response:
    """The kiosks and their state."""
    with register.database.read() as session:
        zone = ZoneInfo(session.get_one(SchoolRow, person.school).zone)
        listed = kiosks(session, person.school, now=register.now(), zone=zone)
    header = (
        "Kiosk",
        "State",
        "Waiting",
        "Refused",
        "Last contact",
        "Card reader",
        "Slip printer",
        "Clock",
        "Storage",
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
            kiosk.storage,
            kiosk.version,
            kiosk.enrolled,
        )
        for kiosk in listed
    ]
    return export_list(request, register, person, name="kiosks", header=header, rows=rows)


@router.post("/kiosks/code", dependencies=[Depends(own_form)])
def make_code(request: Request, register: RegisterDep, person: KioskManager) -> Response:
    """Make an enrolment code. It is shown once, in this answer."""
    actor = person.actor(client_of(request))
    with register.database.write() as session:
        enrolment = make_enrolment_code(session, person.school, now=register.now(), by=actor)
        zone = ZoneInfo(session.get_one(SchoolRow, person.school).zone)
    log.info("enrolment.code_made", school=person.school)
    code = {"code": enrolment.code, "until": f"{enrolment.expires_at.astimezone(zone):%H:%M}"}
    return render_page(
        "kiosks.html", request, register, person, page_name="kiosks", code=code, **_kiosks(register, person)
    )


@router.get("/kiosks/{kiosk}/revoke")
def ask_to_revoke(
    request: Request, register: RegisterDep, person: KioskManager, kiosk: uuid.UUID
) -> Response:
    """Ask for confirmation, with the consequences."""
    return render_page(
        "kiosks_revoke.html",
        request,
        register,
        person,
        page_name="kiosks",
        kiosk=_kiosk(register, person, kiosk),
    )


@router.post("/kiosks/{kiosk}/revoke", dependencies=[Depends(own_form)])
def do_revoke(request: Request, register: RegisterDep, person: KioskManager, kiosk: uuid.UUID) -> Response:
    """Remove a kiosk from the register."""
    try:
        with register.database.write() as session:
            revoke(session, kiosk, now=register.now(), by=person.actor(client_of(request)))
    except NoResultFound as error:
        raise HTTPException(404) from error
    log.info("kiosk.revoked", kiosk=str(kiosk))
    register.notifier.changed(person.school)
    return RedirectResponse("/kiosks", status_code=303)


def _kiosks(register: Register, person: Person) -> dict[str, Any]:
    now = register.now()
    with register.database.read() as session:
        zone = ZoneInfo(session.get_one(SchoolRow, person.school).zone)
        return {"kiosks": kiosks(session, person.school, now=now, zone=zone)}


def _kiosk(register: Register, person: Person, kiosk: uuid.UUID) -> KioskView:
    views: list[KioskView] = _kiosks(register, person)["kiosks"]
    for view in views:
        if view.id == kiosk:
            return view
    raise HTTPException(404)
