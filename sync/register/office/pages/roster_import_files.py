"""The lists of an import preview as files. The page shows a hundred lines, a file all of them."""

import uuid
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from sync.register.actor import Person
from sync.register.context import RegisterDep
from sync.register.office.views.roster_import import import_lists
from sync.register.office.web.exporting import export_list
from sync.register.office.web.guard import allowed
from sync.register.permissions import Permission
from sync.register.roster import uploads
from sync.register.roster.errors import UnknownImportError
from sync.register.storage.models import ImportState

router = APIRouter(prefix="/roster", include_in_schema=False, default_response_class=HTMLResponse)

Importer = Annotated[Person, allowed(Permission.IMPORT_ROSTER)]


@router.get("/{import_id}/{part}.csv")
def part_file(
    request: Request,
    register: RegisterDep,
    person: Importer,
    import_id: uuid.UUID,
    part: Literal["new", "changed", "gone", "kept", "faults"],
) -> Response:
    """One of the lists as the page shows it."""
    try:
        with register.database.read() as session:
            row = uploads.current_import(session, person.school, import_id, now=register.now())
            if row.state != ImportState.READY:
                raise HTTPException(404)
            parts = import_lists(uploads.plan_of(session, row), most=None)
    except UnknownImportError as error:
        raise HTTPException(404) from error
    listed = next(each for each in parts if each.name == part)
    return export_list(
        request,
        register,
        person,
        name=f"roster {listed.title.lower()}",
        header=(listed.title,),
        rows=[(line,) for line in listed.lines],
        permission=Permission.IMPORT_ROSTER,
    )
