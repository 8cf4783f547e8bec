"""PINs for the kiosk's staff screen, on the People page."""

from collections.abc import Sequence
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from attendance.text import as_sentence
from sync.register import pins
from sync.register.actor import Person
from sync.register.context import Register, RegisterDep, client_of
from sync.register.errors import PinError
from sync.register.office.pages.people import show_people
from sync.register.office.web.frame import render_page
from sync.register.office.web.guard import allowed, own_form
from sync.register.permissions import Permission

log = structlog.get_logger()
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
OWN_FORM = [Depends(own_form)]

PinManager = Annotated[Person, allowed(Permission.MANAGE_PINS)]


@router.post("/people/pins", dependencies=OWN_FORM)
def add_pin(
    request: Request,
    register: RegisterDep,
    person: PinManager,
    *,
    name: Annotated[str, Form()] = "",
    position: Annotated[str, Form()] = "",
) -> Response:
    """Give a PIN. It is shown once, in this answer."""
    try:
        new_pin = pins.give(
            register.database,
            person.actor(client_of(request)),
            school=person.school,
            name=name,
            position=position,
            now=register.now(),
        )
    except PinError as error:
        typed = {"name": name, "position": position}
        return show_people(request, register, person, refused=as_sentence(error), holder=typed, status=400)
    return _show_pins(request, register, person, [pins.NewPin(name.strip(), new_pin)])


@router.post("/people/pins/renew", dependencies=OWN_FORM)
def renew_pins(request: Request, register: RegisterDep, person: PinManager) -> Response:
    """Draw new PINs for every holder of one of an earlier version. They are shown once, in this answer."""
    with register.database.read() as session:
        earlier = [each.id for each in pins.holders(session, person.school) if each.is_earlier]
    return _draw_again(request, register, person, earlier)


@router.get("/people/pins/{holder_id}")
def pin_page(request: Request, register: RegisterDep, person: PinManager, holder_id: str) -> Response:
    """The holder of a PIN and the forms to change it."""
    return _holder_page(request, register, person, holder_id)


@router.post("/people/pins/{holder_id}", dependencies=OWN_FORM)
def rename(
    request: Request,
    register: RegisterDep,
    person: PinManager,
    holder_id: str,
    *,
    name: Annotated[str, Form()] = "",
    position: Annotated[str, Form()] = "",
) -> Response:
    """Change a name or a position."""
    try:
        pins.rename(
            register.database,
            person.actor(client_of(request)),
            school=person.school,
            holder_id=holder_id,
            name=name,
            position=position,
            now=register.now(),
        )
    except PinError as error:
        return _holder_page(request, register, person, holder_id, refused=as_sentence(error), status=400)
    return _changed(register, person, "changed")


@router.post("/people/pins/{holder_id}/pin", dependencies=OWN_FORM)
def replace_pin(request: Request, register: RegisterDep, person: PinManager, holder_id: str) -> Response:
    """Replace the PIN. The new one is shown once, in this answer."""
    return _draw_again(request, register, person, [holder_id])


@router.post("/people/pins/{holder_id}/end", dependencies=OWN_FORM)
def end_pin(request: Request, register: RegisterDep, person: PinManager, holder_id: str) -> Response:
    """End a PIN."""
    try:
        pins.end(
            register.database,
            person.actor(client_of(request)),
            school=person.school,
            holder_id=holder_id,
            now=register.now(),
        )
    except PinError as error:
        return _holder_page(request, register, person, holder_id, refused=as_sentence(error), status=400)
    return _changed(register, person, "pin-ended")


def _changed(register: Register, person: Person, done: str) -> Response:
    log.info("pin.changed")
    register.notifier.changed(person.school)
    return RedirectResponse(f"/people?done={done}", status_code=303)


def _draw_again(request: Request, register: Register, person: Person, holder_ids: Sequence[str]) -> Response:
    try:
        drawn = pins.draw_again(
            register.database,
            person.actor(client_of(request)),
            school=person.school,
            holder_ids=holder_ids,
            now=register.now(),
        )
    except PinError as error:
        return show_people(request, register, person, refused=as_sentence(error), status=400)
    if not drawn:
        return RedirectResponse("/people", status_code=303)
    return _show_pins(request, register, person, drawn)


def _show_pins(
    request: Request, register: Register, person: Person, drawn: Sequence[pins.NewPin]
) -> Response:
    log.info("pin.given", pins=len(drawn))
    register.notifier.changed(person.school)
    return render_page("people_new_pins.html", request, register, person, page_name="people", drawn=drawn)


def _holder_page(
    request: Request,
    register: Register,
    person: Person,
    holder_id: str,
    *,
    refused: str = "",
    status: int = 200,
) -> Response:
    try:
        with register.database.read() as session:
            holder = pins.holder(session, person.school, holder_id)
    except PinError as error:
        return show_people(request, register, person, refused=as_sentence(error), status=404)
    return render_page(
        "people_pin.html",
        request,
        register,
        person,
        page_name="people",
        status=status,
        holder=holder,
        refused=refused,
    )
