"""The roster import: upload a file, follow its progress, preview, and apply or discard it."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, Depends, File, Form, HTTPException, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.background import BackgroundTask

from attendance.text import as_sentence
from sync.register.actor import Person
from sync.register.context import Register, RegisterDep, client_of
from sync.register.office.views.roster_import import Preview, preview
from sync.register.office.web.frame import render_page
from sync.register.office.web.guard import LoggedIn, allowed, own_form
from sync.register.office.web.rendering import render_template
from sync.register.permissions import Permission, require
from sync.register.roster import uploads
from sync.register.roster.descriptions import FIELD_NAMES
from sync.register.roster.errors import RosterChangedError, RosterError, UnknownImportError
from sync.register.roster.files import MOST_BYTES, Source
from sync.register.roster.rows import RosterField
from sync.register.roster.uploads import RosterUpload
from sync.register.storage.models import ImportRow, ImportState

log = structlog.get_logger()
router = APIRouter(
    prefix="/roster",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[allowed(Permission.IMPORT_ROSTER)],
)

MOST_UPLOADED = MOST_BYTES + 1024 * 1024
"""The largest request in bytes: the largest file, plus the rest of the form."""
MOST_FILES = 20
"""School Data Sync and OneRoster are several files unless they are zipped."""
WHOLE_ROLL = {"": None, "whole": True, "part": False}


@router.get("")
def roster_page(request: Request, register: RegisterDep, person: LoggedIn) -> Response:
    """The upload form, and the imports that wait for a decision."""
    return _form(request, register, person)


def _form(
    request: Request, register: Register, person: Person, *, problem: str | None = None, status: int = 200
) -> Response:
    require(person.role, Permission.IMPORT_ROSTER)
    with register.database.read() as session:
        waiting = uploads.open_imports(session, person.school, now=register.now())
    return render_page(
        "roster_import.html",
        request,
        register,
        person,
        page_name="pupils",
        status=status,
        problem=problem,
        waiting=waiting,
        fields={f"column_{field.value}": name for field, name in FIELD_NAMES.items()},
        most_mb=MOST_BYTES // (1024 * 1024),
    )


async def _columns(request: Request) -> dict[RosterField, str]:
    """The column headings that the user named."""
    form = await request.form()
    named = {field: str(form.get(f"column_{field.value}", "")).strip()[:200] for field in RosterField}
    return {field: heading for field, heading in named.items() if heading}


@router.post("", dependencies=[Depends(own_form)], max_body_size=MOST_UPLOADED)
def upload(
    request: Request,
    register: RegisterDep,
    person: LoggedIn,
    columns: Annotated[Mapping[RosterField, str], Depends(_columns)],
    *,
    files: Annotated[list[UploadFile] | None, File()] = None,
    file_school: Annotated[str, Form(max_length=100)] = "",
    whole: Annotated[Literal["", "whole", "part"], Form()] = "",
) -> Response:
    """Accept the files and read them in the background; the browser is sent to the progress page."""
    require(person.role, Permission.IMPORT_ROSTER)
    try:
        sources = _sources(files or [])
    except RosterError as error:
        return _form(request, register, person, problem=as_sentence(error.plain), status=400)
    roster_upload = RosterUpload(sources, columns, file_school.strip() or None, WHOLE_ROLL[whole])
    with register.database.write() as session:
        import_id = uploads.begin(session, person, roster_upload, now=register.now())
    log.info("roster.handed_in", files=len(sources), bytes=sum(len(each.content) for each in sources))
    reading = BackgroundTask(
        uploads.read_upload, register.database, import_id, roster_upload, now=register.now
    )
    return RedirectResponse(f"/roster/{import_id}", status_code=303, background=reading)


def _sources(files: Sequence[UploadFile]) -> list[Source]:
    """The files' names and bytes. They are copied, because a large upload is a temporary file that is deleted
    after the request.

    Raises:
        RosterError: no file was chosen, or there are too many or too large ones.
    """
    named = [file for file in files if file.filename]
    if not named:
        raise RosterError("no file was chosen")
    if len(named) > MOST_FILES:
        raise RosterError(f"{len(named)} files are too many; upload at most {MOST_FILES}, or one zip of them")
    sources = []
    for file in named:
        content = file.file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise RosterError(
                f"{file.filename} is too large; upload at most {MOST_BYTES // (1024 * 1024)} MB"
            )
        sources.append(Source((file.filename or "").replace("\\", "/").rpartition("/")[2], content))
    return sources


@router.get("/{import_id}")
def import_page(request: Request, register: RegisterDep, person: LoggedIn, import_id: uuid.UUID) -> Response:
    """An import: its progress, its preview or its result."""
    return _show(request, register, person, import_id)


@router.get("/{import_id}/progress")
def progress(register: RegisterDep, person: LoggedIn, import_id: uuid.UUID) -> Response:
    """Only the progress bar. Once the file is read, a header makes the page reload itself."""
    row = _import(register, person, import_id)
    bar = render_template("roster_import_progress.html", row=row)
    if row.state != ImportState.READING:
        bar.headers["HX-Refresh"] = "true"
    return bar


@router.post("/{import_id}/apply", dependencies=[Depends(own_form)])
def apply(
    request: Request,
    register: RegisterDep,
    person: LoggedIn,
    import_id: uuid.UUID,
    agreed: Annotated[str, Form(max_length=200)],
    *,
    shrink: Annotated[bool, Form()] = False,
) -> Response:
    """Apply the preview if the register has not changed since; otherwise show a new one."""
    require(person.role, Permission.IMPORT_ROSTER)
    actor, now = person.actor(client_of(request)), register.now()
    try:
        register.database.transact(
            lambda session: uploads.apply(
                session, person.school, import_id, agreed=agreed, shrink=shrink, by=actor, now=now
            )
        )
    except UnknownImportError as error:
        raise HTTPException(404) from error
    except RosterChangedError:
        problem = (
            "The register has changed since you looked, so nothing was imported. "
            "This is what would change now."
        )
        return _show(request, register, person, import_id, problem=problem)
    except RosterError as error:
        return _show(request, register, person, import_id, problem=as_sentence(error.plain))
    register.notifier.changed(person.school)
    return RedirectResponse(f"/roster/{import_id}", status_code=303)


@router.post("/{import_id}/discard", dependencies=[Depends(own_form)])
def discard(request: Request, register: RegisterDep, person: LoggedIn, import_id: uuid.UUID) -> Response:
    """Discard the import."""
    require(person.role, Permission.IMPORT_ROSTER)
    try:
        with register.database.write() as session:
            uploads.discard(session, person.school, import_id, now=register.now())
    except UnknownImportError as error:
        raise HTTPException(404) from error
    except RosterError as error:
        return _show(request, register, person, import_id, problem=as_sentence(error.plain))
    return RedirectResponse("/roster", status_code=303)


def _show(
    request: Request,
    register: Register,
    person: Person,
    import_id: uuid.UUID,
    *,
    problem: str | None = None,
) -> Response:
    row = _import(register, person, import_id)
    view: Preview | None = None
    if row.state == ImportState.READY:
        with register.database.read() as session:
            view = preview(session, row)
    return render_page(
        "roster_import_preview.html",
        request,
        register,
        person,
        page_name="pupils",
        status=409 if problem else 200,
        row=row,
        problem=problem,
        preview=view,
    )


def _import(register: Register, person: Person, import_id: uuid.UUID) -> ImportRow:
    require(person.role, Permission.IMPORT_ROSTER)
    try:
        with register.database.read() as session:
            return uploads.current_import(session, person.school, import_id, now=register.now())
    except UnknownImportError as error:
        raise HTTPException(404) from error
