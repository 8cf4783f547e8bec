"""What every answer carries and every office request must have: headers, a session, a form's own token."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

import structlog
from fastapi import Depends, Form, HTTPException, Request
from fastapi.responses import Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.register.accounts.sessions import is_form_token, note_use, person_of
from sync.register.actor import Person
from sync.register.context import Register, RegisterDep
from sync.register.errors import InitialPasswordError, LoggedOutError
from sync.register.office.web.database_errors import CANNOT_WRITE
from sync.register.permissions import Permission, require

log = structlog.get_logger()

COOKIE = "latebook"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not `no-referrer`: with it browsers send `Origin: null` from our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
BY_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}
"""Where the browser came by https it is to do so for a year; of the host's other names nothing is said."""


class SecurityHeaders:
    """Puts the headers on every answer, errors too. Plain ASGI, so that a stream stays a stream."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as the app does, with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                more = BY_HTTPS if scope["scheme"] == "https" else {}
                for name, value in (HEADERS | more).items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def came_by_https(request: Request) -> bool:
    """Whether the browser spoke https, to us or to a proxy before us that is trusted (`[server]
    trusted_proxies`)."""
    return request.url.scheme == "https"


def cookie_name(request: Request) -> str:
    """What the session's cookie is called. By https, a name that no other host and no plain http can set."""
    return f"__Host-{COOKIE}" if came_by_https(request) else COOKIE


def session_token(request: Request) -> str:
    """The token in the session's cookie; empty where there is none."""
    return request.cookies.get(cookie_name(request), "")


def give_cookie(request: Request, response: Response, token: str, *, lasts: timedelta) -> None:
    """Have the browser carry the session's token, where scripts and other sites cannot reach it."""
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=came_by_https(request),
    )


def take_cookie(request: Request, response: Response) -> None:
    """Have the browser forget the session's token."""
    response.delete_cookie(
        cookie_name(request), httponly=True, samesite="strict", secure=came_by_https(request)
    )


def signed_in(request: Request, register: RegisterDep) -> Person:
    """Who is logged in, also with a password that they have yet to replace.

    Raises:
        LoggedOutError: nobody, or their session has ended.
    """
    token = session_token(request)
    if not token:
        raise LoggedOutError
    now = register.now()
    with register.database.read() as session:
        found = person_of(session, token, now=now)
    if found is None:
        raise LoggedOutError
    person, note_is_due = found
    if note_is_due:
        _note_use(register, token, now)
    return person


def _note_use(register: Register, token: str, now: datetime) -> None:
    """Put off the session's idle end; where that cannot be written it ends earlier, and who is logged in
    is answered all the same: a disk that is full must not stand before the evacuation list."""
    try:
        with register.database.write() as session:
            note_use(session, token, now=now)
    except CANNOT_WRITE as error:
        log.error("session.use_not_noted", error=type(error).__name__)


SignedIn = Annotated[Person, Depends(signed_in)]


def logged_in(person: SignedIn) -> Person:
    """Who is logged in, and may go wherever their role lets them.

    Raises:
        LoggedOutError: nobody, or their session has ended.
        InitialPasswordError: their password is one that somebody else chose.
    """
    if person.start_password:
        raise InitialPasswordError
    return person


LoggedIn = Annotated[Person, Depends(logged_in)]


def allowed(permission: Permission) -> Any:
    """Who is logged in, where their role has that permission: a route declares what it takes.

    `person: Annotated[Person, allowed(Permission.RELEASE)]`; a `NotAllowedError` becomes a page in words.
    It is looked at before the form is, so nobody learns what a form would have wanted.
    """
    return Depends(_needing(permission))


def _needing(permission: Permission) -> Callable[[Person], Person]:
    def needs(person: LoggedIn) -> Person:
        require(person.role, permission)
        return person

    return needs


def own_origin(request: Request) -> None:
    """Refuse a form that another site made the browser send; also before anybody is logged in.

    Raises:
        HTTPException: 403, the request says that it comes from elsewhere.
    """
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "That form came from another site, so nothing was done.")


def own_form(
    request: Request,
    _person: SignedIn,
    _origin: Annotated[None, Depends(own_origin)],
    form_token: Annotated[str, Form()] = "",
) -> None:
    """Refuse a form that the page of this web session did not make (CSRF).

    Raises:
        HTTPException: 403, the form's token is missing or of another session.
    """
    if not is_form_token(session_token(request), form_token):
        raise HTTPException(403, "That form is out of date, so nothing was done. Go back and try again.")
