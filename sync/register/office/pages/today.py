"""The Today page, the part of it that updates itself, and its list as a file."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from sync.register.accounts.sessions import form_token
from sync.register.actor import Person
from sync.register.context import Register, RegisterDep
from sync.register.office.pages.leaving import waiting_families
from sync.register.office.views.claims import ReleaseClaim, claims_of
from sync.register.office.views.today import Today, today
from sync.register.office.views.today_visits import FILTER_LABELS, VisitFilter
from sync.register.office.web.dates import OptionalDate
from sync.register.office.web.exporting import export_list
from sync.register.office.web.frame import render_fragment, render_page
from sync.register.office.web.guard import allowed, session_token
from sync.register.office.web.navigation import NavigationEntry
from sync.register.permissions import Permission, may
from sync.register.storage.models import SchoolRow

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
NAVIGATION = NavigationEntry("today", "/", "Today", "layout-dashboard", Permission.SEE_TODAY, place=10)

Viewer = Annotated[Person, allowed(Permission.SEE_TODAY)]


class TodayFilter(BaseModel):
    """Which visits to show."""

    show: VisitFilter = VisitFilter.ALL
    day: OptionalDate = None
    """`None` for today; a form sends an empty text."""
    page: int = Field(default=1, ge=1, le=10**6)


Criteria = Annotated[TodayFilter, Query()]

COLUMNS = ("Day", "Time", "Pupil", "Form", "Code", "Late", "Released", "Reason", "Brought by", "Mark")


@router.get("/")
def today_page(request: Request, register: RegisterDep, person: Viewer, criteria: Criteria) -> Response:
    """The Today page: arrivals and departures, the state of each mark, and the kiosks."""
    view = _today(register, person, criteria)
    return render_page(
        "today.html",
        request,
        register,
        person,
        page_name="today",
        summary=view.summary,
        today=view,
        **_releases(register, person, view),
    )


@router.get("/today/live")
def today_live(request: Request, register: RegisterDep, person: Viewer, criteria: Criteria) -> Response:
    """The part of Today that refreshes itself."""
    view = _today(register, person, criteria)
    token = form_token(session_token(request))
    return render_fragment(
        "today_live.html",
        register,
        person,
        summary=view.summary,
        today=view,
        form_token=token,
        **_releases(register, person, view),
    )


@router.get("/today.csv")
def today_file(request: Request, register: RegisterDep, person: Viewer, criteria: Criteria) -> Response:
    """The whole list as a file."""
    view = _today(register, person, criteria, everything=True)
    claims = _claims(register, person, view)
    rows = [
        (
            row.day.removeprefix("for ") if row.day else view.long_date,
            row.time if row.time_certain else f"received {row.time}",
            row.full_name,
            row.form,
            row.code,
            row.lateness,
            claims[row.id].text if row.id in claims else "",
            row.reason,
            row.brought_by,
            row.state,
        )
        for row in view.rows
    ]
    what = (
        "arrivals and departures"
        if criteria.show is VisitFilter.ALL
        else FILTER_LABELS[criteria.show].lower()
    )
    return export_list(request, register, person, name=what, header=COLUMNS, rows=rows, on=view.day)


def _releases(register: Register, person: Person, view: Today) -> dict[str, Any]:
    """The requests that wait, and the claims behind the departures; none for a user who may not release."""
    return {
        "waiting_families": waiting_families(register, person),
        "claims_by_entry": _claims(register, person, view),
    }


def _claims(register: Register, person: Person, view: Today) -> dict[str, ReleaseClaim]:
    if not may(person.role, Permission.RELEASE):
        return {}
    with register.database.read() as session:
        claims = claims_of(session, person.school, [uuid.UUID(row.id) for row in view.rows])
    return {str(entry): claim for entry, claim in claims.items()}


def _today(register: Register, person: Person, criteria: TodayFilter, *, everything: bool = False) -> Today:
    with register.database.read() as session:
        school = session.get_one(SchoolRow, person.school)
        return today(
            session,
            school,
            now=register.now(),
            day=criteria.day,
            show=criteria.show,
            page=criteria.page,
            everything=everything,
        )
