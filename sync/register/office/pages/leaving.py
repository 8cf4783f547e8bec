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
from sync.register.departures.grounds import grounds_text
from sync.register.errors import DepartureError, ReturnError, UnknownDepartureError, UnknownSignOutError
from sync.register.office.views.leaving import LeavingPage, WaitingCard, families, leaving
from sync.register.office.web.frame import render_fragment, render_page
from sync.register.office.web.guard import allowed, own_form, session_token
from sync.register.office.web.navigation import NavigationEntry
from sync.register.permissions import Permission, may
from sync.register.storage.models import SchoolRow

log = structlog.get_logger()
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
NAVIGATION = NavigationEntry("leaving", "/leaving", "Leaving", "user-check", Permission.RELEASE, place=30)

Releaser = Annotated[Person, allowed(Permission.RELEASE)]
"""The user must be allowed to release: the page shows who may not collect a child."""
Reason = Annotated[str, Form(max_length=500)]


@router.get("/leaving")
def leaving_page(request: Request, register: RegisterDep, person: Releaser) -> Response:
    """The Leaving page: the waiting requests, and the pupils who are out."""
    return _page(request, register, person)


@router.get("/leaving/live")
def leaving_live(request: Request, register: RegisterDep, person: Releaser) -> Response:
    """The part of the page that refreshes itself."""
    view = leaving_of(register, person)
    token = form_token(session_token(request))
    return render_fragment(
        "leaving_live.html", register, person, summary=view.summary, form_token=token, leaving=view
    )


@router.post("/leaving/{departure}/release", dependencies=[Depends(own_form)])
def release(
    request: Request,
    register: RegisterDep,
    person: Releaser,
    departure: uuid.UUID,
    *,
    how: Annotated[str, Form(max_length=20)] = "",
    why: Reason = "",
    sure: Annotated[bool, Form()] = False,
    back_to: Annotated[str, Form()] = "",
) -> Response:
    """Release the pupil. `how` or `why` is required unless the statement agrees with the family's list, and
    `sure` for an adult who may not collect."""

    def change(session: Session) -> None:
        departures.release(
            session,
            departure,
            person.actor(client_of(request)),
            now=register.now(),
            why=grounds_text(how, why),
            sure=sure,
        )

    return _carry_out(request, register, person, change, "departure.released", back_to=back_to)


@router.post("/leaving/{departure}/refuse", dependencies=[Depends(own_form)])
def refuse(
    request: Request,
    register: RegisterDep,
    person: Releaser,
    departure: uuid.UUID,
    *,
    why: Reason = "",
    back_to: Annotated[str, Form()] = "",
) -> Response:
    """Refuse the release. Only the office sees the reason, which a barred adult's refusal need not have."""

    def change(session: Session) -> None:
        departures.refuse(session, departure, person.actor(client_of(request)), why, now=register.now())

    return _carry_out(request, register, person, change, "departure.refused", back_to=back_to)


@router.post("/leaving/out/{entry}/back", dependencies=[Depends(own_form)])
def seen_back(
    request: Request, register: RegisterDep, person: Releaser, entry: uuid.UUID, *, why: Reason = ""
) -> Response:
    """Record that a signed-out pupil is back although they did not sign in."""

    def change(session: Session) -> None:
        returns.record_return(session, entry, person.actor(client_of(request)), why=why, now=register.now())

    return _carry_out(request, register, person, change, "return.seen")


@router.post("/leaving/out/{entry}/still-out", dependencies=[Depends(own_form)])
def still_out(request: Request, register: RegisterDep, person: Releaser, entry: uuid.UUID) -> Response:
    """Undo `seen_back`: the pupil is still out."""

    def change(session: Session) -> None:
        returns.undo_return(session, entry, person.actor(client_of(request)), now=register.now())

    return _carry_out(request, register, person, change, "return.taken_back")


@router.post("/leaving/released/{departure}/here", dependencies=[Depends(own_form)])
def seen_here(
    request: Request, register: RegisterDep, person: Releaser, departure: uuid.UUID, *, why: Reason = ""
) -> Response:
    """Record that a released pupil is on site although no sign-out has arrived."""

    def change(session: Session) -> None:
        returns.record_on_site(
            session, departure, person.actor(client_of(request)), why=why, now=register.now()
        )

    return _carry_out(request, register, person, change, "return.seen")


@router.post("/leaving/released/{departure}/gone", dependencies=[Depends(own_form)])
def not_here(request: Request, register: RegisterDep, person: Releaser, departure: uuid.UUID) -> Response:
    """Undo `seen_here`: the pupil is not on site."""

    def change(session: Session) -> None:
        returns.undo_on_site(session, departure, person.actor(client_of(request)), now=register.now())

    return _carry_out(request, register, person, change, "return.taken_back")


def waiting_families(register: Register, person: Person) -> list[list[WaitingCard]]:
    """The requests for the "Waiting for you" card of another page; none for a user who may not release."""
    if not may(person.role, Permission.RELEASE):
        return []
    now = register.now()
    requests.withdraw_lapsed(register.database, person.school, now=now)
    with register.database.read() as session:
        return families(session, session.get_one(SchoolRow, person.school), now=now)


def _carry_out(
    request: Request,
    register: Register,
    person: Person,
    change: Callable[[Session], None],
    event: str,
    *,
    back_to: str = "",
) -> Response:
    """Make the change and return to the page. If it fails, show the reason above the current page."""
    try:
        register.database.transact(change)
    except (UnknownDepartureError, UnknownSignOutError) as error:
        raise HTTPException(404) from error
    except (DepartureError, ReturnError) as error:
        return _page(request, register, person, problem=as_sentence(error), status=409)
    log.info(event, school=person.school)
    register.notifier.changed(person.school)
    return RedirectResponse("/" if back_to == "today" else "/leaving", status_code=303)


def _page(
    request: Request, register: Register, person: Person, *, problem: str | None = None, status: int = 200
) -> Response:
    view = leaving_of(register, person)
    return render_page(
        "leaving.html",
        request,
        register,
        person,
        page_name="leaving",
        summary=view.summary,
        status=status,
        problem=problem,
        leaving=view,
    )


def leaving_of(register: Register, person: Person) -> LeavingPage:
    """The current state of the page."""
    now = register.now()
    requests.withdraw_lapsed(register.database, person.school, now=now)
    with register.database.read() as session:
        return leaving(session, session.get_one(SchoolRow, person.school), now=now)
