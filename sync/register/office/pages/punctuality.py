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
from sync.register.office.web.frame import framed
from sync.register.office.web.guard import allowed
from sync.register.office.web.navigation import NavigationEntry
from sync.register.permissions import Permission
from sync.register.storage.models import SchoolRow

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
NAVIGATION = NavigationEntry(
    "punctuality", "/punctuality", "Punctuality", "chart-column", Permission.SEE_PUPIL, place=60
)

Looks = Annotated[Person, allowed(Permission.SEE_PUPIL)]
Table = Literal["days", "reasons", "years", "pupils", "many", "unauthorised"]


class PunctualityFilter(BaseModel):
    """Which days and pupils to count. An empty field does not restrict anything."""

    period: str = Field(default="", max_length=200)
    """One of `punctuality.periods`."""
    first: OptionalDate = None
    last: OptionalDate = None
    pupil: str = Field(default="", max_length=200)


SHOWN = 20
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
    person: Looks,
    asked: Annotated[PunctualityFilter, Query()],
) -> Response:
    """Lates by day, reason, year and pupil, and the pupils with many."""
    shown = _punctuality(request, register, person, asked)

    def address(path: str, **other: object) -> str:
        wanted = {**asked.model_dump(), **other}
        values = {name: str(value) for name, value in wanted.items() if value}
        return f"{path}?{urlencode(values)}" if values else path

    return framed(
        "punctuality.html",
        request,
        register,
        person,
        here="punctuality",
        shown=shown,
        pupil=asked.pupil,
        address=address,
        most=SHOWN,
        many=MANY,
        weeks=WEEKS,
        threshold=THRESHOLD,
    )


@router.get("/punctuality/{table}.csv")
def punctuality_file(
    request: Request,
    register: RegisterDep,
    person: Looks,
    table: Table,
    asked: Annotated[PunctualityFilter, Query()],
) -> Response:
    """One of the page's lists as a file."""
    shown = _punctuality(request, register, person, asked)
    header, rows = cells(table, shown)
    return export_list(
        request, register, person, what=NAMES[table], header=header, rows=rows, on=shown.period.last
    )


COUNTS = ("L", "U", "Lates")


def cells(table: Table, shown: Punctuality) -> tuple[Sequence[str], list[Sequence[object]]]:
    """A list's columns and rows for a file."""
    if table == "days":
        return ("Day", *COUNTS), [(day.isoformat(), *_counts(each)) for day, each in shown.days.items()]
    if table == "reasons":
        return ("Reason", *COUNTS), [(reason, *_counts(each)) for reason, each in shown.reasons]
    if table == "years":
        header = ("Year group", *COUNTS, "Pupils on the roll", "Lates per 100 pupils")
        return header, [
            (year.name, *_counts(year.tally), year.pupils, year.each_hundred) for year in shown.years
        ]
    if table == "unauthorised":
        header = ("Pupil", "Form", "Year", "U sessions", "First week (Monday)", "Last week (Monday)")
        return header, [
            (who.name, who.form, who.year, each.sessions, each.first.isoformat(), each.last.isoformat())
            for who, each in shown.windows
        ]
    pupils = shown.many if table == "many" else shown.pupils
    return ("Pupil", "Form", "Year", *COUNTS), [
        (who.name, who.form, who.year, *_counts(each)) for who, each in pupils
    ]


def _counts(each: Tally) -> tuple[int, int, int]:
    return each.late, each.closed, each.total


def _punctuality(
    request: Request, register: Register, person: Person, asked: PunctualityFilter
) -> Punctuality:
    now = register.now()
    with register.database.read() as session:
        school = session.get_one(SchoolRow, person.school)
        try:
            shown = punctuality(
                session,
                school,
                today=now.astimezone(ZoneInfo(school.zone)).date(),
                period=asked.period,
                first=asked.first,
                last=asked.last,
                pupil=asked.pupil.strip(),
            )
        except PeriodTooLongError as error:
            raise HTTPException(400, str(error)) from error
    if shown.only_pupil is not None:  # the page then shows one pupil's record
        who = person.actor(client_of(request))
        with register.database.write() as session:
            audit.note(
                session,
                who,
                audit.Action.PUPIL_SEEN,
                now=now,
                subject=shown.only_pupil,
                page="punctuality",
            )
    return shown
