"""The office page's addresses."""

from collections.abc import AsyncIterator
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from sync.register import throttle
from sync.register.context import Register, RegisterDep, client_of
from sync.register.office import kiosk_pages, needs_pages
from sync.register.office.frame import fragment, framed
from sync.register.office.guard import COOKIE, LoggedIn, came_by_https, own_form, own_origin
from sync.register.office.rendering import page
from sync.register.office.today import Today, today
from sync.register.staff import LONGEST, Person, close_session, open_session, password_right
from sync.register.storage.models import SchoolRow

log = structlog.get_logger()
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
router.include_router(kiosk_pages.router)
router.include_router(needs_pages.router)

RECONNECT_MS = 2000


@router.get("/login")
def login_page(request: Request, register: RegisterDep) -> Response:
    """The login form."""
    return page("login.html", said=None, login="", demo_clock=register.demo_clock)


@router.post("/login", dependencies=[Depends(own_origin)])
def login(
    request: Request,
    register: RegisterDep,
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    """Log in; failures are counted by login and by address."""
    now = register.now()
    name = login.strip().lower()
    by_login, by_client = throttle.login_subject(name), throttle.client_subject(client_of(request))
    with register.database.write() as session:
        wait = max(
            throttle.wait(session, by_login, throttle.LOGIN, now=now),
            throttle.wait(session, by_client, throttle.LOGIN_CLIENT, now=now),
        )
        if not wait:  # an attempt counts as failed until it has succeeded: many at once are counted too
            throttle.failed(session, by_login, now=now)
            throttle.failed(session, by_client, now=now)
    if wait:
        log.warning("login.refused", why="too many failures", wait_s=wait)
        said = f"Too many attempts. Wait {wait} seconds, then try again."
        return _login_again(register, 429, said, login, {"Retry-After": str(wait)})
    with register.database.read() as session:  # hashing takes a while, and kiosks must not wait for it
        right = password_right(session, name, password)
    if not right:
        log.warning("login.refused", why="login or password")
        return _login_again(register, 403, "That login and password do not belong together.", login)
    with register.database.write() as session:
        throttle.forget(session, by_login)
        token = open_session(session, name, now=now)
    log.info("login.done")
    response = RedirectResponse("/", status_code=303)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=came_by_https(request),
    )
    return response


def _login_again(
    register: Register, status: int, said: str, login: str, headers: dict[str, str] | None = None
) -> Response:
    return page(
        "login.html", status=status, headers=headers, said=said, login=login, demo_clock=register.demo_clock
    )


@router.post("/logout", dependencies=[Depends(own_form)])
def logout(request: Request, register: RegisterDep) -> Response:
    """End the session, here and in every other tab."""
    with register.database.write() as session:
        close_session(session, request.cookies[COOKIE])
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=came_by_https(request))
    return response


@router.get("/")
def today_page(request: Request, register: RegisterDep, person: LoggedIn) -> Response:
    """Today: arrivals, where each mark is, and the kiosks."""
    shown = _today(register, person)
    return framed("today.html", request, register, person, here="today", said=shown.said, today=shown)


@router.get("/today/live")
def today_live(register: RegisterDep, person: LoggedIn) -> Response:
    """The part of Today that changes."""
    shown = _today(register, person)
    return fragment("today_live.html", register, person, said=shown.said, today=shown)


def _today(register: Register, person: Person) -> Today:
    with register.database.read() as session:
        school = session.get_one(SchoolRow, person.school)
        return today(session, school, now=register.now())


@router.get("/live", response_class=EventSourceResponse)
async def live(register: RegisterDep, person: LoggedIn) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: `changed` at the beginning and whenever there is something new to fetch.

    The event says nothing itself, so a session that has ended learns nothing from a stream left open.
    """
    async for _ in register.notifier.watch(person.school):
        yield ServerSentEvent(event="changed", raw_data="", retry=RECONNECT_MS)
