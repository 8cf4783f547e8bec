"""One pupil's data as files: the record, and a mark with its changes."""

from collections.abc import Iterator
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from sync.register.actor import Person
from sync.register.context import RegisterDep
from sync.register.marks.marks import Place
from sync.register.office.pages.entry import mark_of
from sync.register.office.pages.pupil import record_of
from sync.register.office.views.pupil import PupilRecord
from sync.register.office.web.dates import RequiredDate
from sync.register.office.web.exporting import export_list
from sync.register.office.web.guard import allowed
from sync.register.permissions import Permission

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Viewer = Annotated[Person, allowed(Permission.SEE_PUPIL)]

RECORD = ("Part", "What", "Says", "More")
MARK = ("Pupil", "Register", "Changed", "From", "To", "Reason", "By")


@router.get("/pupil.csv")
def record_file(
    request: Request, register: RegisterDep, person: Viewer, id_: Annotated[str, Query(alias="id")]
) -> Response:
    """A pupil's record. The view is recorded in the audit, as for the page."""
    record = record_of(request, register, person, id_)
    return export_list(
        request, register, person, name="pupil record", header=RECORD, rows=list(record_cells(record))
    )


@router.get("/mark.csv")
def mark_file(
    request: Request,
    register: RegisterDep,
    person: Viewer,
    *,
    pupil: str,
    on: RequiredDate,
    half: Literal["AM", "PM"],
) -> Response:
    """Every change to one mark, oldest first."""
    mark = mark_of(request, register, person, Place(person.school, pupil, on, half))
    rows = [
        (mark.name, mark.register, each.instant, each.original, each.amended, each.reason, each.author)
        for each in mark.history
    ]
    return export_list(request, register, person, name="mark", header=MARK, rows=rows, on=on)


def record_cells(record: PupilRecord) -> Iterator[tuple[object, ...]]:
    """The record's parts in the order of its page. The UPN is left out: the DfE's guide keeps it off everyday
    lists."""
    pupil = record.pupil
    yield "Pupil", "Name", record.name, pupil.form
    yield "Pupil", "Year", pupil.year, ""
    yield "Pupil", "Admission number", pupil.admission_number, ""
    if record.left_on:
        yield "Pupil", "Left on", record.left_on, ""
    for contact in record.contacts:
        may = "may collect" if contact.may_collect else "may NOT collect"
        yield "Who collects", contact.name, may, contact.relationship
    yield "Leaving alone", "", "yes" if pupil.leaves_alone else "no", ""
    yield "Kept off the kiosk's lists", "", "yes" if pupil.off_lists else "no", ""
    for each in record.agreed:
        yield "Absence agreed", each.date, each.kind, f"until {each.until}" if each.until else ""
    for plan in record.plans:
        more = "; ".join(filter(None, (plan.state, plan.dates, plan.agreed)))
        yield "Part-time timetable", plan.label, plan.text, more
    yield "Cards", "", record.cards, f"the last assigned on {record.card_since}" if record.card_since else ""
    for brought in record.brought:
        yield "Brought late", brought.date, f"brought by {brought.adult}", ""
    for left in record.left:
        yield "Signed out", left.date, left.claim.text, ""
    for mark in record.days:
        yield "Marks", mark.date, f"AM {mark.am}, PM {mark.pm}", mark.detail
