"""An account: adding one, changing it, and helping a user who cannot log in."""

from collections.abc import Callable
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from attendance.text import as_sentence
from sync.register.accounts import accounts
from sync.register.accounts.login import recover
from sync.register.actor import Actor, Person
from sync.register.context import Register, RegisterDep, client_of
from sync.register.errors import AccountError
from sync.register.office.pages.people import ROLES, show_people
from sync.register.office.web.frame import render_page
from sync.register.office.web.guard import allowed, own_form
from sync.register.permissions import Permission, Role

log = structlog.get_logger()
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
OWN_FORM = [Depends(own_form)]

Administrator = Annotated[Person, allowed(Permission.MANAGE_STAFF)]


@router.post("/people/accounts", dependencies=OWN_FORM)
def add_account(
    request: Request,
    register: RegisterDep,
    person: Administrator,
    *,
    login: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    position: Annotated[str, Form()] = "",
    role: Annotated[Role, Form()] = Role.OFFICE,
) -> Response:
    """Add an account. Its initial password is shown once, in this answer."""
    typed = {"login": login, "name": name, "position": position, "role": role}
    try:
        with register.database.write() as session:
            password = accounts.add(
                session,
                person.actor(client_of(request)),
                login=login,
                name=name,
                position=position,
                role=role,
                now=register.now(),
            )
    except AccountError as error:
        return show_people(request, register, person, refused=as_sentence(error), account=typed, status=400)
    log.info("account.added", role=role.value)
    return _start_password(request, register, person, login.strip().lower(), password)


@router.get("/people/accounts/{login}")
def account_page(request: Request, register: RegisterDep, person: Administrator, login: str) -> Response:
    """One account and its forms."""
    return _account_page(request, register, person, login)


@router.post("/people/accounts/{login}", dependencies=OWN_FORM)
def change_account(
    request: Request,
    register: RegisterDep,
    person: Administrator,
    login: str,
    *,
    name: Annotated[str, Form()] = "",
    position: Annotated[str, Form()] = "",
    role: Annotated[Role, Form()],
) -> Response:
    """Change a name, a position or a role."""

    def change(session: Session, actor: Actor) -> None:
        accounts.change(session, actor, login, name=name, position=position, role=role, now=register.now())

    return _carry_out(request, register, person, login, change=change, done="changed")


@router.post("/people/accounts/{login}/start-password", dependencies=OWN_FORM)
def start_password(request: Request, register: RegisterDep, person: Administrator, login: str) -> Response:
    """Replace a forgotten password with an initial one, which is shown once, in this answer."""
    try:
        with register.database.write() as session:
            actor = person.actor(client_of(request))
            password = accounts.new_start_password(session, actor, login, now=register.now())
    except AccountError as error:
        return _account_page(request, register, person, login, refused=as_sentence(error), status=400)
    log.info("account.start_password")
    return _start_password(request, register, person, login, password)


@router.post("/people/accounts/{login}/second-step", dependencies=OWN_FORM)
def reset_second_step(request: Request, register: RegisterDep, person: Administrator, login: str) -> Response:
    """Reset the authenticator app: the user sets up another at the next login."""

    def change(session: Session, _: Actor) -> None:
        recover(session, login, actor=person.actor(client_of(request)), now=register.now())

    return _carry_out(request, register, person, login, change=change, done="changed")


@router.post("/people/accounts/{login}/log-out", dependencies=OWN_FORM)
def log_out_account(request: Request, register: RegisterDep, person: Administrator, login: str) -> Response:
    """Log the user out everywhere."""

    def change(session: Session, actor: Actor) -> None:
        accounts.log_out(session, actor, login, now=register.now())

    return _carry_out(request, register, person, login, change=change, done="changed")


@router.post("/people/accounts/{login}/end", dependencies=OWN_FORM)
def end_account(request: Request, register: RegisterDep, person: Administrator, login: str) -> Response:
    """End an account."""

    def change(session: Session, actor: Actor) -> None:
        accounts.end(session, actor, login, now=register.now())

    return _carry_out(request, register, person, login, change=change, done="ended")


def _carry_out(
    request: Request,
    register: Register,
    person: Person,
    login: str,
    *,
    change: Callable[[Session, Actor], None],
    done: str,
) -> Response:
    try:
        with register.database.write() as session:
            change(session, person.actor(client_of(request)))
    except AccountError as error:
        return _account_page(request, register, person, login, refused=as_sentence(error), status=400)
    log.info("account.changed", what=request.scope["route"].path)
    return RedirectResponse(f"/people?done={done}", status_code=303)


def _account_page(
    request: Request, register: Register, person: Person, login: str, *, refused: str = "", status: int = 200
) -> Response:
    try:
        with register.database.read() as session:
            account = accounts.account(session, person.school, login)
    except AccountError as error:
        return show_people(request, register, person, refused=as_sentence(error), status=404)
    return render_page(
        "people_account.html",
        request,
        register,
        person,
        page_name="people",
        status=status,
        account=account,
        roles=ROLES,
        refused=refused,
        totp=register.totp,
    )


def _start_password(
    request: Request, register: Register, person: Person, login: str, password: str
) -> Response:
    return render_page(
        "people_secret.html",
        request,
        register,
        person,
        page_name="people",
        title="Initial password",
        words=f"Give {login} this initial password. They must choose their own when they first log in.",
        secret=password,
    )
