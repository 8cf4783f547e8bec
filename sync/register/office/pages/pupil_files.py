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
from sync.register.office.views.pupil import DAYS, PupilRecord
from sync.register.office.web.dates import RequiredDate
from sync.register.office.web.exporting import export_list
from sync.register.office.web.guard import allowed
from sync.register.permissions import Permission

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Looks = Annotated[Person, allowed(Permission.SEE_PUPIL)]

RECORD = ("Part", "What", "Says", "More")
MARK = ("Pupil", "Register", "Changed", "From", "To", "Reason", "By")


@router.get("/pupil.csv")
def record_file(
    request: Request, register: RegisterDep, person: Looks, id_: Annotated[str, Query(alias="id")]
) -> Response:
    """A pupil's record. The view is recorded in the audit, as for the page."""
    shown = record_of(request, register, person, id_)
    return export_list(
        request, register, person, what="pupil record", header=RECORD, rows=list(record_cells(shown))
    )


@router.get("/mark.csv")
def mark_file(
    request: Request,
    register: RegisterDep,
    person: Looks,
    *,
    pupil: str,
    on: RequiredDate,
    half: Literal["AM", "PM"],
) -> Response:
    """Every change to one mark, oldest first."""
    mark = mark_of(request, register, person, Place(person.school, pupil, on, half))
    rows = [
        (mark.who, mark.register, each.instant, each.original, each.amended, each.reason, each.by)
        for each in mark.history
    ]
    return export_list(request, register, person, what="mark", header=MARK, rows=rows, on=on)


def record_cells(shown: PupilRecord) -> Iterator[tuple[object, ...]]:
    """The record's parts one after the other, as its page has them. The UPN is left out: that number is not
    for everyday lists (DfE's guide)."""
    pupil = shown.pupil
    yield "Pupil", "Name", shown.name, pupil.form
    yield "Pupil", "Year", pupil.year, ""
    yield "Pupil", "Admission number", pupil.admission_number, ""
    if shown.left_on:
        yield "Pupil", "Left on", shown.left_on, ""
    for contact in shown.contacts:
        may = "may collect" if contact.may_collect else "may NOT collect"
        yield "Who collects", contact.name, may, contact.relationship
    yield "Leaving alone", "", "yes" if pupil.leaves_alone else "no", ""
    for each in shown.agreed:
        yield "Absence agreed", each.date, each.kind, f"until {each.until}" if each.until else ""
    for day, name in DAYS.items():
        if day in pupil.starts:
            yield "Individual start", name, pupil.starts[day], ""
    yield "Cards", "", shown.cards, f"the last assigned on {shown.card_since}" if shown.card_since else ""
    for mark in shown.days:
        yield "Marks", mark.date, f"AM {mark.am}, PM {mark.pm}", mark.detail
