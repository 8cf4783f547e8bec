"""The school's own calendar: terms, closures, an imported iCalendar file and bank holidays."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, File, Form, HTTPException, Request, UploadFile
from fastapi.responses import HTMLResponse, Response
from pydantic import TypeAdapter, ValidationError

from sync.calendars import ics
from sync.calendars.bank_holidays import bank_holidays
from sync.calendars.events import MOST_BYTES, CalendarFileError
from sync.calendars.school_years import spanning
from sync.register.context import RegisterDep
from sync.register.office.pages.settings import carry_out, day_and_year, show_settings
from sync.register.office.web.dates import OptionalDate, RequiredDate
from sync.register.office.web.frame import render_page
from sync.register.office.web.guard import LoggedIn, allowed, own_form
from sync.register.permissions import Permission, require
from sync.register.schools import school_settings
from sync.register.storage.models import SchoolRow
from sync.wire import BundleCalendar, BundleClosure, BundleTerm
from sync.worker import TooMuchWorkError, in_worker

router = APIRouter(
    prefix="/settings/calendar",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[allowed(Permission.CHANGE_POLICY), Depends(own_form)],
)

Text = Annotated[str, Form(max_length=200)]
_LINE: TypeAdapter[BundleTerm | BundleClosure] = TypeAdapter(BundleTerm | BundleClosure)


@router.post("/closure")
def add_closure(
    request: Request,
    register: RegisterDep,
    person: LoggedIn,
    first: Annotated[RequiredDate, Form()],
    *,
    last: Annotated[OptionalDate, Form()] = None,
    reason: Text = "",
    years: Text = "",
) -> Response:
    """Add days without school."""
    closure = BundleClosure(
        first=first,
        last=last,
        reason=reason.strip(),
        years=years.replace(",", " ").split() or None,
    )
    more = BundleCalendar(closures=[closure])
    return carry_out(
        request,
        register,
        person,
        "calendar",
        lambda s, change: school_settings.add_to_calendar(s, change, more),
    )


@router.post("/term")
def add_term(
    request: Request,
    register: RegisterDep,
    person: LoggedIn,
    starts: Annotated[RequiredDate, Form()],
    ends: Annotated[RequiredDate, Form()],
    *,
    name: Text = "",
) -> Response:
    """Add a term."""
    more = BundleCalendar(terms=[BundleTerm(name=name.strip(), starts=starts, ends=ends)])
    return carry_out(
        request,
        register,
        person,
        "calendar",
        lambda s, change: school_settings.add_to_calendar(s, change, more),
    )


@router.post("/remove")
def remove(
    request: Request, register: RegisterDep, person: LoggedIn, line: Annotated[str, Form(max_length=2000)]
) -> Response:
    """Remove a term or a closure."""
    try:
        gone = _LINE.validate_json(line)
    except ValidationError as error:
        raise HTTPException(400, "This entry is not in the calendar. Go back and try again.") from error
    return carry_out(
        request,
        register,
        person,
        "calendar",
        lambda s, change: school_settings.remove_from_calendar(s, change, gone),
    )


@router.post("/bank-holidays")
def add_bank_holidays(request: Request, register: RegisterDep, person: LoggedIn) -> Response:
    """Add England's bank holidays of this school year."""
    with register.database.read() as session:
        zone = ZoneInfo(session.get_one(SchoolRow, person.school).zone)
    today = register.now().astimezone(zone).date()
    more = BundleCalendar(closures=bank_holidays(spanning(today, today)))
    return carry_out(
        request,
        register,
        person,
        "calendar",
        lambda s, change: school_settings.add_to_calendar(s, change, more),
    )


@router.post("/file")
def preview_file(
    request: Request,
    register: RegisterDep,
    person: LoggedIn,
    file: Annotated[UploadFile, File()],
    *,
    terms: Annotated[bool, Form()] = False,
) -> Response:
    """Preview a published calendar. Nothing is changed yet."""
    require(person.role, Permission.CHANGE_POLICY)
    with register.database.read() as session:
        zone = ZoneInfo(session.get_one(SchoolRow, person.school).zone)
    try:
        published = in_worker(
            ics.read, file.file.read(MOST_BYTES + 1), zone, ics.CalendarSelection(terms=terms)
        )
    except (CalendarFileError, TooMuchWorkError) as error:
        problem = f"{file.filename}: {error}. Nothing was changed."
        return show_settings(request, register, person, problem=problem, status=400)
    return render_page(
        "calendar.html",
        request,
        register,
        person,
        page_name="settings",
        calendar=published.calendar,
        notices=published.notices,
        body=published.calendar.model_dump_json(),
        file=file.filename,
        day=day_and_year,
    )


@router.post("/confirm")
def confirm(
    request: Request, register: RegisterDep, person: LoggedIn, body: Annotated[str, Form()]
) -> Response:
    """Add the calendar that was previewed."""
    try:
        more = BundleCalendar.model_validate_json(body)
    except ValidationError as error:
        raise HTTPException(400, "This is not the calendar that was shown. Go back and try again.") from error
    return carry_out(
        request,
        register,
        person,
        "calendar",
        lambda s, change: school_settings.add_to_calendar(s, change, more),
    )
