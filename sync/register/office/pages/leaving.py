"""The Leaving page: releasing or refusing a pupil, and recording who is back."""

import uuid
from collections.abc import Callable
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from attendance.text import as_sentence
from sync.register.accounts.sessions import form_token
from sync.register.actor import Person
from sync.register.context import Register, RegisterDep, client_of
from sync.register.departures import release as departures
from sync.register.departures import requests, returns
from sync.register.errors import DepartureError, ReturnError, UnknownDepartureError, UnknownSignOutError
from sync.register.office.views.leaving import LeavingPage, WaitingCard, families, leaving
from sync.register.office.web.frame import fragment, framed
from sync.register.office.web.guard import allowed, own_form, session_token
from sync.register.office.web.navigation import NavigationEntry
from sync.register.permissions import Permission, may
from sync.register.storage.models import SchoolRow

log = structlog.get_logger()
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
NAVIGATION = NavigationEntry("leaving", "/leaving", "Leaving", "user-check", Permission.RELEASE, place=30)

May = Annotated[Person, allowed(Permission.RELEASE)]
"""This page shows who may not collect a child."""
Words = Annotated[str, Form(max_length=500)]


@router.get("/leaving")
def leaving_page(request: Request, register: RegisterDep, person: May) -> Response:
    """The requests that are waiting, and the pupils who are out."""
    return _whole(request, register, person)


@router.get("/leaving/live")
def leaving_live(request: Request, register: RegisterDep, person: May) -> Response:
    """The part of the page that updates itself."""
    shown = leaving_of(register, person)
    token = form_token(session_token(request))
    return fragment("leaving_live.html", register, person, said=shown.said, form_token=token, leaving=shown)


@router.post("/leaving/{departure}/release", dependencies=[Depends(own_form)])
def release(
    request: Request,
    register: RegisterDep,
    person: May,
    departure: uuid.UUID,
    *,
    why: Words = "",
    sure: Annotated[bool, Form()] = False,
    back_to: Annotated[str, Form()] = "",
) -> Response:
    """Release the pupil. `why` and `sure` are required when the family has not listed the collector."""

    def do(session: Session) -> None:
        departures.release(
            session,
            departure,
            person.actor(client_of(request)),
            now=register.now(),
            why=why,
            sure=sure,
        )

    return _answer(request, register, person, do, "departure.released", back_to=back_to)


@router.post("/leaving/{departure}/refuse", dependencies=[Depends(own_form)])
def refuse(
    request: Request, register: RegisterDep, person: May, departure: uuid.UUID, *, why: Words = ""
) -> Response:
    """Refuse the release. Only the office sees the reason."""

    def do(session: Session) -> None:
        departures.refuse(session, departure, person.actor(client_of(request)), why, now=register.now())

    return _answer(request, register, person, do, "departure.refused")


@router.post("/leaving/out/{entry}/back", dependencies=[Depends(own_form)])
def seen_back(
    request: Request, register: RegisterDep, person: May, entry: uuid.UUID, *, why: Words = ""
) -> Response:
    """Record that a signed-out pupil is back although they did not sign in."""

    def do(session: Session) -> None:
        returns.record_return(session, entry, person.actor(client_of(request)), why=why, now=register.now())

    return _answer(request, register, person, do, "return.seen")


@router.post("/leaving/out/{entry}/still-out", dependencies=[Depends(own_form)])
def still_out(request: Request, register: RegisterDep, person: May, entry: uuid.UUID) -> Response:
    """Undo that: the pupil is still out."""

    def do(session: Session) -> None:
        returns.undo_return(session, entry, person.actor(client_of(request)), now=register.now())

    return _answer(request, register, person, do, "return.taken_back")


@router.post("/leaving/released/{departure}/here", dependencies=[Depends(own_form)])
def seen_here(
    request: Request, register: RegisterDep, person: May, departure: uuid.UUID, *, why: Words = ""
) -> Response:
    """Record that a released pupil is here; no sign-out has arrived."""

    def do(session: Session) -> None:
        returns.record_on_site(
            session, departure, person.actor(client_of(request)), why=why, now=register.now()
        )

    return _answer(request, register, person, do, "return.seen")


@router.post("/leaving/released/{departure}/gone", dependencies=[Depends(own_form)])
def gone_after_all(request: Request, register: RegisterDep, person: May, departure: uuid.UUID) -> Response:
    """Undo that: the pupil is not here."""

    def do(session: Session) -> None:
        returns.undo_on_site(session, departure, person.actor(client_of(request)), now=register.now())

    return _answer(request, register, person, do, "return.taken_back")


def waiting_families(register: Register, person: Person) -> list[list[WaitingCard]]:
    """The requests for the "Waiting for you" card of another page; none for a user who may not release."""
    if not may(person.role, Permission.RELEASE):
        return []
    now = register.now()
    requests.withdraw_lapsed(register.database, person.school, now=now)
    with register.database.read() as session:
        return families(session, session.get_one(SchoolRow, person.school), now=now)


def _answer(
    request: Request,
    register: Register,
    person: Person,
    do: Callable[[Session], None],
    event: str,
    *,
    back_to: str = "",
) -> Response:
    """Make the change and return to the page. If it fails, show the reason above the current page."""
    try:
        register.database.transact(do)
    except (UnknownDepartureError, UnknownSignOutError) as error:
        raise HTTPException(404) from error
    except (DepartureError, ReturnError) as error:
        return _whole(request, register, person, problem=as_sentence(error), status=409)
    log.info(event, school=person.school)
    register.notifier.changed(person.school)
    return RedirectResponse("/" if back_to == "today" else "/leaving", status_code=303)


def _whole(
    request: Request, register: Register, person: Person, *, problem: str | None = None, status: int = 200
) -> Response:
    shown = leaving_of(register, person)
    return framed(
        "leaving.html",
        request,
        register,
        person,
        here="leaving",
        said=shown.said,
        status=status,
        problem=problem,
        leaving=shown,
    )


def leaving_of(register: Register, person: Person) -> LeavingPage:
    """The current state of the page."""
    now = register.now()
    requests.withdraw_lapsed(register.database, person.school, now=now)
    with register.database.read() as session:
        return leaving(session, session.get_one(SchoolRow, person.school), now=now)
