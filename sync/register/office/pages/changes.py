"""The Changes page: the list, and the list as a file."""

from typing import Annotated, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from sync.register import audit
from sync.register.actor import Person
from sync.register.context import Register, RegisterDep, client_of
from sync.register.office.views.changes import PAGE, ChangesFilter, ChangesPage, changes, people
from sync.register.office.web.dates import OptionalDate
from sync.register.office.web.exporting import export_list
from sync.register.office.web.frame import render_page
from sync.register.office.web.guard import allowed
from sync.register.office.web.navigation import NavigationEntry
from sync.register.permissions import Permission
from sync.register.storage.models import SchoolRow

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
NAVIGATION = NavigationEntry("changes", "/changes", "Changes", "history", Permission.SEE_PUPIL, place=70)

Viewer = Annotated[Person, allowed(Permission.SEE_PUPIL)]
Text = Annotated[str, Query(max_length=200)]
MOST_ID = 2**31 - 1
"""The largest id that both databases can compare with the id column."""
Before = int | Literal[""]

COLUMNS = (
    "Changed",
    "Pupil",
    "Form",
    "Register of",
    "Session",
    "Original",
    "Amended",
    "Reason",
    "By",
    "Released",
)


@router.get("/changes")
def changes_page(
    request: Request,
    register: RegisterDep,
    person: Viewer,
    *,
    pupil: Text = "",
    day: OptionalDate = None,
    by: Text = "",
    before: Before = "",
) -> Response:
    """Every change to a mark, newest first."""
    criteria = ChangesFilter(pupil.strip(), day, by)
    listing = _changes(
        request, register, person, criteria, before=min(before, MOST_ID) if before else None, limit=PAGE
    )
    with register.database.read() as session:
        names = people(session, person.school)
    return render_page(
        "changes.html",
        request,
        register,
        person,
        page_name="changes",
        listing=listing,
        criteria=criteria,
        people=names,
        file=_address("/changes.csv", criteria),
        newest=_address("/changes", criteria) if before else None,
        older=_address("/changes", criteria, listing.older) if listing.older else None,
    )


@router.get("/changes.csv")
def changes_file(
    request: Request,
    register: RegisterDep,
    person: Viewer,
    *,
    pupil: Text = "",
    day: OptionalDate = None,
    by: Text = "",
) -> Response:
    """Every change that matches the filter, as a file."""
    criteria = ChangesFilter(pupil.strip(), day, by)
    listing = _changes(request, register, person, criteria, before=None, limit=None)
    rows = [
        (
            line.change.instant,
            line.name,
            line.form,
            line.date.isoformat(),
            line.session,
            line.change.original,
            line.change.amended,
            line.change.reason,
            line.change.author,
            line.claim.text if line.claim else None,
        )
        for line in listing.lines
    ]
    return export_list(request, register, person, name="changes", header=COLUMNS, rows=rows)


def _changes(
    request: Request,
    register: Register,
    person: Person,
    criteria: ChangesFilter,
    *,
    before: int | None,
    limit: int | None,
) -> ChangesPage:
    with register.database.read() as session:
        zone = ZoneInfo(session.get_one(SchoolRow, person.school).zone)
        listing = changes(session, person.school, criteria, zone=zone, before=before, limit=limit)
    if listing.only_pupil is not None:  # such a page shows one pupil's record
        actor = person.actor(client_of(request))
        with register.database.write() as session:
            audit.note(
                session,
                actor,
                audit.Action.PUPIL_SEEN,
                now=register.now(),
                subject=listing.only_pupil,
                page="changes",
            )
    return listing


def _address(path: str, criteria: ChangesFilter, before: int | None = None) -> str:
    values = {
        "pupil": criteria.pupil,
        "day": criteria.day.isoformat() if criteria.day else "",
        "by": criteria.author,
        "before": str(before or ""),
    }
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{path}?{query}" if query else path
