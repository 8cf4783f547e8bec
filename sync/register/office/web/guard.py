"""The office page's security: response headers, session cookie, permissions and form tokens."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

import structlog
from fastapi import Depends, Form, HTTPException, Request
from fastapi.responses import Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.register.accounts.devices import KNOWN_FOR
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
    # With `no-referrer` browsers would send `Origin: null` from our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HTTPS_HEADERS = {"Strict-Transport-Security": "max-age=31536000"}
"""Makes a browser use HTTPS for a year. Does not include subdomains, which may be served by others."""


class SecurityHeaders:
    """Adds the headers to every response, errors included. Plain ASGI, so that streams are not buffered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as the application does, with the headers added."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                more = HTTPS_HEADERS if scope["scheme"] == "https" else {}
                for name, value in (HEADERS | more).items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def uses_https(request: Request) -> bool:
    """Whether the browser uses HTTPS, to the register or to a trusted proxy (`[server] trusted_proxies`)."""
    return request.url.scheme == "https"


def cookie_name(request: Request) -> str:
    """The name of the session cookie; over HTTPS one that neither another host nor plain HTTP can set."""
    return f"__Host-{COOKIE}" if uses_https(request) else COOKIE


def session_token(request: Request) -> str:
    """The token in the session cookie, or an empty text when there is no cookie."""
    return request.cookies.get(cookie_name(request), "")


def set_session_cookie(request: Request, response: Response, token: str, *, lasts: timedelta) -> None:
    """Set the session cookie, out of reach of scripts and of other sites."""
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=uses_https(request),
    )


def delete_session_cookie(request: Request, response: Response) -> None:
    """Delete the session cookie."""
    response.delete_cookie(cookie_name(request), httponly=True, samesite="strict", secure=uses_https(request))


def device_cookie(request: Request, login: str) -> str:
    """The cookie by which this browser is known for a login; an empty text when there is none."""
    return request.cookies.get(_device_cookie_name(request, login), "")


def set_device_cookie(request: Request, response: Response, login: str, value: str) -> None:
    """Let the browser be known at the user's next login."""
    response.set_cookie(
        _device_cookie_name(request, login),
        value,
        max_age=int(KNOWN_FOR.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=uses_https(request),
    )


def _device_cookie_name(request: Request, login: str) -> str:
    """A cookie for each user: an office shares a computer. Hashed, because a login may have any letters."""
    digest = hashlib.sha256(login.strip().lower().encode("utf-8", "replace")).hexdigest()
    return f"{cookie_name(request)}_device_{digest[:16]}"


def signed_in(request: Request, register: RegisterDep) -> Person:
    """The logged-in user, even one who has yet to replace their initial password.

    Raises:
        LoggedOutError: the request has no session, or it has ended.
    """
    token = session_token(request)
    if not token:
        raise LoggedOutError
    now = register.now()
    with register.database.read() as session:
        login = person_of(session, token, now=now)
    if login is None:
        raise LoggedOutError
    person, note_is_due = login
    if note_is_due:
        _note_use(register, token, now)
    return person


def _note_use(register: Register, token: str, now: datetime) -> None:
    """Extend the session's idle time. If the write fails the session ends earlier, but the request is still
    answered: a full disk must not block the evacuation list."""
    try:
        with register.database.write() as session:
            note_use(session, token, now=now)
    except CANNOT_WRITE as error:
        log.error("session.use_not_noted", error=type(error).__name__)


SignedIn = Annotated[Person, Depends(signed_in)]


def logged_in(person: SignedIn) -> Person:
    """The logged-in user, who has a password of their own.

    Raises:
        LoggedOutError: the request has no session, or it has ended.
        InitialPasswordError: the user has yet to replace a password that an administrator chose.
    """
    if person.start_password:
        raise InitialPasswordError
    return person


LoggedIn = Annotated[Person, Depends(logged_in)]


def allowed(permission: Permission) -> Any:
    """The dependency by which a route requires a permission; yields the logged-in user.

    `person: Annotated[Person, allowed(Permission.RELEASE)]`; a `NotAllowedError` becomes an error page.
    The permission is checked before the form, so a user without it learns nothing about the form's fields.
    """
    return Depends(_requiring(permission))


def _requiring(permission: Permission) -> Callable[[Person], Person]:
    def check(person: LoggedIn) -> Person:
        require(person.role, permission)
        return person

    return check


def own_origin(request: Request) -> None:
    """Refuse a form that another site made the browser send. Also protects the login form.

    Raises:
        HTTPException: 403, the request's `Origin` is another site.
    """
    origin = request.headers.get("origin")
    if origin is not None and _netloc(origin) != request.headers.get("host"):
        raise HTTPException(403, "The form came from another website. Nothing was changed.")


def _netloc(address: str) -> str | None:
    try:
        return urlsplit(address).netloc
    except ValueError:  # no address, as `http://[`
        return None


def own_form(
    request: Request,
    _person: SignedIn,
    _origin: Annotated[None, Depends(own_origin)],
    form_token: Annotated[str, Form()] = "",
) -> None:
    """Refuse a form that was not made by a page of this session (CSRF).

    Raises:
        HTTPException: 403, the form's token is missing or belongs to another session.
    """
    if not is_form_token(session_token(request), form_token):
        raise HTTPException(
            403, "The form is out of date. Nothing was changed. Go back, reload the page and try again."
        )
