"""Errors as pages for users and as JSON for kiosks. The log has an error's type and place, never its text.

The text of an exception may contain a pupil's name, because it may quote a form or a row of a table.
"""

import traceback
from pathlib import Path

import structlog
from fastapi import FastAPI, Request
from fastapi.exception_handlers import http_exception_handler
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
from sync.register.office.web.rendering import render_template
from sync.wire import BASE_PATH

log = structlog.get_logger()

RETRY_AFTER_S = 5
OUR_CODE = Path(__file__).parents[4] / "sync"
NOT_FOUND = (404, 405)
BAD_REQUEST, TOO_LARGE, UNSUPPORTED, UNPROCESSABLE, FAILED, UNAVAILABLE = 400, 413, 415, 422, 500, 503
_MOST_MISTAKES, _LONGEST_PART = 20, 100
"""What an answer to a kiosk names of an invalid message: mistakes, and characters of each part of a place."""
TITLES = {
    400: "There is a problem",
    403: "That was not done",
    404: "Page not found",
    405: "Page not found",
    413: "The file or form is too large",
}
OTHER_TITLE = "That did not work"
NOT_ALLOWED = "Your role does not allow this"


def handle_errors(app: FastAPI) -> None:
    """Register a handler for every kind of error."""
    app.add_exception_handler(LoggedOutError, _to_login)
    app.add_exception_handler(InitialPasswordError, _to_account)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(NotAllowedError, _not_allowed)
    for kind in CANNOT_WRITE:
        app.add_exception_handler(kind, _database_unavailable)
    app.add_exception_handler(NoConnectionError, _database_unavailable)  # every connection is in use
    app.add_exception_handler(DataError, _unstorable_value)
    app.add_exception_handler(RequestValidationError, _invalid_form)
    app.add_middleware(LastResort)


def _to_login(request: Request, _: Exception) -> Response:
    return _redirect("/login", request)


def _to_account(request: Request, _: Exception) -> Response:
    return _redirect("/account", request)


def _redirect(address: str, request: Request) -> Response:
    if "hx-request" in request.headers or request.url.path == "/live":
        # Redirect the whole page, not the part of it that was being fetched.
        return Response(status_code=401, headers={"HX-Redirect": address})
    return RedirectResponse(address, status_code=303)


def _not_allowed(request: Request, error: Exception) -> Response:
    log.warning("request.not_allowed", route=_route(request.scope))
    return _page(
        403, NOT_ALLOWED, f"{as_sentence(error)} Nothing was changed. Ask a colleague whose role allows it."
    )


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for it alone
    if _is_api(request):
        return await http_exception_handler(request, error)
    title = TITLES.get(error.status_code, OTHER_TITLE)
    if error.status_code == TOO_LARGE:
        return too_large(request)
    if error.status_code in NOT_FOUND:
        return _page(error.status_code, title, "Check the web address, or go to Today.")
    return _page(error.status_code, title, str(error.detail))


def _database_unavailable(request: Request, error: Exception) -> Response:
    """The database is locked, full or unreachable. Nothing was committed, so a kiosk keeps its entries."""
    cause = getattr(error, "orig", None)
    log.error(
        "database.failed",
        error=type(error).__name__,
        cause=type(cause).__name__,
        code=getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None),
        where=_where(error),
    )
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    if _is_api(request):
        detail = "the register cannot write at the moment; nothing was stored"
        return JSONResponse({"detail": detail}, status_code=UNAVAILABLE, headers=headers)
    return _page(
        UNAVAILABLE,
        "The register is not available",
        "Its database does not answer. Try again in a minute.",
        headers,
    )


def _unstorable_value(request: Request, error: Exception) -> Response:
    """The request contains a value that the database cannot store, such as a NUL character."""
    log.warning("request.cannot_be_kept", route=_route(request.scope), where=_where(error))
    if _is_api(request):
        return JSONResponse(
            {"detail": "the request contains a value that cannot be stored; nothing was stored"}, BAD_REQUEST
        )
    words = "A field contains characters that cannot be stored. Nothing was changed."
    return _page(BAD_REQUEST, TITLES[BAD_REQUEST], words)


def too_large(request: Request) -> Response:
    """The answer to a request that is larger than the register accepts."""
    if _is_api(request):
        return JSONResponse({"detail": "Content Too Large"}, TOO_LARGE)
    return _page(TOO_LARGE, TITLES[TOO_LARGE], "It is larger than this page accepts. Nothing was changed.")


def not_utf8(request: Request) -> Response:
    """The answer to a form that says its texts are in another encoding."""
    words = "A form must be in UTF-8, as every browser sends it. Nothing was changed."
    if _is_api(request):
        return JSONResponse({"detail": words}, UNSUPPORTED)
    return _page(UNSUPPORTED, OTHER_TITLE, words)


def _invalid_message(error: RequestValidationError) -> Response:
    """What is wrong with a kiosk's message. FastAPI's own answer repeats the message, whatever its size, and
    fails for what JSON cannot hold, such as NaN and half a surrogate pair."""
    wrong = [
        {"type": each["type"], "loc": [str(part)[:_LONGEST_PART] for part in each["loc"]], "msg": each["msg"]}
        for each in error.errors()[:_MOST_MISTAKES]
    ]
    return JSONResponse({"detail": wrong}, UNPROCESSABLE)


async def _invalid_form(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 -- registered for it alone
    if _is_api(request):
        return _invalid_message(error)
    # The field, and not the type or the place in a list that may follow it.
    fields = sorted({str(each["loc"][:2][-1]) for each in error.errors()})
    log.warning("form.refused", route=_route(request.scope), fields=fields)
    names = ", ".join(field.replace("_", " ") for field in fields)
    ours = {str(each["msg"]) for each in error.errors() if each["type"] == OUT_OF_RANGE}
    words = " ".join(sorted(ours)) or f"Go back and check: {names}. Nothing was changed."
    return _page(BAD_REQUEST, TITLES[BAD_REQUEST], words)


class LastResort:
    """Answers the errors that no handler answers.

    Plain ASGI, because Starlette's own middleware passes the exception on to the server, which logs its text.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as the application does, or with an error page if it fails.

        Raises:
            ResponseAbortedError: it failed after the answer had begun.
        """
        begun, send_error = False, None

        async def note_beginning(message: Message) -> None:
            nonlocal begun, send_error
            begun = begun or message["type"] == "http.response.start"
            try:
                await send(message)
            except Exception as error:
                send_error = error
                raise

        try:
            await self._app(scope, receive, note_beginning if scope["type"] == "http" else send)
        except Exception as error:
            # An error raised while sending is not the application's: FastAPI's body limit ends a request this
            # way after it has answered.
            if scope["type"] != "http" or error is send_error:
                raise
            log.error("request.failed", route=_route(scope), error=type(error).__name__, where=_where(error))
            if begun:
                raise ResponseAbortedError from None
            await _failed(Request(scope))(scope, receive, send)


def _failed(request: Request) -> Response:
    if _is_api(request):
        return JSONResponse({"detail": "the register failed; nothing was stored"}, status_code=FAILED)
    return _page(
        FAILED, "Sorry, something went wrong", "Nothing was changed and the marks are safe. Try again."
    )


def _where(error: BaseException) -> str:
    """The place in our code, such as `today.py:45`, or in a library's if no frame is ours."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if OUR_CODE in Path(frame.filename).parents]
    return " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in reversed((ours or frames)[-3:]))


def _route(scope: Scope) -> str:
    """The declared route, because the address itself may name a pupil."""
    return str(getattr(scope.get("route"), "path", "none"))


def _page(status: int, title: str, words: str, headers: dict[str, str] | None = None) -> Response:
    return render_template("error.html", status=status, headers=headers, title=title, words=words)


def _is_api(request: Request) -> bool:
    return request.url.path.startswith(BASE_PATH + "/")
