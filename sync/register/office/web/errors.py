"""Errors in words for people, in JSON for kiosks; in the log, what kind and where, and never what was said.

An exception's own text may have a pupil's name in it: it repeats what somebody typed, or a row.
"""

import traceback
from pathlib import Path

import structlog
from fastapi import FastAPI, Request
from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import DataError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from attendance.text import as_sentence
from sync.register.errors import InitialPasswordError, LoggedOutError, NotAllowedError, ResponseAbortedError
from sync.register.office.web.database_errors import CANNOT_WRITE
from sync.register.office.web.dates import OUT_OF_RANGE
from sync.register.office.web.rendering import page
from sync.wire import BASE_PATH

log = structlog.get_logger()

TRY_AGAIN_S = 5
OURS = Path(__file__).parents[4] / "sync"
NO_SUCH_THING = (404, 405)
NOT_ALLOWED = "That takes another role"
WRONG, TOO_MUCH, BROKEN, AWAY = 400, 413, 500, 503
TITLES = {
    400: "That could not be understood",
    403: "That was not done",
    404: "There is no such page",
    405: "That cannot be done here",
    413: "That was too much at once",
}


def handle_errors(app: FastAPI) -> None:
    """Give every error its words."""
    app.add_exception_handler(LoggedOutError, _to_login)
    app.add_exception_handler(InitialPasswordError, _to_account)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(NotAllowedError, _not_allowed)
    for kind in CANNOT_WRITE:
        app.add_exception_handler(kind, _database_away)
    app.add_exception_handler(NoConnectionError, _database_away)  # all of them are in use
    app.add_exception_handler(DataError, _cannot_be_kept)
    app.add_exception_handler(RequestValidationError, _form_wrong)
    app.add_middleware(NothingElse)


def _to_login(request: Request, _: Exception) -> Response:
    return _away_to("/login", request)


def _to_account(request: Request, _: Exception) -> Response:
    return _away_to("/account", request)


def _away_to(address: str, request: Request) -> Response:
    if "hx-request" in request.headers or request.url.path == "/live":
        # The page itself must go there, not the part of it that was being fetched.
        return Response(status_code=401, headers={"HX-Redirect": address})
    return RedirectResponse(address, status_code=303)


def _not_allowed(request: Request, error: Exception) -> Response:
    log.warning("request.not_allowed", route=_route(request.scope))
    return _page(403, NOT_ALLOWED, f"{as_sentence(error)} Nothing was changed; ask somebody who has it.")


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for it alone
    if _is_api(request):
        return await http_exception_handler(request, error)
    title = TITLES.get(error.status_code, "That did not work")
    if error.status_code == TOO_MUCH:
        return too_much(request)
    if error.status_code in NO_SUCH_THING:
        return _page(error.status_code, title, "Check the address, or go to Today.")
    return _page(error.status_code, title, str(error.detail))


def _database_away(request: Request, error: Exception) -> Response:
    """Locked, full or gone: nothing was committed, and a kiosk keeps what it has."""
    cause = getattr(error, "orig", None)
    log.error(
        "database.failed",
        error=type(error).__name__,
        cause=type(cause).__name__,
        code=getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None),
        where=_where(error),
    )
    said = "the register cannot write just now; nothing was stored"
    headers = {"Retry-After": str(TRY_AGAIN_S)}
    if _is_api(request):
        return JSONResponse({"detail": said}, status_code=AWAY, headers=headers)
    words = "Its database does not answer. Try again shortly."
    return _page(AWAY, "The register cannot be reached", words, headers)


def _cannot_be_kept(request: Request, error: Exception) -> Response:
    """Something was sent that no database can keep or look for, such as a NUL in the midst of a text."""
    log.warning("request.cannot_be_kept", route=_route(request.scope), where=_where(error))
    if _is_api(request):
        return JSONResponse({"detail": "something in it cannot be kept; nothing was stored"}, WRONG)
    words = "There is something in it that no name and no number has. Nothing was changed."
    return _page(WRONG, TITLES[WRONG], words)


def too_much(request: Request) -> Response:
    """What is said of a request that is larger than the register takes."""
    if _is_api(request):
        return JSONResponse({"detail": "Content Too Large"}, TOO_MUCH)
    return _page(TOO_MUCH, TITLES[TOO_MUCH], "It is larger than this page takes. Nothing was changed.")


async def _form_wrong(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 -- registered for it alone
    if _is_api(request):
        return await request_validation_exception_handler(request, error)
    fields = sorted({str(each["loc"][-1]) for each in error.errors()})
    log.warning("form.refused", route=_route(request.scope), fields=fields)
    named = ", ".join(field.replace("_", " ") for field in fields)
    ours = {str(each["msg"]) for each in error.errors() if each["type"] == OUT_OF_RANGE}
    words = " ".join(sorted(ours)) or f"Nothing was changed. Go back and look at: {named}."
    return _page(WRONG, TITLES[WRONG], words)


class NothingElse:
    """Answers whatever no handler is for. Plain ASGI, in place of Starlette's own, which would hand the
    exception on to the server, and that would log its text."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as the app does, or in words where it fails.

        Raises:
            ResponseAbortedError: it failed after the answer had begun.
        """
        begun, outside = False, None

        async def note_beginning(message: Message) -> None:
            nonlocal begun, outside
            begun = begun or message["type"] == "http.response.start"
            try:
                await send(message)
            except Exception as error:
                outside = error
                raise

        try:
            await self._app(scope, receive, note_beginning if scope["type"] == "http" else send)
        except Exception as error:
            # What comes back from sending is no failure of ours: so does FastAPI's limit to a body say that
            # it has answered already.
            if scope["type"] != "http" or error is outside:
                raise
            log.error("request.failed", route=_route(scope), error=type(error).__name__, where=_where(error))
            if begun:
                raise ResponseAbortedError from None
            await _broken(Request(scope))(scope, receive, send)


def _broken(request: Request) -> Response:
    if _is_api(request):
        return JSONResponse({"detail": "the register failed; nothing was stored"}, status_code=BROKEN)
    return _page(BROKEN, "Something went wrong here", "Nothing was changed. Try again; the marks are safe.")


def _where(error: BaseException) -> str:
    """The place in our own code, such as `today.py:45`; in somebody else's where it never came to ours."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if OURS in Path(frame.filename).parents]
    return " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in reversed((ours or frames)[-3:]))


def _route(scope: Scope) -> str:
    """The address as it is declared: the one that was asked for may name a pupil."""
    return str(getattr(scope.get("route"), "path", "none"))


def _page(status: int, title: str, words: str, headers: dict[str, str] | None = None) -> Response:
    return page("error.html", status=status, headers=headers, title=title, words=words)


def _is_api(request: Request) -> bool:
    return request.url.path.startswith(BASE_PATH + "/")
