"""The office marks pupils who were not due by their plan and did not come, several at once."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from sync.register.actor import Person
from sync.register.context import RegisterDep, client_of
from sync.register.marks.amend import Amendment
from sync.register.office.web.guard import allowed, own_form
from sync.register.permissions import Permission
from sync.register.worklist.not_due import mark_not_due

log = structlog.get_logger()
router = APIRouter(include_in_schema=False)


@router.post("/not-due", dependencies=[Depends(own_form)])
def mark(
    request: Request,
    register: RegisterDep,
    person: Annotated[Person, allowed(Permission.AMEND)],
    chosen: Annotated[list[str] | None, Form(max_length=500)] = None,
) -> Response:
    """Mark the chosen sessions with their plans' codes."""
    amendment = Amendment(person.actor(client_of(request)), "", register.now())
    number = register.database.transact(lambda s: mark_not_due(s, chosen or [], amendment))
    log.info("work.not_due", school=person.school, marked=number)
    register.notifier.changed(person.school)
    return RedirectResponse("/needs", status_code=303)
