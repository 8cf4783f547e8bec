"""The Punctuality page, and each of its lists as a file."""

from collections.abc import Sequence
from typing import Annotated, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from sync.register import audit
from sync.register.actor import Person
from sync.register.context import Register, RegisterDep, client_of
from sync.register.errors import PeriodTooLongError
from sync.register.office.views.punctuality import Punctuality, punctuality
from sync.register.office.views.punctuality_counts import MANY, THRESHOLD, WEEKS, Tally
from sync.register.office.web.dates import OptionalDate
from sync.register.office.web.exporting import export_list
from sync.register.office.web.frame import render_page
from sync.register.office.web.guard import allowed
from sync.register.office.web.navigation import NavigationEntry
from sync.register.permissions import Permission
from sync.register.storage.models import SchoolRow

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
NAVIGATION = NavigationEntry(
    "punctuality", "/punctuality", "Punctuality", "chart-column", Permission.SEE_PUPIL, place=60
)

Viewer = Annotated[Person, allowed(Permission.SEE_PUPIL)]
Table = Literal["days", "reasons", "years", "pupils", "many", "unauthorised"]


class PunctualityFilter(BaseModel):
    """Which days and pupils to count. An empty field does not restrict anything."""

    period: str = Field(default="", max_length=200)
    """One of `punctuality.periods`."""
    first: OptionalDate = None
    last: OptionalDate = None
    pupil: str = Field(default="", max_length=200)


LISTED = 20
"""Pupils listed on the page; the file has all of them."""
NAMES: dict[Table, str] = {
    "days": "lates by day",
    "reasons": "lates by reason",
    "years": "lates by year group",
    "pupils": "lates by pupil",
    "many": f"pupils at {MANY} or more lates",
    "unauthorised": f"U sessions in {WEEKS} school weeks",
}


@router.get("/punctuality")
def punctuality_page(
    request: Request,
    register: RegisterDep,
    person: Viewer,
    criteria: Annotated[PunctualityFilter, Query()],
) -> Response:
    """The Punctuality page: lates by day, reason, year group and pupil, and the pupils with many."""
    report = _punctuality(request, register, person, criteria)

    def address(path: str, **other: object) -> str:
        values = {**criteria.model_dump(), **other}
        query = urlencode({name: str(value) for name, value in values.items() if value})
        return f"{path}?{query}" if query else path

    return render_page(
        "punctuality.html",
        request,
        register,
        person,
        page_name="punctuality",
        report=report,
        pupil=criteria.pupil,
        address=address,
        most=LISTED,
        many=MANY,
        weeks=WEEKS,
        threshold=THRESHOLD,
    )


@router.get("/punctuality/{table}.csv")
def punctuality_file(
    request: Request,
    register: RegisterDep,
    person: Viewer,
    table: Table,
    criteria: Annotated[PunctualityFilter, Query()],
) -> Response:
    """One of the page's lists as a file."""
    report = _punctuality(request, register, person, criteria)
    header, rows = cells(table, report)
    return export_list(
        request, register, person, name=NAMES[table], header=header, rows=rows, on=report.period.last
    )


COUNTS = ("L", "U", "Lates")


def cells(table: Table, report: Punctuality) -> tuple[Sequence[str], list[Sequence[object]]]:
    """A list's columns and rows for a file."""
    if table == "days":
        return ("Day", *COUNTS), [(day.isoformat(), *_counts(each)) for day, each in report.days.items()]
    if table == "reasons":
        return ("Reason", *COUNTS), [(reason, *_counts(each)) for reason, each in report.reasons]
    if table == "years":
        header = ("Year group", *COUNTS, "Pupils on the roll", "Lates per 100 pupils")
        return header, [
            (year.name, *_counts(year.tally), year.pupils, year.each_hundred) for year in report.years
        ]
    if table == "unauthorised":
        header = ("Pupil", "Form", "Year", "U sessions", "First week (Monday)", "Last week (Monday)")
        return header, [
            (pupil.name, pupil.form, pupil.year, each.sessions, each.first.isoformat(), each.last.isoformat())
            for pupil, each in report.windows
        ]
    pupils = report.many if table == "many" else report.pupils
    return ("Pupil", "Form", "Year", *COUNTS), [
        (pupil.name, pupil.form, pupil.year, *_counts(each)) for pupil, each in pupils
    ]


def _counts(each: Tally) -> tuple[int, int, int]:
    return each.late, each.closed, each.total


def _punctuality(
    request: Request, register: Register, person: Person, criteria: PunctualityFilter
) -> Punctuality:
    now = register.now()
    with register.database.read() as session:
        school = session.get_one(SchoolRow, person.school)
        try:
            report = punctuality(
                session,
                school,
                today=now.astimezone(ZoneInfo(school.zone)).date(),
                period=criteria.period,
                first=criteria.first,
                last=criteria.last,
                pupil=criteria.pupil.strip(),
            )
        except PeriodTooLongError as error:
            raise HTTPException(400, str(error)) from error
    if report.only_pupil is not None:  # such a page shows one pupil's record
        actor = person.actor(client_of(request))
        with register.database.write() as session:
            audit.note(
                session,
                actor,
                audit.Action.PUPIL_SEEN,
                now=now,
                subject=report.only_pupil,
                page="punctuality",
            )
    return report
