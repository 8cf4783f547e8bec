"""The forms on a pupil's record. Each changes one thing and returns to the record."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from attendance.text import as_sentence
from sync.register.actor import Person
from sync.register.context import Register, RegisterDep, client_of
from sync.register.errors import PupilRecordError, UnknownPupilError, UnknownRecordError
from sync.register.kiosks import cards
from sync.register.office.pages.pupil import show_record
from sync.register.office.web.dates import OptionalDate, RequiredDate
from sync.register.office.web.guard import LoggedIn, allowed, own_form
from sync.register.permissions import Permission, require
from sync.register.schools import plan_changes, pupil_record
from sync.register.schools.plan_changes import PlanDetails
from sync.register.schools.pupil_record import ContactDetails, RecordChange

log = structlog.get_logger()
router = APIRouter(
    prefix="/pupil",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[allowed(Permission.CHANGE_PUPIL), Depends(own_form)],
)

Text = Annotated[str, Form(max_length=1000)]


class _RecordForm:
    """A form on a record: the user who sent it, and the pupil."""

    def __init__(
        self, request: Request, register: RegisterDep, person: LoggedIn, pupil: Annotated[str, Form()]
    ) -> None:
        require(person.role, Permission.CHANGE_PUPIL)
        self.request: Request = request
        self.register: Register = register
        self.person: Person = person
        self.change = RecordChange(person.actor(client_of(request)), pupil, register.now())


RecordForm = Annotated[_RecordForm, Depends()]


def _carry_out(form: _RecordForm, what: str, work: Callable[[Session], object]) -> Response:
    """Make the change and return to the record. If it fails, show the reason there."""
    try:
        form.register.database.transact(work)
    except PupilRecordError as error:
        problem = f"{as_sentence(error)} Nothing was changed."
        return show_record(
            form.request, form.register, form.person, form.change.pupil, problem=problem, status=409
        )
    except (UnknownRecordError, UnknownPupilError) as error:
        raise HTTPException(404) from error
    log.info("pupil.changed", what=what, school=form.person.school)
    form.register.notifier.changed(form.person.school)
    return RedirectResponse(f"/pupil?{urlencode({'id': form.change.pupil})}", status_code=303)


async def _typed(request: Request) -> dict[str, str]:
    """The form's fields: those of a plan's weekdays are too many to name each."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


@router.post("/plans")
def keep_plan(
    form: RecordForm,
    typed: Annotated[dict[str, str], Depends(_typed)],
    *,
    code: Text = "",
    first: Annotated[OptionalDate, Form()] = None,
    review: Annotated[OptionalDate, Form()] = None,
    agreed_by: Text = "",
    agreed_on: Annotated[OptionalDate, Form()] = None,
    plan: Annotated[int | None, Form()] = None,
) -> Response:
    """Add a plan, or change one: either way the user confirms it."""

    def work(session: Session) -> None:
        days = plan_changes.plan_days(typed)
        details = PlanDetails(code, days, first, review, agreed_by, agreed_on)
        plan_changes.keep_plan(session, form.change, details, plan)

    return _carry_out(form, "plan", work)


@router.post("/plans/end")
def end_plan(form: RecordForm, plan: Annotated[int, Form()]) -> Response:
    """End a plan."""
    return _carry_out(form, "plan", lambda s: plan_changes.end_plan(s, form.change, plan))


@router.post("/alone")
def alone(form: RecordForm, leaves_alone: Annotated[bool, Form()] = False) -> Response:
    """Whether the pupil may sign out alone."""
    return _carry_out(
        form, "alone", lambda s: pupil_record.set_leaves_alone(s, form.change, leaves_alone=leaves_alone)
    )


@router.post("/lists")
def lists(form: RecordForm, off_lists: Annotated[bool, Form()] = False) -> Response:
    """Whether kiosks keep the pupil out of every list that can be browsed."""
    return _carry_out(
        form, "lists", lambda s: pupil_record.set_off_lists(s, form.change, off_lists=off_lists)
    )


@router.post("/cards/revoke")
def revoke_cards(form: RecordForm) -> Response:
    """Revoke the pupil's cards."""
    change = form.change
    return _carry_out(form, "cards", lambda s: cards.revoke(s, change.pupil, by=change.by, now=change.now))


@router.post("/contacts")
def add_contact(
    form: RecordForm, may: Annotated[bool, Form()], name: Text = "", relationship: Text = ""
) -> Response:
    """Add a contact who may or may not collect."""
    details = ContactDetails(name, relationship, may)
    return _carry_out(form, "contact", lambda s: pupil_record.add_contact(s, form.change, details))


@router.post("/contacts/change")
def change_contact(
    form: RecordForm,
    contact: Annotated[str, Form()],
    may: Annotated[bool, Form()],
    name: Text = "",
    relationship: Text = "",
) -> Response:
    """Change a contact."""
    details = ContactDetails(name, relationship, may)
    return _carry_out(
        form, "contact", lambda s: pupil_record.change_contact(s, form.change, contact, details)
    )


@router.post("/contacts/remove")
def remove_contact(form: RecordForm, contact: Annotated[str, Form()]) -> Response:
    """Remove a contact."""
    return _carry_out(form, "contact", lambda s: pupil_record.remove_contact(s, form.change, contact))


@router.post("/absences")
def add_absence(
    form: RecordForm, on: Annotated[RequiredDate, Form()], kind: Annotated[str, Form()], until: Text = ""
) -> Response:
    """Add an absence that was agreed in advance."""
    return _carry_out(
        form, "absence", lambda s: pupil_record.add_appointment(s, form.change, on, kind, until)
    )


@router.post("/absences/remove")
def remove_absence(form: RecordForm, absence: Annotated[int, Form()]) -> Response:
    """Remove an agreed absence."""
    return _carry_out(form, "absence", lambda s: pupil_record.remove_appointment(s, form.change, absence))
