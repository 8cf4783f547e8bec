"""Errors in words for people, in JSON for kiosks."""

import structlog
from fastapi import FastAPI, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from starlette.exceptions import HTTPException

from sync.register.office.guard import LoggedOutError
from sync.register.office.rendering import page
from sync.register.permissions import NotAllowedError
from sync.wire import BASE_PATH

log = structlog.get_logger()

TRY_AGAIN_S = 5
NO_SUCH_THING = (404, 405)
BROKEN, AWAY = 500, 503
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
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(NotAllowedError, _not_allowed)
    app.add_exception_handler(OperationalError, _database_away)
    app.add_exception_handler(NoConnectionError, _database_away)  # all of them are in use
    app.add_exception_handler(Exception, _broken)


def _to_login(request: Request, _: Exception) -> Response:
    if "hx-request" in request.headers or request.url.path == "/live":
        # The page itself must go there, not the part of it that was being fetched.
        return Response(status_code=401, headers={"HX-Redirect": "/login"})
    return RedirectResponse("/login", status_code=303)


def _not_allowed(request: Request, error: Exception) -> Response:
    log.warning("request.not_allowed", path=request.url.path)
    return _page(403, TITLES[403], f"{str(error)[:1].upper()}{str(error)[1:]}.")


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for it alone
    if _is_api(request):
        return await http_exception_handler(request, error)
    title = TITLES.get(error.status_code, "That did not work")
    if error.status_code in NO_SUCH_THING:
        return _page(error.status_code, title, "Check the address, or go to Today.")
    return _page(error.status_code, title, str(error.detail))


def _database_away(request: Request, error: Exception) -> Response:
    """Locked, full or gone: nothing was committed, and a kiosk keeps what it has."""
    log.error(
        "database.failed", error=type(error).__name__, cause=" ".join(str(getattr(error, "orig", "")).split())
    )
    said = "the register cannot write just now; nothing was stored"
    headers = {"Retry-After": str(TRY_AGAIN_S)}
    if _is_api(request):
        return JSONResponse({"detail": said}, status_code=AWAY, headers=headers)
    return _page(AWAY, "The register cannot be reached", "Its database does not answer. Try again shortly.")


def _broken(request: Request, error: Exception) -> Response:
    log.error("request.failed", path=request.url.path, error=type(error).__name__)
    if _is_api(request):
        return JSONResponse({"detail": "the register failed; nothing was stored"}, status_code=BROKEN)
    return _page(BROKEN, "Something went wrong here", "Nothing was changed. Try again; the marks are safe.")


def _page(status: int, title: str, words: str) -> Response:
    return page("error.html", status=status, title=title, words=words)


def _is_api(request: Request) -> bool:
    return request.url.path.startswith(BASE_PATH + "/")
