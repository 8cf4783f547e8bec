"""Logging in, in two steps, and logging out."""

import io
from datetime import timedelta
from typing import Annotated

import segno
import structlog
from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from sync.register.accounts import totp
from sync.register.accounts.login import LoginStep, Next, code_step, password_step, pending_secret, sign_out
from sync.register.accounts.sessions import (
    FOR_CODE,
    LONGEST,
    form_token,
    is_form_token,
    login_waiting_for_code,
)
from sync.register.context import Register, RegisterDep, client_of
from sync.register.office.web.guard import (
    delete_session_cookie,
    device_cookie,
    own_form,
    own_origin,
    session_token,
    set_device_cookie,
    set_session_cookie,
)
from sync.register.office.web.rendering import render_template

log = structlog.get_logger()
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

SESSION_OVER = "You took too long or were logged out. Log in again."


@router.get("/login")
def login_page(register: RegisterDep) -> Response:
    """The form for user name and password."""
    return _password_page(register)


@router.post("/login", dependencies=[Depends(own_origin)])
def login(
    request: Request,
    register: RegisterDep,
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    """Check user name and password. Failures are counted by user name and address together, and by address;
    those of a browser that the user has logged in from before, by that browser."""
    step = password_step(
        register.database,
        login=login,
        password=password,
        totp=register.totp,
        address=client_of(request),
        now=register.now(),
        device=device_cookie(request, login),
    )
    if step.next is Next.WAIT:
        log.warning("login.refused", why="too many failures", wait_s=step.wait_s)
        return _password_page(register, _wait(step), login, status=429, wait_s=step.wait_s)
    if step.next is Next.REFUSED:
        log.warning("login.refused", why="login or password")
        return _password_page(register, "Wrong user name or password.", login, status=403)
    if step.next is Next.IN:
        return _logged_in(request, login, step)
    address = "/login/code" if step.next is Next.CODE else "/login/set-up"
    return _with_cookie(request, step, address, lasts=FOR_CODE)


@router.get("/login/set-up")
def set_up_page(request: Request, register: RegisterDep) -> Response:
    """Set up an authenticator app: the QR code, the key as text, and the form for the first code."""
    return _set_up_page(request, register)


@router.get("/login/code")
def code_page(request: Request, register: RegisterDep) -> Response:
    """The form for the six-digit code."""
    return _code_page(request, register)


@router.post("/login/code", dependencies=[Depends(own_origin)])
def code(
    request: Request,
    register: RegisterDep,
    code: Annotated[str, Form()] = "",
    form_token: Annotated[str, Form()] = "",
) -> Response:
    """Check the six-digit code. Failures are counted by user name; those of a known browser apart."""
    token = session_token(request)
    if not is_form_token(token, form_token):
        raise HTTPException(403, "The form is out of date. Log in again.")
    with register.database.read() as session:
        login = login_waiting_for_code(session, token, now=register.now()) or ""
    step = code_step(
        register.database,
        token,
        code,
        address=client_of(request),
        now=register.now(),
        device=device_cookie(request, login),
    )
    if step.next is Next.IN:
        return _logged_in(request, login, step)
    if step.next is Next.AGAIN:
        return _password_page(register, SESSION_OVER, status=403)
    log.warning("login.refused", why="code" if step.next is Next.REFUSED else "too many failures")
    if step.next is Next.WAIT:
        return _code_page(request, register, _wait(step), status=429, wait_s=step.wait_s)
    error = "Wrong code, or a code that was already used. Wait for the next code and enter it."
    return _code_page(request, register, error, status=403)


@router.post("/logout", dependencies=[Depends(own_form)])
def logout(request: Request, register: RegisterDep) -> Response:
    """End the session, in every tab."""
    sign_out(register.database, session_token(request), address=client_of(request), now=register.now())
    log.info("logout.done")
    response = RedirectResponse("/login", status_code=303)
    delete_session_cookie(request, response)
    return response


def _logged_in(request: Request, login: str, step: LoginStep) -> Response:
    log.info("login.done")
    response = _with_cookie(request, step, "/", lasts=LONGEST)
    assert step.device  # noqa: S101 -- the last step has one
    set_device_cookie(request, response, login, step.device)
    return response


def _with_cookie(request: Request, step: LoginStep, address: str, *, lasts: timedelta) -> Response:
    assert step.token  # noqa: S101 -- every step that leads to another page has one
    response = RedirectResponse(address, status_code=303)
    set_session_cookie(request, response, step.token, lasts=lasts)
    return response


def _wait(step: LoginStep) -> str:
    return f"Too many attempts. Wait {step.wait_s} seconds, then try again."


def _password_page(
    register: Register, error: str | None = None, login: str = "", *, status: int = 200, wait_s: int = 0
) -> Response:
    return render_template(
        "login.html",
        status=status,
        headers=_retry_after(wait_s),
        error=error,
        login=login,
        demo_clock=register.demo_clock,
    )


def _code_page(
    request: Request, register: Register, error: str | None = None, *, status: int = 200, wait_s: int = 0
) -> Response:
    token = session_token(request)
    with register.database.read() as session:
        login = login_waiting_for_code(session, token, now=register.now())
        ready = login is not None and totp.is_set_up(session, login)
    if login is None:
        return RedirectResponse("/login", status_code=303)
    if not ready:
        return _set_up_page(request, register, error, status=status, wait_s=wait_s)
    return render_template(
        "login_code.html",
        status=status,
        headers=_retry_after(wait_s),
        error=error,
        login=login,
        form_token=form_token(token),
        demo_clock=register.demo_clock,
    )


def _set_up_page(
    request: Request, register: Register, error: str | None = None, *, status: int = 200, wait_s: int = 0
) -> Response:
    token = session_token(request)
    secret = pending_secret(register.database, token, now=register.now())
    if secret is None:  # no password was entered, or the app is set up already
        return RedirectResponse("/login", status_code=303)
    return render_template(
        "login_set_up.html",
        status=status,
        headers=_retry_after(wait_s),
        error=error,
        qr=_qr(secret.uri),
        uri=secret.uri,
        secret=" ".join(secret.secret[at : at + 4] for at in range(0, len(secret.secret), 4)),
        form_token=form_token(token),
        demo_clock=register.demo_clock,
    )


def _retry_after(wait_s: int) -> dict[str, str] | None:
    return {"Retry-After": str(wait_s)} if wait_s else None


def _qr(uri: str) -> Markup:
    """The key's URI as an inline drawing: it is a secret and must not have a URL of its own."""
    drawing = io.BytesIO()
    segno.make(uri, error="m", micro=False).save(
        drawing,
        kind="svg",
        xmldecl=False,
        svgns=False,
        nl=False,
        omitsize=True,
        title="QR code for your authenticator app",
        light="#ffffff",
        svgclass="qr",
        lineclass=None,
    )
    return Markup(drawing.getvalue().decode())  # noqa: S704 -- drawn here, from squares
