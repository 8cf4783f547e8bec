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
from sync.register.office.views.audit import (
    PAGE,
    AuditFilter,
    AuditPage,
    audit_page_of,
    unknown_login_attempts,
)
from sync.register.office.web.dates import OptionalDate
from sync.register.office.web.exporting import csv_response
from sync.register.office.web.frame import render_page
from sync.register.office.web.guard import allowed
from sync.register.office.web.navigation import NavigationEntry
from sync.register.permissions import Permission, may
from sync.register.storage.models import SchoolRow

log = structlog.get_logger()
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
NAVIGATION = NavigationEntry("audit", "/audit", "Audit", "scroll-text", Permission.SEE_AUDIT, place=100)

Auditor = Annotated[Person, allowed(Permission.SEE_AUDIT)]
Text = Annotated[str, Query(max_length=200)]
Before = Annotated[int, Query(ge=1, le=2**63 - 1)] | Literal[""]

ATTEMPTS_PERIOD = timedelta(days=7)
"""The period over which attempts with an unknown user name are counted."""

COLUMNS = ("When", "Name", "Position", "Login", "What", "Whom or what", "More", "From")


@router.get("/audit")
def audit_page(
    request: Request,
    register: RegisterDep,
    user: Auditor,
    *,
    person: Text = "",
    action: Text = "",
    pupil: Text = "",
    day: OptionalDate = None,
    before: Before = "",
) -> Response:
    """The actions of users, newest first."""
    criteria = AuditFilter(person.strip(), action, pupil.strip(), day)
    listing = _listing(register, user, criteria, before=before or None, limit=PAGE)
    with register.database.read() as session:
        unknown_logins = unknown_login_attempts(session, since=register.now() - ATTEMPTS_PERIOD)
    return render_page(
        "audit.html",
        request,
        register,
        user,
        page_name="audit",
        listing=listing,
        unknown_logins=unknown_logins,
        criteria=criteria,
        actions=sorted(each.value for each in audit.Action),
        names_pupils=may(user.role, Permission.SEE_PUPIL),
        file=_address("/audit.csv", criteria),
        newest=_address("/audit", criteria) if before else None,
        older=_address("/audit", criteria, listing.older) if listing.older else None,
    )


@router.get("/audit.csv")
def audit_file(
    request: Request,
    register: RegisterDep,
    user: Auditor,
    *,
    person: Text = "",
    action: Text = "",
    pupil: Text = "",
    day: OptionalDate = None,
) -> Response:
    """Every action that matches the filter, as a file. The export itself is audited."""
    criteria = AuditFilter(person.strip(), action, pupil.strip(), day)
    lines = _listing(register, user, criteria, before=None, limit=None).lines
    now = register.now()
    with register.database.write() as session:
        school = session.get_one(SchoolRow, user.school)
        name = f"{school.name} audit {now.astimezone(ZoneInfo(school.zone)).date().isoformat()}"
        actor = user.actor(client_of(request))
        audit.note(session, actor, audit.Action.EXPORT, now=now, subject="audit", rows=len(lines))
    log.info("list.exported", list="audit", rows=len(lines))
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
    return csv_response(name, COLUMNS, rows)


def _listing(
    register: Register, user: Person, criteria: AuditFilter, *, before: int | None, limit: int | None
) -> AuditPage:
    with register.database.read() as session:
        return audit_page_of(
            session,
            user.school,
            criteria,
            zone=ZoneInfo(session.get_one(SchoolRow, user.school).zone),
            names_pupils=may(user.role, Permission.SEE_PUPIL),
            before=before,
            limit=limit,
        )


def _address(path: str, criteria: AuditFilter, before: int | None = None) -> str:
    values = {
        "person": criteria.person,
        "action": criteria.action,
        "pupil": criteria.pupil,
        "day": criteria.day.isoformat() if criteria.day else "",
        "before": str(before or ""),
    }
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{path}?{query}" if query else path
