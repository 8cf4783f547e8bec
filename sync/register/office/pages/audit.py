"""The Audit page: the list, and the list as a file."""

from datetime import timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import structlog
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from sync.register import audit
from sync.register.actor import Person
from sync.register.context import Register, RegisterDep, client_of
from sync.register.office.views.audit import PAGE, AuditFilter, AuditPage, audit_page_of, nobodys_attempts
from sync.register.office.web.dates import OptionalDate
from sync.register.office.web.exporting import csv_answer
from sync.register.office.web.frame import framed
from sync.register.office.web.guard import allowed
from sync.register.office.web.navigation import NavigationEntry
from sync.register.permissions import Permission, may
from sync.register.storage.models import SchoolRow

log = structlog.get_logger()
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
NAVIGATION = NavigationEntry("audit", "/audit", "Audit", "scroll-text", Permission.SEE_AUDIT, place=100)

Looks = Annotated[Person, allowed(Permission.SEE_AUDIT)]
Text = Annotated[str, Query(max_length=200)]
Before = Annotated[int, Query(ge=1, le=2**63 - 1)] | Literal[""]

LATELY = timedelta(days=7)
"""The period over which attempts with an unknown user name are counted."""

COLUMNS = ("When", "Name", "Position", "Login", "What", "Whom or what", "More", "From")


@router.get("/audit")
def audit_page(
    request: Request,
    register: RegisterDep,
    looks: Looks,
    *,
    person: Text = "",
    action: Text = "",
    pupil: Text = "",
    day: OptionalDate = None,
    before: Before = "",
) -> Response:
    """The actions of users, newest first."""
    wanted = AuditFilter(person.strip(), action, pupil.strip(), day)
    shown = _audited(register, looks, wanted, before=before or None, most=PAGE)
    with register.database.read() as session:
        strangers = nobodys_attempts(session, since=register.now() - LATELY)
    return framed(
        "audit.html",
        request,
        register,
        looks,
        here="audit",
        shown=shown,
        strangers=strangers,
        wanted=wanted,
        actions=sorted(each.value for each in audit.Action),
        names_pupils=may(looks.role, Permission.SEE_PUPIL),
        file=_address("/audit.csv", wanted),
        newest=_address("/audit", wanted) if before else None,
        older=_address("/audit", wanted, shown.older) if shown.older else None,
    )


@router.get("/audit.csv")
def audit_file(
    request: Request,
    register: RegisterDep,
    looks: Looks,
    *,
    person: Text = "",
    action: Text = "",
    pupil: Text = "",
    day: OptionalDate = None,
) -> Response:
    """Every action that matches the filter, as a file. The export itself is audited."""
    wanted = AuditFilter(person.strip(), action, pupil.strip(), day)
    lines = _audited(register, looks, wanted, before=None, most=None).lines
    now = register.now()
    with register.database.write() as session:
        school = session.get_one(SchoolRow, looks.school)
        name = f"{school.name} audit {now.astimezone(ZoneInfo(school.zone)).date().isoformat()}"
        who = looks.actor(client_of(request))
        audit.note(session, who, audit.Action.EXPORT, now=now, subject="audit", rows=len(lines))
    log.info("list.exported", what="audit", rows=len(lines))
    rows = [
        (
            each.instant,
            each.name,
            each.position,
            each.login,
            each.action,
            each.subject,
            each.detail,
            each.address,
        )
        for each in lines
    ]
    return csv_answer(name, COLUMNS, rows)


def _audited(
    register: Register, looks: Person, wanted: AuditFilter, *, before: int | None, most: int | None
) -> AuditPage:
    with register.database.read() as session:
        return audit_page_of(
            session,
            looks.school,
            wanted,
            zone=ZoneInfo(session.get_one(SchoolRow, looks.school).zone),
            names_pupils=may(looks.role, Permission.SEE_PUPIL),
            before=before,
            most=most,
        )


def _address(path: str, wanted: AuditFilter, before: int | None = None) -> str:
    values = {
        "person": wanted.person,
        "action": wanted.action,
        "pupil": wanted.pupil,
        "day": wanted.day.isoformat() if wanted.day else "",
        "before": str(before or ""),
    }
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{path}?{query}" if query else path
