"""The lists of the Leaving page as files: the pupils who are out, and the requests answered today."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from sync.register.actor import Person
from sync.register.context import RegisterDep
from sync.register.office.pages.leaving import leaving_of
from sync.register.office.views.pupils_out import SignedOutPupil
from sync.register.office.web.exporting import export_list
from sync.register.office.web.guard import allowed
from sync.register.permissions import Permission

router = APIRouter(prefix="/leaving", include_in_schema=False, default_response_class=HTMLResponse)

Releaser = Annotated[Person, allowed(Permission.RELEASE)]

OUT = (
    "Pupil",
    "Form",
    "Since",
    "Certain",
    "With",
    "Family",
    "Why",
    "Back",
    "Late by",
    "Released by",
    "How they knew",
    "Seen back by",
)
ANSWERED = ("At", "Pupil", "Form", "Asked for by", "Family", "What", "Why")


@router.get("/out.csv")
def out_file(request: Request, register: RegisterDep, person: Releaser) -> Response:
    """The pupils who are out now."""
    rows = [_out(each) for each in leaving_of(register, person).out]
    return export_list(request, register, person, name="out now", header=OUT, rows=rows)


@router.get("/answered.csv")
def answered_file(request: Request, register: RegisterDep, person: Releaser) -> Response:
    """The requests that were released, refused or withdrawn today."""
    rows = [
        (each.at, each.name, each.form, each.collector, each.list_said, each.answer, each.reason)
        for each in leaving_of(register, person).answered
    ]
    return export_list(request, register, person, name="leaving answered", header=ANSWERED, rows=rows)


def _out(each: SignedOutPupil) -> tuple[object, ...]:
    return (
        each.name,
        each.form,
        each.since,
        "yes" if each.certain else "time received; the kiosk’s clock was uncertain",
        each.collector,
        each.doubt.text if each.doubt else None,
        each.reason,
        each.due,
        each.overdue,
        each.released_by,
        each.grounds,
        each.seen_back,
    )
