"""The lists of the People page as files. They contain no password and no PIN."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from sync.register import pins
from sync.register.accounts import accounts
from sync.register.actor import Person
from sync.register.context import RegisterDep
from sync.register.office.web.exporting import export_list
from sync.register.office.web.guard import allowed
from sync.register.permissions import Permission

router = APIRouter(prefix="/people", include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/accounts.csv")
def accounts_file(
    request: Request, register: RegisterDep, person: Annotated[Person, allowed(Permission.MANAGE_STAFF)]
) -> Response:
    """The accounts."""
    with register.database.read() as session:
        listed = accounts.accounts(session, person.school)
    header = ("Name", "Position", "Login", "Role", "Initial password changed", "Authenticator app")
    rows = [
        (
            each.name,
            each.position,
            each.login,
            each.role.value,
            "no" if each.start_password else "yes",
            "set up" if each.app else "not yet",
        )
        for each in listed
    ]
    return export_list(
        request,
        register,
        person,
        name="accounts",
        header=header,
        rows=rows,
        permission=Permission.MANAGE_STAFF,
    )


@router.get("/pins.csv")
def pins_file(
    request: Request, register: RegisterDep, person: Annotated[Person, allowed(Permission.MANAGE_PINS)]
) -> Response:
    """The holders of a kiosk PIN."""
    with register.database.read() as session:
        rows = [(each.name, each.position) for each in pins.holders(session, person.school)]
    return export_list(
        request,
        register,
        person,
        name="pins",
        header=("Name", "Position"),
        rows=rows,
        permission=Permission.MANAGE_PINS,
    )
