"""What every answer carries and every office request must have: headers, a session, a form's own token."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Form, HTTPException, Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.register.context import RegisterDep
from sync.register.staff import Person, form_token_right, note_use, person_of

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


class SecurityHeaders:
    """Puts the headers on every answer, errors too. Plain ASGI, so that a stream stays a stream."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as the app does, with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def came_by_https(request: Request) -> bool:
    """Whether the browser spoke https, to us or to a proxy before us that says so.

    Anybody may claim it, and it is used for one thing only: that the session's cookie is then `Secure`.
    Whoever claims it falsely harms nobody but their own login, which a form on another site cannot reach.
    """
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", "").strip().lower())


class LoggedOutError(Exception):
    """Nobody is logged in: the browser is sent to the login page."""


def logged_in(request: Request, register: RegisterDep) -> Person:
    """Who is logged in.

    Raises:
        LoggedOutError: nobody, or their session has ended.
    """
    token = request.cookies.get(COOKIE)
    if not token:
        raise LoggedOutError
    now = register.now()
    with register.database.read() as session:
        found = person_of(session, token, now=now)
    if found is None:
        raise LoggedOutError
    person, note_is_due = found
    if note_is_due:
        with register.database.write() as session:
            note_use(session, token, now=now)
    return person


LoggedIn = Annotated[Person, Depends(logged_in)]


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
    _person: LoggedIn,
    _origin: Annotated[None, Depends(own_origin)],
    form_token: Annotated[str, Form()] = "",
) -> None:
    """Refuse a form that the page of this web session did not make (CSRF).

    Raises:
        HTTPException: 403, the form's token is missing or of another session.
    """
    if not form_token_right(request.cookies.get(COOKIE, ""), form_token):
        raise HTTPException(403, "That form is out of date, so nothing was done. Go back and try again.")
