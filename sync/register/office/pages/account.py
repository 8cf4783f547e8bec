"""The user's own account: changing the password and logging out everywhere."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from attendance.text import as_sentence
from sync.register.accounts.own import change_password, sign_out_everywhere
from sync.register.accounts.sessions import LONGEST, SHORTEST_PASSWORD
from sync.register.actor import Person
from sync.register.context import Register, RegisterDep, client_of
from sync.register.errors import PasswordError, TooManyAttemptsError
from sync.register.office.web.frame import render_page
from sync.register.office.web.guard import SignedIn, delete_session_cookie, own_form, set_session_cookie

log = structlog.get_logger()
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/account")
def account_page(request: Request, register: RegisterDep, person: SignedIn, done: bool = False) -> Response:
    """The account and its forms. The only page for a user who still has an initial password."""
    return _page(request, register, person, done=done)


@router.post("/account/password", dependencies=[Depends(own_form)])
def password(
    request: Request,
    register: RegisterDep,
    person: SignedIn,
    *,
    present: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Change the password. This browser stays logged in; all others are logged out."""
    try:
        token = change_password(
            register.database,
            person,
            present=present,
            new=new,
            again=again,
            address=client_of(request),
            now=register.now(),
        )
    except TooManyAttemptsError as error:
        return _page(request, register, person, refused=as_sentence(error), status=429)
    except PasswordError as error:
        return _page(request, register, person, refused=as_sentence(error), status=400)
    log.info("password.changed")
    response = RedirectResponse("/" if person.start_password else "/account?done=true", status_code=303)
    set_session_cookie(request, response, token, lasts=LONGEST)
    return response


@router.post("/account/log-out-everywhere", dependencies=[Depends(own_form)])
def everywhere(request: Request, register: RegisterDep, person: SignedIn) -> Response:
    """End every session of the user, including this one."""
    sign_out_everywhere(register.database, person, address=client_of(request), now=register.now())
    log.info("logout.everywhere")
    response = RedirectResponse("/login", status_code=303)
    delete_session_cookie(request, response)
    return response


def _page(
    request: Request,
    register: Register,
    person: Person,
    *,
    done: bool = False,
    refused: str | None = None,
    status: int = 200,
) -> Response:
    return render_page(
        "account.html",
        request,
        register,
        person,
        page_name="account",
        status=status,
        done=done,
        refused=refused,
        shortest=SHORTEST_PASSWORD,
    )
