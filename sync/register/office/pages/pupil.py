"""A pupil's record."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from attendance.codes import code_and_name
from attendance.plans import PlanCode
from sync.register import audit
from sync.register.actor import Person
from sync.register.context import Register, RegisterDep, client_of
from sync.register.office.views.pupil import KIND_WORDS, PupilRecord, record
from sync.register.office.views.pupil_plans import empty_week
from sync.register.office.web.frame import render_page
from sync.register.office.web.guard import LoggedIn, allowed
from sync.register.permissions import Permission, may, require
from sync.register.storage.models import PupilRow, SchoolRow

router = APIRouter(
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[allowed(Permission.SEE_PUPIL)],
)


@router.get("/pupil")
def pupil_page(
    request: Request, register: RegisterDep, person: LoggedIn, id_: Annotated[str, Query(alias="id")]
) -> Response:
    """A pupil's record. The view is recorded in the audit."""
    return show_record(request, register, person, id_)


def show_record(
    request: Request,
    register: Register,
    person: Person,
    pupil: str,
    *,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    """The record's page. The view is recorded in the audit.

    Raises:
        NotAllowedError, HTTPException: as for `record_of`.
    """
    return render_page(
        "pupil.html",
        request,
        register,
        person,
        page_name="pupils",
        status=status,
        record=record_of(request, register, person, pupil),
        plan_codes={code.value: code_and_name(code) for code in PlanCode},
        empty_week=empty_week(),
        kinds=KIND_WORDS,
        problem=problem,
        may_change=may(person.role, Permission.CHANGE_PUPIL),
    )


def record_of(request: Request, register: Register, person: Person, pupil: str) -> PupilRecord:
    """A pupil's record. The view is recorded in the audit.

    Raises:
        NotAllowedError: the user may not see pupils' records.
        HTTPException: 404, the school has no such pupil.
    """
    require(person.role, Permission.SEE_PUPIL)
    now = register.now()
    with register.database.write() as session:
        if session.get(PupilRow, (person.school, pupil)) is None:
            raise HTTPException(404)
        actor = person.actor(client_of(request))
        audit.note(session, actor, audit.Action.PUPIL_SEEN, now=now, subject=pupil)
    with register.database.read() as session:
        school = session.get_one(SchoolRow, person.school)
        return record(session, school, session.get_one(PupilRow, (person.school, pupil)), now=now)
