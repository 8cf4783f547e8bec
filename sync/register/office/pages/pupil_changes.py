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
from sync.register.office.web.dates import RequiredDate
from sync.register.office.web.guard import LoggedIn, allowed, own_form
from sync.register.permissions import Permission, require
from sync.register.schools import pupil_record
from sync.register.schools.pupil_record import ContactDetails, RecordChange

log = structlog.get_logger()
router = APIRouter(
    prefix="/pupil",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[allowed(Permission.CHANGE_PUPIL), Depends(own_form)],
)

Words = Annotated[str, Form(max_length=1000)]


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


def _carry_out(asked: _RecordForm, what: str, work: Callable[[Session], object]) -> Response:
    """Make the change and return to the record. If it fails, show the reason there."""
    try:
        asked.register.database.transact(work)
    except PupilRecordError as error:
        said = f"{as_sentence(error)} Nothing was changed."
        return show_record(
            asked.request, asked.register, asked.person, asked.change.pupil, problem=said, status=409
        )
    except (UnknownRecordError, UnknownPupilError) as error:
        raise HTTPException(404) from error
    log.info("pupil.changed", what=what, school=asked.person.school)
    asked.register.notifier.changed(asked.person.school)
    return RedirectResponse(f"/pupil?{urlencode({'id': asked.change.pupil})}", status_code=303)


@router.post("/starts")
def starts(
    asked: RecordForm,
    *,
    mon: Words = "",
    tue: Words = "",
    wed: Words = "",
    thu: Words = "",
    fri: Words = "",
) -> Response:
    """Set the pupil's individual start for each weekday."""
    wanted = {"mon": mon, "tue": tue, "wed": wed, "thu": thu, "fri": fri}
    return _carry_out(asked, "starts", lambda s: pupil_record.set_starts(s, asked.change, wanted))


@router.post("/alone")
def alone(asked: RecordForm, leaves_alone: Annotated[bool, Form()] = False) -> Response:
    """Whether the pupil may sign out alone."""
    return _carry_out(
        asked, "alone", lambda s: pupil_record.set_leaves_alone(s, asked.change, leaves_alone=leaves_alone)
    )


@router.post("/cards/revoke")
def revoke_cards(asked: RecordForm) -> Response:
    """Revoke the pupil's cards."""
    change = asked.change
    return _carry_out(asked, "cards", lambda s: cards.revoke(s, change.pupil, by=change.by, now=change.now))


@router.post("/contacts")
def add_contact(
    asked: RecordForm, may: Annotated[bool, Form()], name: Words = "", relationship: Words = ""
) -> Response:
    """Add a contact who may or may not collect."""
    details = ContactDetails(name, relationship, may)
    return _carry_out(asked, "contact", lambda s: pupil_record.add_contact(s, asked.change, details))


@router.post("/contacts/change")
def change_contact(
    asked: RecordForm,
    contact: Annotated[str, Form()],
    may: Annotated[bool, Form()],
    name: Words = "",
    relationship: Words = "",
) -> Response:
    """Change a contact."""
    details = ContactDetails(name, relationship, may)
    return _carry_out(
        asked, "contact", lambda s: pupil_record.change_contact(s, asked.change, contact, details)
    )


@router.post("/contacts/remove")
def remove_contact(asked: RecordForm, contact: Annotated[str, Form()]) -> Response:
    """Remove a contact."""
    return _carry_out(asked, "contact", lambda s: pupil_record.remove_contact(s, asked.change, contact))


@router.post("/absences")
def add_absence(
    asked: RecordForm, on: Annotated[RequiredDate, Form()], kind: Annotated[str, Form()], until: Words = ""
) -> Response:
    """Add an absence that was agreed in advance."""
    return _carry_out(
        asked, "absence", lambda s: pupil_record.add_appointment(s, asked.change, on, kind, until)
    )


@router.post("/absences/remove")
def remove_absence(asked: RecordForm, absence: Annotated[int, Form()]) -> Response:
    """Remove an agreed absence."""
    return _carry_out(asked, "absence", lambda s: pupil_record.remove_appointment(s, asked.change, absence))
