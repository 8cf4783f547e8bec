"""The People page: the accounts, and the PINs for the kiosks' staff screen."""

from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from sync.register import pins
from sync.register.accounts import accounts
from sync.register.actor import Person
from sync.register.context import Register, RegisterDep
from sync.register.office.web.frame import render_page
from sync.register.office.web.guard import allowed
from sync.register.office.web.navigation import NavigationEntry
from sync.register.permissions import Permission, Role, may

log = structlog.get_logger()
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
NAVIGATION = NavigationEntry("people", "/people", "People", "user-cog", Permission.MANAGE_PINS, place=90)

ROLES = {
    Role.OFFICE: "Office: arrivals, releases and decisions",
    Role.SENIOR: "Senior: also policy, imports, PINs and the audit",
    Role.ADMINISTRATOR: "Administrator: accounts, kiosks and settings, but no pupils’ records",
}


@router.get("/people")
def people_page(
    request: Request,
    register: RegisterDep,
    person: Annotated[Person, allowed(Permission.MANAGE_PINS)],
    done: str = "",
) -> Response:
    """The People page: the PINs, and the accounts for an administrator."""
    return show_people(request, register, person, done=DONE.get(done, ""))


DONE = {
    "changed": "Saved.",
    "ended": "The account has ended and its user is logged out.",
    "pin-ended": "The PIN has ended. Kiosks that are online stop accepting it within half a minute.",
}


def show_people(
    request: Request,
    register: Register,
    person: Person,
    *,
    done: str = "",
    refused: str = "",
    account: dict[str, Any] | None = None,
    holder: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    """The page. A refused form keeps the user's input."""
    manages_accounts = may(person.role, Permission.MANAGE_STAFF)
    with register.database.read() as session:
        listed = accounts.accounts(session, person.school) if manages_accounts else []
        holders = pins.holders(session, person.school)
    return render_page(
        "people.html",
        request,
        register,
        person,
        page_name="people",
        status=status,
        done=done,
        refused=refused,
        manages_accounts=manages_accounts,
        accounts=listed,
        holders=holders,
        roles=ROLES,
        account=account or {"login": "", "name": "", "position": "", "role": Role.OFFICE},
        holder=holder or {"name": "", "position": ""},
        earlier=sum(each.is_earlier for each in holders),
    )
