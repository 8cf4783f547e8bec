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
from sync.register.office.web.frame import framed
from sync.register.office.web.guard import allowed
from sync.register.office.web.navigation import NavigationEntry
from sync.register.permissions import Permission
from sync.register.storage.models import SchoolRow

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
NAVIGATION = NavigationEntry("changes", "/changes", "Changes", "history", Permission.SEE_PUPIL, place=70)

Looks = Annotated[Person, allowed(Permission.SEE_PUPIL)]
Text = Annotated[str, Query(max_length=200)]
MOST_ID = 2**31 - 1
"""The largest id that both databases can compare with a change's id."""
Before = int | Literal[""]

COLUMNS = ("Changed", "Pupil", "Form", "Register of", "Session", "Original", "Amended", "Reason", "By")


@router.get("/changes")
def changes_page(
    request: Request,
    register: RegisterDep,
    person: Looks,
    *,
    pupil: Text = "",
    day: OptionalDate = None,
    by: Text = "",
    before: Before = "",
) -> Response:
    """Every change to a mark, newest first."""
    wanted = ChangesFilter(pupil.strip(), day, by)
    shown = _changes(
        request, register, person, wanted, before=min(before, MOST_ID) if before else None, most=PAGE
    )
    with register.database.read() as session:
        names = people(session, person.school)
    return framed(
        "changes.html",
        request,
        register,
        person,
        here="changes",
        shown=shown,
        wanted=wanted,
        people=names,
        file=_address("/changes.csv", wanted),
        newest=_address("/changes", wanted) if before else None,
        older=_address("/changes", wanted, shown.older) if shown.older else None,
    )


@router.get("/changes.csv")
def changes_file(
    request: Request,
    register: RegisterDep,
    person: Looks,
    *,
    pupil: Text = "",
    day: OptionalDate = None,
    by: Text = "",
) -> Response:
    """Every change that matches the filter, as a file."""
    wanted = ChangesFilter(pupil.strip(), day, by)
    shown = _changes(request, register, person, wanted, before=None, most=None)
    rows = [
        (
            line.change.instant,
            line.who,
            line.form,
            line.date.isoformat(),
            line.session,
            line.change.original,
            line.change.amended,
            line.change.reason,
            line.change.by,
        )
        for line in shown.lines
    ]
    return export_list(request, register, person, what="changes", header=COLUMNS, rows=rows)


def _changes(
    request: Request,
    register: Register,
    person: Person,
    wanted: ChangesFilter,
    *,
    before: int | None,
    most: int | None,
) -> ChangesPage:
    with register.database.read() as session:
        zone = ZoneInfo(session.get_one(SchoolRow, person.school).zone)
        shown = changes(session, person.school, wanted, zone=zone, before=before, most=most)
    if shown.only_pupil is not None:  # the page then shows one pupil's record
        who = person.actor(client_of(request))
        with register.database.write() as session:
            audit.note(
                session,
                who,
                audit.Action.PUPIL_SEEN,
                now=register.now(),
                subject=shown.only_pupil,
                page="changes",
            )
    return shown


def _address(path: str, wanted: ChangesFilter, before: int | None = None) -> str:
    values = {
        "pupil": wanted.pupil,
        "day": wanted.day.isoformat() if wanted.day else "",
        "by": wanted.by,
        "before": str(before or ""),
    }
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{path}?{query}" if query else path
